"""Somebody comes through the door without a seat: they get a free one, under the same lock as everybody else."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable, UniqueViolation

from accounts.models import User
from accounts.names import clean_name
from accounts.services import account_for_address
from core.errors import RuleViolation
from events.models import Event
from registrations.models import CheckIn, Place, Registration, RegistrationPlan, Seats
from registrations.permissions import may_manage_registrations
from registrations.services.door import Answer, Result, keep_act, replayed
from registrations.services.queue import promote_queue
from registrations.services.rings import announce_door, announce_seats
from registrations.services.seating import move
from registrations.states import Command, State, after

ATTEMPTS = 5
PATIENCE = "100ms"  # well below the second after which PostgreSQL looks for deadlocks
REASON = "at the door"  # in the history
BEGINS_ANEW = (State.PENDING, State.DECLINED, State.CANCELLED)


@dataclass(frozen=True)
class Arrival:
    """Who stands at the door: a name, with an e-mail if they want one kept, or a registration that has no seat."""

    id: uuid.UUID
    name: str = ""
    email: str = ""
    registration: uuid.UUID | None = None
    door: str = ""


class _Outrun(Exception):
    """Somebody else has made, or is making, the row of this person."""


class _DoneBefore(Exception):
    """This arrival was recorded already: what was prepared for it again is rolled back."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def walk_in(*, event: Event, arrival: Arrival, by: User, now: dt.datetime) -> Answer:
    """Give them a seat and check them in; who is registered already is checked in as who they are.

    The same arrival twice is one. Raises RuleViolation, with the cure, when no seat is free, when somebody waits for it
    and the event has not begun, and where organisers choose who comes and a host asks.
    """
    for _turn in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _walk_in(event, arrival, by=by, now=now)
        except _DoneBefore as done:
            return done.answer
        except _Outrun:
            continue
    raise RuleViolation("busy", _("This person is registering at this very moment. Try again."))


def _walk_in(event: Event, arrival: Arrival, *, by: User, now: dt.datetime) -> Answer:
    found = _who(event, arrival, now=now)
    seats = _lock(event)
    if found.pk is None:
        _add(found)
    registration = _locked(found)
    known = CheckIn.objects.select_related("registration", "by").filter(pk=arrival.id).first()
    if known is not None:
        raise _DoneBefore(_again(known, event))
    if registration.state == State.CHECKED_IN:
        arrivals = registration.check_ins.select_related("by").order_by("at", "received_at")
        return Answer(Result.ALREADY_IN, registration, arrivals.last())
    _make_going(registration, seats, by=by, now=now)
    act = keep_act(arrival.id, "in", registration=registration, at=now, by=by, door=arrival.door, now=now)
    if act is None:
        raise _DoneBefore(Answer(Result.CONFLICT))
    move(registration, Command.CHECK_IN, seats=seats[Place.ROOM], now=now, by=by, reason=act.door)
    announce_door(event)
    return Answer(Result.CHECKED_IN, registration, act, is_new=True)


def _again(known: CheckIn, event: Event) -> Answer:
    registration = known.registration
    return replayed(known, registration, "in") if registration.event_id == event.pk else Answer(Result.CONFLICT)


def _who(event: Event, arrival: Arrival, *, now: dt.datetime) -> Registration:
    """Their registration, or a new one that is nothing yet."""
    if event.status != Event.Status.PUBLISHED:
        raise RuleViolation("event_is_off", _("This event does not take place as planned: nobody can be let in."))
    rows = Registration.objects.filter(event=event)
    if arrival.registration is not None:
        found = rows.filter(public_id=arrival.registration).first()
        if found is None:
            raise RuleViolation("registration_unknown", _("This person is not on the list any more. Load it again."))
        return found
    name = clean_name(arrival.name)
    user = _account(arrival.email, name)
    found = rows.filter(user=user).first() if user else None
    times = {"joined_at": now, "created_at": now, "changed_at": now}
    return found or Registration(event=event, user=user, name=name, source=Registration.Source.WALK_IN, **times)


