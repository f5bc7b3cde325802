"""From a command on stage to the screens: `python -m bench stage [ROUNDS [STREAMS …]]`.

Each round sends one stage of 27 talks on four ways, one after the other, and waits until it is with everybody:

bare, 1  PUBLISH of the same bytes to one plain Redis subscription: the least it can take
bare     the same to as many plain subscriptions as there are streams
publish  core.live_channel.announce to the streams of a real stream process, as docker/entrypoint starts it
command  lightning.services.stage.command_stage on durable PostgreSQL, then all of the above

The clock runs from before the call until a reader, in a process of its own, has the last byte. Then: how many stages a
second reach 50 of each kind, none lost, at most WINDOW on their way; and the memory of the stream process.
"""

import datetime as dt
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.core.management import call_command

from bench.stage_readers import Readers, bare_line, stream_line
from core.live_channel import announce
from dev.servers import free_port
from events.models import Event, Group, Session
from lightning.models import Block, Stage, Talk, TalkSpeaker
from lightning.services.stage import command_stage
from lightning.stage_document import build_stage_document
from lightning.stage_round import Command
from speakers.models import Speaker

EVENT = "bench"
TALKS = 27
PAUSE_SECONDS = 0.01
RATE_STREAMS, RATE_SECONDS, WINDOW = 50, 5.0, 16
UVICORN = "--host 127.0.0.1 --timeout-graceful-shutdown 5 --no-access-log --log-level warning".split()
Send = Callable[[int], None]  # sends the stage with this version


def utc_now() -> dt.datetime:
    """The clock of all of it."""
    return dt.datetime.now(dt.UTC)


def prepare() -> Block:
    """A round like the Expert Day's, its first talk on stage."""
    call_command("migrate", verbosity=0)
    begins = utc_now()
    group = Group.objects.create(name="Bench", slug="bench", time_zone="Asia/Singapore")
    ends = begins + dt.timedelta(hours=4)
    event = Event.objects.create(
        group=group,
        title="Bench",
        slug=EVENT,
        status=Event.Status.PUBLISHED,
        starts_at=begins,
        ends_at=ends,
        time_zone=group.time_zone,
    )
    session = Session.objects.create(
        event=event, title="Lightning talks", kind=Session.Kind.LIGHTNING, starts_at=begins, ends_at=ends
    )
    block = Block.objects.create(session=session)
    for number in range(TALKS):
        title = f"What {number} weeks of serving small models have taught us"
        talk = Talk.objects.create(block=block, title=title, state=Talk.State.CONFIRMED, position=number)
        speaker = Speaker.objects.create(name=f"Speaker {number}", slug=f"speaker-{number}")
        TalkSpeaker.objects.create(talk=talk, speaker=speaker, affiliation="Community")
    command_stage(block=block, command=Command.START, version=0, now=utc_now())
    return block


@contextmanager
def stream_process() -> Iterator[tuple[int, int]]:
    """Its port and its number."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", *UVICORN, "--port", str(port), "live.app:application"]
    with subprocess.Popen(command, env=os.environ) as process:
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port, process.pid
        process.kill()


def memory(process: int) -> float:
    """What it holds now, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


