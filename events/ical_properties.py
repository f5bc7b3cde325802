"""The properties that feeds and invitations write alike into a VEVENT (RFC 5545), and the VTIMEZONEs these need."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from icalendar import Event, vDatetime, vUri

from events.calendar_values import CalendarEntry, EntryStatus, Words
from events.ical_text import Categories, Geo, Text, clean, clean_line, decimal, safe_geo, safe_url
from events.vtimezone import is_usable

PRODID = "-//Lectern//Lectern 1//EN"
SUMMARY_LIMIT = 300
LOCATION_LIMIT = 400
DESCRIPTION_LIMIT = 2000
LABEL_LIMIT = 100
MAX_CATEGORIES = 20
END = b"END:VCALENDAR\r\n"
UID = re.compile(r"[!-~]{1,255}")  # printable ASCII without blanks


def refuse_impossible(entry: CalendarEntry) -> None:
    """Raise ValueError for what no calendar could show."""
    for instant in (entry.starts_at, entry.ends_at, entry.revised_at, entry.created_at):
        if instant.utcoffset() is None:
            raise ValueError("a time without zone")
    if entry.ends_at.replace(microsecond=0) <= entry.starts_at.replace(microsecond=0):
        raise ValueError("it does not end after it starts")
    if not UID.fullmatch(entry.uid):
        raise ValueError("the uid is empty or holds more than printable ASCII")


def add_times(event: Event, entry: CalendarEntry) -> str:
    """DTSTART and DTEND, both local with TZID when our VTIMEZONE is right for both, else both in UTC."""
    ends = {"DTSTART": entry.starts_at, "DTEND": entry.ends_at}
    if not is_usable(entry.zone, ends.values()):
        for name, instant in ends.items():
            event.add(name, vDatetime(instant.astimezone(dt.UTC)))
        return ""
    for name, instant in ends.items():
        local = vDatetime(instant.astimezone(ZoneInfo(entry.zone)).replace(tzinfo=None))
        local.params["TZID"] = entry.zone  # set afterwards: the constructor drops it for a naive time
        event.add(name, local)
    return entry.zone


def add_texts(event: Event, entry: CalendarEntry, words: Words) -> None:
    """What it is about, its page, and who to ask; the page stands in the text, too."""
    prefix = {EntryStatus.CANCELLED: words.cancelled, EntryStatus.POSTPONED: words.postponed}.get(entry.status)
    title = f"{prefix}: {entry.summary}" if prefix else entry.summary
    event.add("SUMMARY", Text(clean_line(title, limit=SUMMARY_LIMIT)))
    url = safe_url(entry.url)
    if url:
        event.add("URL", vUri(url))
    room = DESCRIPTION_LIMIT - len(url) - 2
    parts = [clean(entry.description, limit=room) if room > 0 else "", url]
    if description := "\n\n".join(part for part in parts if part):
        event.add("DESCRIPTION", Text(description))
    names = (clean_line(name, limit=LABEL_LIMIT) for name in entry.categories[:MAX_CATEGORIES])
    if categories := [name for name in names if name]:
        event.add("CATEGORIES", Categories(categories))
    if contact := clean_line(entry.contact, limit=LABEL_LIMIT):
        event.add("CONTACT", Text(contact))


def add_standing(event: Event, entry: CalendarEntry) -> None:
    """STATUS and how the entry blocks time: a cancelled or postponed one never does."""
    off = entry.status in {EntryStatus.CANCELLED, EntryStatus.POSTPONED}
    status = EntryStatus.TENTATIVE if entry.status is EntryStatus.POSTPONED else entry.status
    free = entry.transparent or off
    event.add("STATUS", status.value)
    event.add("TRANSP", "TRANSPARENT" if free else "OPAQUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", Text("FREE" if free else "BUSY"))
    event.add("CLASS", "PRIVATE" if entry.private else "PUBLIC")


def add_place(event: Event, entry: CalendarEntry) -> None:
    """Where it is, on a map when known, and how to join from elsewhere."""
    location = clean_line(entry.location, limit=LOCATION_LIMIT)
    if location:
        event.add("LOCATION", Text(location))
    if geo := safe_geo(entry.geo):
        event.add("GEO", Geo(geo))
        if location and not re.search(r'[\\"^]', location):
            # Apple draws a map only when X-TITLE equals LOCATION; a parameter cannot hold these three characters
            point = vUri(f"geo:{decimal(geo[0])},{decimal(geo[1])}")
            parameters = {"VALUE": "URI", "X-APPLE-RADIUS": "72", "X-TITLE": location}
            event.add("X-APPLE-STRUCTURED-LOCATION", point, parameters=parameters)
    if entry.conference and (url := safe_url(entry.conference.url)):
        label = clean_line(entry.conference.label, limit=LABEL_LIMIT)
        # a list: icalendar's own Conference would write both features as one quoted value
        event.add("CONFERENCE", vUri(url, params={"VALUE": "URI", "FEATURE": ["VIDEO", "AUDIO"], "LABEL": label}))
