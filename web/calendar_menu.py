"""The links that put an event or a feed into somebody's own calendar, in the order they are offered."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from events import calendar_links
from events.calendar_entries import event_entry
from events.calendar_values import CalendarEntry
from events.models import Event, Group, Series
from lightning.calendar_entries import talk_entry
from lightning.models import Talk
from speakers.models import Speaker, Topic


@dataclass(frozen=True)
class CalendarLink:
    """`kind` is `subscribe` (keeps itself up to date) or `add` (a copy that never changes)."""

    kind: str
    label: str
    url: str


def calendar_menu(event: Event, base_url: str | None = None) -> list[CalendarLink]:
    """For an event: follow its group first, since copies go stale, then copy this event alone.

    Reads the event's group, venue, series and topics. A cancelled event has nothing to add. `base_url` is the site's
    own address unless said otherwise.
    """
    base_url = settings.SITE_URL if base_url is None else base_url
    links = group_menu(event.group, base_url)
    if event.status in {Event.Status.PUBLISHED, Event.Status.POSTPONED}:
        links += _add_links(event, base_url)
    return links


def talk_menu(talk: Talk, base_url: str) -> list[CalendarLink]:
    """For one talk with a time: copies of it. Reads what `talk_entry` reads."""
    event = talk.block.session.event
    entry = talk_entry(talk, site_url=base_url)
    if entry is None or event.status not in {Event.Status.PUBLISHED, Event.Status.POSTPONED}:
        return []
    file = base_url + reverse("calendar_talk", args=[talk.code])
    return entry_links(entry, file if event.group.is_listed else "")


def group_menu(group: Group, base_url: str | None = None) -> list[CalendarLink]:
    """The ways to follow a group; none for an unlisted one, which has no public feed."""
    return subscribe_menu(group, base_url) if group.is_listed else []


def subscribe_menu(about: Group | Series | Speaker | Topic, base_url: str | None = None) -> list[CalendarLink]:
    """The ways to follow the feed of a group, series, speaker or topic."""
    base_url = settings.SITE_URL if base_url is None else base_url
    return subscribe_links(base_url + feed_path(about), str(about))


def subscribe_links(feed_url: str, name: str) -> list[CalendarLink]:
    """The same for any feed, such as `/calendars/all.ics` or a search."""
    return [
        CalendarLink("subscribe", _("Apple, Thunderbird, Outlook"), calendar_links.webcal(feed_url)),
        CalendarLink("subscribe", _("Google Calendar"), calendar_links.google_subscribe(feed_url)),
        CalendarLink("subscribe", _("Outlook.com"), calendar_links.outlook_subscribe(feed_url, name)),
        CalendarLink("subscribe", _("Microsoft 365"), calendar_links.office_subscribe(feed_url, name)),
        CalendarLink("subscribe", _("Address of the feed"), feed_url),
    ]


def feed_path(about: Event | Group | Series | Speaker | Topic) -> str:
    """The path of the feed about something."""
    return reverse(f"calendar_{about._meta.model_name}", args=[about.slug])


def _add_links(event: Event, base_url: str) -> list[CalendarLink]:
    entry = event_entry(event, site_url=base_url)
    return entry_links(entry, base_url + feed_path(event) if event.group.is_listed else "")


def entry_links(entry: CalendarEntry, file: str = "") -> list[CalendarLink]:
    """Copies of one entry; `file` is the address of its .ics, where it has one."""
    links = [
        *([(_("Calendar file (.ics)"), file)] if file else []),
        (_("Google Calendar"), calendar_links.google_add(entry)),
        (_("Outlook.com"), calendar_links.outlook_add(entry)),
        (_("Microsoft 365"), calendar_links.office_add(entry)),
        (_("Yahoo"), calendar_links.yahoo_add(entry)),
    ]
    return [CalendarLink("add", label, url) for label, url in links if url]
