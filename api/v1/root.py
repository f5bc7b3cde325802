"""The way in: what there is."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import absolute
from api.views import PublicRead

LISTS = ("groups", "events", "speakers", "topics", "me", "schema", "docs")


class Index(serializers.Serializer):
    """Addresses of the lists, of this API's description and of its readable form."""

    groups = serializers.URLField()
    events = serializers.URLField()
    speakers = serializers.URLField()
    topics = serializers.URLField()
    me = serializers.URLField()
    schema = serializers.URLField(help_text="OpenAPI 3.1.")
    docs = serializers.URLField(help_text="The same for people.")


@extend_schema(summary="The index", description="Where to begin.", tags=["index"], responses=Index)
class Root(PublicRead):
    """What there is."""

    operation_id = "get_index"
    serializer_class = Index
    may_be_remembered = False  # it costs less than to ask

    def answer(self, request: Request) -> Response:
        """No query."""
        return Response({name: absolute(reverse(f"api-{name}")) for name in LISTS})
