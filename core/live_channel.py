"""How the site tells open browsers that something public changed: a Redis channel that the stream process reads.

Most messages say what changed, not what it became: browsers fetch that from the API. Losing one costs a reload's delay,
so a Redis that is away is logged and otherwise ignored.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.errands import Errands

log = logging.getLogger(__name__)

EVENT_SLUG = re.compile(r"[\w-]{1,100}")  # what core.fields.slug_text allows, letters of every script included
LAST_KNOWN_SECONDS = 24 * 60 * 60
PATIENCE_SECONDS = 1.0
PAUSE_SECONDS = 0.5  # between two rounds of announcements that nobody waits for
# In one step, so that the last known message of an event is always the one that was published last. The id is Redis'
# own clock in microseconds: it grows through a restart with empty memory, where a counter would begin again.
ANNOUNCE = """
local time = redis.call('TIME')
local message = ARGV[1] .. ' ' .. time[1] .. string.format('%06d', time[2]) .. ' ' .. ARGV[3]
redis.call('HSET', KEYS[1], ARGV[2], message)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('PUBLISH', ARGV[5], message)
"""


@dataclass(frozen=True)
class Message:
    """One announcement as it travels: the event's slug, an id that grows, and a JSON object on one line."""

    event: str
    id: str
    data: str

    @classmethod
    def parse(cls, line: bytes) -> "Message":
        """Read `slug id json`. Raises ValueError for anything else."""
        event, number, data = line.decode().split(" ", 2)
        return cls(event, number, data)


def channel(redis_url: str) -> str:
    """The channel's name; with the database's number inside, for Redis publishes across its databases."""
    database = redis.connection.parse_url(redis_url).get("db", 0)  # type: ignore[no-untyped-call]
    return f"lectern:live:{database}"


def last_known_key(event_slug: str) -> str:
    """The hash that holds an event's latest message of each topic."""
    return f"lectern:live:last:{event_slug}"


@lru_cache
def _client(redis_url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        redis_url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def announce(event_slug: str, payload: Mapping[str, Any], *, topic: str = "") -> None:
    """Tell every browser that follows the event. `payload` is a small JSON object with a `type`.

    Who comes later is told the last of each topic, which is the type unless there are several things of that type.
    Call it with `transaction.on_commit(…, robust=True)`. It takes a second or two at most and never raises because of
    Redis. Raises ValueError for a slug that no stream could be asked for.
    """
    event = event_slug.lower()
    if not EVENT_SLUG.fullmatch(event):
        raise ValueError(f"not an event's slug: {event_slug!r}")
    data = json.dumps(payload, separators=(",", ":"), sort_keys=True)
    arguments = (event, topic or str(payload["type"]), data, str(LAST_KNOWN_SECONDS), channel(settings.REDIS_URL))
    try:
        _client(settings.REDIS_URL).eval(ANNOUNCE, 1, last_known_key(event), *arguments)
    except (redis.RedisError, OSError) as error:
        log.warning("open pages of %s were not told of a change: %s", event, error)


def announce_soon(event_slug: str, kind: str) -> None:
    """Tell them `{"type": kind, "event": event_slug}` within a fraction of a second, without waiting for Redis.

    For what changes often: many changes at once are one announcement.
    """
    _announcements.ask((event_slug, kind))


def _announce(announcement: tuple[str, str]) -> None:
    event_slug, kind = announcement
    announce(event_slug, {"type": kind, "event": event_slug})


_announcements: Errands[tuple[str, str]] = Errands("announcements", _announce, pause=PAUSE_SECONDS)
