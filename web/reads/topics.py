"""What the pages of topics read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.queries import ids_below
from events.models import Event, Group, Session
from lightning.models import Talk
from speakers.models import Speaker, Topic

GROUPS_SHOWN = 12
SPEAKERS_SHOWN = 24


@dataclass(frozen=True)
class Use:
    """How much there is about a topic and all that is part of it, public ones only."""

    events: int
    speakers: int


def use_of(topics: Iterable[Topic]) -> dict[int, Use]:
    """By topic id; counts what the topic's own page lists. Two queries, however many topics."""
    parents = {topic.pk: topic.parent_id for topic in topics}
    events, speakers = _by_topic(_events_with_topics()), _by_topic(_speakers_with_topics())
    found = {}
    for pk in parents:
        within = ids_below(parents, {pk})
        found[pk] = Use(
            len(set().union(*(events.get(one, ()) for one in within))),
            len(set().union(*(speakers.get(one, ()) for one in within))),
        )
    return found


def _by_topic(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for topic_id, thing_id in pairs:
        found.setdefault(topic_id, set()).add(thing_id)
    return found


def _events_with_topics() -> "QuerySet[Any, tuple[int, int]]":
    """Topic and event, where the event itself, a session or a talk of the line-up is about it."""
    public = Event.objects.published().listed().order_by().values("pk")
    talks = Talk.topics.through.objects.filter(talk__block__session__event__in=public, talk__position__isnull=False)
    return (
        Event.topics.through.objects.filter(event__in=public)
        .values_list("topic", "event")
        .union(
            Session.topics.through.objects.filter(session__event__in=public).values_list("topic", "session__event"),
            talks.values_list("topic", "talk__block__session__event"),
        )
    )


def _speakers_with_topics() -> "QuerySet[Any, tuple[int, int]]":
    return Speaker.topics.through.objects.filter(speaker__is_listed=True).values_list("topic", "speaker")


def speakers_about(topics: set[int]) -> "QuerySet[Speaker]":
    """Listed speakers of these topics, by name."""
    named = Speaker.topics.through.objects.filter(speaker=OuterRef("pk"), topic__in=topics)
    return Speaker.objects.listed().filter(Exists(named)).order_by("name", "id")


def groups_about(topics: set[int]) -> "QuerySet[Group]":
    """Listed groups of these topics, by name."""
    named: QuerySet[Any] = Group.topics.through.objects.filter(group=OuterRef("pk"), topic__in=topics)
    return Group.objects.listed().filter(Exists(named)).order_by("name", "id")
