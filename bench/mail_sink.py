"""A mail server that takes everything and keeps nothing: postfix's smtp-sink where it is installed, else aiosmtpd."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

PLACES = "/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"


@contextlib.contextmanager
def mail_sink(*, delay: int = 0) -> Iterator[int]:
    """Its port, while it runs; smtp-sink can wait some seconds before it accepts a mail."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(_command(port, delay), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def smtp_sink() -> str | None:
    """Where the program is. aiosmtpd is written in Python, and is itself the limit of what can be measured with it."""
    return shutil.which("smtp-sink", path=PLACES)


def _command(port: int, delay: int) -> list[str]:
    if program := smtp_sink():
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [program, *user, *(["-w", f"{delay}"] if delay else []), f"127.0.0.1:{port}", "1000"]
    return [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit("the mail sink does not start")
