"""Write the VTIMEZONE of an IANA zone from its current rule, and say when that is right.

icalendar's own Timezone.from_tzid() is not used: it writes RDATE lists, which Outlook and ical.js misread,
and puts the start of summer time one hour late (RFC 5545 section 3.6.5). What is written here is the one
shape every client reads: one or two observances from 1970 on, each with a yearly rule naming one weekday.
"""

from __future__ import annotations

import datetime as dt
import importlib.resources
import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

FALLBACK_ZONE = "Etc/UTC"
_EPOCH = dt.datetime.combine(dt.date(1970, 1, 1), dt.time())  # local time: it has no zone, it defines one
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_NAME = r"(<[^>]+>|[A-Za-z]{3,})"
_TIME = r"([+-]?\d+(?::\d+){0,2})"
_POSIX_ZONE = re.compile(rf"{_NAME}{_TIME}(?:{_NAME}{_TIME}?,([^,]+),([^,]+))?\Z")
_POSIX_RULE = re.compile(rf"M(\d+)\.(\d)\.(\d)(?:/{_TIME})?\Z")


@dataclass(frozen=True)
class Onset:
    """The moment of the year when an observance begins, in the local time that ends then."""

    month: int
    nth: int  # 1 to 4, or -1 for the last
    weekday: int  # 0 is Sunday, as in POSIX
    at: dt.timedelta  # since midnight, below 24 hours

    def in_year(self, year: int) -> dt.datetime:
        """The naive local onset in that year."""
        first = dt.date(year, self.month, 1)
        days = (first + dt.timedelta(days=n) for n in range(31))
        matching = [day for day in days if day.month == self.month and day.isoweekday() % 7 == self.weekday]
        chosen = matching[self.nth if self.nth < 0 else self.nth - 1]
        return dt.datetime.combine(chosen, dt.time()) + self.at

    def recurrence(self) -> vRecur:
        return vRecur(freq="YEARLY", bymonth=self.month, byday=f"{self.nth}{_WEEKDAYS[self.weekday]}")


@dataclass(frozen=True)
class Observance:
    """One STANDARD or DAYLIGHT part of a zone; `onset` is None when the zone keeps one offset all year."""

    kind: str
    name: str
    offset_from: dt.timedelta
    offset_to: dt.timedelta
    onset: Onset | None


@cache
def vtimezone_bytes(tzid: str) -> bytes | None:
    """The VTIMEZONE of a zone as CRLF lines, or None when no single yearly rule expresses the zone."""
    observances = _observances(tzid)
    if observances is None:
        return None
    zone = Timezone()
    zone.add("TZID", tzid)
    zone.add("X-LIC-LOCATION", tzid)
    for observance in observances:
        zone.add_component(_component(observance))
    return bytes(zone.to_ical())


def is_usable(tzid: str, instants: Iterable[dt.datetime]) -> bool:
    """Whether a reader of our VTIMEZONE places the local times of all these aware instants correctly.

    False means: write the event in UTC. That is so for zones without a plain yearly rule, for years in which
    the zone kept other rules, for the ambiguous hour when clocks go back, and for names that are no
    Area/Location (clients take `CET` or `EST` for fixed offsets).
    """
    if "/" not in tzid or tzid.startswith("Etc/"):
        return False
    observances = _observances(tzid)
    if observances is None:
        return False
    zone = zoneinfo.ZoneInfo(tzid)
    return all(_is_right(observances, zone, instant) for instant in instants)


def _is_right(observances: tuple[Observance, ...], zone: zoneinfo.ZoneInfo, instant: dt.datetime) -> bool:
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        return False
    offset = local.utcoffset()
    ambiguous = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    if ambiguous or local.year <= 1970:
        return False
    return _offset_read_by_clients(observances, local.replace(tzinfo=None)) == offset


def _offset_read_by_clients(observances: tuple[Observance, ...], local: dt.datetime) -> dt.timedelta:
    """RFC 5545 section 3.6.5: the observance with the latest onset before the local time is in force."""
    onsets = [
        (observance.onset.in_year(year), observance.offset_to)
        for observance in observances
        if observance.onset
        for year in (local.year - 1, local.year)
    ]
    if not onsets:
        return observances[0].offset_to
    return max(onset for onset in onsets if onset[0] <= local)[1]


def _component(observance: Observance) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if observance.kind == "DAYLIGHT" else TimezoneStandard()
    part.add("DTSTART", observance.onset.in_year(1970) if observance.onset else _EPOCH)
    part.add("TZOFFSETFROM", observance.offset_from)
    part.add("TZOFFSETTO", observance.offset_to)
    part.add("TZNAME", observance.name)
    if observance.onset:
        part.add("RRULE", observance.onset.recurrence())
    return part


@cache
def _observances(tzid: str) -> tuple[Observance, ...] | None:
    """The zone's current rule, or None for unknown names and rules that one RRULE cannot say."""
    footer = _posix_footer(tzid)
    match = _POSIX_ZONE.match(footer) if footer else None
    if not match:
        return None
    name, offset, summer_name = match.group(1, 2, 3)
    winter = -_duration(offset)  # POSIX counts hours west of Greenwich
    if not summer_name:
        return (Observance("STANDARD", name.strip("<>"), winter, winter, None),)
    return _two_observances(match, winter)


def _two_observances(match: re.Match[str], winter: dt.timedelta) -> tuple[Observance, ...] | None:
    winter_name, _, summer_name, offset, to_summer, to_winter = match.groups()
    summer = -_duration(offset) if offset else winter + dt.timedelta(hours=1)
    summer_onset, winter_onset = _onset(to_summer), _onset(to_winter)
    if not summer_onset or not winter_onset:
        return None
    # Dublin's rule is written the other way round: its winter time is the "daylight" one, an hour behind.
    summer_kind, winter_kind = ("DAYLIGHT", "STANDARD") if summer > winter else ("STANDARD", "DAYLIGHT")
    return (
        Observance(summer_kind, summer_name.strip("<>"), winter, summer, summer_onset),
        Observance(winter_kind, winter_name.strip("<>"), summer, winter, winter_onset),
    )


def _onset(rule: str) -> Onset | None:
    """An `M3.5.0/2` rule as an Onset; None for other kinds and for times outside the day (Chile, Egypt, Gaza)."""
    match = _POSIX_RULE.match(rule)
    if not match:
        return None
    month, week, weekday = (int(part) for part in match.group(1, 2, 3))
    at = _duration(match.group(4) or "2")
    if not dt.timedelta(0) <= at < dt.timedelta(days=1):
        return None
    return Onset(month, -1 if week == 5 else week, weekday, at)


def _duration(text: str) -> dt.timedelta:
    """`5`, `-5:30` or `+01:00:00` as a timedelta."""
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    size = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -size if text.startswith("-") else size


def _posix_footer(tzid: str) -> str | None:
    """The last line of the zone's TZif file (RFC 8536 section 3.3), such as `CET-1CEST,M3.5.0,M10.5.0/3`."""
    if tzid not in _known_zones():
        return None
    data = _zone_file(tzid)
    return data.rstrip(b"\n").rsplit(b"\n", 1)[-1].decode("ascii", errors="replace")


def _zone_file(tzid: str) -> bytes:
    """The TZif file which zoneinfo itself reads: the system's first, then the tzdata package's."""
    for root in zoneinfo.TZPATH:
        path = Path(root, tzid)
        if path.is_file():
            return path.read_bytes()
    return importlib.resources.files("tzdata").joinpath("zoneinfo", *tzid.split("/")).read_bytes()


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
