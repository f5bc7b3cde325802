"""The stream process: `uvicorn live.app:application` serves `/live/events/<slug>/` as server-sent events."""

import asyncio
import os
import random
import re
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any

from core.live_channel import EVENT_SLUG
from live.hub import Hub, Listener

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = re.compile(rf"/live/events/({EVENT_SLUG.pattern})/")
PING_SECONDS = 15.0  # below the minute after which proxies close a silent connection
MOST_STREAMS = 10_000
MOST_DIGITS = 20  # of an id
ANY_ORIGIN = (b"access-control-allow-origin", b"*")  # only what is public is ever said here
STREAM_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # nginx would collect the messages
    ANY_ORIGIN,
]


class LiveApp:
    """The ASGI application: one stream for each event that is followed, 404 for all else."""

    def __init__(self, redis_url: str, *, ping_seconds: float = PING_SECONDS, most_streams: int = MOST_STREAMS) -> None:
        self.hub = Hub(redis_url)
        self.ping_seconds = ping_seconds
        self.most_streams = most_streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection (or run the process's lifespan)."""
        if scope["type"] == "lifespan":
            await self.lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await self.respond(scope, receive, send)

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream the event that the path names, or say why not."""
        asked = PATH.fullmatch(scope["path"].lower())
        if not asked:
            await refuse(send, 404, b"Not found. Streams are at /live/events/<event>/\n")
        elif scope["method"] != "GET":
            await refuse(send, 405, b"Only GET.\n", (b"allow", b"GET"))
        elif self.hub.streams >= self.most_streams:
            await refuse(send, 503, b"Too many open pages; polling still works.\n", (b"retry-after", b"60"))
        elif self.hub.is_deaf:
            await refuse(send, 503, b"Redis is away; polling still works.\n", (b"retry-after", b"5"))
        else:
            async with self.hub.listening(asked[1], last_event_id(scope)) as listener:
                await self.stream(listener, receive, send)

    async def stream(self, listener: Listener, receive: Receive, send: Send) -> None:
        """Send what the listener is told until either side ends it."""
        watcher = asyncio.create_task(wait_for_goodbye(receive))
        watcher.add_done_callback(lambda _: listener.end())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})
            # Each browser waits a time of its own, so that a restart is not followed by all of them at once.
            await send_part(send, b"retry: %d\n\n" % random.randint(1000, 4000))  # noqa: S311 - not a secret
            await self.follow(listener, send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            watcher.cancel()

    async def follow(self, listener: Listener, send: Send) -> None:
        """Send each change as it comes and a comment in every silence, until the listener is told to end."""
        while True:
            try:
                async with asyncio.timeout(self.ping_seconds):
                    message = await listener.next()
            except TimeoutError:
                await send_part(send, b": ping\n\n")
                continue
            if message is None:
                return
            await send_part(send, message.frame)

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """Start with the server and end with it."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.end_streams_on_signals()
            else:
                await self.hub.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    def end_streams_on_signals(self) -> None:
        """Chain the server's own handlers: it waits for open responses, for ever, before it tells us to shut down."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            servers = signal.getsignal(number)
            if not callable(servers):
                continue

            def handler(number: int, frame: FrameType | None, servers: Callable[..., Any] = servers) -> None:
                loop.call_soon_threadsafe(self.hub.end_streams)
                servers(number, frame)

            signal.signal(number, handler)


def last_event_id(scope: Scope) -> int:
    """The id a browser that lost its connection saw last; 0 for a new one, and for what is no id of ours."""
    given = dict(scope["headers"]).get(b"last-event-id", b"")
    return int(given) if given.isdigit() and len(given) <= MOST_DIGITS else 0


async def send_part(send: Send, part: bytes) -> None:
    """Send a piece of a stream that goes on; waits while the browser reads slowly."""
    await send({"type": "http.response.body", "body": part, "more_body": True})


async def refuse(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    """Send a short plain answer."""
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), ANY_ORIGIN]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *headers]})
    await send({"type": "http.response.body", "body": body})


async def wait_for_goodbye(receive: Receive) -> None:
    """Return when the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


application = LiveApp(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
