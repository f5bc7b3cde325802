"""From somebody's registration to a calendar value for their own feed; asks the database nothing."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from events.calendar_entries import event_entry, paragraphs
from events.calendar_values import CalendarEntry, Conference, EntryStatus
from registrations.models import Place, Registration
from registrations.states import State

HAS_A_SEAT = frozenset({State.GOING, State.CHECKED_IN, State.NO_SHOW})


def registration_entry(
    registration: Registration, *, site_url: str, join_url: str = "", alarm_minutes: int | None = None
) -> CalendarEntry:
    """The event as it stands for this person; reads it with group, venue, series and topics.

    Going blocks their time. Waiting, being asked and being looked at are tentative and say so in front of the title.
    `join_url` is their own way in, for who takes part online: it stands here because nobody else reads this feed.
    """
    event = registration.event
    entry = event_entry(event, site_url=site_url, transparent=registration.state not in HAS_A_SEAT)
    entry = replace(entry, revised_at=max(event.revised_at, registration.changed_at), private=not event.group.is_listed)
    if registration.place == Place.ONLINE:
        entry = replace(entry, location=_("Online"), geo=None)
    if entry.status is not EntryStatus.CONFIRMED:
        return entry
    if registration.state not in HAS_A_SEAT:
        return replace(entry, status=EntryStatus.TENTATIVE, summary=f"{standing(registration)}: {entry.summary}")
    return _with_way_in(replace(entry, alarm_minutes=alarm_minutes), join_url)


def standing(registration: Registration) -> str:
    """The word in front of the title of what is not certain."""
    return _("Maybe") if registration.state == State.REQUESTED else _("Waitlist")


def _with_way_in(entry: CalendarEntry, join_url: str) -> CalendarEntry:
    """Many calendars show no CONFERENCE, so the link stands in the text, too, and in front: long texts are cut."""
    if not join_url:
        return entry
    joining = _("Join online: %(url)s") % {"url": join_url}
    conference = Conference(join_url, _("Join online"))
    return replace(entry, conference=conference, description=paragraphs(joining, entry.description))
