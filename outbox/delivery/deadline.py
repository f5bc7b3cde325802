"""A deadline for a whole conversation: one thread per line looks at the clock, instead of a timer thread per mail."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator


class Deadline:
    """`with deadline: ...` calls `cut` from another thread when the block takes longer than `seconds`."""

    def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
        self.seconds = seconds
        self._cut = cut
        self._due: float | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """The block that must end in time."""
        if self._thread is None:
            self._stop = threading.Event()
            self._thread = threading.Thread(target=self._watch, args=(self._stop,), name="mail-deadline", daemon=True)
            self._thread.start()
        with self._lock:
            self._due = time.monotonic() + self.seconds
        try:
            yield
        finally:
            with self._lock:
                self._due = None

    def stop(self) -> None:
        """No more watching until the next guard."""
        self._stop.set()
        self._thread = None

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(min(1.0, self.seconds / 10)):
            with self._lock:
                is_over = self._due is not None and time.monotonic() >= self._due
                if is_over:
                    self._due = None
                    self._cut()
