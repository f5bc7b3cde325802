"""The two triggers of delivery: the doorbell and the beat. Both may run twice, or at once, without harm."""

import time

from celery import shared_task
from django.utils import timezone

from outbox import bell, feeders
from outbox.delivery import deliver, sweep

# With the longest conversation (delivery/line.py) well below CELERY_TASK_SOFT_TIME_LIMIT.
WORK_SECONDS = 45.0


@shared_task(name="outbox.tasks.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Send what is due; ring again when time is up before the work is done."""
    stop = time.monotonic() + WORK_SECONDS
    if deliver(clock=timezone.now, keep_going=lambda: time.monotonic() < stop):
        bell.ring()


@shared_task(name="outbox.tasks.sweep_outbox", ignore_result=True)
def sweep_outbox() -> None:
    """Find what no bell rang for: reminders to plan, lost rings, lapsed leases, messages whose time is over."""
    more = feeders.feed(timezone.now())
    if sweep(now=timezone.now()) or more:
        bell.ring()
