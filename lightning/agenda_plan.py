"""When the items of a pasted agenda take place: local times become instants within the event's hours.

Nothing is invented. A time that cannot be within the event is returned as misplaced. A length that the text does not
give is what the timetable says without words: up to the next item that starts later, for the last one up to the end of
the event; a gap of more than eight hours is a night, not a length.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from events.agenda_text.result import Item
from lightning.block_times import BlockTimes

LONGEST_GAP = dt.timedelta(hours=8)
TALK_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when the event lasts, and the zone of its clock."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Placed:
    """An item with its instant in UTC and its length; either may be unknown."""

    item: Item
    starts_at: dt.datetime | None
    minutes: int | None

    @property
    def ends_at(self) -> dt.datetime | None:
        """When it is over, if that is known."""
        if self.starts_at is None or self.minutes is None:
            return None
        return self.starts_at + dt.timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Plan:
    """The items in the order of the text, and those that cannot be within the event's hours."""

    placed: tuple[Placed, ...]
    misplaced: tuple[Item, ...]


def plan(items: Sequence[Item], hours: Hours) -> Plan:
    """Give each item its instant and, where the timetable says it, its length."""
    placed: list[Placed] = []
    misplaced: list[Item] = []
    earliest = hours.starts_at
    for item in items:
        begins = starts_of(item)
        starts_at = None if begins is None else _instant(begins, earliest, hours)
        candidate = Placed(item, starts_at, item.minutes)
        if (begins and starts_at is None) or (candidate.ends_at or hours.ends_at) > hours.ends_at:
            misplaced.append(item)
            continue
        earliest = starts_at or earliest
        placed.append(candidate)
    return Plan(tuple(_with_lengths(placed, hours)), tuple(misplaced))


def starts_of(item: Item) -> str | None:
    """An item's "HH:MM"; a round that gives none begins with its first talk."""
    if item.starts is None and item.talks:
        return item.talks[0].starts
    return item.starts


def block_times(round_: Item) -> BlockTimes:
    """How a round is cut: by the longest talk the text names, and by its talks' starts where these are regular.

    Talks follow each other without a pause unless their starts say otherwise. Five minutes when the text says nothing.
    """
    named = [talk.minutes for talk in round_.talks if talk.minutes]
    step = _regular_step([talk.starts for talk in round_.talks])
    talk_minutes = max(named, default=step or TALK_MINUTES)
    return BlockTimes(talk_minutes, max(0, (step or 0) - talk_minutes), 0)


def _regular_step(starts: Sequence[str | None]) -> int | None:
    """Minutes from one start to the next, when there are at least two and all steps are the same."""
    times = [_minutes_of_day(text) for text in starts if text]
    steps = {(after - before) % (24 * 60) for before, after in pairwise(times)}
    return steps.pop() if len(times) == len(starts) and len(steps) == 1 else None


def _minutes_of_day(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _instant(text: str, earliest: dt.datetime, hours: Hours) -> dt.datetime | None:
    """The first instant with that local time since the item before; a second column of times may begin anew."""
    first = None
    for at in _instants(text, hours):
        if hours.starts_at <= at <= hours.ends_at:
            if at >= earliest:
                return at
            first = first or at
    return first


def _instants(text: str, hours: Hours) -> Iterator[dt.datetime]:
    """Every instant on the event's days with that local time: two when clocks go back, none when they skip it."""
    time = dt.time(*divmod(_minutes_of_day(text), 60))
    day = hours.starts_at.astimezone(hours.zone).date()
    last = hours.ends_at.astimezone(hours.zone).date()
    while day <= last:
        wall = dt.datetime.combine(day, time)
        instants = {wall.replace(tzinfo=hours.zone, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
        yield from sorted(at for at in instants if at.astimezone(hours.zone).replace(tzinfo=None) == wall)
        day += dt.timedelta(days=1)


def _with_lengths(placed: Sequence[Placed], hours: Hours) -> Iterator[Placed]:
    starts = sorted({one.starts_at for one in placed if one.starts_at})
    following = dict(zip(starts, [*starts[1:], hours.ends_at], strict=False))
    for one in placed:
        if one.starts_at is None or one.minutes:
            yield one
            continue
        gap = following[one.starts_at] - one.starts_at
        known = dt.timedelta(0) < gap <= LONGEST_GAP
        yield Placed(one.item, one.starts_at, gap // dt.timedelta(minutes=1) if known else None)
