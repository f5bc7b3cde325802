"""Letters to speakers, written when they are sent: what is not true any more is not said, and the reason is kept."""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from core import time_words
from events.letter_basis import Basis
from events.letters import Link, event_letter
from events.models import Event, Session
from events.reminder_times import start_version
from lightning import notifications as kinds
from lightning.models import Call, SlotOffer, Talk, TalkSpeaker
from lightning.round_times import round_starts_at
from lightning.talk_letters import Told, letter_values, policy_of, spoken_time
from outbox.models import Message
from outbox.unsubscribing import unsubscribe_url
from outbox.writers import Letter, Skip

State = Talk.State
# What a letter says follows from the state that its change led to.
WORDS = {
    (kinds.RECEIVED, State.SUBMITTED): "talk_received",
    (kinds.RECEIVED, State.ACCEPTED): "talk_confirm",
    (kinds.RECEIVED, State.CONFIRMED): "talk_slot",
    (kinds.RECEIVED, State.STAND_BY): "talk_stand_by",
    (kinds.DECIDED, State.ACCEPTED): "talk_accepted",
    (kinds.DECIDED, State.CONFIRMED): "talk_slot",
    (kinds.DECIDED, State.DECLINED): "talk_declined",
    (kinds.DECIDED, State.STAND_BY): "talk_stand_by",
    (kinds.CHASED, State.ACCEPTED): "talk_chased",
    (kinds.OFFERED, State.STAND_BY): "talk_slot_offered",
    (kinds.OFFER_EXPIRED, State.STAND_BY): "talk_offer_expired",
    (kinds.OFFER_EXPIRED, State.DECLINED): "talk_offer_expired",
    (kinds.SLIDES_DUE, State.CONFIRMED): "talk_slides_due",
    (kinds.RUNNING_ORDER, State.CONFIRMED): "talk_running_order",
    (kinds.NEXT_BUT_ONE, State.CONFIRMED): "talk_next_but_one",
}
NOT_ON = (Event.Status.CANCELLED, Event.Status.DRAFT)
OFFERS = (kinds.OFFERED, kinds.OFFER_EXPIRED)


class Reading(NamedTuple):
    """What the letters of one batch are written from, read at most two seconds before."""

    parts: dict[int, TalkSpeaker]
    places: dict[int, int]
    offers: dict[int, SlotOffer]
    before: dict[int, Talk]
    basis: Basis


