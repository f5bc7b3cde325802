"""How the site tells open browsers that something public changed: a Redis channel that the stream process reads.

Most messages say what changed, not what it became: browsers fetch that from the API. A Redis that is away holds nobody
up: the newest of each topic waits in this process and is told once Redis is back; until then browsers poll.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.cache import redis_is_away
from core.errands import Errands

log = logging.getLogger(__name__)

EVENT_SLUG = re.compile(r"[\w-]{1,100}")  # what core.fields.slug_text allows, letters of every script included
LAST_KNOWN_SECONDS = 24 * 60 * 60
PATIENCE_SECONDS = 0.3  # Redis answers within a thousandth; a command on stage does not wait for one that is frozen
PAUSE_SECONDS = 0.5  # between two rounds of announcements that nobody waits for
RETRY_SECONDS = 0.5
# In one step, so that the last known message of a topic is always the one that was published last. The id is Redis'
# own clock in microseconds: it grows through a restart with empty memory, where a counter would begin again. What is
# told late does not replace what was said after it: a frozen Redis carries out, once it goes on, what nobody waits for.
ANNOUNCE = """
local known = ARGV[7] == 'late' and redis.call('HGET', KEYS[1], ARGV[2])
if known and tonumber(string.match(known, '^%S+ %S+ %d+ (%d+) ')) >= tonumber(ARGV[3]) then return end
local time = redis.call('TIME')
local id = time[1] .. string.format('%06d', time[2])
local message = table.concat({ARGV[1], ARGV[2], id, ARGV[3], ARGV[4]}, ' ')
redis.call('HSET', KEYS[1], ARGV[2], message)
redis.call('EXPIRE', KEYS[1], ARGV[5])
redis.call('PUBLISH', ARGV[6], message)
"""


@dataclass(frozen=True)
class Message:
    """One announcement as it travels: the event's slug, its topic, an id that grows, and a JSON object on one line."""

    event: str
    topic: str
    id: int
    data: str

    @classmethod
    def parse(cls, line: bytes) -> "Message":
        """Read `slug topic id said_at json`. Raises ValueError for anything else."""
        event, topic, number, _said_at, data = line.decode().split(" ", 4)
        return cls(event, topic, int(number), data)

    @cached_property
    def frame(self) -> bytes:
        """As the HTML standard's section on server-sent events writes it; made once for all who are sent it."""
        return f"id: {self.id}\ndata: {self.data}\n\n".encode()


class Said(NamedTuple):
    """A JSON object, and when it was said in microseconds."""

    data: str
    at: int


def channel(redis_url: str) -> str:
    """The channel's name; with the database's number inside, for Redis publishes across its databases."""
    database = redis.connection.parse_url(redis_url).get("db", 0)  # type: ignore[no-untyped-call]
    return f"lectern:live:{database}"


def last_known_key(event_slug: str) -> str:
    """The hash that holds an event's latest message of each topic."""
    return f"lectern:live:known:{event_slug}"


@lru_cache
def _client(redis_url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        redis_url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS, retry=Retry(NoBackoff(), 0)
    )


def announce(event_slug: str, payload: Mapping[str, Any], *, topic: str = "") -> None:
    """Tell every browser that follows the event. `payload` is a JSON object with a `type`.

    Who comes later is told the last of each topic, which is the type unless there are several things of that type.
    Call it with `transaction.on_commit(…, robust=True)`. It waits for PATIENCE_SECONDS at most, and not at all while
    Redis is known to be away; it never raises because of Redis. Raises ValueError for a slug that no stream could be
    asked for.
    """
    event = event_slug.lower()
    if not EVENT_SLUG.fullmatch(event):
        raise ValueError(f"not an event's slug: {event_slug!r}")
    subject = (event, topic or str(payload["type"]))
    said = Said(json.dumps(payload, separators=(",", ":"), sort_keys=True), time.time_ns() // 1000)
    if not _late and not redis_is_away(settings.REDIS_URL):
        try:
            publish(subject, said)
        except (redis.RedisError, OSError) as error:
            log.warning("open pages of %s will be told late of a change: %s", event, error)
        else:
            return
    with _changing:
        _late[subject] = said
    _retries.ask("tell what is late")


def finish() -> None:
    """Wait until all that is late has been told."""
    _retries.finish()


def announce_soon(event_slug: str, kind: str) -> None:
    """Tell them `{"type": kind, "event": event_slug}` within a fraction of a second, without waiting for Redis.

    For what changes often: many changes at once are one announcement.
    """
    _announcements.ask((event_slug, kind))


def _announce(announcement: tuple[str, str]) -> None:
    event_slug, kind = announcement
    announce(event_slug, {"type": kind, "event": event_slug})


def _tell_late(errand: str) -> None:
    """Try all that wait, until one fails; what was said anew meanwhile stays in its place."""
    for subject, said in list(_late.items()):
        try:
            publish(subject, said, is_late=True)
        except (redis.RedisError, OSError):
            break
        with _changing:
            if _late[subject] is said:
                del _late[subject]
    if _late:
        _retries.ask(errand)


def publish(subject: tuple[str, str], said: Said, *, is_late: bool = False) -> None:
    """Tell it to Redis; when it is late, unless something was said of it since."""
    arguments = (*subject, str(said.at), said.data, str(LAST_KNOWN_SECONDS), channel(settings.REDIS_URL))
    key = last_known_key(subject[0])
    _client(settings.REDIS_URL).eval(ANNOUNCE, 1, key, *arguments, "late" if is_late else "")


_announcements: Errands[tuple[str, str]] = Errands("announcements", _announce, pause=PAUSE_SECONDS)
_late: dict[tuple[str, str], Said] = {}  # the newest of each topic, while Redis is away
_changing = threading.Lock()
_retries: Errands[str] = Errands("late announcements", _tell_late, pause=RETRY_SECONDS)
