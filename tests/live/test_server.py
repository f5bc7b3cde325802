"""The stream process as it is run: uvicorn, a socket, a signal."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from core.live_channel import announce
from dev.servers import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def stream_process() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Uvicorn with `live.app`; gives its address and the process, and ends it."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "live.app:application", "--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE) as process:
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def open_stream(address: str) -> "urllib.request._UrlopenRet":
    """Open a stream once the server listens."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return urllib.request.urlopen(f"{address}/live/events/meetup-22/", timeout=5)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_it_streams_over_http_and_stops_at_once_with_streams_open(redis_client: "redis.Redis") -> None:
    announce("meetup-22", {"type": "schedule", "version": 5})
    with stream_process() as (address, process), open_stream(address) as stream:
        lines = [stream.readline() for _ in range(4)]
        process.send_signal(signal.SIGTERM)
        begin = time.monotonic()
        rest = stream.read()
        process.wait(5)
        took = time.monotonic() - begin
        assert process.stderr
        complaints = process.stderr.read()

    assert lines[3] == b'data: {"type":"schedule","version":5}\n'
    assert rest == b"\n"
    assert took < 3
    assert complaints == b""
