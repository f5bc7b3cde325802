"""What a token may be used for."""

from typing import ClassVar

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken, User


def person_of(request: Request) -> User:
    """Who asks, behind a permission that lets nobody pass unknown."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def has_scope(request: Request, scope: ApiToken.Scope) -> bool:
    """Sessions may do what their person may; tokens only what their scopes name."""
    return not isinstance(request.auth, ApiToken) or scope in request.auth.scopes


class NeedsScope(IsAuthenticated):
    """A signed-in person, or the bearer of a token with the scope; subclasses name it."""

    scope: ClassVar[ApiToken.Scope]

    @property
    def message(self) -> str:
        """What a token without the scope is told."""
        return f"This token lacks the scope “{self.scope.value}”."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether it may be tried; the view itself asks whether this person may."""
        return super().has_permission(request, view) and has_scope(request, self.scope)


class MayRead(NeedsScope):
    scope = ApiToken.Scope.READ


class MayRsvp(NeedsScope):
    scope = ApiToken.Scope.RSVP


class MayOrganise(NeedsScope):
    scope = ApiToken.Scope.ORGANISE
