"""Me: who the server takes the asker for."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.permissions import MayRead
from api.v1.references import GroupReference
from api.views import PublicRead
from events.models import Membership
from events.selectors.groups import memberships_of


class MembershipItem(serializers.Serializer):
    """A tie to a group."""

    group = GroupReference()
    role = serializers.ChoiceField(choices=Membership.Role.values)
    joined_at = serializers.DateTimeField()


class SpeakerSelf(serializers.Serializer):
    """The speaker profile somebody has claimed."""

    slug = serializers.CharField()
    name = serializers.CharField()


class Me(serializers.Serializer):
    """The signed-in person."""

    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.CharField(help_text="Of mails and pages; empty for the site's.")
    time_zone = serializers.CharField(help_text="IANA name, or empty.")
    memberships = serializers.SerializerMethodField()
    speaker = serializers.SerializerMethodField()

    @extend_schema_field(MembershipItem(many=True))
    def get_memberships(self, user: User) -> Any:
        """One query."""
        return MembershipItem(memberships_of(user), many=True).data

    @extend_schema_field(SpeakerSelf(allow_null=True))
    def get_speaker(self, user: User) -> Any:
        """One query."""
        speaker = getattr(user, "speaker", None)
        return SpeakerSelf(speaker).data if speaker else None


@extend_schema(
    summary="Me",
    description="The signed-in person, or the bearer of a token with the scope `read`.",
    tags=["me"],
)
class MyAccount(PublicRead):
    """Who asks."""

    operation_id = "get_me"
    permission_classes = (MayRead,)  # type: ignore[assignment]
    serializer_class = Me
    may_be_remembered = False  # it depends on who asks

    def answer(self, request: Request) -> Response:
        """Two queries; nobody may keep the answer for somebody else."""
        return Response(
            Me(request.user).data, headers={"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
        )
