"""What the public calendars show: published events of listed groups, and the sessions in them."""

from __future__ import annotations

from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Greatest

from accounts.models import User
from events.calendar_values import EntryStatus, Window
from events.models import Event, Group, Membership, Room, Series, Session, SessionSpeaker, Venue
from events.models.event import EventQuerySet
from events.models.session import SessionQuerySet
from speakers.models import Speaker, Topic


def public_events() -> EventQuerySet:
    """Everything anybody may subscribe to."""
    return Event.objects.published().listed()


def in_window(events: EventQuerySet, window: Window) -> EventQuerySet:
    """The events a feed keeps on that day; how long it keeps the past depends on their status."""
    kept = Q(status=Event.Status.PUBLISHED, ends_at__gt=window.earliest_end(EntryStatus.CONFIRMED))
    kept |= Q(status=Event.Status.POSTPONED, ends_at__gt=window.earliest_end(EntryStatus.POSTPONED))
    kept |= Q(status=Event.Status.CANCELLED, ends_at__gt=window.earliest_end(EntryStatus.CANCELLED))
    return events.filter(kept, starts_at__lt=window.closes_at)


def nearest(events: EventQuerySet, window: Window, *, limit: int) -> list[Event]:
    """The events nearest to the day with all that an entry reads; two queries."""
    since = ExpressionWrapper(F("starts_at") - Value(window.midnight), output_field=DurationField())
    until = ExpressionWrapper(Value(window.midnight) - F("starts_at"), output_field=DurationField())
    rows = events.select_related("group", "venue", "series").prefetch_related("topics")
    return list(rows.order_by(Greatest(since, until), "id")[:limit])


def event_rows(events: EventQuerySet) -> list[QuerySet[Any]]:
    """Every row that an entry of these events is made of: what core.fingerprint is taken over."""
    return [
        events,
        Group.objects.filter(events__in=events),
        Venue.objects.filter(events__in=events),
        Series.objects.filter(events__in=events),
        Event.topics.through.objects.filter(event__in=events),
        Topic.objects.filter(events__in=events),
    ]


def public_sessions() -> SessionQuerySet:
    """Sessions with a time, in events that anybody may subscribe to."""
    return Session.objects.filter(event__in=public_events(), starts_at__isnull=False, minutes__isnull=False)


def sessions_in_window(sessions: SessionQuerySet, window: Window) -> SessionQuerySet:
    """Those between the outer bounds of the day's window; their status may shorten it further."""
    return sessions.filter(ends_at__gt=window.opens_at, starts_at__lt=window.closes_at)


def with_entries(sessions: SessionQuerySet) -> SessionQuerySet:
    """With all that an entry reads; three queries."""
    parts = SessionSpeaker.objects.select_related("speaker")
    related = sessions.select_related("event__group", "event__venue", "room")
    return related.prefetch_related("topics", Prefetch("session_speakers", queryset=parts)).in_order()


def session_rows(sessions: SessionQuerySet) -> list[QuerySet[Any]]:
    """Every row that an entry of these sessions is made of, their events included."""
    return [
        *event_rows(Event.objects.filter(sessions__in=sessions)),
        sessions,
        Room.objects.filter(sessions__in=sessions),
        SessionSpeaker.objects.filter(session__in=sessions),
        Speaker.objects.filter(session_speakers__session__in=sessions),
        Session.topics.through.objects.filter(session__in=sessions),
        Topic.objects.filter(sessions__in=sessions),
    ]


def organised_events(user: User) -> EventQuerySet:
    """Published events of the groups this person organises, listed or not."""
    theirs = Membership.objects.filter(user=user, role=Membership.Role.ORGANISER)
    return Event.objects.published().filter(group__in=theirs.values("group"))


def own_sessions(user: User) -> SessionQuerySet:
    """Sessions with a time in which this person's claimed profile speaks, also those of unlisted groups."""
    timed = Session.objects.filter(event__in=Event.objects.published(), starts_at__isnull=False, minutes__isnull=False)
    return timed.filter(session_speakers__speaker__user=user)
