"""What each person of an audience gets for one reminder: a message of its own, or a place in their digest."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from core.errors import RuleViolation
from events.mail_scopes import ALL_REMINDERS
from events.reminder_slots import Person
from events.selectors.reminders import DueReminder
from outbox.models import AT_WORK, Message, Priority, State
from outbox.services import MessageFields, enqueue_messages, valid_address
from outbox.unsubscribing import address_digest

REMINDER, DIGEST = "reminder", "reminder_digest"
DIGEST_LIFE = dt.timedelta(hours=20)


def queue_messages(rows: list[MessageFields]) -> None:
    """Write them down; an address that no mail can be sent to is left out."""
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


def messages_for(
    reminder: DueReminder, people: Iterable[Person], now: dt.datetime, *, reminded: Collection[tuple[int, str]] = ()
) -> Iterator[MessageFields]:
    """What each of them gets, alone or as a part of their digest.

    Who was `reminded` (step, reader) of an earlier start is not once more after what they remind of has moved, unless
    the reminder is still to come.
    """
    for person in people:
        timing = reminder.timing_for(person)
        slot = timing.slot_for(person, now) if timing and timing.anchor > now else None
        if slot is None or timing is None:
            continue
        if timing.due <= now and (reminder.step_id, reader_key(person)) in reminded:
            continue
        if slot.digest:
            yield _digest(person, slot.digest, slot.at, now)
        else:
            yield _reminder(reminder, person, slot.at, timing.anchor, now)


def reminded_before(reminders: Iterable[DueReminder]) -> set[tuple[int, str]]:
    """(step, reader) of whom these reminders were sent to, whatever start they were for. One query."""
    return handled_before(reminders, (*AT_WORK, State.SENT, State.UNCERTAIN))


def handled_before(reminders: Iterable[DueReminder], states: Collection[str]) -> set[tuple[int, str]]:
    """(step, reader) of whom a message of these reminders, for any start, is in one of these states. One query."""
    reminders = list(reminders)
    rows = Message.objects.filter(
        kind=REMINDER,
        group_ref__in={one.group_id for one in reminders},
        event_ref__in={one.event_id for one in reminders},
        payload__step__in=[one.step_id for one in reminders],
        state__in=states,
    )
    keys = rows.values_list("payload__step", "dedupe_key")
    return {(step, key.partition(" again ")[0].rpartition(":")[2]) for step, key in keys}


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
