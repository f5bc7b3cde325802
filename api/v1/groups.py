"""Groups: communities that meet."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.fields import PageURL
from api.v1.references import LinkItem, TopicReference
from api.views import PublicList, PublicRead
from events.models import Group
from events.selectors.groups import listed_groups, published_group


class GroupItem(serializers.Serializer):
    """A community with its home town, languages and topics."""

    slug = serializers.CharField(help_text="Short name, as used in addresses and filters.")
    name = serializers.CharField()
    tagline = serializers.CharField()
    description = serializers.CharField(help_text="Markdown.")
    town = serializers.CharField()
    country = serializers.CharField()
    time_zone = serializers.CharField(help_text="IANA name, such as Asia/Singapore.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="BCP 47 tags.")
    founded_date = serializers.DateField(allow_null=True)
    topics = TopicReference(many=True)
    links = LinkItem(many=True)
    url = PageURL(help_text="Its page.")


@extend_schema(summary="All groups", description="Every listed group by name.", tags=["groups"])
class Groups(PublicList):
    """Every listed group."""

    operation_id = "list_groups"
    serializer_class = GroupItem

    def page_keys(self) -> Sequence[str]:
        """By name."""
        return "name_key", "id"

    def get_queryset(self) -> QuerySet[Any]:
        """Three queries a page."""
        return listed_groups().annotate(name_key=Lower("name"))


@extend_schema(
    summary="One group",
    description="A group by its short name; also one that is not listed, for who knows the name.",
    tags=["groups"],
)
class OneGroup(PublicRead):
    """A group."""

    operation_id = "get_group"
    serializer_class = GroupItem

    def find(self) -> Group:
        """Three queries."""
        return published_group(self.kwargs["slug"])
