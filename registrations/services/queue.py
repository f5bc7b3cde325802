"""Who moves up when a seat comes free; offers that are taken, left, or run out."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event
from registrations import notifications
from registrations.models import Registration, Seats
from registrations.rules import Waiting, WaitingList, promotions
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_seats, lock_with_seats, move, note, wrong_state
from registrations.states import IN_QUEUE, Command, State

AT_ONCE = 100


def promote_queue(seats: Seats, *, now: dt.datetime) -> list[Registration]:
    """Give free seats to who waits, by the event's rules; the caller holds the lock on these seats."""
    promoted: list[Registration] = []
    if seats.plan.event.status != Event.Status.PUBLISHED:
        return promoted
    while seats.waiting and seats.count.free != 0:
        batch = _promote_next(seats, now=now)
        if not batch:
            break
        promoted += batch
    return promoted


def _promote_next(seats: Seats, *, now: dt.datetime) -> list[Registration]:
    """The next few that fit: never more of the queue is read and locked than there are seats."""
    plan, free = seats.plan, seats.count.free
    fitting = Registration.objects.filter(event=plan.event, place=seats.place)
    if free is not None:
        fitting = fitting.filter(guests__lt=free)
    locked = fitting.queue().select_for_update(of=("self",), no_key=True).select_related("user")
    rows = {row.pk: row for row in locked[: min(free or AT_ONCE, AT_ONCE)]}
    steps = promotions(
        [Waiting(row.pk, row.party, row.priority, row.joined_at) for row in rows.values()],
        seats.count,
        policy=WaitingList(plan.waiting_list),
        offer_length=plan.offer_length,
        starts_at=plan.event.starts_at,
        now=now,
    )
    return [_promote(rows[step.id], step.offer_until, seats=seats, now=now) for step in list(steps)]


def _promote(
    registration: Registration,
    offer_until: dt.datetime | None,
    *,
    seats: Seats,
    now: dt.datetime,
    by: User | None = None,
) -> Registration:
    registration.event = seats.plan.event
    command = Command.ENTER if offer_until is None else Command.OFFER
    move(registration, command, seats=seats, now=now, by=by, offer_until=offer_until)
    notifications.registration_promoted(registration, now=now)
    return registration


@transaction.atomic
def promote_by_hand(*, registration: Registration, by: User, now: dt.datetime) -> Registration:
    """An organiser's choice among those who wait; refused when the party does not fit. Twice is once."""
    registration, seats = lock_with_seats(registration)
    if registration.state == State.GOING:
        return registration
    if registration.state not in IN_QUEUE:
        raise wrong_state(registration)
    if not seats.count.fits(registration.party):
        raise RuleViolation("full", _("There are not enough free seats. Raise the capacity first."))
    announce_seats(registration.event)
    return _promote(registration, None, seats=seats, now=now, by=by)


@transaction.atomic
def accept_offer(*, registration: Registration, now: dt.datetime, by: User | None = None) -> Registration:
    """Take the seat that is held; saying so twice is saying so once."""
    registration, seats = lock_with_seats(registration)
    if registration.state == State.GOING:
        return registration
    if registration.offer_until and registration.offer_until <= now:
        raise RuleViolation("offer_expired", _("This offer has run out. Join the waitlist again."))
    move(registration, Command.ACCEPT, seats=seats, now=now, by=by)
    notifications.offer_accepted(registration, now=now)
    return registration


@transaction.atomic
def expire_offer(*, registration: Registration, now: dt.datetime) -> bool:
    """Give the held seat to the next in line, when nobody answered in time; whether it did."""
    registration, seats = lock_with_seats(registration)
    if registration.state != State.OFFERED or registration.offer_until is None or registration.offer_until > now:
        return False
    move(registration, Command.EXPIRE, seats=seats, now=now, reason="offer expired")
    notifications.offer_expired(registration, now=now)
    promote_queue(seats, now=now)
    announce_seats(registration.event)
    return True


@transaction.atomic
def change_priority(*, registration: Registration, priority: int, reason: str, by: User, now: dt.datetime) -> None:
    """Move somebody in the queue; the reason is kept in the history."""
    if not reason.strip():
        raise RuleViolation("reason_missing", _("Say why: the reason is kept in the history."), field="reason")
    registration, seats = lock_with_seats(registration)
    registration.priority = priority
    registration.changed_at = now
    registration.save(update_fields=["priority", "changed_at"])
    note(
        registration, Command.QUEUE, State(registration.state), now=now, by=by, reason=f"priority {priority}: {reason}"
    )
    promote_queue(seats, now=now)
    announce_seats(registration.event)


@transaction.atomic
def change_capacity(*, event: Event, place: str, capacity: int | None, now: dt.datetime) -> Seats:
    """Raise it and the queue moves up; lower it and nobody is sent away."""
    seats = lock_seats(event_id=event.pk, place=place)
    seats.capacity = capacity
    seats.save(update_fields=["capacity"])
    promote_queue(seats, now=now)
    announce_seats(event)
    return seats
