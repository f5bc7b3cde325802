"""A cache that never fails and hardly waits: Redis, or this process's own memory while Redis is away."""

import logging
import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

# One request in that time waits for Redis (socket_timeout in the settings), the others are answered at once.
ASK_AGAIN_AFTER_SECONDS = 5.0
STAND_IN_ENTRIES = 10_000
OPERATIONS = (
    *("add", "get", "set", "touch", "delete", "has_key", "clear"),
    *("get_many", "set_many", "delete_many"),
)
_away_until: dict[str, float] = {}  # by Redis address, for all threads of the process


def redis_is_away(address: str) -> bool:
    """Whether this Redis did not answer the cache of this process a moment ago."""
    return time.monotonic() < _away_until.get(address, 0.0)


class ForgivingRedisCache(RedisCache):
    """Redis with a stand-in in memory, so that rate limits count on (per process) while Redis is away.

    What the stand-in learned is forgotten when Redis is back: two memories must not contradict each other for long.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patience = {"retry": Retry(NoBackoff(), 0)}  # redis-py's own default tries for four seconds
        super().__init__(server, params | {"OPTIONS": patience | params.get("OPTIONS", {})})
        self._address = server
        own = {"OPTIONS": {"MAX_ENTRIES": STAND_IN_ENTRIES}}
        self._stand_in = LocMemCache(f"stand-in for {server}", params | own)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """As Redis does it; a counter that the outage took from us starts again."""
        try:
            return int(self._either("incr", key, delta, version))
        except ValueError:
            if not self._is_away():
                raise
            self._stand_in.set(key, delta, version=version)
            return delta

    def _is_away(self) -> bool:
        return redis_is_away(self._address)

    def _either(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        if not self._is_away():
            try:
                answer = getattr(RedisCache, operation)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                log.warning("cache: Redis is away, memory stands in: %s", error)
                _away_until[self._address] = time.monotonic() + ASK_AGAIN_AFTER_SECONDS
            else:
                if _away_until.pop(self._address, None):
                    self._stand_in.clear()
                return answer
        return getattr(self._stand_in, operation)(*args, **kwargs)


def _forgiving(name: str) -> Any:
    def operation(self: ForgivingRedisCache, *args: Any, **kwargs: Any) -> Any:
        return self._either(name, *args, **kwargs)

    operation.__name__ = name
    operation.__doc__ = getattr(RedisCache, name).__doc__
    return operation


for _name in OPERATIONS:
    setattr(ForgivingRedisCache, _name, _forgiving(_name))
