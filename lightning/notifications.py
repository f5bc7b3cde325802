"""Which letter a change of a talk causes; it is queued in the change's own transaction and written when sent.

Decisions, offers and times are said to everybody. What only asks again (to confirm, to upload slides) is a reminder:
it can be unsubscribed from, and keeps out of quiet hours.
"""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from events.mail_scopes import ALL_REMINDERS, reminders_of
from events.models import Event
from events.reminder_slots import Person
from events.reminder_times import outside_quiet_hours, start_version
from events.services.reminder_messages import reader_key
from lightning.models import Block, SlotOffer, Talk
from lightning.round_times import round_ends_at, round_starts_at
from lightning.selectors.recipients import organisers_of, speakers_of
from outbox.models import Priority
from outbox.services import enqueue_message

RECEIVED = "talk_received"
DECIDED = "talk_decided"
CHASED = "talk_chased"
OFFERED = "talk_slot_offered"
OFFER_EXPIRED = "talk_offer_expired"
SLIDES_DUE = "talk_slides_due"
RUNNING_ORDER = "talk_running_order"
NEXT_BUT_ONE = "talk_next_but_one"
TO_SPEAKERS = (
    RECEIVED, DECIDED, CHASED, OFFERED, OFFER_EXPIRED, SLIDES_DUE, RUNNING_ORDER, NEXT_BUT_ONE,
)  # fmt: skip
WITHDRAWN = "talk_withdrawn"
UNCONFIRMED = "talk_unconfirmed"
TO_ORGANISERS = (WITHDRAWN, UNCONFIRMED)
ON_THE_WAY = dt.timedelta(minutes=30)  # before the round begins, stage commands are a rehearsal
STILL_USEFUL = dt.timedelta(minutes=10)


def proposal_received(talk: Talk, *, now: dt.datetime) -> None:
    """What became of a proposal at once: a slot, a place on stand-by, or that it will be decided. One for each talk."""
    _tell_speakers(RECEIVED, talk, "", priority=Priority.NOW, now=now)


def decision_told(talk: Talk, *, now: dt.datetime) -> None:
    """What the organisers decided, in words by the talk's state.

    The caller has locked the block and tells whoever does not know it yet, so each call is news of its own.
    """
    _tell_speakers(DECIDED, talk, f"{talk.state}:{_stamp(now)}", said={"state": talk.state}, now=now)


def confirmation_chased(talk: Talk, *, number: int, now: dt.datetime) -> None:
    """Still giving it? Asked `number` (1 or 2) times since they were told; keeps out of their quiet hours."""
    told = _stamp(talk.told_at) if talk.told_at else ""
    _remind_speakers(CHASED, talk, f"{told}:{number}", said={"number": number}, now=now)


def slot_offered(offer: SlotOffer, *, now: dt.datetime) -> None:
    """A slot is held for them until they answer or the time is over."""
    _tell_speakers(
        OFFERED,
        offer.talk,
        str(offer.pk),
        said={"offer": offer.pk},
        priority=Priority.NOW,
        expires_at=offer.expires_at,
        now=now,
    )


def offer_expired(offer: SlotOffer, *, now: dt.datetime) -> None:
    """Nobody answered in time."""
    _tell_speakers(OFFER_EXPIRED, offer.talk, str(offer.pk), said={"offer": offer.pk}, now=now)


def talk_withdrawn(talk: Talk, *, now: dt.datetime) -> None:
    """To organisers: this talk is not given."""
    _tell_organisers(WITHDRAWN, talk.block, f"{talk.pk}:{_stamp(now)}", said={"talk": talk.pk}, now=now)


def unconfirmed_flagged(block: Block, talks: Collection[Talk], *, now: dt.datetime) -> None:
    """To organisers, in one letter: who was asked twice and has not confirmed. Once for the same talks as told."""
    told = sorted((talk.pk, _stamp(talk.told_at) if talk.told_at else "") for talk in talks)
    step = hashlib.sha256(repr(told).encode()).hexdigest()[:24]
    _tell_organisers(UNCONFIRMED, block, step, said={"talks": [pk for pk, _told in told]}, now=now)


