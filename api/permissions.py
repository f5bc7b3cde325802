"""What a token may be used for."""

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import ApiToken


class MayRead(IsAuthenticated):
    """A signed-in person, or the bearer of a token with the scope `read`."""

    message = "This token lacks the scope “read”."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Sessions may do what their person may; tokens only what their scopes name."""
        if not super().has_permission(request, view):
            return False
        return not isinstance(request.auth, ApiToken) or ApiToken.Scope.READ in request.auth.scopes
