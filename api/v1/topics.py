"""Topics: the shared vocabulary, a tree."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.fields import PageURL
from api.views import PublicList
from speakers.selectors import topics


class TopicItem(serializers.Serializer):
    """A node of the vocabulary."""

    slug = serializers.CharField(help_text="Short name, as used in filters.")
    name = serializers.CharField()
    description = serializers.CharField()
    parent = serializers.CharField(  # type: ignore[assignment]  # a field of ours, not the one inside DRF
        source="parent.slug", default=None, allow_null=True, help_text="The short name of what it is part of."
    )
    url = PageURL(help_text="Its page.")


@extend_schema(summary="Topics", description="The whole vocabulary by name.", tags=["speakers"])
class Topics(PublicList):
    """The vocabulary."""

    operation_id = "list_topics"
    serializer_class = TopicItem

    def page_keys(self) -> Sequence[str]:
        """By name."""
        return "name_key", "id"

    def get_queryset(self) -> QuerySet[Any]:
        """One query a page."""
        return topics().annotate(name_key=Lower("name"))
