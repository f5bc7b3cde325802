"""My stars: sessions and talks somebody marked, the same on every device."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import ApiToken, User
from accounts.stars import MOST, change_stars, stars_of
from api.permissions import MayRead, MayRsvp, person_of
from api.strict_input import StrictInput, UidField
from api.v1.refusals import STARRING, conflicts
from api.views import PersonalMixin, PublicRead, plain
from lightning.selectors.stars import markable

TAGS = ["me"]


class StarItem(serializers.Serializer):
    """One mark."""

    uid = serializers.UUIDField(help_text="The `uid` of the session or talk in a schedule.")
    starred_at = serializers.DateTimeField(source="created_at")


class Stars(serializers.Serializer):
    """Everything somebody marked."""

    owner = serializers.CharField(
        help_text="The same for the same person: a device learns that somebody else signed in."
    )
    stars = StarItem(many=True, help_text=f"The oldest first; {MOST} at most.")


class StarsChange(StrictInput):
    """What to mark, and what to take the mark off; other marks stay."""

    add = serializers.ListField(child=UidField(), required=False, max_length=MOST)
    remove = serializers.ListField(child=UidField(), required=False, max_length=MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is added exists, and is not removed in the same breath."""
        added = attrs.get("add", [])
        if set(added) & set(attrs.get("remove", [])):
            raise ValidationError({"remove": [_("The same UID stands in both lists. Choose one.")]})
        known = markable(added)
        wrong = {str(at): [no_such(uid)] for at, uid in enumerate(added) if uid not in known}
        if wrong:
            raise ValidationError({"add": wrong})
        return attrs


def no_such(uid: UUID) -> str:
    """What is said about a UID that names nothing to mark."""
    return _("No published session or talk has the UID %(uid)s.") % {"uid": uid}


class MyStars(PersonalMixin, PublicRead):
    """All of them."""

    scopes = {"GET": MayRead, "POST": MayRsvp}
    serializer_class = Stars

    @extend_schema(
        operation_id="list_my_stars",
        summary="My stars",
        description="The sessions and talks the signed-in person, or the bearer of a token with the scope `read`, "
        "marked on schedules; they are what the role `starred` of their calendar shows.",
        tags=TAGS,
        responses=Stars,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """One query; a browser also gets the cookie it needs to change them."""
        if not isinstance(request.auth, ApiToken):
            get_token(plain(request))
        return _shown(person_of(request))

    @extend_schema(
        operation_id="change_my_stars",
        summary="Mark and unmark",
        description="Marks what stands in `add` and unmarks what stands in `remove`; what is so already stays so, and "
        "sending it twice is sending it once. A token needs the scope `rsvp`. A device that was offline sends what "
        "changed meanwhile in one request.",
        tags=TAGS,
        request=StarsChange,
        responses={200: Stars, 409: conflicts(STARRING)},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of it, or nothing."""
        user, asked = person_of(request), StarsChange(data=request.data)
        asked.is_valid(raise_exception=True)
        change_stars(user=user, now=timezone.now(), **asked.validated_data)
        return _shown(user)


def _shown(user: User) -> Response:
    owner = salted_hmac("lectern.stars", str(user.pk)).hexdigest()[:16]
    return Response(Stars({"owner": owner, "stars": stars_of(user)}).data)


class OneStar(PersonalMixin, GenericAPIView):
    """One of them."""

    scopes = {"PUT": MayRsvp, "DELETE": MayRsvp}
    serializer_class = StarItem

    @extend_schema(
        operation_id="star",
        summary="Mark one",
        description="Marks the session or talk with this `uid`; a token needs the scope `rsvp`. Marking twice is "
        "marking once.",
        tags=TAGS,
        request=None,
        responses={204: OpenApiResponse(description="It is marked."), 409: conflicts(STARRING)},
    )
    def put(self, request: Request, uid: UUID) -> Response:
        """404 for what is not published."""
        if not markable([uid]):
            raise Http404
        change_stars(user=person_of(request), add=[uid], now=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="unstar",
        summary="Unmark one",
        description="Takes the mark off, also off what exists no more; a token needs the scope `rsvp`. Doing it "
        "twice is doing it once.",
        tags=TAGS,
        request=None,
        responses={204: OpenApiResponse(description="It is not marked.")},
    )
    def delete(self, request: Request, uid: UUID) -> Response:
        """Nothing to ask first."""
        change_stars(user=person_of(request), remove=[uid], now=timezone.now())
        return Response(status=204)
