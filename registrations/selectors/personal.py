"""Everything registrations know about one person: for their own page, their calendar, their download."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from events.calendar_values import Window
from events.models import Event
from registrations.models import Answer, CheckIn, Invitation, Registration, SeriesRegistration
from registrations.selectors.people import my_registrations, with_queue_position
from registrations.states import State

IN_CALENDARS = (State.GOING, State.CHECKED_IN, State.NO_SHOW, State.WAITING, State.REQUESTED, State.OFFERED)


def my_page_registrations(user: User) -> QuerySet[Registration]:
    """Those at events that are public, with event, group, venue and place in the queue; one query."""
    return with_queue_position(my_registrations(user).exclude(event__status=Event.Status.DRAFT))


def my_series(user: User) -> QuerySet[SeriesRegistration]:
    """The series somebody comes to until they leave, by name; one query."""
    mine = SeriesRegistration.objects.filter(user=user, left_at=None).select_related("series__group")
    return mine.order_by(Lower("series__title"), "id")


def registrations_in_calendar(user: User, window: Window) -> QuerySet[Registration]:
    """Who has, is offered, or waits for a seat, within the outer bounds of the day's window; two queries."""
    mine = Registration.objects.filter(user=user, state__in=IN_CALENDARS).exclude(event__status=Event.Status.DRAFT)
    kept = mine.filter(event__ends_at__gt=window.opens_at, event__starts_at__lt=window.closes_at)
    related = kept.select_related("event__group", "event__venue", "event__series")
    return related.prefetch_related("event__topics").order_by("event__starts_at", "pk")


def registrations_in_full(user: User) -> QuerySet[Registration]:
    """With answers, history and check-ins, the first event first; four queries."""
    answers = Answer.objects.select_related("question")
    changes = Prefetch("changes", to_attr="history")
    check_ins = Prefetch("check_ins", queryset=CheckIn.objects.order_by("received_at", "id"))
    rows = Registration.objects.filter(user=user).select_related("event__group").order_by("event__starts_at", "pk")
    return rows.prefetch_related(Prefetch("answers", queryset=answers), changes, check_ins)


def series_of(user: User) -> QuerySet[SeriesRegistration]:
    """Every series somebody ever came to, also those they left."""
    return SeriesRegistration.objects.filter(user=user).select_related("series__group").order_by("since", "id")


def invitations_to(addresses: list[str]) -> QuerySet[Any]:
    """Who asked these addresses to come, and to what; one query."""
    invited = Invitation.objects.annotate(low=Lower("email")).filter(low__in=addresses)
    return invited.select_related("plan__event__group").order_by(F("invited_at"), "id")
