"""Many processes in one terminal: each line behind the name, in a colour, of the process that wrote it."""

import os
import threading
from collections import deque
from collections.abc import Mapping
from typing import IO

COLOURS = {"web": 36, "live": 32, "worker": 33, "beat": 35, "mail": 34, "setup": 90}
WIDTH = max(map(len, COLOURS))


class Terminal:
    """Writes whole lines, one at a time, from any thread; falls silent when nobody reads any more."""

    def __init__(self, stream: IO[str], environment: Mapping[str, str]) -> None:
        self.stream = stream
        self.in_colour = stream.isatty() and "NO_COLOR" not in environment and environment.get("TERM") != "dumb"
        self.lock = threading.Lock()
        self.closed = threading.Event()

    def say(self, text: str) -> None:
        """Write lines of our own."""
        with self.lock:
            if self.closed.is_set():
                return
            try:
                self.stream.write(f"{text}\n")
                self.stream.flush()
            except OSError:  # `make run | head`: the pipe is closed, and nothing we write can arrive
                self.closed.set()
                with open(os.devnull, "wb") as nowhere:  # or the interpreter's last flush fails
                    os.dup2(nowhere.fileno(), self.stream.fileno())

    def follow(self, name: str, stream: IO[bytes]) -> "Log":
        """Pass on what a process writes, until it ends."""
        log = Log(self, name, stream)
        log.start()
        return log

    def prefix(self, name: str) -> str:
        """What stands before each line of a process."""
        label = f"{name:<{WIDTH}} |"
        return f"\033[{COLOURS[name]}m{label}\033[0m " if self.in_colour else f"{label} "


class Log(threading.Thread):
    """Passes on one process's lines, and remembers the latest."""

    def __init__(self, terminal: Terminal, name: str, stream: IO[bytes]) -> None:
        super().__init__(name=f"log of {name}", daemon=True)
        self.terminal = terminal
        self.prefix = terminal.prefix(name)
        self.stream = stream
        self.latest: deque[str] = deque(maxlen=50)

    def run(self) -> None:
        """Until the process, and all that it started, has closed its output."""
        with self.stream:
            for line in self.stream:
                text = line.decode(errors="replace").rstrip()
                self.latest.append(text)
                self.terminal.say(self.prefix + text)
