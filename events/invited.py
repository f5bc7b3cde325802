"""Who shall hold which entry in their calendar, as values; the floors above say so for their own people.

Facts are compared over months, so they are made in the site's language; the reader's own comes in when a mail is
written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.utils import translation

from accounts.models import MailPreferences, User
from events.calendar_entries import event_entry, session_entry
from events.calendar_values import CalendarEntry
from events.invite_steps import Facts
from events.models import Event, Session

FEED_IS_READ = dt.timedelta(days=7)  # a calendar that reads the feed asks once a day, at least
Find = Callable[[UUID], CalendarEntry | None]
ReadEntries = Callable[[Collection[UUID]], Find]
_entries: list[ReadEntries] = []


@dataclass(frozen=True)
class Guest:
    """Whose calendar it is; the address in lower case, `user_id` None for a speaker without an account."""

    role: str
    address: str
    name: str
    user_id: int | None


@dataclass(frozen=True)
class Wanted:
    """What one calendar shall show; `said_yes_at` is when they said on the web that they come."""

    event: Event
    entry: CalendarEntry
    guest: Guest
    said_yes_at: dt.datetime | None = None

    @property
    def key(self) -> tuple[UUID, str]:
        """One invite has one UID and one address."""
        return UUID(self.entry.uid), self.guest.address

    @property
    def facts(self) -> Facts:
        """What the calendar shall be told."""
        entry = self.entry
        return Facts(
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            zone=entry.zone,
            location=entry.location,
            format=self.event.format,
            status=entry.status,
            summary=entry.summary,
        )


def register_entries(read: ReadEntries) -> None:
    """From now on `read(uids)` reads entries this floor does not know; what it returns finds one of them.

    In the language that is active then: letters in several languages are written from one reading.
    """
    _entries.append(read)


def attendee_entry(event: Event) -> CalendarEntry:
    """The event as it stands in the calendar of who goes; reads group, venue, series and topics."""
    with translation.override(settings.LANGUAGE_CODE):
        return for_mail(event_entry(event, site_url=settings.SITE_URL, transparent=False), event)


def for_mail(entry: CalendarEntry, event: Event) -> CalendarEntry:
    """An entry of its own reader: private when the group is not for everybody to find."""
    return replace(entry, transparent=False, private=not event.group.is_listed)


def read_entries(named: Iterable[tuple[UUID, Event]]) -> Callable[[UUID, Event], CalendarEntry | None]:
    """Reads; what it returns says what a UID names today, None when it is gone or has no time any more.

    Reads group, venue, series and topics of events: fetch them with the events.
    """
    slots = {uid for uid, event in named if uid != event.ical_uid}
    finds = [read(slots) for read in (_read_sessions, *_entries)] if slots else []

    def find(uid: UUID, event: Event) -> CalendarEntry | None:
        if uid == event.ical_uid:
            return for_mail(event_entry(event, site_url=settings.SITE_URL, transparent=False), event)
        found = (find_slot(uid) for find_slot in finds)
        return next((for_mail(entry, event) for entry in found if entry is not None), None)

    return find


def _read_sessions(uids: Collection[UUID]) -> Find:
    rows = Session.objects.select_related("event__group", "event__venue", "room").filter(ical_uid__in=uids)
    found = {session.ical_uid: session for session in rows.prefetch_related("topics", "session_speakers__speaker")}
    return lambda uid: session_entry(found[uid], site_url=settings.SITE_URL) if uid in found else None


def takes_invitations(user: User, *, now: dt.datetime) -> bool:
    """What they chose; else unless a calendar of theirs read their feed this week, which would show things twice.

    Reads mail_preferences and feed_key: fetch them with the account.
    """
    preferences = getattr(user, "mail_preferences", None)
    choice = preferences.calendar if preferences else MailPreferences.Calendar.AUTO
    if choice != MailPreferences.Calendar.AUTO:
        return choice == MailPreferences.Calendar.MAIL
    key = getattr(user, "feed_key", None)
    return key is None or key.last_fetched_at is None or key.last_fetched_at <= now - FEED_IS_READ
