"""Proposing a talk, and what its speaker may do about it; the same proposal twice is one talk."""

import datetime as dt
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.names import clean_name
from core import time_words
from core.changes import insert_rows, write_fields
from core.errors import RuleViolation
from events.services.programme import Appearance
from events.services.revisions import announce_schedule, date_revision, revise
from lightning import notifications
from lightning.call_window import Closed, Window
from lightning.models import Block, Call, Talk, TalkResource
from lightning.proposal import Proposal, clean_email, cleaned
from lightning.round_times import round_ends_at, round_starts_at
from lightning.rules import SIGNIFICANT_FOR_TALKS, UNDER_WAY, Move, first_state
from lightning.selectors import slots
from lightning.selectors.calls import draw_of, window_of
from lightning.services.lineup import add_talk
from lightning.services.proposers import prove_proposer, speaker_of_stranger, speaker_of_user
from lightning.services.speaker_moves import leave_round, lock_talk, refuse_move, refuse_on_stage
from lightning.services.stand_by import lock_block, offer_free_slots
from speakers.models import Speaker
from speakers.resource_kinds import resource_kind

KEY_SALT = "lectern.lightning.proposal"
ATTEMPTS = 5


def propose(*, call: Call, wish: Proposal, user: User | None, is_proven: bool, now: dt.datetime) -> Talk:
    """A slot at once, a place on stand-by, or a proposal to be decided, by the call's policy. Raises RuleViolation.

    Without `user` the wish's address is a stranger's word: a mail to it says what became of the talk, and how to
    confirm it. Nobody learns from the answer whether the address is known.
    """
    wish = cleaned(wish)
    if user is None:
        wish = replace(wish, name=clean_name(wish.name), email=clean_email(wish.email))

    def attempt() -> Talk:
        block = lock_block(call.block_id)
        uid = _uid_of(block, wish, user)
        known = Talk.objects.filter(ical_uid=uid).first() or _proposed_before(block, wish, user)
        if known:
            known.block = block
            return known
        return _add(block, wish, user, uid, is_proven=is_proven, now=now)

    return _again_when_outrun(attempt)


def _again_when_outrun(attempt: Callable[[], Talk]) -> Talk:
    """Two strangers of one name, or one person in two rounds, may meet at the same row of the directory."""
    for _turn in range(ATTEMPTS):
        with suppress(_Outrun), transaction.atomic():
            try:
                return attempt()
            except IntegrityError as error:
                if "speaker" not in str(error):
                    raise
                raise _Outrun from error
    raise RuleViolation("busy", _("Many people propose at this moment. Try again."))


class _Outrun(Exception):
    """Somebody wrote the same row between our look at it and our write."""


def _uid_of(block: Block, wish: Proposal, user: User | None) -> uuid.UUID:
    """Whoever sends the same form twice means the same talk, so its UID follows from the form's key."""
    if not wish.key:
        return uuid.uuid4()
    who = str(user.pk) if user else wish.email.lower()
    digest = salted_hmac(KEY_SALT, f"{block.pk}:{who}:{wish.key}", algorithm="sha256").digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _proposed_before(block: Block, wish: Proposal, user: User | None) -> Talk | None:
    """The same title by the same account, still under way: of strangers nothing may be told."""
    if user is None:
        return None
    theirs = block.talks.filter(proposed_by=user, title__iexact=wish.title, state__in=UNDER_WAY)
    return theirs.order_by("id").first()


def _add(block: Block, wish: Proposal, user: User | None, uid: uuid.UUID, *, is_proven: bool, now: dt.datetime) -> Talk:
    call = Call.objects.get(block=block.pk)
    call.block = block
    open_now = window_of(call, now=now)
    refuse_when_closed(open_now, zone=block.session.event.time_zone)
    speaker, email = (speaker_of_user(user, wish.name), "") if user else speaker_of_stranger(wish.name, wish.email)
    state = _state_of(block, call, is_night=open_now.is_night, is_proven=is_proven)
    talk = add_talk(
        block=block,
        now=now,
        appearances=[Appearance(speaker, _affiliation(speaker))],
        topics=wish.topics,
        resources=[{"kind": resource_kind(wish.link), "url": wish.link}] if wish.link else [],
        state=state,
        ical_uid=uid,
        title=wish.title,
        notes=wish.notes,
        is_first_talk=wish.is_first_talk,
        language=wish.language,
        proposed_by=user,
        proposer_email=email,
        told_state=state,
        told_at=now,
    )
    notifications.proposal_received(talk, now=now)
    return talk


