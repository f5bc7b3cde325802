"""When speakers are asked to confirm, asked for slides, and told the running order; pure values.

Days are counted on the event's clock: three days after 19:00 is 19:00, also when the clocks changed between. Everything
is counted from where the round stands now, so it moves with it.
"""

import datetime as dt
from zoneinfo import ZoneInfo

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CHASED_AFTER = (3, 7)  # days
IN_FULL = 8 * DAY  # both fit, and a day to answer
TOO_SHORT = 3 * HOUR  # who is told so late has that letter before them
LAST_HOURS = 6 * HOUR  # asked once at most in these
MORNING = dt.time(8)
ORDER_AHEAD = 3 * HOUR
ASKED_TWICE, FLAGGED = 2, 3  # what `chases` counts up to: asked, asked again, organisers told


def wall_days_after(instant: dt.datetime, days: int, zone: ZoneInfo) -> dt.datetime:
    """The same time of day so many days later, in UTC."""
    local = instant.astimezone(zone)
    moved = dt.datetime.combine(local.date() + days * DAY, local.time().replace(fold=0), tzinfo=zone)
    return moved.astimezone(dt.UTC)


def chase_times(told_at: dt.datetime, begins: dt.datetime, zone: ZoneInfo) -> list[dt.datetime]:
    """When they are asked, asked again, and organisers are told who has not confirmed; empty when it is too late.

    Three and seven days after they were told. Where the round begins sooner than a day after that, after a third and
    two thirds of the time that was left. Organisers hear a day after the second, or halfway from there to the round.
    """
    left = begins - told_at
    if left < TOO_SHORT:
        return []
    if left >= IN_FULL:
        first, second = (wall_days_after(told_at, days, zone) for days in CHASED_AFTER)
    else:
        first, second = told_at + left / 3, told_at + left * 2 / 3
    return [first, second, min(second + DAY, second + (begins - second) / 2)]


def chases_due(told_at: dt.datetime, begins: dt.datetime, zone: ZoneInfo, now: dt.datetime) -> int:
    """How many of these times are over."""
    return sum(at <= now for at in chase_times(told_at, begins, zone))


def is_asked_again(told_at: dt.datetime, begins: dt.datetime, zone: ZoneInfo) -> bool:
    """Whether the second chase is a letter: not when the first came in the last hours already."""
    first, _second, _flag = chase_times(told_at, begins, zone)
    return first < begins - LAST_HOURS


def order_due_at(begins: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """At eight in the morning of that day, or three hours before where that is sooner."""
    morning = dt.datetime.combine(begins.astimezone(zone).date(), MORNING, tzinfo=zone)
    return min(morning.astimezone(dt.UTC), begins.astimezone(dt.UTC) - ORDER_AHEAD)
