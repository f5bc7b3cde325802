"""Coming to every event of a series until one leaves it: the wish is a row, a sweep makes good on it.

So a crash between two events, a window that opens later and an event published next month are all the same case.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.names import clean_name
from events.models import Event, Series
from registrations.models import (
    Invitation,
    Place,
    Question,
    Registration,
    RegistrationChange,
    RegistrationPlan,
    Seats,
    SeriesRegistration,
)
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.sweeps import AT_ONCE, one_by_one
from registrations.services.wishes import Wish
from registrations.states import IS_OVER, State

LEFT_WITH_SERIES = "left the series"

Pair = tuple[int, int]  # ids of an event and of a registration for its series


def join_series(
    *, series: Series, user: User, name: str, place: str = Place.ROOM, now: dt.datetime
) -> SeriesRegistration:
    """Come to all that is published, and to what will be; events that cannot be entered now are tried again later.

    Joining twice is joining once. Raises RuleViolation on the field `name`. Not one transaction: each event's seats
    are locked on their own, and what a crash leaves undone is the sweep's.
    """
    name = clean_name(name)
    member, is_new = SeriesRegistration.objects.get_or_create(
        series=series, user=user, defaults={"name": name, "place": place, "since": now}
    )
    if not is_new:
        returning = SeriesRegistration.objects.filter(pk=member.pk)
        returning.exclude(left_at=None).update(left_at=None, since=now)
        returning.update(name=name, place=place)
        member.refresh_from_db()
    one_by_one(_due(now).filter(member=member.pk).values_list("pk", "member"), lambda pair: _register(pair, now, user))
    return member


@transaction.atomic
def leave_series(*, series: Series, user: User, now: dt.datetime) -> int:
    """Leave it, and what is still to come of the events that came by it; returns how many those were."""
    member = SeriesRegistration.objects.select_for_update().filter(series=series, user=user, left_at=None).first()
    if member is None:
        return 0
    member.left_at = now
    member.save(update_fields=["left_at"])
    came_by_it = Registration.objects.filter(user=user, event__series=series, source=Registration.Source.SERIES)
    to_come = came_by_it.filter(event__starts_at__gt=now).exclude(state__in=[*IS_OVER, State.CHECKED_IN])
    leaving = list(to_come.order_by("event__starts_at", "event_id"))  # everybody locks seats in this order
    for registration in leaving:
        leave(registration=registration, now=now, by=user, reason=LEFT_WITH_SERIES)
    return len(leaving)


def register_series_members(*, now: dt.datetime) -> int:
    """Register people for events of their series that were published since; who left an event is left alone."""
    due = list(_due(now).order_by("starts_at", "pk", "since", "member").values_list("pk", "member")[:AT_ONCE])
    return one_by_one(due, lambda pair: _register(pair, now))


def _register(pair: Pair, now: dt.datetime, by: User | None = None) -> bool:
    """Look again with the wish locked, so that two sweeps do not bring back somebody who left in between."""
    event_id, member_id = pair
    locked = SeriesRegistration.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    member = locked.filter(pk=member_id, left_at=None).first()
    if member is None or not _due(now).filter(pk=event_id, member=member_id).exists():
        return False
    wish = Wish(name=member.name or member.user.name, place=member.place, source=Registration.Source.SERIES)
    return register(plan=plan_of_event(event_id), user=member.user, wish=wish, is_proven=True, now=now, by=by).is_new


def _due(now: dt.datetime) -> QuerySet[Any]:
    """Pairs of an event that can be entered now and a `member` of its series who is not in it and did not leave it.

    Whatever would be refused is not in it, or the same refusals would fill each sweep.
    """
    plan = OuterRef("registration_plan")
    opened = Q(registration_plan__opens_at=None) | Q(registration_plan__opens_at__lte=now)
    not_closed = Q(registration_plan__closes_at=None) | Q(registration_plan__closes_at__gt=now)
    for_all = ~Q(registration_plan__admission=RegistrationPlan.Admission.INVITATION)
    invited = Invitation.objects.filter(plan=plan, email__iexact=OuterRef("email"))
    return (
        _pairs()
        .filter(opened, not_closed, status=Event.Status.PUBLISHED, starts_at__gt=now)
        .filter(for_all | Exists(invited), Exists(Seats.objects.filter(plan=plan, place=OuterRef("place"))))
        .exclude(Exists(Question.objects.filter(plan=plan, is_required=True)))
        .exclude(Exists(_decided().filter(event=OuterRef("pk"), user=OuterRef("person"))))
        .order_by("starts_at", "pk")
    )


def _pairs() -> QuerySet[Any]:
    """Events with a member of their series: one join, since its columns are named before anything is asked of them."""
    pairs = Event.objects.annotate(
        members=FilteredRelation("series__registrations"),
        member=F("members__pk"),
        since=F("members__since"),
        place=F("members__place"),
        person=F("members__user"),
        email=F("members__user__email"),
        left_at=F("members__left_at"),
        is_active=F("members__user__is_active"),
    )
    return pairs.filter(member__isnull=False, left_at=None, is_active=True)


def _decided() -> QuerySet[Registration]:
    """Who is in, or left for a reason of their own; who left together with the series may come back with it."""
    changes = RegistrationChange.objects.filter(registration=OuterRef("pk")).order_by("-id")
    rows = Registration.objects.annotate(last_reason=Coalesce(Subquery(changes.values("reason")[:1]), Value("")))
    return rows.exclude(state=State.PENDING).exclude(state=State.CANCELLED, last_reason=LEFT_WITH_SERIES)
