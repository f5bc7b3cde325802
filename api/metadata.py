"""What OPTIONS answers: where everything is described, and nothing worked out from views that others may not open."""

from django.urls import reverse
from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request

from api.fields import absolute


class WhereToRead(BaseMetadata):
    """The Allow header says which methods there are."""

    def determine_metadata(self, request: Request, view: object) -> dict[str, str]:
        """The same everywhere."""
        return {"description": absolute(reverse("api-schema"))}
