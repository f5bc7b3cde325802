"""The doorbell: tells a worker that rows are waiting, and never makes the caller wait for Redis."""

import logging
import queue
import threading

from celery import current_app

log = logging.getLogger(__name__)

RING_IS_OLD_AFTER_SECONDS = 30
_rings: "queue.Queue[None]" = queue.Queue(maxsize=1)
_lock = threading.Lock()
_ringer: threading.Thread | None = None


def ring() -> None:
    """Ask for a delivery soon. A lost ring costs one tick of the sweep, so nothing here raises or waits.

    A thread of its own publishes: a frozen Redis would hold the visitor's request for seconds. One place in the
    queue is enough, since a ring that still waits there will find today's rows, too.
    """
    _start_the_ringer()
    try:
        _rings.put_nowait(None)
    except queue.Full:
        log.debug("a ring is waiting already")


def _start_the_ringer() -> None:
    """Once per process: a fork inherits the variable but not the thread."""
    global _ringer  # noqa: PLW0603 - one thread per process is the point
    with _lock:
        if _ringer is None or not _ringer.is_alive():
            _ringer = threading.Thread(target=_publish_rings, name="outbox-bell", daemon=True)
            _ringer.start()


def _publish_rings() -> None:
    while True:
        _rings.get()
        try:
            current_app.send_task(
                "outbox.tasks.deliver_due", expires=RING_IS_OLD_AFTER_SECONDS, ignore_result=True, retry=False
            )
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the sweep will find the rows
            log.warning("the doorbell is out of order, the sweep will deliver: %s", error)
        finally:
            _rings.task_done()