class Ways:
    """The four ways, on one round and one stream process."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.redis = redis.Redis.from_url(settings.REDIS_URL)
        self.document = build_stage_document(block)
        self.versions = count(1_000_000)  # of what is sent without a command

    def bare(self, channel: str, version: int) -> None:
        """The same bytes, and nothing around them."""
        self.redis.publish(channel, json.dumps(self._payload(version), separators=(",", ":"), sort_keys=True))

    def publish(self, version: int, topic: str = "") -> None:
        """What a command does after its commit."""
        announce(EVENT, self._payload(version), topic=topic or f"stage:{self.block.pk}")

    def command(self, version: int) -> None:
        """A minute more, and a minute less."""
        wish = Command.MORE if version % 2 else Command.LESS
        command_stage(block=self.block, command=wish, version=version - 1, now=utc_now())

    def next_version(self) -> int:
        """Of the stage as it is now."""
        return 1 + int(Stage.objects.values_list("version", flat=True).get())

    def _payload(self, version: int) -> dict[str, Any]:
        return {"type": "stage", "event": EVENT, "block": self.block.pk, "stage": self.document | {"version": version}}


class Delays(NamedTuple):
    """Milliseconds from the call to each reader."""

    p50: float
    p99: float


def delays(found: list[float]) -> Delays:
    found.sort()
    return Delays(statistics.median(found), found[int(len(found) * 0.99)])


def timed(send: Send, version: int, readers: Readers) -> list[float]:
    """Milliseconds until each had it."""
    began = time.monotonic_ns()
    send(version)
    arrivals = readers.arrivals(version)
    time.sleep(PAUSE_SECONDS)
    return [(arrival - began) / 1e6 for arrival in arrivals]


def compare(ways: Ways, streams: int, rounds: int, port: int, process: int) -> None:
    """One line a way, with its ratio to the bare one with as many readers."""
    found: dict[str, list[float]] = {"bare, 1": [], "bare": [], "publish": [], "command": []}
    with ExitStack() as stack:
        one = stack.enter_context(Readers(bare_line(settings.REDIS_URL, "bench-one"), 1))
        many = stack.enter_context(Readers(bare_line(settings.REDIS_URL, "bench-many"), streams))
        screens = stack.enter_context(Readers(stream_line(port, EVENT), streams))
        for _round in range(rounds):
            found["bare, 1"] += timed(partial(ways.bare, "bench-one"), next(ways.versions), one)
            found["bare"] += timed(partial(ways.bare, "bench-many"), next(ways.versions), many)
            found["publish"] += timed(ways.publish, next(ways.versions), screens)
            found["command"] += timed(ways.command, ways.next_version(), screens)
        held = memory(process)
    figures = {way: delays(waits) for way, waits in found.items()}
    for way, (p50, p99) in figures.items():
        ratios = f"x{p50 / figures['bare'].p50:.2f} p50, x{p99 / figures['bare'].p99:.2f} p99"
        print(f"{streams:4} streams  {way:8} p50 {p50:7.2f} ms  p99 {p99:7.2f} ms   {ratios}")
    print(f"{streams:4} streams  the stream process holds {held:.0f} MB", flush=True)


def rate(send: Send, versions: Iterator[int], readers: Readers) -> float:
    """Stages a second that all had, with at most WINDOW on their way."""
    under_way: deque[int] = deque()
    done, began = 0, time.monotonic()
    while time.monotonic() < began + RATE_SECONDS:
        under_way.append(next(versions))
        send(under_way[-1])
        if len(under_way) == WINDOW:
            readers.arrivals(under_way.popleft())
            done += 1
    seconds = time.monotonic() - began
    for version in under_way:
        readers.arrivals(version)
    return done / seconds


def compare_rates(ways: Ways, port: int) -> None:
    """Each way in turn, three times; the median counts. A topic a place, for a newer stage would overtake an older."""
    rates: dict[str, list[float]] = {"bare": [], "publish": []}
    with (
        Readers(bare_line(settings.REDIS_URL, "bench-rate"), RATE_STREAMS) as plain,
        Readers(stream_line(port, EVENT), RATE_STREAMS) as screens,
    ):
        for _turn in range(3):
            rates["bare"].append(rate(partial(ways.bare, "bench-rate"), ways.versions, plain))
            to_screens = rate(lambda number: ways.publish(number, f"stage:{number % WINDOW}"), ways.versions, screens)
            rates["publish"].append(to_screens)
    medians = {way: statistics.median(found) for way, found in rates.items()}
    for way, found in medians.items():
        each = f"{found:6.0f} stages/s, {found * RATE_STREAMS:7.0f} deliveries/s"
        print(f"{RATE_STREAMS:4} streams  {way:8} {each}   x{found / medians['bare']:.2f}")


def main(rounds: str = "100", *streams: str) -> None:
    """Delays and memory for each number of streams, then the rate."""
    block = prepare()
    ways = Ways(block)
    print(f"a stage of {len(json.dumps(ways.document)) / 1000:.1f} KB")
    with stream_process() as (port, process):
        for number in streams or ("1", "50", "300"):
            compare(ways, int(number), int(rounds), port, process)
        compare_rates(ways, port)
