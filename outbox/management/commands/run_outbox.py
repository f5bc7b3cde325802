"""Delivers the outbox without Redis and Celery: the same loop, in one process."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from outbox import delivery

log = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0


class Command(BaseCommand):
    """Send what is due, then look again every few seconds; ends after the message at hand on SIGINT or SIGTERM."""

    help = "Send what waits in the outbox, without Redis and Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        if options["once"]:
            deliver(stopping)
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        while not stopping.is_set():
            try:
                deliver(stopping)
            except (OperationalError, InterfaceError) as error:
                log.error("database unreachable: %s", error)  # noqa: TRY400 - says it all
            close_old_connections()
            stopping.wait(PAUSE_SECONDS)


def deliver(stopping: threading.Event) -> None:
    """One round."""
    delivery.sweep(now=timezone.now())
    while delivery.deliver(clock=timezone.now, keep_going=lambda: not stopping.is_set()) and not stopping.is_set():
        pass  # feeders have more
