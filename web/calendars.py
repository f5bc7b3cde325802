"""The public calendar feeds: which rows each one is made of, and what stands on its label."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.queries import by_slug
from core.query_values import QueryErrors
from events.calendar_entries import event_entry, paragraphs, session_entry
from events.calendar_values import CalendarEntry, Feed, Window
from events.event_filters import about_topics
from events.ical import MAX_ENTRIES
from events.models import Event, Group, Series
from events.models.event import EventQuerySet
from events.models.session import SessionQuerySet
from events.plain_text import plain_text
from events.selectors import calendars as programme
from lightning.models.talk import TalkQuerySet
from lightning.selectors import calendars as rounds
from speakers.models import Speaker, Topic
from speakers.selectors import topic_ids_within
from web.calendar_answers import BYTES_SECONDS, Source, calendar_feed
from web.calendar_filters import asked_events
from web.calendar_menu import feed_path
from web.head import absolute

SEARCH_SECONDS = 900  # there is no end of searches


@calendar_feed
def everything(request: HttpRequest, window: Window) -> Source:
    """All events of all listed groups."""
    label = Feed(name=_("All events"), zone=settings.TIME_ZONE, url=absolute("/"))
    return _of_events(programme.public_events(), window, label, reverse("calendar_all"), "all")


@calendar_feed
def group(request: HttpRequest, window: Window, slug: str) -> Source:
    """One group's events."""
    found = by_slug(Group.objects.listed(), slug)
    label = Feed(
        name=found.name,
        description=paragraphs(found.tagline, plain_text(found.description)),
        zone=found.time_zone,
        url=absolute(found.get_absolute_url()),
    )
    events = programme.public_events().filter(group=found)
    return _of_events(events, window, label, feed_path(found), found.slug)


@calendar_feed
def series(request: HttpRequest, window: Window, slug: str) -> Source:
    """The events of one series."""
    found = by_slug(Series.objects.select_related("group").filter(group__is_listed=True), slug)
    label = Feed(
        name=found.title,
        description=plain_text(found.description),
        zone=found.time_zone,
        url=absolute(found.group.get_absolute_url()),
    )
    events = programme.public_events().filter(series=found)
    return _of_events(events, window, label, feed_path(found), found.slug)


@calendar_feed
def topic(request: HttpRequest, window: Window, slug: str) -> Source:
    """Events about a topic or a part of it."""
    found = by_slug(Topic.objects.all(), slug)
    label = Feed(
        name=found.name, description=found.description, zone=settings.TIME_ZONE, url=absolute(found.get_absolute_url())
    )
    events = programme.public_events().filter(about_topics(topic_ids_within([found.pk])))
    return _of_events(events, window, label, feed_path(found), found.slug)


@calendar_feed
def search(request: HttpRequest, window: Window) -> Source:
    """Any filtered list of events; the filters have the names they have everywhere."""
    asked = asked_events(request.GET)
    label = Feed(name=asked.name, zone=settings.TIME_ZONE, url=absolute("/"))
    path = reverse("calendar_search") + asked.query
    return _of_events(asked.events, window, label, path, "search", keep_seconds=SEARCH_SECONDS)


@calendar_feed
def event(request: HttpRequest, window: Window, slug: str) -> Source:
    """One event whenever it was; with `?sessions=1` its programme, too."""
    found = by_slug(programme.public_events().select_related("group", "venue", "series"), slug)
    with_programme = request.GET.get("sessions", "")
    if with_programme not in {"", "0", "1"}:
        raise QueryErrors({"sessions": _("Write 1 to get the programme, 0 or nothing to get the event alone.")})
    label = Feed(name=found.title, zone=found.time_zone, url=absolute(found.get_absolute_url()))
    path, rows = feed_path(found), programme.event_rows(Event.objects.filter(pk=found.pk))
    if with_programme != "1":
        return Source(label, path, found.slug, rows, lambda: [_entry(found)])
    sessions = programme.public_sessions().filter(event=found)
    talks = rounds.public_talks().filter(block__session__event=found)
    rows += [*programme.session_rows(sessions), *rounds.talk_rows(talks)]

    def entries() -> list[CalendarEntry]:
        return [_entry(found), *_sessions_and_talks(sessions, talks, transparent=True)]

    return Source(label, f"{path}?sessions=1", found.slug, rows, entries)


@calendar_feed
def speaker(request: HttpRequest, window: Window, slug: str) -> Source:
    """A speaker's sessions and talks, which do block their time."""
    found = by_slug(Speaker.objects.listed(), slug)
    label = Feed(
        name=found.name, description=found.tagline, zone=settings.TIME_ZONE, url=absolute(found.get_absolute_url())
    )
    sessions = programme.sessions_in_window(programme.public_sessions(), window)
    sessions = sessions.filter(session_speakers__speaker=found)
    talks = rounds.talks_in_window(rounds.public_talks(), window).filter(talk_speakers__speaker=found)
    rows = [*programme.session_rows(sessions), *rounds.talk_rows(talks)]

    def entries() -> list[CalendarEntry]:
        return window.nearest_first(_sessions_and_talks(sessions, talks, transparent=False))

    return Source(label, feed_path(found), found.slug, rows, entries)


@calendar_feed
def talk(request: HttpRequest, window: Window, code: str) -> Source:
    """One talk of a public running order, whenever it is."""
    talks = rounds.public_talks().filter(code=code.lower())
    found = talks.select_related("block__session__event").get()
    event, url = found.block.session.event, absolute(reverse("talk", args=[found.code]))
    label = Feed(name=found.title or event.title, zone=event.time_zone, url=url)
    path = reverse("calendar_talk", args=[found.code])

    def entries() -> list[CalendarEntry]:
        return _sessions_and_talks(programme.public_sessions().none(), talks, transparent=True)

    return Source(label, path, found.code, rounds.talk_rows(talks), entries)


def _of_events(
    events: EventQuerySet,
    window: Window,
    label: Feed,
    path: str,
    filename: str,
    *,
    keep_seconds: int = BYTES_SECONDS,
) -> Source:
    kept = programme.in_window(events, window)

    def entries() -> Iterable[CalendarEntry]:
        return map(_entry, programme.nearest(kept, window, limit=MAX_ENTRIES))

    return Source(label, path, filename, programme.event_rows(kept), entries, keep_seconds)


def _entry(event: Event) -> CalendarEntry:
    return event_entry(event, site_url=settings.SITE_URL)


def _sessions_and_talks(sessions: SessionQuerySet, talks: TalkQuerySet, *, transparent: bool) -> list[CalendarEntry]:
    site = settings.SITE_URL
    found = [
        session_entry(session, site_url=site, transparent=transparent) for session in programme.with_entries(sessions)
    ]
    spoken = rounds.talk_entries(talks, site_url=site, transparent=transparent)
    return [*(entry for entry in found if entry), *(entry for _talk, entry in spoken)]
