"""Checking in: once per person however often the phones say so, undone as an act of its own, replayed without harm."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from core.text import clean_line
from events.models import Event
from registrations.models import CheckIn, Place, Registration, Seats
from registrations.services.queue import promote_queue
from registrations.services.rings import announce_door, announce_seats
from registrations.services.seating import lock_with_seats, move
from registrations.states import IS_OVER, Command, State
from registrations.tickets import read_ticket, ticket_code

# A phone that was online says what was done within this time; what takes longer has waited on the phone.
JUST_NOW = dt.timedelta(seconds=10)
# A phone whose clock says 1970 has still seen the person.
OLDEST_ACT = dt.timedelta(days=1)
SHORTEST_CODE = 8  # of a ticket, inside one event: 40 random bits, and hosts are known by name
TICKET_LENGTH = 16
MISSES_A_MINUTE = 20
LONGEST_DOOR = 60
# Digits that no code has, read off paper
_LOOKALIKES = str.maketrans("018", "OIB")


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
    CONFLICT = "conflict"  # the act's id was used for another act
    LATER = "later"  # too many unknown codes: nothing was looked up


@dataclass(frozen=True)
class Scan:
    """One act at the door, as the phone recorded it; `at` is its clock.

    Of a `ticket` (a code, its beginning, or its address), or of a `registration` by its public id.
    """

    id: uuid.UUID
    action: str
    at: dt.datetime
    ticket: str = ""
    registration: uuid.UUID | None = None
    door: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of an act; the registration only when it is one of this event.

    `since` is the act that made it so; `other` the event a ticket is for, when it is for another one; `is_new` says
    that something changed.
    """

    result: Result
    registration: Registration | None = None
    since: CheckIn | None = None
    other: Event | None = None
    is_new: bool = False


def record_scans(*, event: Event, scans: Iterable[Scan], by: User, now: dt.datetime) -> list[Answer]:
    """Check in or undo, each act in a transaction of its own and in the order given; answers in the same order.

    Replaying an act gives the first answer's effect and changes nothing, so a phone that got no answer sends all again.
    """
    misses = Misses(by, now=now)
    answers = [_answer(event, scan, misses, by=by, now=now) for scan in scans]
    if any(answer.is_new for answer in answers):
        announce_door(event)
    return answers


class Misses:
    """How many unknown tickets this host has shown this minute: guessing codes is slow work."""

    def __init__(self, host: User, *, now: dt.datetime) -> None:
        self.key = f"door-misses:{host.pk}:{now:%Y%m%d%H%M}"
        self.count = int(cache.get(self.key) or 0)

    def are_too_many(self) -> bool:
        """Until the minute is over."""
        return self.count >= MISSES_A_MINUTE

    def add(self) -> None:
        """One more, also on the host's other phone."""
        cache.add(self.key, 0, timeout=120)
        self.count = cache.incr(self.key)


def _answer(event: Event, scan: Scan, misses: Misses, *, by: User, now: dt.datetime) -> Answer:
    if scan.registration is None and misses.are_too_many():
        return Answer(Result.LATER)
    answer = record_scan(event=event, scan=scan, by=by, now=now)
    if answer.result is Result.UNKNOWN:
        misses.add()
    return answer


@transaction.atomic
def record_scan(*, event: Event, scan: Scan, by: User, now: dt.datetime) -> Answer:
    """One act alone; phones are told by `record_scans`."""
    found = _find(event, scan)
    if found is None:
        return Answer(Result.UNKNOWN)
    if found.event_id != event.pk:
        return Answer(Result.WRONG_EVENT, other=found.event)
    registration, seats = lock_with_seats(found)
    known = CheckIn.objects.select_related("by").filter(pk=scan.id).first()
    if known is not None:
        return replayed(known, registration, scan.action)
    return _act(registration, seats, scan, by=by, now=now)


