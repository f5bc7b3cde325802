"""When the demo's coming events take place, told from the day on which somebody looks; values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = dt.timedelta(minutes=15)
UNDER_WAY = dt.timedelta(minutes=45)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Window = tuple[dt.datetime, dt.datetime]


def fixed_window(spec: Mapping[str, Any], zone: ZoneInfo) -> Window:
    """Start and end in UTC of an event with a date of its own; an end before the start is on the next day."""
    return _on(spec["date"], spec, zone)


def coming_window(spec: Mapping[str, Any], zone: ZoneInfo, *, now: dt.datetime, taken: Collection[dt.date]) -> Window:
    """Start and end in UTC of an event that is always yet to come.

    The spec says `under_way` (it began 45 to 60 minutes ago), `third` (the next third Thursday, say, that is not in
    `taken`) or `in_days` (so many days from now, then on to the next `weekday`).
    """
    if "under_way" in spec:
        starts_at = _floor(now) - UNDER_WAY
        return starts_at, starts_at + dt.timedelta(minutes=spec["under_way"])
    today = now.astimezone(zone).date()
    if "third" in spec:
        days = (day for day in third_weekdays(today, WEEKDAYS.index(spec["third"])) if day not in taken)
        return _on(next(days), spec, zone)
    day = today + dt.timedelta(days=spec["in_days"])
    return _on(day + dt.timedelta(days=(WEEKDAYS.index(spec["weekday"]) - day.weekday()) % 7), spec, zone)


def third_weekdays(after: dt.date, weekday: int) -> Iterator[dt.date]:
    """The third Monday (0) to Sunday (6) of each month, those after the given day."""
    month = after.replace(day=1)
    while True:
        third = month + dt.timedelta(days=(weekday - month.weekday()) % 7 + 14)
        if third > after:
            yield third
        month = (month + dt.timedelta(days=31)).replace(day=1)


def moved(instant: dt.datetime, old_start: dt.datetime, new_start: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """An instant of an event after the event has moved: as far from the start as before on the zone's clock."""
    clock = [at.astimezone(zone).replace(tzinfo=None) for at in (instant, old_start, new_start)]
    return (clock[2] + (clock[0] - clock[1])).replace(tzinfo=zone).astimezone(dt.UTC)


def _on(day: dt.date, spec: Mapping[str, Any], zone: ZoneInfo) -> Window:
    opens, closes = (dt.datetime.combine(day, dt.time.fromisoformat(spec[name])) for name in ("starts", "ends"))
    if closes <= opens:
        closes += dt.timedelta(days=1)
    return opens.replace(tzinfo=zone).astimezone(dt.UTC), closes.replace(tzinfo=zone).astimezone(dt.UTC)


def _floor(instant: dt.datetime) -> dt.datetime:
    """Down to the last full quarter of an hour."""
    return instant - (instant - dt.datetime.min.replace(tzinfo=dt.UTC)) % QUARTER
