"""How often somebody may ask; without Redis everybody may, since reads stay open."""

import ipaddress

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle


class AnonymousThrottle(AnonRateThrottle):
    """By address; an IPv6 network counts as one visitor, since a visitor owns all addresses of it."""

    def get_ident(self, request: Request) -> str:
        """The IPv4 address, or the first 64 bits of the IPv6 one."""
        given = str(super().get_ident(request))
        try:
            address = ipaddress.ip_address(given)
        except ValueError:
            return "unknown"
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, 64), strict=False).network_address)
        return given


class PersonThrottle(UserRateThrottle):
    """By person, whatever the address or token."""

    def get_cache_key(self, request: Request, view: object) -> str | None:
        """None for the anonymous, whom AnonymousThrottle counts."""
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}
