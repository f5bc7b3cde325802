"""How often strangers may have mails sent and codes guessed; counted in the cache, per process while Redis is away."""

import hashlib
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from core.network import network_of


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds; the count starts anew when they are over."""

    name: str
    most: int
    seconds: int

    def count(self, who: str) -> bool:
        """Count one more; whether it is one too many."""
        key = self._key(who)
        cache.add(key, 0, self.seconds)
        try:
            return cache.incr(key) > self.most
        except ValueError:  # it ran out between the two lines
            return False

    def is_used_up(self, who: str) -> bool:
        """Whether one more would be too many, without counting."""
        return int(cache.get(self._key(who), 0)) >= self.most

    def _key(self, who: str) -> str:
        """Addresses are no business of who looks into Redis."""
        return f"limit:{self.name}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def network(request: HttpRequest) -> str:
    """The network of the visitor, through as many proxies as TRUSTED_PROXY_COUNT says."""
    try:
        return network_of(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return "unknown"
