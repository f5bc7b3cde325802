"""Links that open somebody's own calendar: subscribe to a feed, or copy one entry (a copy never updates).

The vendors do not document these addresses; calendar services read them as written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit

from events.calendar_values import CalendarEntry
from events.ical_text import clean, clean_line, safe_url

LINK_LIMIT = 2000
_TITLE_LIMIT = 80
_LOCATION_LIMIT = 40
_DETAILS_LIMITS = (800, 300, 100, 0)
_BASIC = "%Y%m%dT%H%M%SZ"
_EXTENDED = "%Y-%m-%dT%H:%M:%SZ"
_ONE_DAY = dt.timedelta(days=1)


def webcal(feed_url: str) -> str:
    """The subscribe link of Apple, Thunderbird and desktop Outlook (`webcals:` is unknown to iOS)."""
    parts = urlsplit(feed_url)
    return parts._replace(scheme="webcal").geturl()


def google_subscribe(feed_url: str) -> str:
    """Google takes the feed only as webcal:, never as https: inside `cid`."""
    return "https://calendar.google.com/calendar/r?" + _query({"cid": webcal(feed_url)})


def outlook_subscribe(feed_url: str, name: str) -> str:
    return "https://outlook.live.com/calendar/0/addfromweb?" + _query({"url": feed_url, "name": name})


def office_subscribe(feed_url: str, name: str) -> str:
    return "https://outlook.office.com/calendar/0/addfromweb?" + _query({"url": feed_url, "name": name})


def google_add(entry: CalendarEntry) -> str:
    def link(details: str) -> str:
        times = f"{_utc(entry.starts_at, _BASIC)}/{_utc(entry.ends_at, _BASIC)}"
        return "https://calendar.google.com/calendar/render?" + _query(
            {"action": "TEMPLATE", "text": _title(entry), "dates": times, "details": details}
            | {"location": _location(entry)}
        )

    return _fitted(entry, link)


def outlook_add(entry: CalendarEntry, *, host: str = "outlook.live.com") -> str:
    def link(details: str) -> str:
        return f"https://{host}/calendar/deeplink/compose?" + _query(
            {"path": "/calendar/action/compose", "rru": "addevent", "subject": _title(entry)}
            | {"startdt": _utc(entry.starts_at, _EXTENDED), "enddt": _utc(entry.ends_at, _EXTENDED)}
            | {"body": details, "location": _location(entry)}
        )

    return _fitted(entry, link)


def office_add(entry: CalendarEntry) -> str:
    """The same for Microsoft 365."""
    return outlook_add(entry, host="outlook.office.com")


def yahoo_add(entry: CalendarEntry) -> str | None:
    """None for a day or more: Yahoo reads the length as HHMM."""
    length = entry.ends_at - entry.starts_at
    if length >= _ONE_DAY:
        return None
    minutes = int(length.total_seconds()) // 60

    def link(details: str) -> str:
        return "https://calendar.yahoo.com/?" + _query(
            {"v": "60", "title": _title(entry), "st": _utc(entry.starts_at, _BASIC)}
            | {"dur": f"{minutes // 60:02}{minutes % 60:02}", "desc": details, "in_loc": _location(entry)}
        )

    return _fitted(entry, link)


def _fitted(entry: CalendarEntry, link: Callable[[str], str]) -> str:
    """The link with as much of the description as the limit allows; the event's page goes before its text."""
    page = safe_url(entry.url)
    for limit in _DETAILS_LIMITS:
        description = clean(entry.description, limit=limit) if limit else ""
        made = link("\n\n".join(part for part in (description, page) if part))
        if len(made) <= LINK_LIMIT:
            return made
    return link("")


def _query(parameters: dict[str, str]) -> str:
    return urlencode({name: value for name, value in parameters.items() if value}, quote_via=quote, safe="")


def _utc(instant: dt.datetime, pattern: str) -> str:
    return instant.astimezone(dt.UTC).strftime(pattern)


def _title(entry: CalendarEntry) -> str:
    return clean_line(entry.summary, limit=_TITLE_LIMIT)


def _location(entry: CalendarEntry) -> str:
    return clean_line(entry.location, limit=_LOCATION_LIMIT)
