"""Invitations to calendars and news about an event: queued with the change, written when they are sent."""

import copy
import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events import calendar_links
from events.calendar_entries import words
from events.calendar_values import CalendarEntry, EntryStatus
from events.imip import NEEDS_ACTION, CalendarMessage, Method, Party, render_message
from events.invite_steps import Change, Facts
from events.invited import find_entry
from events.letters import Fact, Link, event_letter, event_values, group_sender, when
from events.models import CalendarInvite, Event
from outbox.models import Message, Priority
from outbox.services import MessageFields
from outbox.writers import CalendarPart, Letter, Skip

INVITE = "calendar_invite"
TEMPLATES = {Change.INVITED: "calendar_invite", Change.CALLED_OFF: "calendar_cancel"}
UPDATE = "calendar_update"


def invite_fields(
    invite: CalendarInvite, change: Change, *, group: str, language: str, priority: Priority, now: dt.datetime
) -> MessageFields:
    """The message for the invite's present revision; From, Reply-To and ORGANIZER are one address."""
    payload = {"invite": invite.pk, "revision": invite.revision, "sequence": invite.sequence, "change": change.value}
    return {
        "kind": INVITE,
        "dedupe_key": f"{INVITE}:{invite.pk}:{invite.revision}",
        "address": invite.address,
        "recipient_id": invite.user_id,
        "sender": group_sender(group, invite.organizer),
        "reply_to": invite.organizer,
        "language": language if language in dict(settings.LANGUAGES) else "",
        "payload": payload | {"before": getattr(invite, "before", None)},
        "group_id": invite.event.group_id,
        "event_id": invite.event_id,
        "priority": priority,
        "now": now,
        "expires_at": Facts.from_json(invite.told).ends_at,
    }


def write_invite(message: Message, now: dt.datetime) -> Letter | Skip:
    """What was counted when it was queued, in words of today; a newer message to the same calendar goes instead."""
    rows = CalendarInvite.objects.select_related("event__group", "event__venue", "event__series")
    invite = rows.filter(pk=message.payload["invite"]).first()
    if invite is None:
        return Skip("the invite is gone")
    if invite.revision != message.payload["revision"]:
        return Skip("a newer message to this calendar follows")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        entry = told_entry(invite)
        if entry is None:
            return Skip("what it was about is gone")
        return _letter(invite, entry, Change(message.payload["change"]), message.payload["before"])


def told_entry(invite: CalendarInvite) -> CalendarEntry | None:
    """The entry as this calendar was told of it: texts of today, dates and places of the message."""
    facts = Facts.from_json(invite.told)
    entry = find_entry(invite.uid, invite.event)
    if entry is None and invite.method == Method.REQUEST:
        return None
    return CalendarEntry(
        uid=str(invite.uid),
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        zone=facts.zone,
        summary=entry.summary if entry else facts.summary,
        revised_at=invite.stamped_at,
        created_at=invite.created_at,
        sequence=invite.sequence,
        status=EntryStatus(facts.status),
        description=entry.description if entry else "",
        location=_spoken(facts.location),
        url=entry.url if entry else "",
        transparent=False,
        private=entry.private if entry else False,
    )


def _spoken(location: str) -> str:
    """The one word among places, in the reader's language."""
    with translation.override(settings.LANGUAGE_CODE):
        is_online = location == _("Online")
    return _("Online") if is_online else location


def _letter(invite: CalendarInvite, entry: CalendarEntry, change: Change, before: dict[str, Any] | None) -> Letter:
    body = render_message(
        CalendarMessage(
            method=Method(invite.method),
            entry=entry,
            organizer=Party(invite.event.group.name, invite.organizer),
            attendee=Party(invite.name, invite.address),
            sequence=invite.sequence,
            stamped_at=invite.stamped_at,
            partstat=invite.partstat,
        ),
        words(),
    )
    letter = event_letter(TEMPLATES.get(change, UPDATE), _values(invite, entry, change, before))
    return Letter(letter.subject, letter.text, letter.html, CalendarPart(invite.method, body))


def _values(
    invite: CalendarInvite, entry: CalendarEntry, change: Change, before: dict[str, Any] | None
) -> dict[str, Any]:
    """What the templates of these three letters may name."""
    event = _as_told(invite.event, entry) if invite.role == CalendarInvite.Role.ATTENDEE else invite.event
    slot = [Fact(_("Your slot"), entry.summary, (when_words(entry),))] if event is invite.event else []
    was = [Fact(_("Before"), was_words(before, change))] if before and change in (Change.DATE, Change.PLACE) else []
    is_online = entry.location == _("Online")
    values = event_values(event, is_online=is_online, facts=[*slot, *was], buttons=_buttons(invite, entry))
    preferences = values["preferences_url"] if invite.user_id else ""
    return values | {
        "name": invite.name,
        "change": change.value,
        "entry": entry,
        "is_speaker": invite.role == CalendarInvite.Role.SPEAKER,
        "is_asked": invite.partstat == NEEDS_ACTION,
        "is_off": entry.status is EntryStatus.CANCELLED,
        "was_off": before is not None and before["status"] == EntryStatus.CANCELLED,
        "is_postponed": entry.status is EntryStatus.POSTPONED,
        "told_date": when_words(entry),
        "preferences_url": "",
        "footer_links": [Link(_("No invitations by mail"), preferences)] if preferences else [],
        "adding": [] if invite.method == Method.CANCEL else adding_links(entry),
        "file_url": settings.SITE_URL + reverse("calendar_event", args=[invite.event.slug]),
    }


def _as_told(event: Event, entry: CalendarEntry) -> Event:
    """In memory, with the dates of the message: text and calendar part of one mail say the same."""
    event = copy.copy(event)
    event.starts_at, event.ends_at, event.time_zone = entry.starts_at, entry.ends_at, entry.zone
    return event


def when_words(entry: CalendarEntry) -> str:
    """`Tuesday 17 November 2026, 19:10 to 19:15`."""
    return when(Event(starts_at=entry.starts_at, ends_at=entry.ends_at, time_zone=entry.zone)).headline


def was_words(before: dict[str, Any], change: Change) -> str:
    """The date or the place that is not valid any more."""
    facts = Facts.from_json(before)
    if change is Change.PLACE:
        return _spoken(facts.location) or _("no place yet")
    return when(Event(starts_at=facts.starts_at, ends_at=facts.ends_at, time_zone=facts.zone)).headline


def _buttons(invite: CalendarInvite, entry: CalendarEntry) -> list[Link]:
    """To the page on which one answers: opening it changes nothing, and no secret stands in a mail people share."""
    if invite.method == Method.CANCEL or invite.role == CalendarInvite.Role.SPEAKER:
        return [Link(_("The page of the event"), entry.url)] if entry.url else []
    page = settings.SITE_URL + reverse("rsvp", args=[invite.event.slug])
    if invite.partstat == NEEDS_ACTION:
        return [Link(_("Yes, I can come"), page), Link(_("No, I can’t"), page)]
    return [Link(_("My registration"), page)]


def adding_links(entry: CalendarEntry) -> list[Link]:
    """For calendars that take no invitations: copies, which never change by themselves."""
    links = [
        ("Google", calendar_links.google_add(entry)),
        ("Outlook", calendar_links.outlook_add(entry)),
        ("Microsoft 365", calendar_links.office_add(entry)),
        ("Yahoo", calendar_links.yahoo_add(entry)),
    ]
    return [Link(name, href) for name, href in links if href]
