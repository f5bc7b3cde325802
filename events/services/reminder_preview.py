"""What the plan of one event will send, to how many people as of now; nothing is written."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import NamedTuple

from events import mail_scopes
from events.audiences import people_of
from events.models import Event, ReminderStep
from events.reminder_slots import Person, Slot
from events.selectors.reminders import DueReminder, reminders_of
from events.services.reminder_messages import handled_before, reader_key
from outbox.models import State, Suppression
from outbox.unsubscribing import address_digest

Audience, Anchor = ReminderStep.Audience, ReminderStep.Anchor
AS_SPEAKER = (Audience.SPEAKERS, Audience.STAND_BY)


class FutureReminder(NamedTuple):
    """One reminder: when it is due, `mails` of its own and how many people read it in their digest.

    `is_due`: its time has come, and these are who has not got it yet.
    """

    step: ReminderStep
    reminder: DueReminder
    at: dt.datetime
    mails: int
    in_digests: int
    is_due: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nobody will get it, whoever joins."""
        return self.reminder.timing.due >= self.reminder.anchor


def future_reminders(event: Event, now: dt.datetime) -> list[FutureReminder]:
    """Those that somebody still gets, the next first; wishes are counted in, and who unsubscribed is not.

    Four queries, five with ends of RSVP, one more with reminders that are due, and what each audience takes once.
    """
    steps = {step.pk: step for step in ReminderStep.objects.filter(event=event)}
    reminders = [one for one in reminders_of(ReminderStep.objects.filter(event=event)) if one.timing.useful_until > now]
    stopped = _stopped(event)
    people: dict[str, list[Person]] = {audience: [] for audience in sorted({one.audience for one in reminders})}
    for audience, members in people.items():
        members += [one for one in people_of(audience, [event.pk]) if not _is_stopped(one, stopped)]
    done = _done([one for one in reminders if one.timing.due <= now])
    rows = [_future(steps[one.step_id], one, _left(one, reminders, people), now, done) for one in reminders]
    return sorted((row for row in rows if row.mails or not row.is_due), key=lambda row: (row.at, row.step.pk))


def _done(due: list[DueReminder]) -> set[tuple[int, str]]:
    """(step, reader) of whom nothing of these waits for any more."""
    return handled_before(due, [state for state in State if state != State.PENDING]) if due else set()


def _stopped(event: Event) -> set[str]:
    """Digests of the addresses that get no reminders of this group."""
    scopes = ("", mail_scopes.ALL_REMINDERS, mail_scopes.reminders_of(event.group_id))
    return set(Suppression.objects.filter(scope__in=scopes).values_list("digest", flat=True))


def _is_stopped(person: Person, stopped: set[str]) -> bool:
    return bool(stopped) and address_digest(person.address) in stopped


def _left(reminder: DueReminder, others: list[DueReminder], people: dict[str, list[Person]]) -> list[Person]:
    """Who is going, without those who get the speakers' mail at the same time."""
    mine = people[reminder.audience]
    if reminder.audience != Audience.GOING:
        return mine
    same = {one.audience for one in others if one.anchor_kind == Anchor.EVENT and one.timing.due == reminder.timing.due}
    speakers = {reader_key(person) for audience in AS_SPEAKER if audience in same for person in people[audience]}
    return [person for person in mine if reader_key(person) not in speakers]


def _future(
    step: ReminderStep,
    reminder: DueReminder,
    people: Iterable[Person],
    now: dt.datetime,
    done: Collection[tuple[int, str]],
) -> FutureReminder:
    left = [person for person in people if (reminder.step_id, reader_key(person)) not in done]
    slots = {(reader_key(person), version): slot for person, version, slot in _slots(reminder, left, now)}
    digests = sum(bool(slot.digest) for slot in slots.values())
    first = min((slot.at for slot in slots.values() if not slot.digest), default=reminder.timing.due)
    at = first if reminder.anchor_kind == Anchor.TALK else reminder.timing.due
    return FutureReminder(step, reminder, at, len(slots) - digests, digests, is_due=reminder.timing.due <= now)


def _slots(
    reminder: DueReminder, people: Iterable[Person], now: dt.datetime
) -> Iterable[tuple[Person, dt.datetime, Slot]]:
    for person in people:
        timing = reminder.timing_for(person)
        slot = timing.slot_for(person, now) if timing else None
        if timing and slot:
            yield person, timing.anchor, slot
