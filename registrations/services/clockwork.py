"""What happens to registrations because time passes; each step looks for work, does some, and may run at any time."""

import datetime as dt
import logging
from collections.abc import Callable
from functools import partial

from django.db.models import F, Q

from events.models import Event
from registrations.models import Registration, RegistrationPlan, Seats
from registrations.services.no_show import mark_no_shows
from registrations.services.queue import expire_offer, promote_queue
from registrations.services.reconfirming import ask_to_reconfirm, release_silent_seats
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_seats, lock_with_seats, move
from registrations.services.series import register_series_members
from registrations.services.sweeps import AT_ONCE, one_by_one
from registrations.states import Command, State

TIME_TO_CONFIRM = dt.timedelta(days=1)
NOT_CONFIRMED = "not confirmed"

log = logging.getLogger(__name__)


def sweep_registrations(*, now: dt.datetime) -> dict[str, int]:
    """All steps, seats that come free before those who may get them; how much each did. One that fails is told."""
    done = {}
    for step in STEPS:
        try:
            done[step.__name__] = step(now=now)
        except Exception:
            log.exception("%s failed", step.__name__)
    return done


def expire_offers(*, now: dt.datetime) -> int:
    """Seats that were held and not taken go to the next in line."""
    due = Registration.objects.filter(state=State.OFFERED, offer_until__lte=now).order_by("offer_until", "pk")
    return one_by_one(list(due[:AT_ONCE]), lambda row: expire_offer(registration=row, now=now))


def expire_unconfirmed(*, now: dt.datetime) -> int:
    """Nobody answered the mail for a day: the wish ends, and no mail says so to an address that may not be theirs."""
    last = now - TIME_TO_CONFIRM
    due = Registration.objects.filter(state=State.PENDING, created_at__lte=last, changed_at__lte=last)
    return one_by_one(list(due.order_by("created_at", "pk")[:AT_ONCE]), partial(_expire_unconfirmed, now=now))


def _expire_unconfirmed(row: Registration, *, now: dt.datetime) -> bool:
    registration, seats = lock_with_seats(row)
    if registration.state != State.PENDING or registration.changed_at > now - TIME_TO_CONFIRM:
        return False
    move(registration, Command.EXPIRE, seats=seats, now=now, reason=NOT_CONFIRMED)
    return True


def promote_queues(*, now: dt.datetime) -> int:
    """Free seats that nobody's leaving will give away: of an event that was postponed and is on again, say."""
    waits = Seats.objects.filter(waiting__gt=0, plan__event__starts_at__gt=now)
    on = waits.filter(plan__event__status=Event.Status.PUBLISHED)
    open_queues = on.exclude(plan__waiting_list=RegistrationPlan.Queue.MANUAL)
    due = open_queues.filter(Q(capacity=None) | Q(taken__lt=F("capacity"))).order_by("plan__event__starts_at", "pk")
    places = list(due.values_list("plan__event_id", "place")[:AT_ONCE])
    return one_by_one(places, partial(_promote, now=now))


def _promote(where: tuple[int, str], *, now: dt.datetime) -> bool:
    event_id, place = where
    seats = lock_seats(event_id=event_id, place=place)
    promoted = promote_queue(seats, now=now)
    if promoted:
        announce_seats(seats.plan.event)
    return bool(promoted)


STEPS: tuple[Callable[..., int], ...] = (
    expire_offers,
    expire_unconfirmed,
    release_silent_seats,
    promote_queues,
    register_series_members,
    ask_to_reconfirm,
    mark_no_shows,
)
