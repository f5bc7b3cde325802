"""Venues: places with an address, and what somebody needs to know to get in."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.views import PublicRead
from events.models import Venue
from events.selectors.places import published_venue


class RoomItem(serializers.Serializer):
    """A room inside."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    floor = serializers.CharField()
    capacity = serializers.IntegerField(allow_null=True)


class VenueDetail(serializers.Serializer):
    """A place."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    name = serializers.CharField()
    street = serializers.CharField()
    postcode = serializers.CharField()
    town = serializers.CharField()
    country = serializers.CharField()
    address = serializers.CharField(help_text="One line: street, postcode and town, country.")
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")
    website = serializers.CharField(help_text="An address, or empty.")
    directions = serializers.CharField(help_text="Markdown.")
    step_free = serializers.BooleanField()
    hearing_loop = serializers.BooleanField()
    captions = serializers.BooleanField()
    quiet_room = serializers.BooleanField()
    access_notes = serializers.CharField()
    rooms = RoomItem(many=True)


@extend_schema(
    summary="One venue",
    description="A place where a published event takes or took place, with its rooms and how to get in.",
    tags=["events"],
)
class OneVenue(PublicRead):
    """A venue."""

    operation_id = "get_venue"
    serializer_class = VenueDetail

    def find(self) -> Venue:
        """Two queries."""
        return published_venue(self.kwargs["slug"])
