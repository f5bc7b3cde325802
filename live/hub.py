"""One Redis subscription a process, fanned out to every open browser."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.live_channel import Message, channel, last_known_key

log = logging.getLogger(__name__)

SILENCE_SECONDS = 5.0
RETRY_SECONDS = 1.0
DEAF_SECONDS = 3.0


class Listener:
    """One open browser, and what it still has to be sent: the newest message of each topic, oldest first.

    A slow reader skips what has been overtaken, and never the newest. `seen` is the id that it was sent last before it
    lost an earlier connection; 0 for a new browser.
    """

    __slots__ = ("_ended", "_told", "_waiting", "_woken", "seen")

    def __init__(self, seen: int = 0) -> None:
        self.seen = seen
        self._told: dict[str, int] = {}
        self._waiting: dict[str, Message] = {}
        self._woken = asyncio.Event()
        self._ended = False

    def tell(self, message: Message) -> None:
        """Have a message sent, once."""
        if self._told.get(message.topic) != message.id:
            self._told[message.topic] = message.id
            self._waiting.pop(message.topic, None)
            self._waiting[message.topic] = message
            self._woken.set()

    def catch_up(self, known: Iterable[Message]) -> None:
        """Tell what it has not seen, of all topics. Ids behind what it saw are of a Redis that lost its memory."""
        known = sorted(known, key=lambda message: message.id)
        seen = self.seen if known and known[-1].id >= self.seen else 0
        for message in known:
            if message.id > seen:
                self.tell(message)
        self._waiting = dict(sorted(self._waiting.items(), key=lambda item: item[1].id))

    def end(self) -> None:
        """End the stream after what waits."""
        self._ended = True
        self._woken.set()

    async def next(self) -> Message | None:
        """What is to be sent next; None when it is over."""
        while not self._waiting and not self._ended:
            self._woken.clear()
            await self._woken.wait()
        return self._waiting.pop(next(iter(self._waiting))) if self._waiting else None


class Audience:
    """All who listen to one event, and the latest message of each of its topics."""

    def __init__(self) -> None:
        self.listeners: set[Listener] = set()
        self.known: dict[str, Message] = {}
        self.first_look: asyncio.Task[None] | None = None

    def hear(self, message: Message) -> None:
        """Hand on what was published."""
        self.known[message.topic] = message
        for listener in self.listeners:
            listener.tell(message)

    def catch_up(self, known: Iterable[Message]) -> None:
        """Hand on what was missed."""
        self.known |= {message.topic: message for message in known}
        for listener in self.listeners:
            listener.catch_up(self.known.values())


class Hub:
    """Knows who listens to which event; hands on what is published, and catches up after a gap.

    It `is_deaf` while Redis stays away: a stream would then look alive and bring nothing, so there are none.
    """

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.audiences: dict[str, Audience] = {}
        self.streams = 0
        self.is_deaf = False
        self.pump: asyncio.Task[None] | None = None
        self._lost: asyncio.TimerHandle | None = None

    @contextlib.asynccontextmanager
    async def listening(self, event: str, seen: int = 0) -> AsyncIterator[Listener]:
        """A listener that is told what is known of the event, then of its changes, while the context is open."""
        if self.pump is None or self.pump.done():
            self.pump = asyncio.create_task(self.keep_pumping())
        audience = self.audiences.setdefault(event, Audience())
        listener = Listener(seen)
        self.streams += 1
        audience.listeners.add(listener)
        try:
            await self._look_first(event, audience)
            listener.catch_up(audience.known.values())
            yield listener
        finally:
            self.streams -= 1
            audience.listeners.discard(listener)
            if not audience.listeners:
                self.audiences.pop(event, None)

    async def last_known(self, event: str) -> list[Message]:
        """The event's latest message of each topic; none while Redis is away."""
        try:
            async with self._client(socket_timeout=1) as client:
                lines: list[bytes] = await client.hvals(last_known_key(event))  # type: ignore[assignment, unused-ignore]
        except (redis.RedisError, OSError):
            return []  # the pump logs it, and sends them once Redis is back
        return [Message.parse(line) for line in lines]

    async def keep_pumping(self) -> None:
        """Pump for ever; after a lost connection begin again, with what was missed."""
        while True:
            try:
                await self._pump()
            except (redis.RedisError, OSError, ValueError) as error:
                log.warning("streams lost Redis, trying again: %s", error)
                self._lost = self._lost or asyncio.get_running_loop().call_later(DEAF_SECONDS, self._go_deaf)
                await asyncio.sleep(RETRY_SECONDS)

    def end_streams(self) -> None:
        """End every open stream; browsers connect again by themselves."""
        for audience in self.audiences.values():
            for listener in audience.listeners:
                listener.end()

    async def close(self) -> None:
        """End the subscription and every stream."""
        self.end_streams()
        if self.pump:
            self.pump.cancel()
            await asyncio.gather(self.pump, return_exceptions=True)

    async def _pump(self) -> None:
        async with self._client(socket_timeout=None) as client, client.pubsub() as subscription:
            await subscription.subscribe(channel(self.redis_url))
            waits_for_pong = False
            while True:
                received = await subscription.get_message(timeout=SILENCE_SECONDS)
                if received is None:  # silence is either peace or a connection that died without a word
                    if waits_for_pong:
                        raise redis.ConnectionError("Redis does not answer")
                    await subscription.ping()
                waits_for_pong = received is None
                if received and received["type"] == "subscribe":
                    self._hear()
                    await self._catch_up()
                elif received and received["type"] == "message":
                    self._hand_on(Message.parse(received["data"]))

    def _go_deaf(self) -> None:
        self.is_deaf = True
        self.end_streams()

    def _hear(self) -> None:
        self.is_deaf = False
        if self._lost:
            self._lost.cancel()
            self._lost = None

    async def _look_first(self, event: str, audience: Audience) -> None:
        """Ask Redis once for all who come at the same time, as they do when this process was started anew."""
        if audience.first_look is None:
            audience.first_look = asyncio.create_task(self._look(event, audience))
        await asyncio.shield(audience.first_look)

    async def _look(self, event: str, audience: Audience) -> None:
        asked = await self.last_known(event)
        audience.known = {message.topic: message for message in asked} | audience.known  # what came meanwhile is newer

    async def _catch_up(self) -> None:
        for event, audience in list(self.audiences.items()):
            audience.catch_up(await self.last_known(event))

    def _hand_on(self, message: Message) -> None:
        if audience := self.audiences.get(message.event):
            audience.hear(message)

    def _client(self, socket_timeout: float | None) -> "redis.Redis":
        # No retries inside: a connection that is renewed silently would hide the gap that we have to fill.
        return redis.Redis.from_url(
            self.redis_url, socket_timeout=socket_timeout, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )
