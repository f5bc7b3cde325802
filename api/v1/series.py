"""Series: repeating plans whose dates are events of their own."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers

from api.v1.events import EventItem
from api.v1.references import GroupReference, VenueReference
from api.views import PublicRead
from events.models import Series
from events.selectors.events import series_events
from events.selectors.groups import published_series

MOST_EVENTS = 100


class SeriesDetail(serializers.Serializer):
    """A plan and the events made from it."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    title = serializers.CharField()
    description = serializers.CharField(help_text="Markdown.")
    recurrence_rule = serializers.CharField(help_text="RFC 5545 RRULE, or empty.")
    starts_time = serializers.TimeField(allow_null=True, help_text="On the clock of the time zone.")
    minutes = serializers.IntegerField(help_text="Usual length.")
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")
    group = GroupReference()
    venue = VenueReference(allow_null=True)
    events = serializers.SerializerMethodField(help_text=f"The latest {MOST_EVENTS}, latest first.")

    @extend_schema_field(EventItem(many=True))
    def get_events(self, series: Series) -> Any:
        """Two queries."""
        return EventItem(series_events(series).order_by("-starts_at", "-id")[:MOST_EVENTS], many=True).data


@extend_schema(
    summary="One series",
    description="A repeating plan and the published events made from it.",
    tags=["events"],
)
class OneSeries(PublicRead):
    """A series."""

    operation_id = "get_series"
    serializer_class = SeriesDetail

    def find(self) -> Series:
        """One query."""
        return published_series(self.kwargs["slug"])
