"""Invitations to calendars and news about an event: queued with the change, written when they are sent."""

import copy
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events import calendar_links
from events.calendar_entries import words
from events.calendar_values import CalendarEntry, EntryStatus
from events.imip import NEEDS_ACTION, CalendarMessage, Method, Party, render_message
from events.invite_steps import Change, Facts
from events.invited import read_entries
from events.letter_basis import Basis
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


class Reading(NamedTuple):
    """What the invitations of one batch are written from, read at most two seconds before."""

    invites: dict[int, CalendarInvite]
    find: Callable[[UUID, Event], CalendarEntry | None]
    basis: Basis


def prepare_invites(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_invites(messages)
    for message in messages:
        message.at_hand = reading


def read_invites(messages: Iterable[Message]) -> Reading:
    """What their writer needs; at most eleven queries."""
    rows = CalendarInvite.objects.select_related("event__group", "event__venue", "event__series")
    invites = rows.prefetch_related("event__topics").in_bulk({message.payload["invite"] for message in messages})
    named = [(invite.uid, invite.event) for invite in invites.values()]
    return Reading(invites, read_entries(named), Basis(event for _uid, event in named))


def write_invite(message: Message, now: dt.datetime) -> Letter | Skip:
    """What was counted when it was queued, in words of today; a newer message to the same calendar goes instead."""
    reading = message.at_hand or read_invites([message])
    invite = reading.invites.get(message.payload["invite"])
    if invite is None:
        return Skip("the invite is gone")
    if invite.revision != message.payload["revision"]:
        return Skip("a newer message to this calendar follows")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        entry = reading.find(invite.uid, invite.event)
        if entry is None and invite.method == Method.REQUEST:
            return Skip("what it was about is gone")
        change = Change(message.payload["change"])
        return _letter(invite, told_entry(invite, entry), change, message.payload["before"], reading.basis)


def told_entry(invite: CalendarInvite, entry: CalendarEntry | None) -> CalendarEntry:
    """The entry as this calendar was told of it: texts of today, if there are any, dates and places of the message."""
    facts = Facts.from_json(invite.told)
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


def _letter(
    invite: CalendarInvite, entry: CalendarEntry, change: Change, before: dict[str, Any] | None, basis: Basis
) -> Letter:
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
    letter = event_letter(TEMPLATES.get(change, UPDATE), _values(invite, entry, change, before, basis))
    return Letter(letter.subject, letter.text, letter.html, CalendarPart(invite.method, body))


def _values(
    invite: CalendarInvite, entry: CalendarEntry, change: Change, before: dict[str, Any] | None, basis: Basis
) -> dict[str, Any]:
    """What the templates of these three letters may name."""
    event = _as_told(invite.event, entry) if invite.role == CalendarInvite.Role.ATTENDEE else invite.event
    slot = [Fact(_("Your slot"), entry.summary, (when_words(entry),))] if event is invite.event else []
    has_moved = change in (Change.DATE, Change.PLACE) and entry.status is not EntryStatus.POSTPONED
    was = [Fact(_("Before"), was_words(before, change))] if before and has_moved else []
    is_online = entry.location == _("Online")
    values = event_values(event, is_online=is_online, facts=[*slot, *was], buttons=_buttons(invite, entry), basis=basis)
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
    """To the page on which one answers: opening it changes nothing, and no secret stands in a mail people share.

    There is nothing to answer while the date is open.
    """
    if invite.method == Method.CANCEL or invite.role == CalendarInvite.Role.SPEAKER:
        return [Link(_("The page of the event"), entry.url)] if entry.url else []
    page = settings.SITE_URL + reverse("my_registration", args=[invite.event.slug])
    if invite.partstat == NEEDS_ACTION and entry.status is not EntryStatus.POSTPONED:
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
