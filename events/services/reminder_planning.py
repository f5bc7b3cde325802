"""Reminders become messages a day and a half before they are due, in pieces: a kill loses and doubles nothing.

The feeder looks for reminders that are due soon, or were due and are still of use. The first pass over an audience
reads it whole, a piece a transaction, the place reached kept with the piece; later ones read who joined or changed.
"""

import datetime as dt
import time
from collections.abc import Iterable, Iterator

from django.db import transaction

from core.errors import RuleViolation
from events.audiences import CROWDS, people_of
from events.models import ReminderRun
from events.reminder_slots import Person
from events.selectors.reminders import DueReminder, due_reminders
from outbox.models import Priority
from outbox.services import MessageFields, enqueue_messages, valid_address
from outbox.unsubscribing import address_digest

REMINDER, DIGEST = "reminder", "reminder_digest"
AT_ONCE = 1000
SECONDS_AT_ONCE = 2.0
LATE_COMMITS = dt.timedelta(minutes=5)  # a row's own time may be this much older than the moment others see it
DIGEST_LIFE = dt.timedelta(hours=20)
ALL_REMINDERS = "reminders"


def plan_reminders(now: dt.datetime) -> bool:
    """Turn what is due soon into messages; True when more is left than was done."""
    began, planned = time.monotonic(), 0
    reminders, outlived = due_reminders(now)
    _leave_alone(outlived, now)
    for reminder in reminders:
        more = True
        while more:
            if planned >= AT_ONCE or time.monotonic() - began > SECONDS_AT_ONCE:
                return True
            count, more = _plan_piece(reminder, now)
            planned += count
    return False


def _leave_alone(outlived: list[DueReminder], now: dt.datetime) -> None:
    """Nobody gets these any more: look at them again as seldom as at those that are planned."""
    runs = [ReminderRun(step_id=one.step_id, start_version=one.version, planned_until=now) for one in outlived]
    unique = ["step", "start_version"]
    ReminderRun.objects.bulk_create(runs, update_conflicts=True, unique_fields=unique, update_fields=["planned_until"])


@transaction.atomic
def _plan_piece(reminder: DueReminder, now: dt.datetime) -> tuple[int, bool]:
    """One piece of an audience and the place reached, together; how many people it held, and whether more are left."""
    run = _locked_run(reminder)
    if run is None:  # somebody else is at it
        return 0, False
    if reminder.audience not in CROWDS:
        people = list(people_of(reminder.audience, reminder.event_id))
        is_last = True
    elif run.planned_until is None:
        people = list(people_of(reminder.audience, reminder.event_id, after=run.after_pk, limit=AT_ONCE))
        is_last = len(people) < AT_ONCE
    else:
        people = _changed(reminder, run)
        is_last = len(people) < AT_ONCE
    queue_reminders(reminder, people, now)
    _keep_place(run, people, now, is_last=is_last)
    return len(people), not is_last


def _locked_run(reminder: DueReminder) -> ReminderRun | None:
    """The row that says how far it has come, made if need be; None when it is taken, or its reminder was removed."""
    names = {"step_id": reminder.step_id, "start_version": reminder.version}
    locked = ReminderRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(**names)
    run = locked.first()
    if run is None:
        ReminderRun.objects.bulk_create([ReminderRun(**names)], ignore_conflicts=True)
        run = locked.first()
    return run


def _changed(reminder: DueReminder, run: ReminderRun) -> list[Person]:
    since = (run.planned_until or dt.datetime.min.replace(tzinfo=dt.UTC)) - LATE_COMMITS
    reading = {"after": run.after_pk, "changed_since": since, "limit": AT_ONCE}
    return list(people_of(reminder.audience, reminder.event_id, **reading))


def _keep_place(run: ReminderRun, people: list[Person], now: dt.datetime, *, is_last: bool) -> None:
    """After a whole pass: until when it holds. A later pass that finds too many for one piece starts a whole one."""
    is_first = run.planned_until is None
    if is_first or is_last:
        run.after_pk = max([run.after_pk, *(person.key for person in people)])
    run.pass_began_at = (run.pass_began_at if is_first else None) or now
    run.planned_until = run.pass_began_at if is_last else None
    if is_last:
        run.pass_began_at = None
    elif not is_first:
        run.after_pk = 0
    run.save(update_fields=["after_pk", "pass_began_at", "planned_until"])


def queue_reminders(reminder: DueReminder, people: Iterable[Person], now: dt.datetime) -> None:
    """Their messages; an address that no mail can be sent to is left out."""
    rows = list(messages_for(reminder, people, now))
    try:
        enqueue_messages(rows)
    except RuleViolation:
        enqueue_messages([row for row in rows if _is_valid(row["address"])])


def _is_valid(address: str) -> bool:
    try:
        valid_address(address)
    except RuleViolation:
        return False
    return True


def messages_for(reminder: DueReminder, people: Iterable[Person], now: dt.datetime) -> Iterator[MessageFields]:
    """What each of them gets, alone or as a part of their digest."""
    for person in people:
        timing = reminder.timing_for(person)
        slot = timing.slot_for(person, now) if timing and timing.anchor > now else None
        if slot is None or timing is None:
            continue
        if slot.digest:
            yield _digest(person, slot.digest, slot.at, now)
        else:
            yield _reminder(reminder, person, slot.at, timing.anchor, now)


def _reminder(
    reminder: DueReminder, person: Person, at: dt.datetime, anchor: dt.datetime, now: dt.datetime
) -> MessageFields:
    version = reminder.version_of(anchor)
    return {
        "kind": REMINDER,
        "dedupe_key": f"{REMINDER}:{reminder.event_id}:{reminder.step_id}:{version}:{reader_key(person)}",
        "address": person.address,
        "recipient_id": person.user_id,
        "language": person.language or reminder.language,
        "payload": {"event": reminder.event_id, "step": reminder.step_id, "version": version},
        "scopes": [reminder.scope, ALL_REMINDERS],
        "group_id": reminder.group_id,
        "event_id": reminder.event_id,
        "is_secret": True,  # its link opens the registration
        "priority": Priority.BULK,
        "available_at": max(at, now),
        "expires_at": anchor,
        "now": now,
    }


def _digest(person: Person, name: str, at: dt.datetime, now: dt.datetime) -> MessageFields:
    return {
        "kind": DIGEST,
        "dedupe_key": f"digest:{person.user_id}:{name}",
        "address": person.address,
        "recipient_id": person.user_id,
        "language": person.language,
        "scopes": [ALL_REMINDERS],
        "is_secret": True,
        "priority": Priority.BULK,
        "available_at": at,
        "expires_at": at + DIGEST_LIFE,
        "now": now,
    }


def reader_key(person: Person) -> str:
    """The account, or what stands for an address without one."""
    return str(person.user_id) if person.user_id else address_digest(person.address)
