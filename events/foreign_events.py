"""Reads an invitation that somebody else's calendar wrote (RFC 5546 section 3.2): bytes in, values for a draft out.

A rule of repetition is seen and never followed: of a series the first date is taken, however many the rule has.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser

from events.foreign_times import times_of
from events.ical_reading import Component, calendar_in
from events.ical_text import clean, clean_line, safe_url
from events.itip import utc_instant
from inbox.mime import Unreadable, calendar_text, one_line

METHODS = ("REQUEST", "PUBLISH", "CANCEL")
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 10_000
LONGEST_UID = 255
_CONFERENCES = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_TAG = re.compile(
    r"</?(?:html|body|p|br|div|span|a|b|i|u|em|strong|font|ul|ol|li|table|tr|td|h[1-6]|hr|img|script|style)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+")
_NO_PLACE = re.compile(r"(?:microsoft )?teams(?: meeting)?|zoom(?: meeting)?|google meet|webex|online", re.IGNORECASE)


@dataclass(frozen=True)
class ForeignEvent:
    """What an invitation says; `location` and `online_url` may be empty, `remarks` are for who reads the draft."""

    method: str
    uid: str
    sequence: int
    stamped_at: dt.datetime
    organizer: str
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    description: str
    location: str
    online_url: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class CalledOff:
    """A CANCEL: only which entry, and when it was said."""

    uid: str
    sequence: int
    stamped_at: dt.datetime


def read_event(message: Message, *, home_zone: str) -> ForeignEvent | CalledOff | Unreadable:
    """The invitation in this mail, or why there is none."""
    text = calendar_text(message)
    calendar = text if isinstance(text, Unreadable) else calendar_in(text)
    if isinstance(calendar, Unreadable):
        return calendar
    method = one_line(calendar.text("METHOD").upper())[:20]
    if method not in METHODS:
        return Unreadable(f"{method} is no invitation" if method else "the calendar part has no METHOD")
    event = _master(calendar)
    return event if isinstance(event, Unreadable) else _event(method, event, calendar, home_zone)


def _master(calendar: Component) -> Component | Unreadable:
    """The entry itself, not what is different on some later date of it."""
    events = calendar.components("VEVENT")
    masters = [event for event in events if event.first("RECURRENCE-ID") is None]
    if not events:
        return Unreadable("the calendar part has no VEVENT")
    if not masters:
        return Unreadable("it changes one date of a series; only the first date became a draft")
    return masters[0] if len(masters) == 1 else Unreadable("it holds several VEVENTs")


def _event(method: str, event: Component, calendar: Component, home_zone: str) -> ForeignEvent | CalledOff | Unreadable:
    uid, stamped_at = one_line(event.text("UID")), utc_instant(event.text("DTSTAMP"))
    if not uid or len(uid) > LONGEST_UID:
        return Unreadable("it names no UID" if not uid else f"its UID has more than {LONGEST_UID} characters")
    if stamped_at is None:
        return Unreadable("its DTSTAMP is no moment in UTC")
    if method == "CANCEL" or event.text("STATUS").upper() == "CANCELLED":
        return CalledOff(uid, event.number("SEQUENCE"), stamped_at)
    times = times_of(event, calendar, home_zone=home_zone)
    if isinstance(times, Unreadable):
        return times
    location, online_url = _place(event)
    organizer = event.first("ORGANIZER")
    return ForeignEvent(
        method=method,
        uid=uid,
        sequence=event.number("SEQUENCE"),
        stamped_at=stamped_at,
        organizer=one_line(organizer.address)[:320] if organizer else "",
        title=clean_line(event.text("SUMMARY"), limit=LONGEST_TITLE),
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
        description=plain(event.text("DESCRIPTION")),
        location=location,
        online_url=online_url,
        remarks=(*times.remarks, *_of_series(event)),
    )


def _of_series(event: Component) -> tuple[str, ...]:
    repeats = any(event.first(name) for name in ("RRULE", "RDATE"))
    return ("it repeats: only its first date became a draft",) if repeats else ()


def _place(event: Component) -> tuple[str, str]:
    """(where, online address). The page of an event is an address to join only where no place is named."""
    location = clean_line(event.text("LOCATION"), limit=300)
    links = [safe_url(found.raw) for name in _CONFERENCES for found in event.all(name)]
    if written := _LINK.search(location):
        links.append(safe_url(written.group().rstrip(",.;)")))
        location = " ".join(location.replace(written.group(), " ").split()).strip(" ,;()")
    if not location:
        links.append(safe_url(event.text("URL")))
    online_url = next((link for link in links if link and len(link) <= 500), "")
    return "" if online_url and _NO_PLACE.fullmatch(location) else location, online_url


def plain(text: str) -> str:
    """A description as plain text: some calendars write HTML into it."""
    if _TAG.search(text):
        text = re.sub(r"\n{3,}", "\n\n", _words_of(text))
    return clean(text, limit=LONGEST_DESCRIPTION)


def _words_of(html: str) -> str:
    reader = _Words()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:  # how Python 3.11 says that a declaration is broken
        return _TAG.sub("", html)
    return "".join(reader.words)


class _Words(HTMLParser):
    """The words of HTML, with a line for each block; what scripts and styles hold is dropped."""

    BLOCKS = frozenset({"br", "p", "div", "li", "tr", "ul", "ol", "h1", "h2", "h3", "h4"})
    UNSPOKEN = frozenset({"script", "style", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unspoken = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unspoken += tag in self.UNSPOKEN
        if tag in self.BLOCKS:
            self.words.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in self.UNSPOKEN and self._unspoken > 0
        if tag == "p":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self.words.append(data)
