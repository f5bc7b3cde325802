"""How a list of events is narrowed down: one meaning for the pages, the API and the search feed."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from core.query_values import Query, QueryErrors, choices, instant, texts, words
from events.models import Event, Group, Session, SessionSpeaker
from events.models.event import EventQuerySet
from speakers.selectors import known_topic_ids

STATUSES = tuple(status.value for status in Event.Status if status != Event.Status.DRAFT)
FORMATS = tuple(Event.Format.values)


@dataclass(frozen=True)
class EventFilters:
    """What was asked for; several values of one filter widen it, several filters narrow each other.

    A topic includes what lies below it. `starts_after` includes its instant, `starts_before` does not.
    """

    group: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    starts_after: dt.datetime | None = None
    starts_before: dt.datetime | None = None
    search: tuple[str, ...] = ()

    @classmethod
    def from_query(cls, query: Query) -> "EventFilters":
        """Read them from a query string; raises QueryErrors with a sentence for each parameter that is wrong."""
        found: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, read in _READERS.items():
            try:
                found[name] = read(query, name)
            except QueryErrors as refusal:
                errors |= refusal.errors
        if errors:
            raise QueryErrors(errors)
        return cls(**found)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The parameters' names."""
        return tuple(field.name for field in fields(cls))

    def __bool__(self) -> bool:
        """Whether anything is asked for at all."""
        return any(getattr(self, name) for name in self.names())

    def query_string(self) -> str:
        """The same filters as a canonical query string: fixed order, no empty ones."""
        values = {name: _as_texts(getattr(self, name)) for name in self.names()}
        values["search"] = [" ".join(self.search)] if self.search else []  # words are asked for in one parameter
        return urlencode(values, doseq=True)

    def apply(self, events: EventQuerySet) -> EventQuerySet:
        """The events that pass; raises QueryErrors for a group or topic that does not exist, at a query or two."""
        for condition in self._conditions():
            events = events.filter(condition)
        return events

    def _conditions(self) -> list[Q]:
        conditions = [Q(format__in=self.format)] if self.format else []
        conditions += [Q(status__in=self.status)] if self.status else []
        conditions += [Q(starts_at__gte=self.starts_after)] if self.starts_after else []
        conditions += [Q(starts_at__lt=self.starts_before)] if self.starts_before else []
        conditions += [_in_groups(self.group)] if self.group else []
        conditions += [_in_cities(self.city)] if self.city else []
        conditions += [about_topics(known_topic_ids(self.topic))] if self.topic else []
        return conditions + [_mentions(word) for word in self.search]


_READERS: dict[str, Callable[[Query, str], Any]] = {
    "group": texts,
    "topic": texts,
    "city": texts,
    "format": lambda query, name: choices(query, name, FORMATS),
    "status": lambda query, name: choices(query, name, STATUSES),
    "starts_after": instant,
    "starts_before": instant,
    "search": words,
}


def about_topics(topic_ids: set[int]) -> Q:
    """Events marked with one of these topics, or with a session that is."""
    marked = Event.topics.through.objects.filter(topic__in=topic_ids).values("event")
    in_sessions = Session.topics.through.objects.filter(topic__in=topic_ids).values("session__event")
    return Q(pk__in=marked) | Q(pk__in=in_sessions)


def _in_groups(slugs: tuple[str, ...]) -> Q:
    wanted = {slug.lower() for slug in slugs}
    groups = set(Group.objects.listed().alias(low=Lower("slug")).filter(low__in=wanted).values_list("pk", flat=True))
    if len(groups) < len(wanted):
        raise QueryErrors({"group": _("There is no such group. /api/v1/groups/ lists them all.")})
    return Q(group__in=groups)


def _in_cities(cities: tuple[str, ...]) -> Q:
    """By the venue's town or, without a venue, by the group's home town."""
    condition = Q()
    for city in cities:
        condition |= Q(venue__town__iexact=city) | Q(venue=None, group__town__iexact=city)
    return condition


def _mentions(word: str) -> Q:
    """The word occurs in the event, its place, its group, a session or a speaker's name."""
    own = Q(title__icontains=word) | Q(summary__icontains=word) | Q(group__name__icontains=word)
    place = Q(venue__name__icontains=word) | Q(venue__town__icontains=word)
    sessions = Session.objects.filter(title__icontains=word).values("event")
    speakers = SessionSpeaker.objects.filter(speaker__name__icontains=word).values("session__event")
    return own | place | Q(pk__in=sessions) | Q(pk__in=speakers)


def _as_texts(value: Any) -> list[str]:
    if isinstance(value, dt.datetime):
        return [value.isoformat().replace("+00:00", "Z")]
    return list(value or ())
