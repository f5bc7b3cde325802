"""Reads so many streams, or so many plain Redis subscriptions, in a process of its own, and says what came when."""

import asyncio
import multiprocessing
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

PATIENCE_SECONDS = 20.0
VERSION = re.compile(rb'"version":(\d+)')


class Line(NamedTuple):
    """What is sent to begin, after what one is connected, and how a message ends."""

    port: int
    begin: bytes
    is_open: bytes
    message_ends: bytes


def stream_line(port: int, event: str) -> Line:
    """A browser's stream."""
    request = f"GET /live/events/{event}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    return Line(port, request.encode(), b"\n\n", b"}\n\n")


def bare_line(redis_url: str, channel: str) -> Line:
    """SUBSCRIBE, and nothing around it."""
    address = urlsplit(redis_url)
    password = f"AUTH {address.password}\r\n" if address.password else ""
    return Line(address.port or 6379, f"{password}SUBSCRIBE {channel}\r\n".encode(), b":1\r\n", b"}\r\n")


class Readers:
    """So many of them, open while the block runs."""

    def __init__(self, line: Line, number: int) -> None:
        self.number = number
        self.pipe, theirs = multiprocessing.Pipe()
        fork = multiprocessing.get_context("fork")
        self.process = fork.Process(target=_read_all, args=(line, number, theirs), daemon=True)

    def __enter__(self) -> Self:
        self.process.start()
        self._receive()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.join()

    def arrivals(self, version: int) -> list[int]:
        """When each of them had the whole message, on the machine's clock in nanoseconds."""
        while True:
            found, times = self._receive()
            if found == version:
                return times

    def _receive(self) -> tuple[int, list[int]]:
        if not self.pipe.poll(PATIENCE_SECONDS):
            sys.exit(f"a message did not reach all {self.number}")
        found: tuple[int, list[int]] = self.pipe.recv()
        return found


def _read_all(line: Line, number: int, pipe: Connection) -> None:
    asyncio.run(_read(line, number, pipe))


async def _read(line: Line, number: int, pipe: Connection) -> None:
    came: dict[int, list[int]] = defaultdict(list)

    def note(version: int) -> None:
        came[version].append(time.monotonic_ns())
        if len(came[version]) == number:
            pipe.send((version, came.pop(version)))

    lines = [await asyncio.open_connection("127.0.0.1", line.port) for _ in range(number)]
    for reader, writer in lines:
        writer.write(line.begin)
        await reader.readuntil(line.is_open)
    pipe.send((-1, []))
    async with asyncio.TaskGroup() as group:
        for reader, _writer in lines:
            group.create_task(_follow(reader, line.message_ends, note))


async def _follow(reader: asyncio.StreamReader, ends: bytes, note: Callable[[int], None]) -> None:
    while True:
        message = await reader.readuntil(ends)
        if found := VERSION.findall(message, max(0, len(message) - 60)):  # a command tells the schedule's pages, too
            note(int(found[-1]))
