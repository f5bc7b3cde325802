"""Who turns what is true into messages before each delivery: planners of reminders, expanders of notices and the like.

A feeder looks into the database for work, does a bounded part of it in transactions of its own, and says whether more
is left. It may run at any time, twice, or at once with itself, and no bell is needed for it: rows are the work.
"""

import logging
from collections.abc import Callable
from datetime import datetime

log = logging.getLogger(__name__)

Feeder = Callable[[datetime], bool]
_feeders: dict[str, Feeder] = {}


def register_feeder(name: str, feeder: Feeder) -> None:
    """From now on every round of delivery begins with `feeder(now)`; apps call it when ready."""
    _feeders[name] = feeder


def feeders() -> dict[str, Feeder]:
    """All of them by name, in the order in which they were registered."""
    return dict(_feeders)


def feed(now: datetime, *, before_each: Callable[[], object] = lambda: None) -> bool:
    """Let each feeder do a part of its work; True when one of them has more. One that fails stops nobody else.

    A feeder may take two seconds; what somebody waits for can be sent `before_each`.
    """
    has_more = False
    for name, feeder in feeders().items():
        before_each()
        has_more |= _fed(name, feeder, now)
    return has_more


def _fed(name: str, feeder: Feeder, now: datetime) -> bool:
    try:
        return feeder(now)
    except Exception:
        log.exception("feeder %s failed; it is asked again in the next round", name)
        return False
