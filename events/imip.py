"""Write one iTIP message for one person's calendar (RFC 5546, sent by RFC 6047): values in, bytes out.

One VCALENDAR with METHOD, one VEVENT, one ATTENDEE: who else comes is nobody's business, and calendars show the buttons
to answer only when the reader is the attendee. Nothing in it is a secret: people share their calendars.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vDatetime

from events.calendar_values import CalendarEntry, EntryStatus, Words
from events.ical_properties import (
    END,
    LABEL_LIMIT,
    PRODID,
    SUMMARY_LIMIT,
    add_place,
    add_standing,
    add_texts,
    add_times,
    refuse_impossible,
)
from events.ical_text import Text, clean_line
from events.vtimezone import vtimezone_bytes

NEEDS_ACTION = "NEEDS-ACTION"


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Party:
    """ORGANIZER or ATTENDEE; the address as it stands in From and To."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CalendarMessage:
    """What is said to one calendar. `entry.sequence` and `entry.revised_at` are those of the entry, not of this."""

    method: Method
    entry: CalendarEntry
    organizer: Party
    attendee: Party
    sequence: int
    stamped_at: dt.datetime
    partstat: str = NEEDS_ACTION


def render_message(message: CalendarMessage, words: Words) -> bytes:
    """The VCALENDAR with CRLF lines of at most 75 octets.

    Raises ValueError for what cannot be an event, and for a REQUEST of something that is off: many calendars would
    keep it, so being off is said with CANCEL.
    """
    if message.method is Method.REQUEST and message.entry.status is EntryStatus.CANCELLED:
        raise ValueError("what is cancelled is not requested")
    refuse_impossible(message.entry)
    head = _calendar(message.method).to_ical().removesuffix(END)
    event, zone = _vevent(message, words)
    return b"".join([head, vtimezone_bytes(zone) or b"" if zone else b"", event.to_ical(), END])


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODID)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method.value)
    return calendar


def _vevent(message: CalendarMessage, words: Words) -> tuple[Event, str]:
    """The VEVENT, and the zone it needs, empty for UTC."""
    event = Event()
    event.add("UID", Text(message.entry.uid))
    event.add("DTSTAMP", vDatetime(message.stamped_at.astimezone(dt.UTC)))  # with METHOD: when this was said (3.8.7.2)
    event.add("SEQUENCE", message.sequence)
    zone = add_times(event, message.entry)
    event.add("ORGANIZER", _organizer(message.organizer))
    event.add("ATTENDEE", _attendee(message))
    if message.method is Method.CANCEL:
        _call_off(event, message.entry, words)
    else:
        entry = replace(message.entry, categories=(), contact="", geo=None, conference=None)
        add_texts(event, entry, words)
        add_standing(event, entry)
        add_place(event, entry)
    return event, zone


def _call_off(event: Event, entry: CalendarEntry, words: Words) -> None:
    """Only what tells a reader which entry goes; its title says so when it is off for everybody."""
    title = f"{words.cancelled}: {entry.summary}" if entry.status is EntryStatus.CANCELLED else entry.summary
    event.add("SUMMARY", Text(clean_line(title, limit=SUMMARY_LIMIT)))
    event.add("STATUS", "CANCELLED")
    event.add("TRANSP", "TRANSPARENT")


def _organizer(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    _name(address, party)
    return address


def _attendee(message: CalendarMessage) -> vCalAddress:
    """Asked to answer unless they have: on the web, or by the calendar's button before."""
    address = vCalAddress(f"mailto:{message.attendee.address}")
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = message.partstat
    if message.method is Method.REQUEST and message.partstat == NEEDS_ACTION:
        address.params["RSVP"] = "TRUE"
    _name(address, message.attendee)
    return address


def _name(address: vCalAddress, party: Party) -> None:
    """Without double quotes and carets: RFC 6868 has a way to write them in a parameter, and most calendars show it."""
    name = clean_line(party.name, limit=LABEL_LIMIT).replace('"', "'").replace("^", "'")
    if name:
        address.params["CN"] = name
