"""How often somebody may ask; without Redis everybody may, since reads stay open."""

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from core.network import network_of
from lightning.models import StageLink

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads this module while it is read itself


class AnonymousThrottle(AnonRateThrottle):
    """By address; an IPv6 network counts as one visitor, since a visitor owns all addresses of it."""

    def get_ident(self, request: Request) -> str:
        """The IPv4 address, or the first 64 bits of the IPv6 one."""
        return network_of(str(super().get_ident(request)))


class PersonThrottle(UserRateThrottle):
    """By person, whatever the address or token."""

    def get_cache_key(self, request: Request, view: object) -> str | None:
        """None for the anonymous, whom AnonymousThrottle counts."""
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}


class ScreenThrottle(AnonymousThrottle):
    """Screens of a stage: a hall behind one address asks all at once while the stream is down."""

    scope = "screens"


class StageThrottle(UserRateThrottle):
    """Commands, by host or stage link: more than anybody presses in a hectic round, and counted beside all else."""

    scope = "stage"

    def get_cache_key(self, request: Request, view: object) -> str:
        """A link is as good as a person."""
        who = f"link-{request.auth.pk}" if isinstance(request.auth, StageLink) else request.user.pk
        return self.cache_format % {"scope": self.scope, "ident": who}


class RsvpThrottle(PersonThrottle):
    """Changes of registrations, by person: nobody needs many, and each may write a mail."""

    scope = "rsvp"

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Reads are counted by the others."""
        return request.method in SAFE_METHODS or bool(super().allow_request(request, view))
