"""Atom feeds (RFC 4287) of events that were announced, moved or called off; the latest revision comes first."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.http_cache import body_etag, respond
from core.queries import by_slug
from core.text import clean_line
from events.models import Event, Group
from events.models.event import EventQuerySet
from events.selectors.events import group_events, listed_events
from web.head import absolute, describe

ENTRIES = 50
MAX_AGE = 900
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class EventsFeed(Atom1Feed):
    """Django's Atom feed, with a date that does not come from the clock while there is nothing in it."""

    def latest_post_date(self) -> dt.datetime:
        """The latest revision of what is shown (RFC 4287 section 4.2.15)."""
        return max((item["updateddate"] for item in self.items), default=NEVER)


def all_events(request: HttpRequest) -> HttpResponse:
    """`/feeds/events.atom`: what any listed group has announced."""
    feed = _feed(_("All events"), "", reverse("home"), request.path)
    return _answer(request, feed, listed_events())


def group_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """`/groups/<group>/events.atom`: what one listed group has announced."""
    try:
        group = by_slug(Group.objects.listed(), slug)
    except Group.DoesNotExist as error:
        raise Http404 from error
    feed = _feed(group.name, describe(group.tagline, group.description), group.get_absolute_url(), request.path)
    return _answer(request, feed, group_events(group))


def _feed(title: str, description: str, page: str, path: str) -> EventsFeed:
    return EventsFeed(
        title=clean_line(title),
        link=absolute(page),
        description=clean_line(description),
        subtitle=clean_line(description),
        feed_url=absolute(path),
        language=get_language(),
    )


def _answer(request: HttpRequest, feed: EventsFeed, events: EventQuerySet) -> HttpResponse:
    for event in events.order_by("-revised_at", "-id")[:ENTRIES]:
        _add(feed, event)
    body = feed.writeString("utf-8").encode()
    return respond(
        request,
        etag=body_etag(body),
        content_type="application/atom+xml; charset=utf-8",
        render=lambda: body,
        max_age=MAX_AGE,
    )


def _add(feed: EventsFeed, event: Event) -> None:
    """The title says what became of it, as some readers show nothing else; the id outlives renaming.

    Lines are cleaned, for XML knows no control characters and the writer would refuse the whole feed for one.
    """
    called_off = event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED)
    starts_at = event.starts_at.astimezone(event.zone)
    title = f"{event.get_status_display().capitalize()}: {event.title}" if called_off else event.title
    said = (f"{starts_at:%Y-%m-%d %H:%M}", event.group.name, event.summary)
    feed.add_item(
        title=clean_line(title),
        link=absolute(event.get_absolute_url()),
        description=clean_line(" · ".join(part for part in said if part)),
        unique_id=f"urn:uuid:{event.ical_uid}",
        author_name=clean_line(event.group.name),
        pubdate=event.created_at,
        updateddate=event.revised_at,
        categories=[clean_line(topic.name) for topic in event.topics.all()],
    )
