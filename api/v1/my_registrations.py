"""My registrations: what somebody goes to, waits for, and went to."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema

from api.permissions import MayRead, person_of
from api.v1.registration_shapes import STATES, OwnRegistration
from api.views import PersonalMixin, PublicList
from core.query_values import choices
from registrations.selectors.resources import own_registrations


@extend_schema(
    summary="My registrations",
    description="Everything the signed-in person, or the bearer of a token with the scope `read`, ever registered for; "
    "the latest event first.",
    parameters=[OpenApiParameter("state", str, many=True, enum=STATES, description="Repeat it to widen the list.")],
    tags=["me"],
)
class MyRegistrations(PersonalMixin, PublicList):
    """One's own."""

    operation_id = "list_my_registrations"
    scopes = {"GET": MayRead}
    serializer_class = OwnRegistration
    parameters = ("state",)

    def page_keys(self) -> Sequence[str]:
        """By the event's start."""
        return "-starts_at", "-id"

    def get_queryset(self) -> QuerySet[Any]:
        """One query a page."""
        rows = own_registrations(person_of(self.request))
        states = choices(self.request.query_params, "state", STATES)
        return rows.filter(state__in=states) if states else rows
