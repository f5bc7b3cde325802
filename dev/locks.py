"""Locks on a folder that the operating system lets go when their holders are gone, however they went."""

import fcntl
import os
import time
from pathlib import Path


def hold(path: Path, *, wait_seconds: float = 0.0) -> int | None:
    """Lock the file at `path` (made when missing); returns the open descriptor that holds it, or None if it is taken.

    A process that inherits the descriptor holds the lock, too: it is free once the last of them is gone.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return None
            time.sleep(0.1)
        else:
            return descriptor
