"""Small errands nobody waits for: one thread per process runs each once, however often it was asked for meanwhile."""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
Errand = TypeVar("Errand", bound=Hashable)


class Errands(Generic[Errand]):
    """`run(errand)` in a thread of its own, all that wait in one round, then a pause of so many seconds.

    The first is done at once; an errand that waits already is not asked for twice, so a rush of a thousand costs one a
    round. What it raises is logged. What waits when the process ends is lost: only for what something else will notice.
    """

    def __init__(self, name: str, run: Callable[[Errand], None], *, pause: float) -> None:
        self.name, self.run, self.pause = name, run, pause
        self._waiting: dict[Errand, None] = {}
        self._busy = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def ask(self, errand: Errand) -> None:
        """Have it done soon; never waits."""
        with self._changed:
            self._waiting[errand] = None
            if self._thread is None or not self._thread.is_alive():  # a fork inherits the variable, not the thread
                self._thread = threading.Thread(target=self._work, name=self.name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until nothing is left to do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._busy)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                round_, self._waiting = self._waiting, {}
                self._busy = True
            for errand in round_:
                self._try(errand)
            with self._changed:
                self._busy = False
                self._changed.notify_all()
            time.sleep(self.pause)

    def _try(self, errand: Errand) -> None:
        try:
            self.run(errand)
        except Exception as error:  # noqa: BLE001 - nobody is there to catch it
            log.warning("%s: %s failed: %s", self.name, errand, error)