def _state_of(block: Block, call: Call, *, is_night: bool, is_proven: bool) -> str:
    return first_state(
        policy=call.policy,
        is_night=is_night,
        is_drawn=draw_of(block) is not None,
        has_room=slots.free_slots(block) != 0 and not slots.queue(block).exists(),
        is_proven=is_proven,
    )


def _affiliation(speaker: Speaker) -> str:
    """Where they are now, for who has a profile."""
    latest = speaker.affiliations.filter(until_date=None).first()
    return latest.organisation if latest else ""


def refuse_when_closed(window: Window, *, zone: str) -> None:
    """Raise when no talks are taken, saying why and when that will be otherwise."""
    if window.closed is not None:
        raise RuleViolation(f"call_{window.closed}", closed_sentence(window, zone=zone))


def closed_sentence(window: Window, *, zone: str) -> str:
    """What a person is told."""
    moment = time_words.moment(window.changes_at, zone) if window.changes_at else ""
    if window.closed is Closed.CLOSED and moment:
        said = _("Proposals are closed. Sign up on the night: from %(moment)s, at the round.")
        return said % {"moment": moment}
    sentences = {
        Closed.NOT_YET: _("Talks can be proposed from %(moment)s.") % {"moment": moment},
        Closed.CLOSED: _("Proposals are closed."),
        Closed.OVER: _("This round is over."),
        Closed.CANCELLED: _("This round is cancelled."),
        Closed.POSTPONED: _("This event is postponed. Talks are taken again when it has a new date."),
        Closed.DRAFT: _("This event is not published."),
    }
    return sentences[Closed(str(window.closed))]


@transaction.atomic
def edit_proposal(*, talk: Talk, wish: Proposal, now: dt.datetime) -> Talk:
    """Change title, link, notes, topics and whether it is the first talk, until the round starts."""
    wish = cleaned(wish)
    block, stored = lock_talk(talk)
    refuse_move(stored, Move.EDIT)
    if now >= round_starts_at(block):
        raise RuleViolation("round_started", _("The round has begun. Tell the host what to change."))
    values = {"title": wish.title, "notes": wish.notes, "is_first_talk": wish.is_first_talk}
    changed = revise(stored, values, significant=SIGNIFICANT_FOR_TALKS, was_public=True, now=now, topics=wish.topics)
    if _set_link(stored, wish.link):
        date_revision(stored, now=now)
    elif not changed:
        return stored
    if stored.position is not None:
        announce_schedule(block.session.event)
    return stored


def link_of(talk: Talk) -> TalkResource | None:
    """The link that came with the proposal: its first."""
    return talk.resources.exclude(url="").order_by("position", "id").first()


def _set_link(talk: Talk, url: str) -> bool:
    """Whether that changed it."""
    link = link_of(talk)
    if (link.url if link else "") == url:
        return False
    if link is None:
        insert_rows([TalkResource(talk=talk, kind=resource_kind(url), url=url)])
    elif url:
        write_fields(link, {"url": url, "kind": resource_kind(url)})
    else:
        link.delete()
    return True


@transaction.atomic
def confirm_talk(*, talk: Talk, now: dt.datetime) -> Talk:
    """They give it, and the address is theirs. Confirming twice is confirming once."""
    _block, stored = lock_talk(talk)
    if stored.state == Talk.State.CONFIRMED:
        return stored
    refuse_move(stored, Move.CONFIRM)
    prove_proposer(stored)
    state = Talk.State.CONFIRMED
    values = {"state": state, "told_state": state, "told_at": now}
    revise(stored, values, significant=SIGNIFICANT_FOR_TALKS, was_public=True, now=now)
    announce_schedule(stored.block.session.event)
    return stored


@transaction.atomic
def decline_talk(*, talk: Talk, now: dt.datetime) -> Talk:
    """They were accepted, and cannot give it: the slot goes to who stands by."""
    return _leave(talk, Move.DECLINE, now)


@transaction.atomic
def withdraw_talk(*, talk: Talk, now: dt.datetime) -> Talk:
    """They take it back, whatever became of it so far. Twice is once."""
    return _leave(talk, Move.WITHDRAW, now)


def _leave(talk: Talk, move: Move, now: dt.datetime) -> Talk:
    block, stored = lock_talk(talk)
    if stored.state == Talk.State.WITHDRAWN:
        return stored
    refuse_move(stored, move)
    refuse_on_stage(stored)
    if now >= round_ends_at(block):
        raise RuleViolation("round_over", _("This round is over."))
    leave_round(stored, now=now)
    offer_free_slots(block=block, now=now)
    return stored
