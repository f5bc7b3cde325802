"""Server-sent events, from a real Redis to a browser made of two queues."""

import asyncio
import gc
import json
import os
import re
import socket
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis

from core.live_channel import Message, announce, channel
from live.app import LiveApp
from live.hub import Listener

REDIS_URL = os.environ["REDIS_URL"]
PATH = "/live/events/meetup-22/"


def lose_subscriptions(redis_client: "redis.Redis") -> None:
    """Those of this database alone: other workers' tests listen on the same server."""
    mine = str(redis_client.connection_pool.connection_kwargs.get("db", 0))
    for one in redis_client.client_list(_type="pubsub"):
        if one["db"] == mine:
            redis_client.client_kill_filter(_id=one["id"])


class Browser:
    """One request to the application, and everything it was sent."""

    def __init__(self, app: LiveApp, path: str = PATH, method: str = "GET", last_event_id: str = "") -> None:
        headers = [(b"last-event-id", last_event_id.encode())] if last_event_id else []
        self.scope = {"type": "http", "path": path, "method": method, "headers": headers}
        self.sent: list[dict[str, Any]] = []
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.app = app

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def text(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()

    @property
    def versions(self) -> list[int]:
        return [json.loads(data)["version"] for data in re.findall(r"^data: (.*)$", self.text, re.MULTILINE)]

    @property
    def last_event_id(self) -> str:
        return re.findall(r"^id: (.*)$", self.text, re.MULTILINE)[-1]

    async def ask(self) -> "Browser":
        """For an answer that ends by itself."""
        await asyncio.wait_for(self.app(self.scope, self.inbox.get, self.send), 2)
        return self

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Browser"]:
        """A stream, from the moment Redis knows that we listen until the browser leaves."""
        task = asyncio.create_task(self.app(self.scope, self.inbox.get, self.send))
        await until(lambda: "retry:" in self.text and subscribers() > 0)
        yield self
        await self.inbox.put({"type": "http.disconnect"})
        await asyncio.wait_for(task, 2)


def subscribers() -> int:
    with redis.Redis.from_url(REDIS_URL) as client:
        return int(client.pubsub_numsub(channel(REDIS_URL))[0][1])


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


def run(scenario: Callable[[LiveApp], Awaitable[None]], **options: Any) -> None:
    """Run a scenario on an application of its own, and close that."""

    async def whole() -> None:
        app = LiveApp(REDIS_URL, **options)
        try:
            await scenario(app)
        finally:
            await app.hub.close()

    asyncio.run(whole())
    with warnings.catch_warnings():  # redis-py leaves a connection that was cancelled while it opened to the collector
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def change(version: int, event: str = "meetup-22") -> None:
    announce(event, {"type": "schedule", "event": event, "version": version})


def message(topic: str, number: int) -> Message:
    return Message("meetup-22", topic, number, "{}")


async def everything(listener: Listener) -> AsyncIterator[Message]:
    while sent := await listener.next():
        yield sent


@pytest.fixture(autouse=True)
def empty_redis(redis_client: "redis.Redis") -> None:
    """Nothing is known of any event."""


def test_a_change_reaches_those_who_follow_its_event_and_nobody_else() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo, Browser(app, "/live/events/other/").open() as dee:
            change(1)
            await until(lambda: bo.versions == [1])
            assert dee.versions == []

    run(scenario)


def test_a_stream_opens_with_its_headers_and_when_to_come_back() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo:
            assert bo.status == 200
            assert dict(bo.sent[0]["headers"]) == {
                b"content-type": b"text/event-stream",
                b"cache-control": b"no-cache",
                b"x-accel-buffering": b"no",
                b"access-control-allow-origin": b"*",
            }
            assert re.fullmatch(r"retry: [1-4]\d{3}\n\n", bo.text)

    run(scenario)


def test_a_browser_that_comes_late_is_told_what_is_known() -> None:
    async def scenario(app: LiveApp) -> None:
        change(1)
        change(2)
        async with Browser(app).open() as bo:
            await until(lambda: bo.versions == [2])

    run(scenario)


def test_a_browser_that_comes_back_is_not_told_again_what_it_saw() -> None:
    async def scenario(app: LiveApp) -> None:
        change(1)
        async with Browser(app).open() as bo:
            await until(lambda: bo.versions == [1])
        async with Browser(app, last_event_id=bo.last_event_id).open() as again:
            change(2)
            await until(lambda: again.versions == [2])

    run(scenario)


def test_a_browser_that_missed_a_change_is_told_when_it_comes_back() -> None:
    async def scenario(app: LiveApp) -> None:
        change(1)
        async with Browser(app).open() as bo:
            await until(lambda: bo.versions == [1])
        change(2)
        async with Browser(app, last_event_id=bo.last_event_id).open() as again:
            await until(lambda: again.versions == [2])

    run(scenario)


def test_what_was_missed_while_redis_was_away_is_sent_once_it_is_back(
    redis_client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.hub.RETRY_SECONDS", 0.2)

    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo:
            lose_subscriptions(redis_client)
            change(7)  # published while nobody is subscribed
            await until(lambda: bo.versions == [7])

    run(scenario)


def test_while_redis_stays_away_there_are_no_streams_and_browsers_poll(
    redis_client: "redis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.hub.RETRY_SECONDS", 0.1)
    monkeypatch.setattr("live.hub.DEAF_SECONDS", 0.2)

    async def scenario(app: LiveApp) -> None:
        change(1)
        async with Browser(app).open() as bo:
            with socket.socket() as nobody:
                nobody.bind(("127.0.0.1", 0))
                app.hub.redis_url = f"redis://127.0.0.1:{nobody.getsockname()[1]}"
                lose_subscriptions(redis_client)
                await until(lambda: bo.sent[-1] == {"type": "http.response.body", "body": b""})
                answer = await Browser(app).ask()
                assert (answer.status, dict(answer.sent[0]["headers"])[b"retry-after"]) == (503, b"5")
            app.hub.redis_url = REDIS_URL
            await until(lambda: not app.hub.is_deaf)
        async with Browser(app).open() as again:
            await until(lambda: again.versions == [1])

    run(scenario)


def test_silence_is_broken_by_comments() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo:
            await until(lambda: bo.text.count(": ping\n\n") >= 2)

    run(scenario, ping_seconds=0.02)


def test_all_browsers_share_one_subscription() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open(), Browser(app).open(), Browser(app, "/live/events/other/").open():
            assert subscribers() == 1

    run(scenario)


def test_who_has_left_is_forgotten() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open():
            assert (app.hub.streams, list(app.hub.audiences)) == (1, ["meetup-22"])
        assert (app.hub.streams, app.hub.audiences) == (0, {})

    run(scenario)


def test_streams_end_when_the_process_is_told_to_end() -> None:
    async def scenario(app: LiveApp) -> None:
        bo = Browser(app)
        task = asyncio.create_task(app(bo.scope, bo.inbox.get, bo.send))
        await until(lambda: subscribers() > 0)
        app.hub.end_streams()
        await asyncio.wait_for(task, 2)
        assert bo.sent[-1] == {"type": "http.response.body", "body": b""}

    run(scenario)


def test_a_slow_reader_skips_what_was_overtaken_and_never_the_newest_of_a_topic() -> None:
    async def scenario() -> list[tuple[str, int]]:
        listener = Listener()
        for number in (1, 2, 3):
            listener.tell(message("stage:12", number))
        for number in range(10, 90):
            listener.tell(message("seats", number))
        listener.tell(message("stage:13", 90))
        listener.end()
        return [(sent.topic, sent.id) async for sent in everything(listener)]

    assert asyncio.run(scenario()) == [("stage:12", 3), ("seats", 89), ("stage:13", 90)]


@pytest.mark.parametrize(
    ("seen", "sent"),
    [
        pytest.param(0, [5, 7, 9], id="a new browser"),
        pytest.param(5, [7, 9], id="it saw the first"),
        pytest.param(6, [7, 9], id="it saw what was overtaken since"),
        pytest.param(9, [], id="it saw all"),
        pytest.param(99, [5, 7, 9], id="it saw more than Redis remembers: that began anew"),
    ],
)
def test_who_comes_back_is_sent_what_it_has_not_seen_once_and_in_order(seen: int, sent: list[int]) -> None:
    async def scenario() -> list[int]:
        listener = Listener(seen)
        live, known = message("door", 9), [message("stage:12", 7), message("seats", 5), message("door", 9)]
        if seen < 9:
            listener.tell(live)  # published before the known ones were read
        listener.catch_up(known)
        listener.end()
        return [one.id async for one in everything(listener)]

    assert asyncio.run(scenario()) == sent


def test_all_who_listen_are_sent_the_same_bytes() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo, Browser(app).open() as dee:
            change(1)
            await until(lambda: bo.versions == dee.versions == [1])
            assert bo.sent[-1]["body"] is dee.sent[-1]["body"]

    run(scenario)


def test_what_came_by_the_stream_is_known_though_redis_was_emptied(redis_client: "redis.Redis") -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open() as bo:
            change(1)
            await until(lambda: bo.versions == [1])
            redis_client.flushdb()
            async with Browser(app).open() as dee:
                await until(lambda: dee.versions == [1])

    run(scenario)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/live/",
        "/live/events/",
        "/live/events/meetup-22",
        "/live/events/a/b/",
        "/live/events/a b/",
        "/live/events/../",
        f"/live/events/{'x' * 101}/",
        "/live/events/a\n/",
    ],
)
def test_other_paths_are_not_found(path: str) -> None:
    async def scenario(app: LiveApp) -> None:
        assert (await Browser(app, path).ask()).status == 404

    run(scenario)


def test_only_get_opens_a_stream() -> None:
    async def scenario(app: LiveApp) -> None:
        answer = await Browser(app, method="POST").ask()
        assert (answer.status, dict(answer.sent[0]["headers"])[b"allow"]) == (405, b"GET")

    run(scenario)


def test_a_full_process_says_when_to_come_back() -> None:
    async def scenario(app: LiveApp) -> None:
        async with Browser(app).open():
            answer = await Browser(app).ask()
            assert (answer.status, dict(answer.sent[0]["headers"])[b"retry-after"]) == (503, b"60")

    run(scenario, most_streams=1)


def test_a_websocket_is_closed() -> None:
    async def scenario(app: LiveApp) -> None:
        bo = Browser(app)
        await app({"type": "websocket", "path": PATH}, bo.inbox.get, bo.send)
        assert bo.sent == [{"type": "websocket.close"}]

    run(scenario)
