"""Checking in: once per person however often the phone says so, undone as an act of its own."""

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from events.models import Event
from registrations.models import CheckIn, Registration
from registrations.services.seating import lock_with_seats, move
from registrations.states import Command, State
from registrations.tickets import read_ticket


class Result(StrEnum):
    """What the phone shows; each looks and sounds different."""

    CHECKED_IN = "checked_in"
    ALREADY_IN = "already_in"
    UNDONE = "undone"
    NOT_IN = "not_in"
    WRONG_EVENT = "wrong_event"
    CANCELLED = "cancelled"
    NOT_GOING = "not_going"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Scan:
    """One act at the door, as the phone recorded it; `ticket` is a ticket code."""

    id: uuid.UUID
    ticket: str
    action: str
    at: dt.datetime
    door: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of a scan; the registration only when it is one of this event."""

    result: Result
    registration: Registration | None = None


@transaction.atomic
def record_scan(*, event: Event, scan: Scan, by: User, now: dt.datetime) -> Answer:
    """Check in or undo; replaying a scan gives the first answer's effect and changes nothing."""
    found = Registration.objects.select_related("user", "event").filter(ticket=read_ticket(scan.ticket) or "").first()
    if found is None:
        return Answer(Result.UNKNOWN)
    if found.event_id != event.pk:
        return Answer(Result.WRONG_EVENT)
    registration, seats = lock_with_seats(found)
    if CheckIn.objects.filter(pk=scan.id).exists():
        return Answer(_standing(registration), registration)
    result, command = _verdict(registration, scan.action)
    if command is not None:
        move(registration, command, seats=seats, now=now, by=by, reason=scan.door)
        CheckIn.objects.create(
            id=scan.id,
            registration=registration,
            action=scan.action,
            at=min(scan.at, now),
            received_at=now,
            by=by,
            door=scan.door[:60],
        )
    return Answer(result, registration)


def _standing(registration: Registration) -> Result:
    return Result.CHECKED_IN if registration.state == State.CHECKED_IN else Result.UNDONE


def _verdict(registration: Registration, action: str) -> tuple[Result, Command | None]:
    """What this act means for somebody in this state."""
    state = State(registration.state)
    if action == CheckIn.Action.UNDO:
        return (Result.UNDONE, Command.UNDO_CHECK_IN) if state is State.CHECKED_IN else (Result.NOT_IN, None)
    if state is State.CHECKED_IN:
        return Result.ALREADY_IN, None
    if state in (State.GOING, State.NO_SHOW):
        return Result.CHECKED_IN, Command.CHECK_IN
    return (Result.CANCELLED if state in (State.CANCELLED, State.DECLINED) else Result.NOT_GOING), None
