"""When others say that something takes place: zones by any of their names, dates without a clock, ends left out."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from functools import cache

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.ical_reading import Component, Property
from inbox.mime import Unreadable

USUAL_LENGTH = dt.timedelta(hours=2)
LONGEST = dt.timedelta(days=60)
_YEARS = range(2000, 2101)
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?", re.ASCII)
_LENGTH = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.ASCII)


@dataclass(frozen=True)
class Times:
    """Aware instants and the IANA zone whose clock they are told by; `remarks` says what had to be guessed."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Moment:
    instant: dt.datetime
    zone: str
    is_day: bool = False
    remarks: tuple[str, ...] = ()


def times_of(event: Component, calendar: Component, *, home_zone: str) -> Times | Unreadable:
    """Start and end of a VEVENT; what names no zone is told by the clock of `home_zone`."""
    start = event.first("DTSTART")
    if start is None:
        return Unreadable("it has no DTSTART")
    begins = _moment(start, calendar, home_zone)
    if begins is None:
        return Unreadable(f"its DTSTART is no time that anybody could meet at: {start.raw[:40]}")
    ends_at = _end(event, begins, calendar, home_zone)
    if ends_at is None:
        return Unreadable("its end is no time")
    if not dt.timedelta(0) < ends_at - begins.instant <= LONGEST:
        return Unreadable("it ends before it starts, or more than sixty days later")
    remarks = (*begins.remarks, *(("it takes all day",) if begins.is_day else ()))
    return Times(begins.instant, ends_at, begins.zone, remarks)


def _end(event: Component, begins: _Moment, calendar: Component, home_zone: str) -> dt.datetime | None:
    """DTEND, else DURATION, else the whole day or two hours."""
    if end := event.first("DTEND"):
        moment = _moment(end, calendar, home_zone)
        return moment.instant if moment else None
    if length := event.text("DURATION"):
        return _after(begins, length)
    return _later(begins, dt.timedelta(days=1)) if begins.is_day else begins.instant + USUAL_LENGTH


def _after(begins: _Moment, written: str) -> dt.datetime | None:
    found = _LENGTH.fullmatch(written.strip().upper())
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = dt.timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return _later(begins, length) if length <= LONGEST else None


def _later(begins: _Moment, length: dt.timedelta) -> dt.datetime:
    """Whole days are days of the calendar: not always 24 hours."""
    zone = zoneinfo.ZoneInfo(begins.zone)
    whole = dt.timedelta(days=length.days)
    day = begins.instant.astimezone(zone).replace(tzinfo=None) + whole
    return day.replace(tzinfo=zone).astimezone(dt.UTC) + (length - whole)


def _moment(written: Property, calendar: Component, home_zone: str) -> _Moment | None:
    found = _TIME.fullmatch(written.raw.strip().upper())
    if found is None or int(found[1]) not in _YEARS:
        return None
    parts = [int(part) for part in found.groups()[:6] if part is not None]
    name, remarks = _zone(written.parameters.get("TZID", ""), calendar, home_zone)
    zone = dt.UTC if found[7] else zoneinfo.ZoneInfo(name)
    try:
        instant = dt.datetime(*parts, tzinfo=zone).astimezone(dt.UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return None
    return _Moment(instant, name, is_day=found[4] is None, remarks=remarks)


def _zone(written: str, calendar: Component, home_zone: str) -> tuple[str, tuple[str, ...]]:
    """The IANA zone of a TZID, by name or by the place its VTIMEZONE names; and the remark that it is a guess."""
    if not written:
        return known_zone(calendar.text("X-WR-TIMEZONE")) or home_zone, ()
    if name := known_zone(written) or known_zone(_place_of(written, calendar)):
        return name, ()
    return home_zone, (f"the time zone “{written[:40]}” is unknown, so the group’s clock counts",)


def _place_of(written: str, calendar: Component) -> str:
    zones = (zone for zone in calendar.components("VTIMEZONE") if zone.text("TZID") == written)
    return next((zone.text("X-LIC-LOCATION") for zone in zones), "")


def known_zone(written: str) -> str:
    """`Asia/Singapore` for its own name, Windows' name, or a name with something in front of it; else nothing."""
    name = written.strip().strip('"')
    if name in _names():
        return name
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    ending = "/".join(name.split("/")[-2:])  # /freeassociation.sourceforge.net/Europe/Berlin
    return ending if ending in _names() and "/" in ending else ""


@cache
def _names() -> frozenset[str]:
    """Every zone's name; finding them reads hundreds of files, so it is done once."""
    return frozenset(zoneinfo.available_timezones())
