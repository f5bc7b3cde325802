"""The values a calendar feed is made of, and which of them a feed keeps: plain data, no database, no clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

PAST_DAYS = 60
FUTURE_DAYS = 400
CANCELLED_DAYS = 7


class EntryStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    POSTPONED = "POSTPONED"  # written as TENTATIVE with a prefix: iCalendar has no such word
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Conference:
    """How to join online (RFC 7986 section 5.11)."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One VEVENT. Datetimes are aware; `zone` is the IANA name the times are shown in.

    `revised_at` changes with anything visible here and becomes DTSTAMP and LAST-MODIFIED; `sequence` grows with
    time, place and cancellation only (RFC 5545 section 3.8.7.4). `geo` is (latitude, longitude) in degrees.
    `parent_uid` names the event a session belongs to, `series_uid` the series an event belongs to.
    `alarm_minutes` before the start a calendar rings: only ever in a feed whose reader asked for it.
    """

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    summary: str
    revised_at: dt.datetime
    created_at: dt.datetime
    sequence: int = 0
    status: EntryStatus = EntryStatus.CONFIRMED
    description: str = ""
    location: str = ""
    geo: tuple[float, float] | None = None
    url: str = ""
    categories: tuple[str, ...] = ()
    contact: str = ""
    transparent: bool = True
    private: bool = False
    parent_uid: str = ""
    series_uid: str = ""
    conference: Conference | None = None
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The few words a feed adds to titles, in the feed's language."""

    cancelled: str = "Cancelled"
    postponed: str = "Postponed"


@dataclass(frozen=True, slots=True)
class Feed:
    """One VCALENDAR. `url` is the page of what the feed is about, `source` the feed's own public address."""

    name: str
    zone: str
    url: str = ""
    source: str = ""
    description: str = ""
    color: str = ""  # a CSS3 colour name (RFC 7986 section 5.9)
    words: Words = Words()
    entries: tuple[CalendarEntry, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed shows on a UTC day: 60 days back, 400 ahead, cancelled entries until a week after their end."""

    day: dt.date

    @property
    def midnight(self) -> dt.datetime:
        return dt.datetime.combine(self.day, dt.time(), dt.UTC)

    @property
    def opens_at(self) -> dt.datetime:
        return self.midnight - dt.timedelta(days=PAST_DAYS)

    @property
    def closes_at(self) -> dt.datetime:
        return self.midnight + dt.timedelta(days=FUTURE_DAYS)

    def earliest_end(self, status: EntryStatus) -> dt.datetime:
        """Entries of this status that ended before this instant have left the feed."""
        if status is EntryStatus.CANCELLED:
            return self.midnight - dt.timedelta(days=CANCELLED_DAYS)
        return self.midnight if status is EntryStatus.POSTPONED else self.opens_at

    def includes(self, entry: CalendarEntry) -> bool:
        return entry.ends_at > self.earliest_end(entry.status) and entry.starts_at < self.closes_at

    def nearest_first(self, entries: list[CalendarEntry]) -> list[CalendarEntry]:
        """The entries of the window, the nearest to the day in front: what a size limit cuts off is far away."""
        kept = [entry for entry in entries if self.includes(entry)]
        return sorted(kept, key=lambda entry: (abs(entry.starts_at - self.midnight), entry.uid))