def _act(registration: Registration, seats: Seats, scan: Scan, *, by: User, now: dt.datetime) -> Answer:
    """What the act means now, and the rows it leaves; an act that changes nothing leaves none."""
    at = min(max(scan.at, now - OLDEST_ACT), now)
    last = registration.check_ins.select_related("by").order_by("at", "received_at").last()
    if last is not None and at < last.at and now - at > JUST_NOW:
        return _standing(registration, last)
    result, is_new = _verdict(registration, scan.action)
    if not is_new:
        return Answer(result, registration, last)
    act = keep_act(scan.id, scan.action, registration=registration, at=at, by=by, door=scan.door, now=now)
    if act is None:
        return Answer(Result.CONFLICT)
    if scan.action == CheckIn.Action.IN:
        move(registration, Command.CHECK_IN, seats=seats, now=now, by=by, reason=act.door)
    else:
        _undo(registration, seats, by=by, reason=act.door, now=now)
    return Answer(result, registration, act, is_new=True)


def keep_act(
    act_id: uuid.UUID,
    action: str,
    *,
    registration: Registration,
    at: dt.datetime,
    by: User,
    door: str,
    now: dt.datetime,
) -> CheckIn | None:
    """The row of an act; None when another act took this id in the same moment."""
    facts = {"registration": registration, "action": action, "at": at, "received_at": now, "by": by}
    act, is_new = CheckIn.objects.get_or_create(id=act_id, defaults={**facts, "door": clean_line(door)[:LONGEST_DOOR]})
    return act if is_new else None


def replayed(known: CheckIn, registration: Registration, action: str) -> Answer:
    """What was answered the first time, with the registration as it is now."""
    if known.registration_id != registration.pk or known.action != action:
        return Answer(Result.CONFLICT)
    return Answer(Result.CHECKED_IN if action == CheckIn.Action.IN else Result.UNDONE, registration, known)


def plain_code(text: str) -> str:
    """The letters and digits of a code: out of a ticket's address, too, and with 0 for O, 1 for I, 8 for B forgiven."""
    code = text.rpartition("/tickets/")[2].partition("/")[0].upper().translate(_LOOKALIKES)
    return "".join(letter for letter in code if letter.isascii() and letter.isalnum())


def _find(event: Event, scan: Scan) -> Registration | None:
    """By public id or the beginning of a ticket in this event, by a whole ticket in any."""
    rows = Registration.objects.select_related("user", "event__group")
    if scan.registration is not None:
        return rows.filter(public_id=scan.registration, event=event).first()
    code = plain_code(scan.ticket)
    if ticket := read_ticket(code):
        return rows.filter(ticket=ticket).first()
    if len(code) < SHORTEST_CODE:
        return None
    few = rows.filter(event=event, ticket__startswith=code[:TICKET_LENGTH])[:2]
    fitting = [row for row in few if plain_code(ticket_code(row)).startswith(code)]
    return fitting[0] if len(fitting) == 1 else None


def _standing(registration: Registration, last: CheckIn) -> Answer:
    """An act that waited on a phone does not undo what another host has done since."""
    is_in = registration.state == State.CHECKED_IN
    return Answer(Result.ALREADY_IN if is_in else Result.UNDONE, registration, last)


def _verdict(registration: Registration, action: str) -> tuple[Result, bool]:
    """What this act means for somebody in this state, and whether it changes anything."""
    state = State(registration.state)
    if action == CheckIn.Action.UNDO:
        return (Result.UNDONE, True) if state is State.CHECKED_IN else (Result.NOT_IN, False)
    if state is State.CHECKED_IN:
        return Result.ALREADY_IN, False
    if state in IS_OVER:
        return Result.CANCELLED, False
    if state in (State.GOING, State.NO_SHOW) and registration.place == Place.ROOM:
        return Result.CHECKED_IN, True
    return Result.NOT_GOING, False


def _undo(registration: Registration, seats: Seats, *, by: User, reason: str, now: dt.datetime) -> None:
    """Back to what it was before: going, missed, or, for a walk-in, not there at all."""
    before = registration.changes.filter(command=Command.CHECK_IN).values_list("before", flat=True).last()
    move(registration, Command.UNDO_CHECK_IN, seats=seats, now=now, by=by, reason=reason)
    if before == State.NO_SHOW:
        move(registration, Command.MISS, seats=seats, now=now, by=by, reason=reason)
    elif registration.source == Registration.Source.WALK_IN:
        move(registration, Command.LEAVE, seats=seats, now=now, by=by, reason=reason)
        promote_queue(seats, now=now)
        announce_seats(registration.event)
