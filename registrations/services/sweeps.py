"""What all clockwork here has in common: few rows at a time, each in its own transaction, none stops the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import transaction

from core.errors import RuleViolation

AT_ONCE = 500  # a minute's work at the most; what is left over is found again by the next sweep

log = logging.getLogger(__name__)
Row = TypeVar("Row")


def one_by_one(rows: Iterable[Row], act: Callable[[Row], object]) -> int:
    """How many rows `act` did something for; it looks again, under its lock, whether there still is something to do."""
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                done += bool(act(row))
        except RuleViolation as refusal:
            log.warning("%r: %r refused, %s", act, row, refusal.code)
        except Exception:
            log.exception("%r: %r failed", act, row)
    return done
