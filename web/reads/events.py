"""Lists of events as the public sees them: filtered, numbered, with what is open in their lightning rounds."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from core.time_words import local
from events.event_filters import EventFilters, about_topics
from events.models import Event, Recap, Session
from events.selectors.events import group_events, listed_events
from lightning.models import Block, Talk
from lightning.selectors.slots import held_slots
from web.reads.rsvp import RowSeats

MAX_WORDS = 8


@dataclass(frozen=True)
class Wanted:
    """What a visitor of the list asked for; `topics` are the ids of a topic and of all below it."""

    text: str = ""
    city: str = ""
    topics: frozenset[int] = frozenset()
    with_open_slots: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for."""
        return self == Wanted()


@dataclass(frozen=True)
class Slots:
    """Lightning slots of an event, all its rounds together."""

    open: int
    all: int


def town() -> Coalesce:
    """Where an event takes place: the venue's town or, while there is no venue, the group's."""
    return Coalesce(NullIf("venue__town", Value("")), "group__town")


def with_recaps(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """Adds `has_recap`: whether there is a published one to link to."""
    return events.annotate(has_recap=Exists(Recap.objects.filter(event=OuterRef("pk"), published_at__isnull=False)))


def find_events(wanted: Wanted) -> "QuerySet[Event]":
    """Public events that fit. Means what events.event_filters means, and looks into lightning talks, too."""
    found = EventFilters(city=(wanted.city,) if wanted.city else ()).apply(listed_events())
    for word in wanted.text.split()[:MAX_WORDS]:
        found = found.filter(_mentions(word))
    if wanted.topics:
        found = found.filter(about(wanted.topics))
    if wanted.with_open_slots:
        found = found.filter(Exists(_blocks_with_room().filter(session__event=OuterRef("pk"))))
    return found


def _mentions(word: str) -> Q:
    own = EventFilters(search=(word,)).apply(Event.objects.all())
    named = Q(title__icontains=word) | Q(speakers__name__icontains=word)
    talks = Talk.objects.announced().filter(named, position__isnull=False)
    return Q(pk__in=own.values("pk")) | Q(pk__in=talks.values("block__session__event"))


def about(topics: Collection[int]) -> Q:
    """Events that carry one of the topics themselves, in a session or in a talk of the line-up."""
    ids = set(topics)
    talks = Talk.objects.announced().filter(topics__in=ids, position__isnull=False)
    return about_topics(ids) | Q(pk__in=talks.values("block__session__event"))


def _blocks_with_room() -> "QuerySet[Block]":
    """Rounds whose length holds more talks than are in the line-up (lightning.block_times in SQL)."""
    slot = F("talk_minutes") + F("question_minutes") + F("changeover_minutes")
    return (
        Block.objects.filter(session__status=Session.Status.PLANNED, session__minutes__isnull=False)
        .annotate(taken=Count("talks", filter=Q(talks__position__isnull=False)) + held_slots("pk"))
        .filter(taken__lt=(F("session__minutes") + F("changeover_minutes")) / slot)
    )


def towns() -> list[str]:
    """Towns in which something public takes or took place."""
    listed = Event.objects.published().listed().order_by()
    found = listed.annotate(town=town()).values_list("town", flat=True).distinct()
    return sorted(filter(None, found))


def slots_of(events: Iterable[Event]) -> dict[int, Slots]:
    """Open and all slots of the events that have a lightning round, by event id. One query."""
    blocks = (
        Block.objects.filter(session__event__in=[event.pk for event in events], session__status=Session.Status.PLANNED)
        .select_related("session")
        .annotate(taken=Count("talks", filter=Q(talks__position__isnull=False)) + held_slots("pk"))
        .order_by("id")
    )
    found: dict[int, Slots] = {}
    for block in blocks:
        before = found.get(block.session.event_id, Slots(0, 0))
        size = block.slots or 0
        found[block.session.event_id] = Slots(before.open + max(0, size - block.taken), before.all + size)
    return found


def row_of(event: Event, slots: Mapping[int, Slots], seats: Mapping[int, RowSeats]) -> dict[str, Any]:
    """An event of a list, with what is still free at it."""
    return {"event": event, "slots": slots.get(event.pk), "seats": seats.get(event.pk)}


def by_month(events: Iterable[Event]) -> list[tuple[dt.datetime, str, list[Event]]]:
    """Runs of events of the same month, by their own clocks: an instant of the month, its zone, the events."""
    months: list[tuple[dt.datetime, str, list[Event]]] = []
    last = None
    for event in events:
        at = local(event.starts_at, event.time_zone)
        if (at.year, at.month) != last:
            months.append((event.starts_at, event.time_zone, []))
            last = (at.year, at.month)
        months[-1][2].append(event)
    return months


def neighbours(event: Event) -> tuple[Event | None, Event | None]:
    """The group's meetups right before and right after this one, cancelled ones left out. Two queries."""
    others = group_events(event.group).exclude(status=Event.Status.CANCELLED).exclude(pk=event.pk)
    before = others.filter(starts_at__lte=event.starts_at).order_by("-starts_at", "-id").first()
    after = others.filter(starts_at__gt=event.starts_at).order_by("starts_at", "id").first()
    return before, after


def related_public_event(event: Event) -> Event | None:
    """What the event is a recap, viewing party or extension of, when anybody may see that."""
    if event.related_event_id is None:
        return None
    return Event.objects.published().listed().filter(pk=event.related_event_id).first()
