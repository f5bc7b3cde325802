"""Which changes of an event people hear of: pure values, no database.

A snapshot is what JSON can hold of an event: starts_at and ends_at as ISO 8601, time_zone, venue (its number),
venue_name, address (with the name, as calendars show it), format, status.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

THRESHOLD = dt.timedelta(minutes=15)  # a smaller move is for calendars alone
PAUSE = dt.timedelta(minutes=5)  # the next change may be a correction
TEXTS = "texts"  # words alone, which calendars are told of when an organiser says so
ADDRESS = "address"  # of the same venue, under another name or in other words: for calendars alone
FIELDS = ("starts_at", "ends_at", "time_zone", "venue", ADDRESS, "format", "status")

Snapshot = Mapping[str, Any]


def changed_between(before: Snapshot, after: Snapshot) -> list[str]:
    """The fields of `before` that are another thing now, in one order; another venue has another address anyway."""
    changed = [name for name in FIELDS if name in before and before[name] != after[name]]
    return [name for name in changed if name != ADDRESS or "venue" not in changed]


def is_news(before: Snapshot, after: Snapshot) -> bool:
    """Whether people are written to: for another place or status, and for a quarter of an hour or more."""
    changed = changed_between(before, after)
    moves = [_moved(before[name], after[name]) for name in ("starts_at", "ends_at") if name in changed]
    return bool({"venue", "format", "status"} & set(changed)) or any(move >= THRESHOLD for move in moves)


def due_after(changed: list[str], status: str, now: dt.datetime) -> dt.datetime:
    """When it goes out: that an event is off at once, all else after a few minutes."""
    return now if "status" in changed and status == "cancelled" else now + PAUSE


def _moved(before: str, after: str) -> dt.timedelta:
    return abs(dt.datetime.fromisoformat(after) - dt.datetime.fromisoformat(before))