def _add(registration: Registration) -> None:
    """Raises _Outrun when the same person is being registered elsewhere.

    That one may hold the row's key and wait for the seats that we hold: we wait for a moment only, and begin again.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            registration.save(force_insert=True)
    except (IntegrityError, OperationalError) as error:
        if not isinstance(error.__cause__, (UniqueViolation, LockNotAvailable)):
            raise
        raise _Outrun from error


def _lock(event: Event) -> dict[str, Seats]:
    """The event's seats by place, locked in the order of their ids: who comes from online needs both."""
    rows = Seats.objects.select_for_update(of=("self",)).select_related("plan__event").filter(plan__event=event)
    seats = {row.place: row for row in rows.order_by("pk")}
    if Place.ROOM not in seats:
        raise RuleViolation("no_room", _("This event has no seats in a room. An organiser can add some."))
    return seats


def _locked(registration: Registration) -> Registration:
    """The row as it is now that nobody else changes it."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True).select_related("event__group", "user")
    return rows.get(pk=registration.pk)


def _make_going(registration: Registration, seats: dict[str, Seats], *, by: User, now: dt.datetime) -> None:
    """Until the table lets them be checked in, with a seat in the room."""
    room = seats[Place.ROOM]
    if registration.state == State.OFFERED and registration.place == Place.ROOM:
        move(registration, Command.ACCEPT, seats=room, now=now, by=by, reason=REASON)
    if registration.place != Place.ROOM or after(State(registration.state), Command.CHECK_IN) is None:
        _seat(registration, seats, by=by, now=now)


def _account(email: str, name: str) -> User | None:
    email = email.strip()
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError as error:
        message = _("This is not an email address. Correct it, or leave it empty.")
        raise RuleViolation("email_invalid", message, field="email") from error
    if len(email) > 254:
        raise RuleViolation("email_too_long", _("The email address is too long."), field="email")
    return account_for_address(email=email, name=name)


def _seat(registration: Registration, seats: dict[str, Seats], *, by: User, now: dt.datetime) -> None:
    """A seat in the room; who had one online, or waited for one there, gives that back."""
    if registration.place != Place.ROOM:
        _leave_online(registration, seats, by=by, now=now)
    if registration.state in BEGINS_ANEW:
        registration.guests, registration.source = 0, Registration.Source.WALK_IN
        registration.save(update_fields=["guests", "source"])
    _refuse(registration, seats[Place.ROOM], by=by, now=now)
    move(registration, Command.ENTER, seats=seats[Place.ROOM], now=now, by=by, reason=REASON)
    announce_seats(registration.event)


def _leave_online(registration: Registration, seats: dict[str, Seats], *, by: User, now: dt.datetime) -> None:
    if after(State(registration.state), Command.LEAVE) is not None:
        move(registration, Command.LEAVE, seats=seats[Place.ONLINE], now=now, by=by, reason="into the room")
        promote_queue(seats[Place.ONLINE], now=now)
    registration.place = Place.ROOM
    registration.save(update_fields=["place"])


def _refuse(registration: Registration, room: Seats, *, by: User, now: dt.datetime) -> None:
    """Raise when this person cannot have a seat: the organisers choose, others wait for it, or there is none."""
    chosen = room.plan.admission != RegistrationPlan.Admission.OPEN
    if chosen and not may_manage_registrations(by, room.plan.event):
        raise RuleViolation("organisers_choose", _("The organisers choose who comes to this event. Ask one of them."))
    if not room.count.fits(registration.party):
        message = _("Every seat is taken: %(taken)d of %(capacity)d. An organiser can raise the capacity.")
        raise RuleViolation("full", message % {"taken": room.taken, "capacity": room.capacity or 0})
    others = room.waiting - (registration.state == State.WAITING)
    if others > 0 and now < room.plan.event.starts_at:
        message = _("%(count)d people wait for a free seat. Let them in first, or wait until the event has begun.")
        raise RuleViolation("others_wait", message % {"count": others})
