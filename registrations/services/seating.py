"""One step of one registration, with its seats counted and its history written; callers hold the seats' lock."""

import datetime as dt

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from registrations.models import Registration, RegistrationChange, Seats
from registrations.states import HOLDS_A_SEAT, Command, State, after


def lock_seats(*, event_id: int, place: str) -> Seats:
    """The row everybody who wants a seat there waits for; held until the transaction ends."""
    seats = Seats.objects.select_for_update(of=("self",)).select_related("plan__event")
    return seats.get(plan__event_id=event_id, place=place)


def lock_with_seats(registration: Registration) -> tuple[Registration, Seats]:
    """The seats first, the registration second: the order that everybody keeps, so that nobody deadlocks.

    No key is locked, since an answer or a message that is being written for the row holds its key.
    """
    seats = lock_seats(event_id=registration.event_id, place=registration.place)
    locked = Registration.objects.select_for_update(of=("self",), no_key=True).select_related("event", "user")
    return locked.get(pk=registration.pk), seats


def move(
    registration: Registration,
    command: Command,
    *,
    seats: Seats,
    now: dt.datetime,
    by: User | None = None,
    reason: str = "",
    offer_until: dt.datetime | None = None,
) -> Registration:
    """Take the step the table allows from here; raises RuleViolation when there is none."""
    before = State(registration.state)
    state = after(before, command)
    if state is None:
        raise wrong_state(registration)
    count(seats, registration.party, before, state)
    registration.state = state
    registration.offer_until = offer_until
    registration.changed_at = now
    registration.version += 1
    registration.save(update_fields=["state", "offer_until", "changed_at", "version"])
    note(registration, command, before, now=now, by=by, reason=reason)
    return registration


def wrong_state(registration: Registration) -> RuleViolation:
    """The refusal of a step that the table, or a command's own rule, does not have from here."""
    message = _("That is not possible: this registration is %s.") % registration.get_state_display()
    return RuleViolation("wrong_state", message)


def count(seats: Seats, party: int, before: State | None, state: State) -> None:
    """Add what this step takes or gives back, and who begins or ends to wait."""
    taken = party * ((state in HOLDS_A_SEAT) - (before in HOLDS_A_SEAT))
    waiting = (state == State.WAITING) - (before == State.WAITING)
    if taken or waiting:
        seats.taken += taken
        seats.waiting += waiting
        seats.save(update_fields=["taken", "waiting"])


def note(
    registration: Registration, command: Command, before: State, *, now: dt.datetime, by: User | None, reason: str
) -> None:
    """One row of history."""
    RegistrationChange.objects.create(
        registration=registration,
        at=now,
        command=command,
        before=before,
        after=registration.state,
        by=by,
        reason=reason,
    )
