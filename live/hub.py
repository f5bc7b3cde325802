"""One Redis subscription a process, fanned out to the queue of every open browser."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.live_channel import Message, channel, last_known_key

log = logging.getLogger(__name__)

BACKLOG = 20
SILENCE_SECONDS = 20.0
RETRY_SECONDS = 1.0


class Listener:
    """One open browser: what it still has to be sent, at most BACKLOG messages.

    `last_event_id` is the message that it saw before it lost an earlier connection; empty for a new browser.
    """

    def __init__(self, event: str, last_event_id: str = "") -> None:
        self.event = event
        self.queue: asyncio.Queue[Message | None] = asyncio.Queue(BACKLOG)
        self.seen = deque([last_event_id], maxlen=BACKLOG)

    def tell(self, message: Message) -> None:
        """Queue a message once; a slow reader loses its oldest, for the newest says it all."""
        if message.id not in self.seen:
            self.seen.append(message.id)
            self._put(message)

    def end(self) -> None:
        """End the stream after what is queued."""
        self._put(None)

    def _put(self, item: Message | None) -> None:
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(item)


class Hub:
    """Knows who listens to which event; hands on what is published, and catches up after a gap."""

    def __init__(self, redis_url: str) -> None:
        self.redis_url = redis_url
        self.listeners: set[Listener] = set()
        self.pump: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def listening(self, event: str, last_event_id: str = "") -> AsyncIterator[Listener]:
        """A listener that is told what is known of the event, then of its changes, while the context is open."""
        if self.pump is None or self.pump.done():
            self.pump = asyncio.create_task(self.keep_pumping())
        listener = Listener(event, last_event_id)
        self.listeners.add(listener)
        try:
            for message in await self.last_known(event):
                listener.tell(message)
            yield listener
        finally:
            self.listeners.discard(listener)

    async def last_known(self, event: str) -> list[Message]:
        """The event's latest message of each type, oldest first; none while Redis is away."""
        try:
            async with self._client(socket_timeout=1) as client:
                lines: list[bytes] = await client.hvals(last_known_key(event))  # type: ignore[assignment, unused-ignore]
        except (redis.RedisError, OSError):
            return []  # the pump logs it, and sends them once Redis is back
        return sorted((Message.parse(line) for line in lines), key=lambda message: int(message.id))

    async def keep_pumping(self) -> None:
        """Pump for ever; after a lost connection begin again, with what was missed."""
        while True:
            try:
                await self._pump()
            except (redis.RedisError, OSError, ValueError) as error:
                log.warning("streams lost Redis, trying again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    def end_streams(self) -> None:
        """End every open stream; browsers connect again by themselves."""
        for listener in self.listeners:
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
                    await self._catch_up()
                elif received and received["type"] == "message":
                    self._hand_on(Message.parse(received["data"]))

    async def _catch_up(self) -> None:
        for event in {listener.event for listener in self.listeners}:
            for message in await self.last_known(event):
                self._hand_on(message)

    def _hand_on(self, message: Message) -> None:
        for listener in self.listeners:
            if listener.event == message.event:
                listener.tell(message)

    def _client(self, socket_timeout: float | None) -> "redis.Redis":
        # No retries inside: a connection that is renewed silently would hide the gap that we have to fill.
        return redis.Redis.from_url(
            self.redis_url, socket_timeout=socket_timeout, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        )
