"""Giving up a place: by the person, by their calendar, by an organiser; the queue moves up in the same transaction."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from core.errors import RuleViolation
from registrations import notifications
from registrations.models import Registration
from registrations.services.queue import promote_queue
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_with_seats, move
from registrations.services.wishes import closed_sentence
from registrations.states import IS_OVER, Command, State
from registrations.window import Closed


@transaction.atomic
def leave(
    *,
    registration: Registration,
    now: dt.datetime,
    by: User | None = None,
    command: Command = Command.LEAVE,
    reason: str = "",
    tells: bool = True,
) -> Registration:
    """Cancel (or decline, or refuse); leaving twice is leaving once. Whoever `tells` them otherwise says False.

    Nobody leaves what is over, lest who did not come were never missed; organisers may still put right what was.
    """
    registration, seats = lock_with_seats(registration)
    if registration.state in IS_OVER:
        return registration
    if registration.event.ends_at <= now and by is not None and by.pk == registration.user_id:
        raise RuleViolation("registration_over", closed_sentence(Closed.OVER, seats.plan))
    was_confirmed = registration.state != State.PENDING
    move(registration, command, seats=seats, now=now, by=by, reason=reason)
    if was_confirmed and tells:
        notifications.registration_cancelled(registration, now=now)
    promote_queue(seats, now=now)
    announce_seats(registration.event)
    return registration
