"""What the reminders of one batch are written from: read for all of them in as many queries as for one.

Who gets a reminder is decided by what is true when it is sent: by this, which delivery reads as it takes a batch and
which is then at most two seconds old, and by the clock at the moment of writing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from events.audiences import Asked, Reader, Tell, facts_of, members_of
from events.letter_basis import Basis
from events.models import Event, ReminderStep
from events.selectors.notices import unheard_changes
from events.selectors.reminder_people import WISHES, accounts_of
from events.selectors.reminders import DueReminder, reminders_of
from outbox.models import Message

Audience, Anchor = ReminderStep.Audience, ReminderStep.Anchor
AS_SPEAKER = (Audience.SPEAKERS, Audience.STAND_BY)


@dataclass(frozen=True)
class Planned:
    """A reminder as the plan has it now; None for `reminder` when RSVP, which it counts from, ends with the event."""

    reminder: DueReminder | None
    event: Event
    note: str


@dataclass(frozen=True)
class Reading:
    """By step, by audience, by (step, reader), by account; `changing` says when an event's change is told."""

    planned: dict[int, Planned]
    tell: dict[str, Tell]
    told_as_speaker: set[tuple[int, Reader]]
    accounts: dict[int, tuple[Any, ...]]
    changing: dict[int, dt.datetime]
    basis: Basis


def reader_of(message: Message) -> Reader:
    """Whom it is for."""
    return Reader(message.recipient_id, message.address)


def read_reminders(messages: Iterable[Message], now: dt.datetime) -> Reading:
    """What their writer needs; at most 23 queries, and three for programmes."""
    readers = [(message.payload["step"], reader_of(message)) for message in messages]
    steps = ReminderStep.objects.select_related("event__group", "event__venue").in_bulk({step for step, _ in readers})
    events = {step.event_id: step.event for step in steps.values()}
    reminders = reminders_of(ReminderStep.objects.filter(event__in=events))
    by_step = {reminder.step_id: reminder for reminder in reminders}
    planned = {pk: Planned(by_step.get(pk), events[step.event_id], step.note) for pk, step in steps.items()}
    asked: dict[str, list[Asked]] = {}
    for step, reader in readers:
        if step in planned:
            asked.setdefault(steps[step].audience, []).append(Asked(planned[step].event, reader))
    return Reading(
        planned,
        {audience: facts_of(audience, theirs) for audience, theirs in asked.items()},
        _told_as_speaker(readers, planned, reminders),
        _accounts(reader for _step, reader in readers),
        dict(unheard_changes(now).filter(event__in=events).values_list("event", "due_at")),
        Basis(events.values()),
    )


def _told_as_speaker(
    readers: Iterable[tuple[int, Reader]], planned: dict[int, Planned], reminders: list[DueReminder]
) -> set[tuple[int, Reader]]:
    """Who speaks and attends gets one mail at a time: the speaker's, which says more."""
    asked: dict[str, list[tuple[int, Asked]]] = {}
    for step, reader in readers:
        mine = planned[step].reminder if step in planned else None
        if mine is None or mine.audience != Audience.GOING:
            continue
        for audience in {other.audience for other in reminders if _comes_instead(other, mine)}:
            asked.setdefault(audience, []).append((step, Asked(planned[step].event, reader)))
    found = set()
    for audience, theirs in sorted(asked.items()):
        members = members_of(audience, [one for _step, one in theirs])
        found |= {(step, one.reader) for step, one in theirs if one in members}
    return found


def _comes_instead(other: DueReminder, mine: DueReminder) -> bool:
    is_for_speakers = other.audience in AS_SPEAKER and other.anchor_kind == Anchor.EVENT
    return is_for_speakers and other.event_id == mine.event_id and other.timing.due == mine.timing.due


def _accounts(readers: Iterable[Reader]) -> dict[int, tuple[Any, ...]]:
    """Whether they are in use, and what they wish."""
    rows = User.objects.filter(pk__in=accounts_of(readers)).values_list("pk", "is_active", *WISHES)
    return {row[0]: row[1:] for row in rows}
