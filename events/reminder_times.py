"""When reminders go out: on the event's clock, around people's quiet hours, alone or in a digest; pure values."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

LAST_CALL = dt.timedelta(minutes=30)  # a reminder that quiet hours push nearer to the start than this comes before them
SETTLING = dt.timedelta(hours=1)  # nobody is reminded sooner than this after they joined
DIGEST_AHEAD = dt.timedelta(days=8)  # what a digest tells of; more than a week, so that no event falls between two
DAY = dt.timedelta(days=1)
MONDAY = 0


class Sort(StrEnum):
    """Which of the three switches in somebody's preferences a reminder belongs to."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


class Rhythm(StrEnum):
    """How often somebody wants to hear."""

    NONE = "none"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True)
class Lead:
    """How long before: days on the wall clock, then minutes that pass, or a time of that day."""

    days: int = 0
    minutes: int = 0
    at_time: dt.time | None = None


@dataclass(frozen=True)
class Quiet:
    """From when until when nobody wants to be disturbed; may run over midnight."""

    begins: dt.time
    ends: dt.time


@dataclass(frozen=True)
class Distance:
    """How far something is, as a letter says it: `unit` is minutes, hour, today, tomorrow or days."""

    unit: str
    number: int = 0


def start_version(anchor: dt.datetime) -> str:
    """What a reminder counts back from, by name: 20261117T1800Z. A start that moves has another name."""
    return f"{anchor.astimezone(dt.UTC):%Y%m%dT%H%MZ}"


def due_at(lead: Lead, anchor: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The instant: 7 days before 19:00 is 19:00, also when the clocks changed between.

    A wall time that the clocks skip that day is as much later as they skip; one that comes twice is the first.
    """
    local = anchor.astimezone(zone)
    if lead.at_time is None and not lead.days:
        instant = anchor.astimezone(dt.UTC)
    else:
        day = local.date() - lead.days * DAY
        instant = instant_of(day, lead.at_time or local.time(), zone)
    return instant - dt.timedelta(minutes=lead.minutes)


def instant_of(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """When the clock of a place shows it, in UTC."""
    return dt.datetime.combine(day, time.replace(fold=0, tzinfo=None), tzinfo=zone).astimezone(dt.UTC)


def useful_until(due: dt.datetime, anchor: dt.datetime, others: Iterable[dt.datetime]) -> dt.datetime:
    """Who missed a reminder may get it until halfway to the next one of their audience, or to what it reminds of."""
    following = min((other for other in others if due < other < anchor), default=anchor)
    return due + (following - due) / 2


def sort_of(lead: Lead, anchor: dt.datetime, zone: ZoneInfo) -> Sort:
    """Days before, the day before, or shortly before; by the clock on the wall."""
    ahead = dt.timedelta(days=lead.days, minutes=lead.minutes)
    if lead.at_time is not None:
        wall = anchor.astimezone(zone).replace(tzinfo=None)
        ahead = wall - dt.datetime.combine(wall.date() - lead.days * DAY, lead.at_time)
    if ahead >= 2 * DAY:
        return Sort.WEEK
    return Sort.DAY if ahead >= dt.timedelta(hours=3) else Sort.HOUR


def outside_quiet_hours(due: dt.datetime, anchor: dt.datetime, quiet: Quiet | None, zone: ZoneInfo) -> dt.datetime:
    """The due time, or the end of the quiet hours around it; their beginning where the end comes too late."""
    hours = _hours_around(due, quiet, zone) if quiet else None
    if hours is None:
        return due
    begins, ends = hours
    return ends if ends <= anchor - LAST_CALL else begins


def _hours_around(instant: dt.datetime, quiet: Quiet, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
    """The quiet hours that hold this instant: those that began that day, or the evening before."""
    today = instant.astimezone(zone).date()
    over_midnight = quiet.ends <= quiet.begins
    for day in (today, today - DAY):
        begins = instant_of(day, quiet.begins, zone)
        ends = instant_of(day + DAY if over_midnight else day, quiet.ends, zone)
        if begins <= instant < ends and quiet.begins != quiet.ends:
            return begins, ends
    return None


def digest_slot(
    due: dt.datetime, anchor: dt.datetime, *, rhythm: Rhythm, at: dt.time, zone: ZoneInfo, now: dt.datetime
) -> dt.datetime | None:
    """When the digest goes out that tells of this instead: the first from that day on, or the last before it.

    One that would come after what it tells of, or so early that it would not tell of it, is none.
    """
    nearest = anchor - DIGEST_AHEAD
    possible = [slot for slot in _slots(due, rhythm, at, zone) if now <= slot < anchor and slot >= nearest]
    day = instant_of(due.astimezone(zone).date(), dt.time(), zone)
    from_then_on = [slot for slot in possible if slot >= day]
    return min(from_then_on) if from_then_on else max(possible, default=None)


def _slots(due: dt.datetime, rhythm: Rhythm, at: dt.time, zone: ZoneInfo) -> Iterator[dt.datetime]:
    """Every digest around this instant."""
    today = due.astimezone(zone).date()
    for offset in range(-8, 9):
        day = today + offset * DAY
        if rhythm == Rhythm.DAILY or (rhythm == Rhythm.WEEKLY and day.weekday() == MONDAY):
            yield instant_of(day, at, zone)


def digest_name(slot: dt.datetime, rhythm: Rhythm, zone: ZoneInfo) -> str:
    """The day, 2026-11-17, or the week, 2026-W47: somebody gets one digest in each."""
    local = slot.astimezone(zone)
    return f"{local:%G-W%V}" if rhythm == Rhythm.WEEKLY else f"{local:%Y-%m-%d}"


def distance(now: dt.datetime, anchor: dt.datetime, zone: ZoneInfo) -> Distance:
    """How far it is at the moment, as somebody there would say it."""
    minutes = max(0, round((anchor - now).total_seconds() / 60))
    if minutes < 50:
        return Distance("minutes", minutes)
    if minutes < 90:
        return Distance("hour")
    days = (anchor.astimezone(zone).date() - now.astimezone(zone).date()).days
    return Distance({0: "today", 1: "tomorrow"}.get(days, "days"), days)
