"""How resources name each other: just enough to show a link and to ask for more."""

from rest_framework import serializers

from api.fields import PageURL, absolute
from speakers.models import ResourceBase


class TopicReference(serializers.Serializer):
    """A topic."""

    slug = serializers.CharField(help_text="Short name, as used in filters.")
    name = serializers.CharField()


class GroupReference(serializers.Serializer):
    """A group."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    name = serializers.CharField()
    url = PageURL(help_text="Its page.")


class EventReference(serializers.Serializer):
    """An event."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    title = serializers.CharField()
    url = PageURL(help_text="Its page.")


class VenueReference(serializers.Serializer):
    """A venue."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    name = serializers.CharField()
    town = serializers.CharField()
    address = serializers.CharField(help_text="One line: street, postcode and town, country.")


class SeriesReference(serializers.Serializer):
    """A series."""

    slug = serializers.CharField(help_text="Short name, as used in addresses.")
    title = serializers.CharField()


class LinkItem(serializers.Serializer):
    """A public address of a group or a speaker."""

    title = serializers.CharField()
    url = serializers.URLField()


class ResourceReference(serializers.Serializer):
    """Slides, video, code, paper, photos, notes or a course."""

    kind = serializers.CharField(help_text="slides, video, code, paper, photos, notes, course or link.")
    title = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="The link, or the address of the uploaded file.")

    def get_url(self, resource: ResourceBase) -> str:
        """Full address."""
        return absolute(resource.address)