def prepare_letters(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_letters(messages)
    for message in messages:
        message.at_hand = reading


def read_letters(messages: Iterable[Message]) -> Reading:
    """What their writer needs; six queries at most, each for as many letters as there are."""
    messages = list(messages)
    event = "talk__block__session__event"
    rows = TalkSpeaker.objects.select_related(
        "speaker", "talk__deck", "talk__block__call", "talk__block__session__room", f"{event}__group", f"{event}__venue"
    )
    parts = rows.in_bulk({message.payload["part"] for message in messages})
    talks = [part.talk for part in parts.values()]
    offers = {message.payload["offer"] for message in messages if message.kind in OFFERS}
    in_order = {parts[pk].talk.block_id for pk in _parts_told_the_order(messages) if pk in parts}
    return Reading(
        parts,
        queue_places({talk.block_id for talk in talks if talk.state == State.STAND_BY}),
        SlotOffer.objects.in_bulk(offers) if offers else {},
        _who_is_before(in_order),
        Basis(talk.block.session.event for talk in talks),
    )


def _parts_told_the_order(messages: Iterable[Message]) -> set[int]:
    return {message.payload["part"] for message in messages if message.kind == kinds.RUNNING_ORDER}


def queue_places(block_ids: set[int]) -> dict[int, int]:
    """By talk, of who stands by in these rounds: 1 for who is asked next. One query, none where nobody does."""
    if not block_ids:
        return {}
    waiting = Talk.objects.filter(block__in=block_ids, state=State.STAND_BY, queue_position__isnull=False)
    places: dict[int, int] = {}
    seen: dict[int, int] = {}
    for pk, block in waiting.order_by("queue_position", "id").values_list("pk", "block"):
        places[pk] = seen[block] = seen.get(block, 0) + 1
    return places


def _who_is_before(block_ids: set[int]) -> dict[int, Talk]:
    """The talk before each, in the line-ups of these rounds. Two queries."""
    if not block_ids:
        return {}
    parts = TalkSpeaker.objects.select_related("speaker").order_by("position", "id")
    lineup = Talk.objects.filter(block__in=block_ids, position__isnull=False).order_by("block", "position")
    pairs = pairwise(lineup.prefetch_related(Prefetch("talk_speakers", queryset=parts)))
    return {talk.pk: before for before, talk in pairs if before.block_id == talk.block_id}


def write_letter(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words for what is the case now."""
    reading = message.at_hand or read_letters([message])
    part = reading.parts.get(message.payload["part"])
    if part is None:
        return Skip("this person does not give the talk any more")
    reason = why_not(part.talk.block.session, message.kind, now) or _not_true(message, part.talk, reading, now)
    if reason:
        return Skip(reason)
    words = WORDS.get((message.kind, State(part.talk.state)))
    if words is None:
        return Skip(f"the talk is {part.talk.state}")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return event_letter(words, letter_values(_told(words, message, part, reading)))


def why_not(session: Session, kind: str, now: dt.datetime) -> str:
    """What is off has no speakers; decisions are told also while nobody knows the new date."""
    event = session.event
    if event.status in NOT_ON or (event.status != Event.Status.PUBLISHED and kind not in STILL_TOLD):
        return f"the event is {event.status}"
    if session.status != Session.Status.PLANNED:
        return f"the round is {session.status}"
    return "the event is over" if event.ends_at <= now else ""


STILL_TOLD = (kinds.RECEIVED, kinds.DECIDED, kinds.OFFER_EXPIRED, kinds.WITHDRAWN)


def _not_true(message: Message, talk: Talk, reading: Reading, now: dt.datetime) -> str:
    """Why this kind of letter is not true any more, or an empty text."""
    reason = CHECKS.get(message.kind)
    return reason(message, talk, reading, now) if reason else ""


def _decided_otherwise(message: Message, talk: Talk, _reading: Reading, _now: dt.datetime) -> str:
    return "" if talk.state == message.payload["state"] else f"the talk is {talk.state} since"


def _told_anew(message: Message, talk: Talk, _reading: Reading, _now: dt.datetime) -> str:
    return "" if talk.told_state == State.ACCEPTED else f"the talk was told {talk.told_state or 'nothing'} since"


def _offer_is_over(message: Message, _talk: Talk, reading: Reading, now: dt.datetime) -> str:
    offer = reading.offers.get(message.payload["offer"])
    if offer is None:
        return "the offer is gone"
    expected = SlotOffer.State.OPEN if message.kind == kinds.OFFERED else SlotOffer.State.EXPIRED
    if offer.state != expected:
        return f"the offer is {offer.state}"
    return "the offer is over" if message.kind == kinds.OFFERED and offer.expires_at <= now else ""


def _slides_are_not_missing(message: Message, talk: Talk, _reading: Reading, now: dt.datetime) -> str:
    return "the slides are there" if getattr(talk, "deck", None) else _round_moved(message, talk, _reading, now)


def _round_moved(message: Message, talk: Talk, _reading: Reading, _now: dt.datetime) -> str:
    is_same = start_version(round_starts_at(talk.block)) == message.payload["version"]
    return "" if is_same else "the round was moved; there is a letter for the new time"


def _order_is_over(message: Message, talk: Talk, reading: Reading, now: dt.datetime) -> str:
    return _has_begun(message, talk, reading, now) or _round_moved(message, talk, reading, now)


def _has_begun(_message: Message, talk: Talk, _reading: Reading, _now: dt.datetime) -> str:
    if talk.position is None:
        return "the talk has no slot"
    return "the talk has begun" if talk.started_at else ""


CHECKS: dict[str, Callable[[Message, Talk, Reading, dt.datetime], str]] = {
    kinds.DECIDED: _decided_otherwise,
    kinds.CHASED: _told_anew,
    kinds.OFFERED: _offer_is_over,
    kinds.OFFER_EXPIRED: _offer_is_over,
    kinds.SLIDES_DUE: _slides_are_not_missing,
    kinds.RUNNING_ORDER: _order_is_over,
    kinds.NEXT_BUT_ONE: _has_begun,
}


def _told(words: str, message: Message, part: TalkSpeaker, reading: Reading) -> Told:
    talk = part.talk
    return Told(
        words,
        talk,
        part.speaker,
        reading.basis,
        place=reading.places.get(talk.pk),
        is_proven=_is_proven(message.kind, talk),
        before=reading.before.get(talk.pk),
        more=_more(message, talk, reading),
    )


def _is_proven(kind: str, talk: Talk) -> bool:
    """Whether its words are vouched for: by an account, by who opened our link, or by organisers who decided."""
    if talk.proposed_by_id or talk.state == State.CONFIRMED:
        return True
    return kind == kinds.DECIDED or (kind != kinds.RECEIVED and policy_of(talk) != Call.Policy.FIRST_COME)


def _more(message: Message, talk: Talk, reading: Reading) -> dict[str, Any]:
    """What only some letters say."""
    said, event = message.payload, talk.block.session.event
    if message.kind in OFFERS:
        until = reading.offers[said["offer"]].expires_at
        return {"offer_until": time_words.moment(until, event.time_zone)}
    if message.kind == kinds.NEXT_BUT_ONE:
        expected = spoken_time(dt.datetime.fromisoformat(said["expected_at"]), event)
        return {"expected": expected, "is_next": said.get("is_next", False)}
    more: dict[str, Any] = {}
    if message.kind == kinds.SLIDES_DUE:
        due = round_starts_at(talk.block) - dt.timedelta(hours=talk.block.slides_due_hours)
        more = {"slides_until": time_words.moment(due, event.time_zone), "is_late": due <= message.created_at}
    if message.kind == kinds.CHASED:
        more = {"number": said["number"]}
    if message.scopes:
        more["footer_links"] = [
            Link(_("Stop reminders of this group"), unsubscribe_url(message.address, message.scopes[0]))
        ]
    return more
