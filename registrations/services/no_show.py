"""Who had a seat and was not seen: worked out some hours after the end, where the door was used at all."""

import datetime as dt
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet

from events.models import Event
from registrations.models import Place, Registration
from registrations.services.seating import lock_seats, move
from registrations.services.sweeps import AT_ONCE, one_by_one
from registrations.states import Command, State

AFTER = dt.timedelta(hours=3)  # phones that were without network have told what they saw by then
NOT_LATER_THAN = dt.timedelta(days=30)


def mark_no_shows(*, now: dt.datetime) -> int:
    """Going becomes no-show, in the room only: nobody checks people in online. Returns at how many events."""
    return one_by_one(list(_events(now).values_list("pk", flat=True)[:AT_ONCE]), partial(_mark, now=now))


def _mark(event_id: int, *, now: dt.datetime) -> bool:
    """A part of a large event at a time; late check-ins are still taken, the state leads back."""
    seats = lock_seats(event_id=event_id, place=Place.ROOM)
    locked = _unseen().filter(event=event_id).select_for_update(of=("self",), no_key=True)
    unseen = list(locked.order_by("pk")[:AT_ONCE])
    for registration in unseen:
        move(registration, Command.MISS, seats=seats, now=now)
    return bool(unseen)


def _unseen() -> QuerySet[Registration]:
    return Registration.objects.filter(state=State.GOING, place=Place.ROOM)


def _events(now: dt.datetime) -> QuerySet[Event]:
    """Over for some hours, somebody was checked in, and somebody else was not."""
    over = Event.objects.filter(ends_at__lte=now - AFTER, ends_at__gt=now - NOT_LATER_THAN)
    here = Registration.objects.filter(event=OuterRef("pk"), state=State.CHECKED_IN)
    unseen = _unseen().filter(event=OuterRef("pk"))
    return over.filter(Exists(here), Exists(unseen), status=Event.Status.PUBLISHED).order_by("ends_at", "pk")
