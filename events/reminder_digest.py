"""The digest: one mail with everything of somebody's in the coming days, for who wants that instead of reminders."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from core import phrases, time_words
from core.text import clean_line
from events.audiences import Asked, Facts, Part, Reader, Tell, events_of, facts_of
from events.letter_basis import time_of_day
from events.letters import Link, group_sender, plain_name
from events.mail_scopes import ALL_REMINDERS, reminders_of
from events.models import Event, ReminderStep
from events.reminder_reading import reader_of
from events.reminder_slots import Wishes
from events.reminder_times import DIGEST_AHEAD, Rhythm
from events.selectors.reminder_people import WISHES, accounts_of
from outbox.models import Message
from outbox.rendering import render_letter
from outbox.selectors import suppressed_scopes_of
from outbox.unsubscribing import unsubscribe_url
from outbox.writers import Letter, Skip

Audience = ReminderStep.Audience
ROLES: dict[str, Promise] = {
    Audience.SPEAKERS: gettext_lazy("you speak"),
    Audience.STAND_BY: gettext_lazy("you are on stand-by"),
    Audience.HOSTS: gettext_lazy("you organise or host"),
    Audience.GOING: gettext_lazy("you have a place"),
    Audience.WAITING: gettext_lazy("you are on the waitlist"),
}


class Item(NamedTuple):
    """One event: what the reader is there, their own times on stage, and the links that are theirs alone."""

    group: str
    title: str
    url: str
    when: str
    roles: str
    parts: tuple[str, ...]
    links: tuple[Link, ...]


@dataclasses.dataclass(frozen=True)
class Reading:
    """What the digests of one batch are written from, read at most two seconds before.

    Accounts, what their readers stopped, and the events of the coming days with what they are told there, by audience.
    """

    accounts: dict[int, tuple[Any, ...]]
    stopped: dict[str, set[str]]
    events: list[Event]
    found: dict[str, dict[Reader, set[int]]]
    tell: dict[str, Tell]


def prepare_digests(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_digests(messages, now)
    for message in messages:
        message.at_hand = reading


def read_digests(messages: Collection[Message], now: dt.datetime) -> Reading:
    """What their writer needs; at most 21 queries."""
    readers = {reader_of(message) for message in messages}
    columns = ("pk", "is_active", "name", *WISHES)
    accounts = User.objects.filter(pk__in=accounts_of(readers)).values_list(*columns)
    found = {audience: events_of(audience, readers, now, now + DIGEST_AHEAD) for audience in ROLES}
    pks = {pk for theirs in found.values() for events in theirs.values() for pk in events}
    rows = Event.objects.filter(pk__in=pks, status=Event.Status.PUBLISHED).select_related("group", "venue")
    events = list(rows.order_by("starts_at", "pk"))
    return Reading(
        {row[0]: row[1:] for row in accounts},
        suppressed_scopes_of({reader.address for reader in readers}),
        events,
        found,
        {audience: facts_of(audience, _asked(theirs, events)) for audience, theirs in found.items()},
    )


def _asked(found: dict[Reader, set[int]], events: list[Event]) -> list[Asked]:
    return [Asked(event, reader) for reader, theirs in found.items() for event in events if event.pk in theirs]


def write_digest(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, unless they want no digest any more or nothing is left to say."""
    reading, reader = message.at_hand or read_digests([message], now), reader_of(message)
    is_active, name, *wishes = reading.accounts[reader.user_id or 0]
    if not is_active:
        return Skip("the account is not in use")
    if wishes[0] is None or Wishes._make(wishes).digest == Rhythm.NONE:
        return Skip("this person wants no digest any more")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        items = digest_items(reader, reading, now)
        if not items:
            return Skip("nothing is left to say")
        return digest_letter(items, plain_name(name), message.address)


def digest_letter(items: list[Item], name: str, address: str) -> Letter:
    """In the active language; from the group, or from the site where they are several."""
    values = {
        "items": items,
        "name": name,
        "headline": _headline(items),
        "preferences_url": f"{settings.SITE_URL}/me/mail/",
        "footer_links": [Link(_("Stop all reminders"), unsubscribe_url(address, ALL_REMINDERS))],
    }
    groups = {item.group for item in items}
    sender = group_sender(items[0].group) if len(groups) == 1 else ""
    return dataclasses.replace(render_letter("reminder_digest", values), sender=sender)


def _headline(items: list[Item]) -> str:
    if len(items) == 1:
        return _("Coming up: %(event)s") % {"event": items[0].title}
    return ngettext("Coming up: %d meetup", "Coming up: %d meetups", len(items)) % len(items)


def digest_items(reader: Reader, reading: Reading, now: dt.datetime) -> list[Item]:
    """Theirs in the coming days, the first first, without the groups whose reminders they stopped."""
    items = []
    for event in reading.events:
        if event.starts_at <= now or reminders_of(event.group_id) in reading.stopped[reader.address]:
            continue
        roles = [audience for audience in ROLES if event.pk in reading.found[audience][reader]]
        told = {audience: reading.tell[audience](event, reader) for audience in roles}
        item = _item(event, {audience: facts for audience, facts in told.items() if facts is not None})
        items += [item] if item else []
    return items


def _item(event: Event, told: dict[str, Facts]) -> Item | None:
    if not told:
        return None
    links = {link.href: link for facts in told.values() for link in facts.buttons}
    return Item(
        group=event.group.name,
        title=clean_line(event.title),
        url=settings.SITE_URL + event.get_absolute_url(),
        when=_when(event),
        roles=_list(str(ROLES[audience]) for audience in told),
        parts=tuple(_part(part, event) for facts in told.values() for part in facts.parts),
        links=tuple(links.values()),
    )


def _when(event: Event) -> str:
    words = _("%(moment)s, %(zone)s")
    zone = event.time_zone
    return words % {"moment": time_words.moment(event.starts_at, zone), "zone": time_words.zone_name(zone)}


def _part(part: Part, event: Event) -> str:
    starts = time_of_day(part.starts_at, event.time_zone) if part.starts_at else ""
    return " ".join(filter(None, (starts, clean_line(part.title))))


def _list(words: Iterable[str]) -> str:
    text = phrases.joined(words)
    return text[:1].upper() + text[1:]
