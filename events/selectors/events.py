"""Public reads of events: what anybody finds in lists, and what anybody sees who holds the link.

A draft is seen by nobody here. Events of an unlisted group are absent from lists, searches and feeds, and open to who
knows their address.
"""

from django.db.models import Prefetch

from core.queries import by_slug
from events.models import Event, EventHost, EventResource, EventRoom, Group, Series
from events.models.event import EventQuerySet
from speakers.models import Topic


def listed_events() -> EventQuerySet:
    """What anybody finds: published, of listed groups, with group, venue, series, topics and number; two queries."""
    return with_card(Event.objects.published().listed())


def published_event(slug: str) -> Event:
    """The event for who knows its address, with group, venue and number; raises Event.DoesNotExist. One query."""
    events = Event.objects.published().select_related("group", "venue", "series")
    return by_slug(events.defer("online_url").with_number(), slug)


def event_in_full(slug: str) -> Event:
    """The same with topics, rooms, hosts and resources; five queries."""
    return by_slug(with_details(Event.objects.published()), slug)


def group_events(group: Group) -> EventQuerySet:
    """The published events of one group, listed or not: whoever asks has found the group."""
    return with_card(Event.objects.published().filter(group=group))


def series_events(series: Series) -> EventQuerySet:
    """The published events of one series."""
    return with_card(Event.objects.published().filter(series=series))


def related_events(event: Event) -> EventQuerySet:
    """Published recaps, viewing parties and extensions of an event."""
    return with_card(Event.objects.published().listed().filter(related_event=event)).order_by("starts_at", "id")


def with_card(events: EventQuerySet) -> EventQuerySet:
    """With all that a card or an API item shows, the computed `number` included; two queries.

    The online address stays in the database: it is for confirmed attendees only.
    """
    ordered = Prefetch("topics", queryset=Topic.objects.order_by("name", "id"))
    related = events.select_related("group", "venue", "series").defer("online_url")
    return related.prefetch_related(ordered).with_number()


def with_details(events: EventQuerySet) -> EventQuerySet:
    """With all that an event's own page shows, recap and related event included; five queries.

    The related event may be a draft: ask `is_public` before showing it.
    """
    return with_card(events.select_related("recap", "related_event__group")).prefetch_related(
        Prefetch("event_rooms", queryset=EventRoom.objects.select_related("room").order_by("position", "id")),
        Prefetch("event_hosts", queryset=EventHost.objects.select_related("organisation").order_by("position", "id")),
        Prefetch("resources", queryset=EventResource.objects.order_by("position", "id")),
    )


def is_public(event: Event) -> bool:
    """Whether anybody finds it; its group must be loaded."""
    return event.status != Event.Status.DRAFT and event.group.is_listed
