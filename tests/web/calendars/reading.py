"""Making meetups and reading feeds, for the tests of calendars."""

import datetime as dt
from typing import Any

import icalendar

from events.models import Event, Group
from tests.factories import EventFactory

NOW = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ALL = "/calendars/all.ics"


def meetup(group: Group, days: float = 7, **values: Any) -> Event:
    starts_at = NOW + days * DAY
    return EventFactory(group=group, **{"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, **values})


def entries(body: bytes) -> list[icalendar.Event]:
    return [part for part in icalendar.Calendar.from_ical(body).walk("VEVENT") if isinstance(part, icalendar.Event)]


def titles(body: bytes) -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(body)]