def slides_due(talk: Talk, *, now: dt.datetime) -> None:
    """No slides yet; asked again for a round that was moved. Keeps out of their quiet hours."""
    version = start_version(round_starts_at(talk.block))
    _remind_speakers(SLIDES_DUE, talk, version, said={"version": version}, now=now)


def running_order_told(talk: Talk, *, now: dt.datetime) -> None:
    """On the day: their slot, its time, and who is before them; told again for a round that was moved."""
    version = start_version(round_starts_at(talk.block))
    ends = round_ends_at(talk.block)
    _tell_speakers(RUNNING_ORDER, talk, version, said={"version": version}, expires_at=ends, is_quiet=True, now=now)


def called_up(talk: Talk, *, is_next: bool, expected_at: dt.datetime, now: dt.datetime) -> None:
    """One or two talks before theirs, once a day; a rehearsal before the round tells nobody."""
    if now < round_starts_at(talk.block) - ON_THE_WAY:
        return
    _tell_speakers(
        NEXT_BUT_ONE,
        talk,
        f"{now:%Y-%m-%d}",
        said={"expected_at": expected_at.isoformat(), "is_next": is_next},
        priority=Priority.NOW,
        is_secret=False,
        expires_at=max(expected_at, now) + STILL_USEFUL,
        now=now,
    )


def _remind_speakers(kind: str, talk: Talk, step: str, *, said: dict[str, Any], now: dt.datetime) -> None:
    """As a reminder: of no use once the round has begun."""
    scopes = [reminders_of(talk.block.session.event.group_id), ALL_REMINDERS]
    begins = round_starts_at(talk.block)
    more: dict[str, Any] = {"scopes": scopes, "priority": Priority.BULK, "expires_at": begins}
    _tell_speakers(kind, talk, step, said=said, is_quiet=True, now=now, **more)


def _tell_speakers(
    kind: str,
    talk: Talk,
    step: str,
    *,
    now: dt.datetime,
    said: dict[str, Any] | None = None,
    is_quiet: bool = False,
    **more: Any,
) -> None:
    """One message to each speaker who can be written to, once for each step; `is_quiet` keeps out of quiet hours."""
    event = talk.block.session.event
    expires_at = more.pop("expires_at", event.ends_at)
    if expires_at <= now:
        return
    for person in speakers_of(talk):
        fields: dict[str, Any] = {
            "dedupe_key": f"{kind}:{talk.pk}:{reader_key(person)}:{step}",
            "address": person.address,
            "recipient_id": person.user_id,
            "payload": {"talk": talk.pk, "part": person.key, **(said or {})},
            "language": person.language or _spoken(event.language),
            "is_secret": True,  # its button opens the proposal
            "available_at": _outside_quiet_hours(person, talk, now) if is_quiet else now,
            "expires_at": expires_at,
        }
        _enqueue(kind, event, now=now, **(fields | more))


def _outside_quiet_hours(person: Person, talk: Talk, now: dt.datetime) -> dt.datetime:
    """Now, or when their quiet hours are over; now, too, where that would be too late."""
    event, quiet = talk.block.session.event, person.wishes.quiet if person.wishes else None
    zone = ZoneInfo(person.zone or event.time_zone)
    return max(now, outside_quiet_hours(now, round_starts_at(talk.block), quiet, zone))


def _tell_organisers(kind: str, block: Block, step: str, *, said: dict[str, Any], now: dt.datetime) -> None:
    """One message to each organiser of the group."""
    event = block.session.event
    if event.ends_at <= now:
        return
    for organiser in organisers_of(event.group_id):
        _enqueue(
            kind,
            event,
            dedupe_key=f"{kind}:{block.pk}:{organiser.pk}:{step}",
            address=organiser.email,
            recipient_id=organiser.pk,
            payload={"block": block.pk, **said},
            language=organiser.language,
            expires_at=event.ends_at,
            now=now,
        )


def _enqueue(kind: str, event: Event, *, now: dt.datetime, **fields: Any) -> None:
    """Organisers see that it is sent, and to whom."""
    enqueue_message(kind=kind, group_id=event.group_id, event_id=event.pk, now=now, **fields)


def _spoken(language: str) -> str:
    """The event's language, where letters are written in it."""
    return language if language in dict(settings.LANGUAGES) else ""


def _stamp(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}"
