"""Running calls at the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from core.errors import RuleViolation


def at_once(*calls: Callable[[], Any]) -> list[str]:
    """What became of each call, sorted: `done`, or the code of the RuleViolation that refused it."""
    barrier = Barrier(len(calls), timeout=10)

    def run(call: Callable[[], Any]) -> str:
        try:
            barrier.wait()
            call()
        except RuleViolation as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))
