"""What the pages of topics read."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from events.models import Event, Group
from speakers.models import Speaker, Topic

GROUPS_SHOWN = 12
SPEAKERS_SHOWN = 24


def topics_with_use() -> "QuerySet[Topic]":
    """The vocabulary with `speakers_count` and `events_count`, public ones only, by name."""
    return Topic.objects.annotate(
        speakers_count=Count("speakers", filter=Q(speakers__is_listed=True), distinct=True),
        events_count=Count(
            "events", filter=~Q(events__status=Event.Status.DRAFT) & Q(events__group__is_listed=True), distinct=True
        ),
    ).order_by("name")


def speakers_about(topics: set[int]) -> "QuerySet[Speaker]":
    """Listed speakers of these topics, by name."""
    named = Speaker.topics.through.objects.filter(speaker=OuterRef("pk"), topic__in=topics)
    return Speaker.objects.listed().filter(Exists(named)).order_by("name", "id")


def groups_about(topics: set[int]) -> "QuerySet[Group]":
    """Listed groups of these topics, by name."""
    named: QuerySet[Any] = Group.topics.through.objects.filter(group=OuterRef("pk"), topic__in=topics)
    return Group.objects.listed().filter(Exists(named)).order_by("name", "id")
