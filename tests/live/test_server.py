"""The stream process as it is run: uvicorn, a socket, a signal."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import redis

from core.live_channel import announce
from dev.servers import free_port

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def stream_process(port: int = 0) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Uvicorn with `live.app`; gives its address and the process, and ends it."""
    port = port or free_port()
    command = [sys.executable, "-m", "uvicorn", "live.app:application", "--port", str(port), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE) as process:
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def open_stream(address: str, last_event_id: str = "0") -> "urllib.request._UrlopenRet":
    """Open a stream once the server listens."""
    asked = urllib.request.Request(f"{address}/live/events/meetup-22/", headers={"Last-Event-ID": last_event_id})
    deadline = time.monotonic() + 15
    while True:
        try:
            return urllib.request.urlopen(asked, timeout=5)
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
    assert took < 10
    assert complaints == b""


def test_three_hundred_streams_of_a_stage_cost_far_less_than_200_mb(redis_client: "redis.Redis") -> None:
    stage = {"type": "stage", "version": 7, "stage": "x" * 8000}
    with stream_process() as (address, process), ExitStack() as open_ones:
        open_stream(address).close()
        streams = [open_ones.enter_context(raw_stream(int(address.rpartition(":")[2]))) for _ in range(300)]
        for stream in streams:
            read_until(stream, b"retry: ")
        announce("meetup-22", stage, topic="stage:12")
        for stream in streams:
            read_until(stream, b'"version":7}\n\n')
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    (held,) = [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
    assert held < 100


def test_after_a_kill_who_comes_back_is_sent_the_newest_of_what_it_missed_once(redis_client: "redis.Redis") -> None:
    for version in (1, 2):
        announce("meetup-22", {"type": "stage", "version": version}, topic="stage:12")
    announce("meetup-22", {"type": "schedule"})
    with stream_process() as (address, process), open_stream(address) as stream:
        lines = [stream.readline() for _ in range(8)]
        process.kill()
    announce("meetup-22", {"type": "stage", "version": 3}, topic="stage:12")
    announce("meetup-22", {"type": "stage", "version": 4}, topic="stage:12")
    seen, port = lines[5].decode().split()[1], int(address.rpartition(":")[2])
    with stream_process(port) as (address, process), open_stream(address, seen) as stream:
        again = [stream.readline() for _ in range(5)]
        process.terminate()
        again += stream.readlines()
    said = [line for line in lines if line.startswith(b"data")]
    assert said == [b'data: {"type":"stage","version":2}\n', b'data: {"type":"schedule"}\n']
    assert [line for line in again if line.startswith(b"data")] == [b'data: {"type":"stage","version":4}\n']


def raw_stream(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), 10)
    line.sendall(b"GET /live/events/meetup-22/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return line


def read_until(stream: socket.socket, words: bytes) -> None:
    read = b""
    while words not in read:
        part = stream.recv(65536)
        assert part, read
        read += part
