"""Who turns what is true into messages before each delivery: planners of reminders, expanders of notices.

A feeder looks into the database for work, does a bounded part of it in transactions of its own, and says whether more
is left. It may run at any time, twice, or at once with itself, and no bell is needed for it: rows are the work.
"""

from collections.abc import Callable
from datetime import datetime

Feeder = Callable[[datetime], bool]
_feeders: dict[str, Feeder] = {}


def register_feeder(name: str, feeder: Feeder) -> None:
    """From now on every round of delivery begins with `feeder(now)`; apps call it when ready."""
    _feeders[name] = feeder


def feeders() -> dict[str, Feeder]:
    """All of them by name, in the order in which they were registered."""
    return dict(_feeders)
