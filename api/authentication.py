"""Who asks: the bearer of a personal access token, a signed-in person's browser, or a helper with a stage link."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.services import verify_api_token
from lightning.selectors.stage import link_of

if TYPE_CHECKING:
    from accounts.models import ApiToken, User
    from lightning.models import StageLink

REFUSAL = "This token is unknown, has expired or was revoked. Make a new one on your page."
LINK_REFUSAL = "This stage link is unknown or was revoked. Ask the organisers for another one."


class ApiTokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>` (RFC 6750); other schemes are somebody else's and pass unread."""

    def authenticate(self, request: Request) -> "tuple[User, ApiToken] | None":
        """The token's person and the token itself, whose scopes permissions ask for."""
        scheme, _space, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = verify_api_token(secret.strip(), now=timezone.now())
        if token is None:
            raise AuthenticationFailed(REFUSAL, code="invalid_token")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="Lectern"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The site's session, with CSRF protection for writes; without its cookie no session is even looked for."""

    def authenticate(self, request: Request) -> "tuple[User, None] | None":
        """The signed-in person."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        found: tuple[User, None] | None = super().authenticate(request)
        return found


class StageLinkAuthentication(authentication.BaseAuthentication):
    """`Authorization: Stage <key>`: nobody who has an account, and allowed one stage alone."""

    def authenticate(self, request: Request) -> "tuple[AnonymousUser, StageLink] | None":
        """The link, which permissions look at."""
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "stage":
            return None
        link = link_of(key)
        if link is None:
            raise AuthenticationFailed(LINK_REFUSAL, code="invalid_link")
        return AnonymousUser(), link
