"""Write calendar feeds as iCalendar bytes (RFC 5545, RFC 7986): values in, bytes out.

The bytes are a function of the values alone: no clock, fixed order. icalendar escapes, folds and orders every
property; each VEVENT is written once per process and value and then joined, since a feed of 500 costs 0.1 s.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, vDatetime, vDuration, vUri

from events.calendar_values import CalendarEntry, EntryStatus, Feed, Words
from events.ical_properties import (
    DESCRIPTION_LIMIT,
    END,
    LABEL_LIMIT,
    PRODID,
    SUMMARY_LIMIT,
    UID,
    add_place,
    add_standing,
    add_texts,
    add_times,
    refuse_impossible,
)
from events.ical_text import Text, clean, clean_line, safe_url
from events.vtimezone import FALLBACK_ZONE, vtimezone_bytes

FORMAT_VERSION = 1  # part of every feed's ETag: raise it when the same values give other bytes
REFRESH = "PT4H"
MAX_ENTRIES = 500
MAX_BYTES = 700_000  # Google drops feeds above 1 MB without a word
_logger = logging.getLogger(__name__)

Report = Callable[[CalendarEntry, Exception], None]


def _log_skipped(entry: CalendarEntry, error: Exception) -> None:
    _logger.error("calendar entry %r is left out of a feed: %s", entry.uid, error)


def render_feed(feed: Feed, *, report: Report = _log_skipped) -> bytes:
    """One VCALENDAR with CRLF lines of at most 75 octets, entries ordered by start and uid.

    At most 500 entries and 700 KB: the entries in front of `feed.entries` are kept. An entry that cannot be
    written (naive time, end before start, a uid met before) is left out and given to `report`.
    """
    head = _calendar(feed).to_ical()
    kept: list[tuple[dt.datetime, str, bytes, str]] = []
    size = len(head)
    for entry, body, zone in _rendered(feed.entries, feed.words, report):
        size += len(body)
        if len(kept) == MAX_ENTRIES or size > MAX_BYTES:
            break
        kept.append((entry.starts_at, entry.uid, body, zone))
    kept.sort(key=lambda item: item[:2])
    zones = _zones([feed.zone, *(zone for *_, zone in kept)])
    return b"".join([head.removesuffix(END), *zones, *(body for _, _, body, _ in kept), END])


def _rendered(
    entries: Iterable[CalendarEntry], words: Words, report: Report
) -> Iterable[tuple[CalendarEntry, bytes, str]]:
    seen: set[str] = set()
    for entry in entries:
        if entry.uid in seen:
            report(entry, ValueError("another entry of this feed has the same uid"))
            continue
        try:
            body, zone = _vevent(entry, words)
        except Exception as error:  # noqa: BLE001 - one bad row must not take the feed away from everybody
            report(entry, error)
            continue
        seen.add(entry.uid)
        yield entry, body, zone


def _zones(names: list[str]) -> list[bytes]:
    """The VTIMEZONEs in use, the home zone always: a VCALENDAR without any component is invalid (section 3.6)."""
    home = names[0] if "/" in names[0] and vtimezone_bytes(names[0]) else FALLBACK_ZONE
    bodies = (vtimezone_bytes(name) for name in [home, *sorted({name for name in names[1:] if name} - {home})])
    return [body for body in bodies if body]


def _calendar(feed: Feed) -> Calendar:
    calendar = Calendar()  # not Calendar.new(): it invents a UID and a PRODID
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    _add_twice(calendar, "NAME", "X-WR-CALNAME", clean_line(feed.name, limit=SUMMARY_LIMIT))
    _add_twice(calendar, "DESCRIPTION", "X-WR-CALDESC", clean(feed.description, limit=DESCRIPTION_LIMIT))
    calendar.add("X-WR-TIMEZONE", Text(clean_line(feed.zone, limit=LABEL_LIMIT)))
    # icalendar would leave VALUE=DURATION out (RFC 7986 section 5.7) and write a timedelta as "4:00:00" in X- names
    calendar.add("REFRESH-INTERVAL", Text(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", Text(REFRESH))
    if url := safe_url(feed.url):
        calendar.add("URL", vUri(url))
    if source := safe_url(feed.source):
        calendar.add("SOURCE", vUri(source), parameters={"VALUE": "URI"})
    if re.fullmatch(r"[a-z]{3,20}", feed.color):
        calendar.add("COLOR", Text(feed.color))
    return calendar


def _add_twice(calendar: Calendar, name: str, old_name: str, value: str) -> None:
    """The RFC 7986 property and the older one that Google and Outlook read; icalendar escapes neither by itself."""
    if value:
        calendar.add(name, Text(value))
        calendar.add(old_name, Text(value))


@lru_cache(maxsize=4096)
def _vevent(entry: CalendarEntry, words: Words) -> tuple[bytes, str]:
    """(VEVENT lines, TZID used or an empty string for UTC). Raises ValueError for what cannot be an event."""
    refuse_impossible(entry)
    event = Event()
    event.add("UID", Text(entry.uid))
    for name, instant in (
        ("DTSTAMP", entry.revised_at),  # without METHOD, DTSTAMP says when the entry was last revised (3.8.7.2)
        ("LAST-MODIFIED", entry.revised_at),
        ("CREATED", entry.created_at),
    ):
        event.add(name, vDatetime(instant.astimezone(dt.UTC)))
    zone = add_times(event, entry)
    event.add("SEQUENCE", int(entry.sequence))
    add_texts(event, entry, words)
    add_standing(event, entry)
    add_place(event, entry)
    _add_relations(event, entry)
    _add_alarm(event, entry)
    return event.to_ical(), zone


def _add_relations(event: Event, entry: CalendarEntry) -> None:
    for kind, uid in (("PARENT", entry.parent_uid), ("SIBLING", entry.series_uid)):
        if UID.fullmatch(uid):
            event.add("RELATED-TO", Text(uid), parameters={"RELTYPE": kind})


def _add_alarm(event: Event, entry: CalendarEntry) -> None:
    """A reminder on the reader's own devices (section 3.6.6); nobody is reminded of what does not take place."""
    if entry.alarm_minutes is None or entry.status in {EntryStatus.CANCELLED, EntryStatus.POSTPONED}:
        return
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", event["SUMMARY"])
    alarm.add("TRIGGER", vDuration(-dt.timedelta(minutes=entry.alarm_minutes)))
    event.add_component(alarm)
