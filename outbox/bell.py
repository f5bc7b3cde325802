"""The doorbell: tells a worker that rows are waiting, and never makes the caller wait for Redis."""

from celery import current_app

from core.errands import Errands

RING_IS_OLD_AFTER_SECONDS = 2 * 3600  # by the worker's clock, which may be an hour ahead (config/settings.py)
PAUSE_SECONDS = 0.5  # between two rings of one process: each is a publish through Celery


def ring() -> None:
    """Ask for a delivery soon. A lost ring costs one tick of the sweep, so nothing here raises or waits.

    A thread of its own publishes: a frozen Redis would hold the visitor's request for seconds. A ring that still waits
    there will find today's rows, too, so a rush of RSVPs rings a few times, not once each.
    """
    _rings.ask("deliver_due")


def finish() -> None:
    """Wait until every ring so far is out."""
    _rings.finish()


def _publish(task: str) -> None:
    current_app.send_task(f"outbox.tasks.{task}", expires=RING_IS_OLD_AFTER_SECONDS, ignore_result=True, retry=False)


_rings: Errands[str] = Errands("outbox-bell", _publish, pause=PAUSE_SECONDS)
