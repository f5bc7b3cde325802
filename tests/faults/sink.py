"""A mail server on the loopback that takes hundreds of mails a second and misbehaves when told to.

It keeps a mail first and says 250 `pause` seconds later: the moment in which a killed sender cannot know.
"""

import asyncio
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Taken:
    """A mail that was kept, and when, on the monotonic clock."""

    message_id: str
    recipient: str
    data: bytes
    at: float


class Hangs(Exception):
    """Raised by a manner: end the conversation without another word."""


Manner = Callable[["Conversation"], Awaitable[str | None]]


class Sink:
    """`mails` is what it took; `at_greeting`, `at_rcpt`, `at_data`, `when_taken` may answer something else."""

    def __init__(self) -> None:
        self.mails: list[Taken] = []
        self.pause = 0.004
        self.at_greeting: Manner | None = None
        self.at_rcpt: Manner | None = None
        self.at_data: Manner | None = None
        self.when_taken: Manner | None = None
        self.loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self.loop.run_forever, name="sink", daemon=True)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])

    def copies(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(mail.message_id for mail in self.mails)

    def start(self) -> None:
        self._thread.start()
        self.listen()

    def stop(self) -> None:
        self.refuse()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()

    def listen(self) -> None:
        """Take connections (again, at the same port)."""
        self._run(self._listen())

    def refuse(self) -> None:
        """Refuse connections, and break off those there are."""
        self._run(self._refuse())

    def _run(self, coroutine: "asyncio.coroutines.Coroutine[None, None, None]") -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=2**20, reuse_port=False)

    async def _refuse(self) -> None:
        if self._server:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)
        self._server = None

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        try:
            await Conversation(self, reader, writer).run()
        except (Hangs, OSError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()


class Conversation:
    """One connection: what has been said so far."""

    def __init__(self, sink: Sink, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sink, self.reader, self.writer = sink, reader, writer
        self.recipient = ""
        self.data = b""

    async def run(self) -> None:
        await self.say(await self._asked(self.sink.at_greeting) or "220 sink.example")
        while line := await self.reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                self.recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                answer = await self._asked(self.sink.at_rcpt) or "250 OK"
            elif verb == b"DATA":
                answer = await self._take()
            elif verb == b"EHLO":
                answer = "250-sink.example\r\n250 PIPELINING"
            else:
                answer = "221 Bye" if verb == b"QUIT" else "250 OK"
            await self.say(answer)
            if answer[:3] in ("221", "421"):
                return

    async def say(self, answer: str) -> None:
        self.writer.write(answer.encode() + b"\r\n")
        await self.writer.drain()

    async def _take(self) -> str:
        await self.say("354 Go on")
        self.data = await self.reader.readuntil(b"\r\n.\r\n")
        if answer := await self._asked(self.sink.at_data):
            return answer
        found = MESSAGE_ID.search(self.data)
        assert found
        self.sink.mails.append(Taken(found[1].decode(), self.recipient, self.data, time.monotonic()))
        if answer := await self._asked(self.sink.when_taken):
            return answer
        await asyncio.sleep(self.sink.pause)
        return "250 OK"

    async def _asked(self, manner: Manner | None) -> str | None:
        return await manner(self) if manner else None


class Gate:
    """A barrier: the next mail to one address waits before it is kept, until `open()`."""

    def __init__(self, sink: Sink, address: str) -> None:
        self.sink, self.address = sink, address
        self.reached = threading.Event()
        self._opened = asyncio.Event()

    async def manner(self, conversation: Conversation) -> None:
        if conversation.recipient == self.address and not self.reached.is_set():
            self.reached.set()
            await self._opened.wait()

    def open(self) -> None:
        self.sink.loop.call_soon_threadsafe(self._opened.set)


@contextmanager
def listening_sink() -> Iterator[Sink]:
    """A sink that listens until the block ends."""
    sink = Sink()
    sink.start()
    try:
        yield sink
    finally:
        with suppress(TimeoutError):
            sink.stop()
