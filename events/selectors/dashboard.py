"""What an organiser should see first: what comes next, what is not public yet, what is not filled in."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from events.models import Event, Group, Session, SessionSpeaker

NEEDS_NO_SPEAKER = (Session.Kind.BREAK, Session.Kind.SOCIAL, Session.Kind.LIGHTNING)
HAS_NO_TIME = Q(starts_at=None) | Q(minutes=None)


def events_ahead(groups: QuerySet[Group], *, now: dt.datetime, limit: int) -> list[Any]:
    """The next events that are public, with how many sessions they have; one query."""
    ahead = Event.objects.filter(group__in=groups).published().upcoming(now=now)
    return list(_with_card(ahead)[:limit])


def drafts(groups: QuerySet[Group], *, limit: int) -> list[Any]:
    """The events nobody sees yet, the nearest first; one query."""
    return list(
        _with_card(Event.objects.filter(group__in=groups, status=Event.Status.DRAFT)).order_by("starts_at")[:limit]
    )


def unfinished_sessions(groups: QuerySet[Group], *, now: dt.datetime, limit: int) -> list[Any]:
    """Planned sessions of what is still to come that lack a time, or a speaker where one is due; one query.

    Each with `has_no_speaker`.
    """
    nobody = ~Exists(SessionSpeaker.objects.filter(session=OuterRef("pk")))
    ahead = Session.objects.filter(event__group__in=groups, event__ends_at__gt=now, status=Session.Status.PLANNED)
    lacking = ahead.exclude(event__status=Event.Status.CANCELLED).annotate(
        has_no_speaker=nobody & ~Q(kind__in=NEEDS_NO_SPEAKER)
    )
    chosen = lacking.filter(HAS_NO_TIME | Q(has_no_speaker=True)).select_related("event")
    return list(chosen.order_by("event__starts_at", "event", "position", "id")[:limit])


def _with_card(events: QuerySet[Event]) -> QuerySet[Any]:
    return events.select_related("group", "venue").annotate(number_of_sessions=Count("sessions"))
