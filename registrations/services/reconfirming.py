"""Still coming? Some days before the start people are asked; the seats of who stays silent may go to the queue."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event
from registrations import notifications
from registrations.models import Registration, Seats
from registrations.services.queue import promote_queue
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_seats, move, note
from registrations.services.sweeps import AT_ONCE, one_by_one
from registrations.states import Command, State

TIME_TO_ANSWER = dt.timedelta(hours=12)  # nobody loses a seat sooner than this after they were asked
NOT_RECONFIRMED = "not reconfirmed"


def ask_to_reconfirm(*, now: dt.datetime) -> int:
    """Write to who has a seat since before the asking date; who took one after it has just said so."""
    due = _to_ask(now).order_by("event__starts_at", "pk").values_list("pk", flat=True)[:AT_ONCE]
    return one_by_one(list(due), partial(_ask, now=now))


def _ask(pk: int, *, now: dt.datetime) -> bool:
    """Each time with a mail: an answer to an earlier question, for another date, is none to this one."""
    locked = _to_ask(now).select_for_update(of=("self",), no_key=True, skip_locked=True)
    registration = locked.select_related("event", "user").filter(pk=pk).first()
    if registration is None:
        return False
    registration.reconfirm_asked_at, registration.reconfirmed_at = now, None
    registration.save(update_fields=["reconfirm_asked_at", "reconfirmed_at"])
    notifications.reconfirmation_asked(registration, now=now)
    return True


@transaction.atomic
def reconfirm(*, registration: Registration, now: dt.datetime, by: User | None = None) -> Registration:
    """They keep the seat; saying so twice is saying so once. Raises RuleViolation for who has no seat any more."""
    locked = Registration.objects.select_for_update(of=("self",), no_key=True).select_related("event", "user")
    registration = locked.get(pk=registration.pk)
    if registration.state == State.CHECKED_IN:
        return registration
    if registration.state != State.GOING:
        raise RuleViolation("wrong_state", _("You have no place to keep. RSVP again."))
    if registration.reconfirmed_at is None:
        registration.reconfirmed_at = now
        registration.save(update_fields=["reconfirmed_at"])
        note(registration, Command.ACCEPT, State.GOING, now=now, by=by, reason="reconfirmed")
    return registration


def release_silent_seats(*, now: dt.datetime) -> int:
    """Give the seats of who did not answer to the queue, where the plan says so; returns in how many rooms."""
    places = _silent(now).order_by("event__starts_at", "event_id", "place")
    return one_by_one(list(places.values_list("event_id", "place").distinct()[:AT_ONCE]), partial(_release, now=now))


def _release(where: tuple[int, str], *, now: dt.datetime) -> bool:
    """All of one place together, so that a party with guests gets its turn before smaller ones fill the gaps."""
    event_id, place = where
    seats = lock_seats(event_id=event_id, place=place)
    locked = _silent(now).filter(event=event_id, place=place).select_for_update(of=("self",), no_key=True)
    silent = list(locked.select_related("event", "user").order_by("joined_at", "pk")[:AT_ONCE])
    for registration in silent:
        move(registration, Command.EXPIRE, seats=seats, now=now, reason=NOT_RECONFIRMED)
        notifications.registration_cancelled(registration, now=now)
    if silent:
        promote_queue(seats, now=now)
        announce_seats(silent[0].event)
    return bool(silent)


def _to_ask(now: dt.datetime) -> QuerySet[Any]:
    """Who has a seat since before the asking date, and was not asked since."""
    asked_before = Q(reconfirm_asked_at=None) | Q(reconfirm_asked_at__lt=F("asking_date"))
    due = _with_asking_date(now).filter(asking_date__lte=now, changed_at__lt=F("asking_date"), user__isnull=False)
    return due.filter(asked_before)


def _silent(now: dt.datetime) -> QuerySet[Any]:
    """Who was asked, had time to answer, and said nothing, once the time to give seats away has come."""
    plan = "event__registration_plan__"
    hours = ExpressionWrapper(F(f"{plan}release_hours") * Value(dt.timedelta(hours=1)), output_field=DurationField())
    release_date = ExpressionWrapper(F("event__starts_at") - hours, output_field=DateTimeField())
    seats = Seats.objects.filter(plan__event=OuterRef("event"), place=OuterRef("place"))
    asked = _with_asking_date(now).filter(reconfirm_asked_at__gte=F("asking_date"), reconfirmed_at=None)
    return (
        asked.filter(Exists(seats.exclude(capacity=None)), **{f"{plan}releases_silent_seats": True})
        .annotate(release_date=release_date)
        .filter(release_date__lte=now, reconfirm_asked_at__lte=now - TIME_TO_ANSWER)
    )


def _with_asking_date(now: dt.datetime) -> QuerySet[Any]:
    """People with a seat at published events to come that ask."""
    days = F("event__registration_plan__reconfirm_days") * Value(dt.timedelta(days=1))
    asking_date = F("event__starts_at") - ExpressionWrapper(days, output_field=DurationField())
    going = Registration.objects.filter(state=State.GOING, event__status=Event.Status.PUBLISHED)
    return going.filter(event__starts_at__gt=now, event__registration_plan__reconfirm_days__isnull=False).annotate(
        asking_date=ExpressionWrapper(asking_date, output_field=DateTimeField())
    )
