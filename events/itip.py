"""Reads the answer of somebody's calendar out of a mail (RFC 5546 section 3.2.3, RFC 6047); bytes in, values out.

Calendars differ in everything but the few properties read here: what they say of time, place and organizer is ours
already. `inbox.mime` bounds what reading costs.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from email.message import Message

from events.ical_reading import Component, calendar_in
from inbox.mime import Unreadable, calendar_text, one_line

PARTSTATS = ("NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED")
LONGEST_COMMENT = 500
_UTC = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z")


@dataclass(frozen=True)
class Reply:
    """What a calendar says of one entry; `attendee` and `email` (its EMAIL parameter, RFC 7986) in lower case.

    For other methods than REPLY `attendee` and `partstat` may be empty.
    """

    method: str
    uid: str
    sequence: int
    stamped_at: dt.datetime
    attendee: str
    email: str
    partstat: str
    comment: str
    has_recurrence: bool


def read_reply(message: Message) -> Reply | Unreadable:
    """The answer in this mail, or why there is none."""
    text = calendar_text(message)
    if isinstance(text, Unreadable):
        return text
    calendar = calendar_in(text)
    return calendar if isinstance(calendar, Unreadable) else _reply_in(calendar)


def utc_instant(written: str) -> dt.datetime | None:
    """`20261117T180000Z` as an aware datetime; None for what is none."""
    found = _UTC.fullmatch(written.strip().upper())
    if found is None:
        return None
    try:
        return dt.datetime(*(int(part) for part in found.groups()), tzinfo=dt.UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return None


def _reply_in(calendar: Component) -> Reply | Unreadable:
    """METHOD in the body decides: the one of the MIME part may be missing (nextcloud/mail#12790)."""
    method = calendar.text("METHOD").upper()
    if not method:
        return Unreadable("the calendar part has no METHOD")
    events = calendar.components("VEVENT")
    if not events:
        return Unreadable("the calendar part has no VEVENT")
    if len(events) > 1 and not all(event.first("RECURRENCE-ID") for event in events):
        return Unreadable("it holds several VEVENTs")
    return _reply(method, events[0])


def _reply(method: str, event: Component) -> Reply | Unreadable:
    uid, stamped_at = one_line(event.text("UID")), utc_instant(event.text("DTSTAMP"))
    attendees = event.all("ATTENDEE")
    if not uid:
        return Unreadable("it names no UID")
    if stamped_at is None:
        return Unreadable("its DTSTAMP is no moment in UTC")
    if method == "REPLY" and len(attendees) != 1:
        return Unreadable(f"it names {len(attendees)} ATTENDEEs")
    parameters = attendees[0].parameters if attendees else {}
    partstat = parameters.get("PARTSTAT", "NEEDS-ACTION").upper()
    if partstat not in PARTSTATS:
        return Unreadable(f"its PARTSTAT is {one_line(partstat)[:40]}")
    return Reply(
        method=one_line(method)[:20],
        uid=uid,
        sequence=event.number("SEQUENCE"),
        stamped_at=stamped_at,
        attendee=one_line(attendees[0].address) if attendees else "",
        email=one_line(parameters.get("EMAIL", "")).lower().removeprefix("mailto:"),
        partstat=partstat,
        comment=one_line(event.text("COMMENT"))[:LONGEST_COMMENT],
        has_recurrence=event.first("RECURRENCE-ID") is not None,
    )
