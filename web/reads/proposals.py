"""What the pages of a proposal say: the round that takes talks, and where one talk stands."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from events.models import Event, Session
from lightning.call_window import Window
from lightning.models import Block, Call, SlotOffer, Talk
from lightning.round_times import round_ends_at, round_starts_at, slot_starts_at
from lightning.rules import Move, may_move
from lightning.selectors import slots
from lightning.selectors.calls import draw_of, is_finished, window_of
from speakers.models import Topic
from web.talk_times import TalkTimes, times_of

MOST_TOPICS_OFFERED = 24
MOST_IN_HAND = 30
MOST_EARLIER = 20
DECIDED = (Talk.State.ACCEPTED, Talk.State.CONFIRMED, Talk.State.DECLINED, Talk.State.STAND_BY)
WITH_A_SLOT = (Talk.State.ACCEPTED, Talk.State.CONFIRMED)


@dataclass(frozen=True)
class Round:
    """A call with its window and what is free; `free` is None while the round's length is not known."""

    call: Call
    window: Window
    free: int | None
    has_room: bool

    @property
    def block(self) -> Block:
        """The round."""
        return self.call.block

    @property
    def gives_at_once(self) -> bool:
        """Whether who proposes now hears at once what became of it."""
        return self.call.policy == Call.Policy.FIRST_COME or self.window.is_night


def round_of(call: Call, *, now: dt.datetime) -> Round:
    """Three queries at most."""
    free = slots.free_slots(call.block)
    has_room = free != 0 and not slots.queue(call.block).exists()
    return Round(call, window_of(call, now=now), free, has_room)


def topics_for(event: Event, talk: Talk | None = None) -> list[Topic]:
    """What the event, its sessions and its group are about, and what was chosen for the talk; one query."""
    about = Q(events=event.pk) | Q(groups=event.group_id) | Q(sessions__event=event.pk)
    mine = Q(talks=talk.pk) if talk else Q()
    found = Topic.objects.filter(about | mine).distinct().order_by("name", "id")
    return list(found[:MOST_TOPICS_OFFERED])


def earlier_talks(user: User) -> list[Talk]:
    """Theirs, the newest first, each title once; one query."""
    theirs = Talk.objects.filter(Q(speakers__user=user) | Q(proposed_by=user)).exclude(title="")
    titles: dict[str, Talk] = {}
    for talk in theirs.distinct().order_by("-created_at", "-id")[: 5 * MOST_EARLIER]:
        titles.setdefault(talk.title.casefold(), talk)
    return list(titles.values())[:MOST_EARLIER]


def talks_in_hand(user: User) -> list[Talk]:
    """Theirs that they did not withdraw, with block, session and event, the latest event first; one query.

    Whatever was decided about them: that is said on their own pages, as far as the speaker was told.
    """
    theirs = Talk.objects.filter(Q(speakers__user=user) | Q(proposed_by=user)).exclude(state=Talk.State.WITHDRAWN)
    shown = theirs.exclude(block__session__event__status=Event.Status.DRAFT).select_related("block__session__event")
    return list(shown.distinct().order_by("-block__session__event__starts_at", "-id")[:MOST_IN_HAND])


@dataclass(frozen=True)
class Standing:
    """Where a talk stands, as far as its speaker was told. `state` is a word of the templates: see standing_of."""

    talk: Talk
    state: str
    is_proof: bool
    is_on: bool  # the event and the round take place
    offer: SlotOffer | None = None
    place: int | None = None
    slot: int | None = None  # counted from one
    slot_at: dt.datetime | None = None
    may_edit: bool = False
    may_withdraw: bool = False
    is_drawn: bool = False
    policy: str = ""
    times: TalkTimes | None = None  # of who has a slot: as the round goes

    @property
    def comes_at(self) -> int | None:
        """The slot during whose start one comes to the front; None where the round itself is the sign."""
        return self.slot - 2 if self.slot and self.slot > 2 else None


def standing_of(talk: Talk, *, is_proof: bool, now: dt.datetime) -> Standing:
    """At most seven queries, three more while the round is on stage. Reads block, session, event, room.

    States: slot, offer, stand_by, lapsed (on stand-by and not asked any more), submitted, declined, withdrawn, given,
    no_show, and over (the round is, and nothing came of it).
    """
    block = talk.block
    call, event = Call.objects.filter(block=block.pk).first(), block.session.event
    offer = _open_offer(talk, now)
    is_over = now >= round_ends_at(block) or is_finished(block)
    state = "over" if is_finished(block) and talk.state in WITH_A_SLOT else _word_of(talk, offer, is_over=is_over)
    position = talk.position if state in ("slot", "given", "no_show") else None
    if offer:
        position = slots.slot_ahead(block)
    may_change = (is_proof or talk.state != Talk.State.CONFIRMED) and not is_over
    return Standing(
        talk=talk,
        state=state,
        is_proof=is_proof,
        is_on=event.status == Event.Status.PUBLISHED and block.session.status == Session.Status.PLANNED,
        offer=offer,
        place=slots.place_in_queue(talk) if state == "stand_by" else None,
        slot=None if position is None else position + 1,
        slot_at=_slot_at(talk, position),
        times=times_of(talk) if state == "slot" else None,
        may_edit=may_change and may_move(talk.state, Move.EDIT) and now < round_starts_at(block),
        may_withdraw=may_change and may_move(talk.state, Move.WITHDRAW),
        is_drawn=draw_of(block) is not None,
        policy=call.policy if call else "",
    )


def _open_offer(talk: Talk, now: dt.datetime) -> SlotOffer | None:
    if talk.state != Talk.State.STAND_BY:
        return None
    return SlotOffer.objects.filter(talk=talk.pk, state=SlotOffer.State.OPEN, expires_at__gt=now).first()


def _word_of(talk: Talk, offer: SlotOffer | None, *, is_over: bool) -> str:
    state = _told(talk)
    if state in WITH_A_SLOT:
        return "slot"
    if is_over and state in (Talk.State.STAND_BY, Talk.State.SUBMITTED):
        return "over"
    if state != Talk.State.STAND_BY:
        return state
    if offer:
        return "offer"
    return "stand_by" if talk.queue_position is not None else "lapsed"


def _told(talk: Talk) -> str:
    """Organisers decide now and tell later: until then the page says what the speaker knows."""
    is_untold = talk.told_state and talk.told_state != talk.state and talk.state in DECIDED
    return talk.told_state if is_untold else talk.state


def _slot_at(talk: Talk, position: int | None) -> dt.datetime | None:
    """As it was, or as it is planned."""
    if talk.started_at:
        return talk.started_at
    if talk.position is not None:
        return slot_starts_at(talk)
    begins = talk.block.session.starts_at
    return None if begins is None or position is None else talk.block.times.planned_start(begins, position)


def values_of(talk: Talk, link: str) -> dict[str, Any]:
    """For the form that changes it, or takes it up again."""
    topics = [str(pk) for pk in talk.topics.values_list("pk", flat=True)]
    return {
        "title": talk.title,
        "link": link,
        "notes": talk.notes,
        "topics": topics,
        "is_first_talk": talk.is_first_talk,
    }
