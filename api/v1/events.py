"""Events: the gatherings of a group."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers

from api.fields import LocalTime, PageURL, absolute
from api.v1.references import (
    EventReference,
    GroupReference,
    ResourceReference,
    SeriesReference,
    TopicReference,
    VenueReference,
)
from api.v1.rsvp import Rsvp, rsvp_facts
from api.views import PublicList, PublicRead
from core.query_values import choices
from events.event_filters import FORMATS, STATUSES, EventFilters
from events.models import Event
from events.selectors.events import event_in_full, is_public, listed_events
from registrations.selectors.plans import plan_or_none

ORDERINGS = ("-starts_at", "starts_at")


class EventItem(serializers.Serializer):
    """A gathering; times are on the clock of its own time zone."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    number = serializers.IntegerField(
        allow_null=True, help_text="Its place in the group's count (#22); null for what is not counted."
    )
    title = serializers.CharField()
    summary = serializers.CharField()
    status = serializers.ChoiceField(choices=STATUSES)
    format = serializers.ChoiceField(choices=FORMATS)
    starts_at = LocalTime()
    ends_at = LocalTime()
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")
    language = serializers.CharField(help_text="BCP 47 tag, or empty.")
    city = serializers.SerializerMethodField(help_text="The venue's town; without a venue the group's home town.")
    group = GroupReference()
    venue = VenueReference(allow_null=True)
    series = SeriesReference(allow_null=True)
    topics = TopicReference(many=True)
    url = PageURL(help_text="Its page.")
    schedule_url = serializers.SerializerMethodField(help_text="Its schedule document.")

    def get_city(self, event: Event) -> str:
        """As the filter `city` sees it."""
        return event.venue.town if event.venue else event.group.town

    @extend_schema_field(OpenApiTypes.URI)
    def get_schedule_url(self, event: Event) -> str:
        """Full address."""
        return absolute(reverse("api-schedule", args=[event.slug]))


class EventRoomItem(serializers.Serializer):
    """A room the event uses."""

    id = serializers.IntegerField(source="room.id")
    name = serializers.CharField(source="room.name")
    floor = serializers.CharField(source="room.floor")
    capacity = serializers.IntegerField(source="room.capacity", allow_null=True)


class EventHostItem(serializers.Serializer):
    """An organisation that hosts or sponsors."""

    name = serializers.CharField(source="organisation.name")
    website = serializers.CharField(source="organisation.website", help_text="An address, or empty.")
    role = serializers.CharField(help_text="host or sponsor.")


class RecapItem(serializers.Serializer):
    """What was written afterwards."""

    url = PageURL(help_text="Its page.")
    byline = serializers.CharField()
    highlights = serializers.ListField(child=serializers.CharField())
    published_at = serializers.DateTimeField()


class EventDetail(EventItem):
    """An event with all that its page shows but the programme, which has an address of its own."""

    description = serializers.CharField(help_text="Markdown.")
    rooms = EventRoomItem(many=True, source="event_rooms")
    hosts = EventHostItem(many=True, source="event_hosts")
    resources = ResourceReference(many=True)
    relation = serializers.CharField(help_text="recap, viewing_party or extension of the related event, or empty.")
    related_event = serializers.SerializerMethodField()
    recap = serializers.SerializerMethodField()
    rsvp = serializers.SerializerMethodField()

    @extend_schema_field(EventReference(allow_null=True))
    def get_related_event(self, event: Event) -> Any:
        """Nothing of a draft, nor of a group that is not listed."""
        related = event.related_event
        return EventReference(related).data if related and is_public(related) else None

    @extend_schema_field(RecapItem(allow_null=True))
    def get_recap(self, event: Event) -> Any:
        """Once it is published."""
        recap = getattr(event, "recap", None)
        return RecapItem(recap).data if recap and recap.published_at else None

    @extend_schema_field(Rsvp(allow_null=True))
    def get_rsvp(self, event: Event) -> Any:
        """Null for an event that takes no RSVP here; three queries, one where there is none."""
        plan = plan_or_none(event)
        return Rsvp(rsvp_facts(plan, now=timezone.now())).data if plan else None


FILTERS = [
    OpenApiParameter("group", str, many=True, description="Short name of a group. Repeat a filter to widen it."),
    OpenApiParameter("topic", str, many=True, description="Short name of a topic; includes what lies below it."),
    OpenApiParameter("city", str, many=True, description="Town, whatever its case."),
    OpenApiParameter("format", str, many=True, enum=FORMATS, description="How people take part."),
    OpenApiParameter("status", str, many=True, enum=STATUSES, description="What became of it."),
    OpenApiParameter(
        "starts_after",
        str,
        description="From this instant on: 2026-03-19 (its midnight in UTC) or with time and offset.",
    ),
    OpenApiParameter("starts_before", str, description="Before this instant."),
    OpenApiParameter("search", str, description="Words that all occur in title, place, group, sessions or speakers."),
    OpenApiParameter("ordering", str, enum=ORDERINGS, description="The latest first unless you say otherwise."),
]


@extend_schema(
    summary="Events",
    description="Published, postponed and cancelled events of listed groups; filters narrow each other.",
    parameters=FILTERS,
    tags=["events"],
)
class Events(PublicList):
    """What anybody finds."""

    operation_id = "list_events"
    serializer_class = EventItem
    parameters = (*EventFilters.names(), "ordering")

    def page_keys(self) -> Sequence[str]:
        """By start."""
        ordering = choices(self.request.query_params, "ordering", ORDERINGS) or ORDERINGS
        return ordering[0], "-id" if ordering[0].startswith("-") else "id"

    def get_queryset(self) -> QuerySet[Any]:
        """Two queries a page, and one or two more for a group or a topic."""
        return EventFilters.from_query(self.request.query_params).apply(listed_events())


@extend_schema(
    summary="One event",
    description="An event by its short name; also one of an unlisted group, for who knows the name.",
    tags=["events"],
)
class OneEvent(PublicRead):
    """An event."""

    operation_id = "get_event"
    serializer_class = EventDetail

    def moment(self) -> str:
        """RSVP opens and closes by the clock, at whole minutes."""
        return timezone.now().strftime("%Y-%m-%dT%H:%M")

    def find(self) -> Event:
        """Five queries."""
        return event_in_full(self.kwargs["slug"])
