"""The digest: one mail with everything of somebody's in the coming days, for who wants that instead of reminders."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from core import phrases, time_words
from core.text import clean_line
from events.audiences import Facts, Part, Reader, events_of, facts_for
from events.letter_basis import time_of_day
from events.letters import Link, group_sender, plain_name
from events.models import Event, ReminderStep
from events.reminder_slots import Wishes
from events.reminder_times import DIGEST_AHEAD, Rhythm
from events.selectors.reminder_people import WISHES
from outbox.models import Message
from outbox.rendering import render_letter
from outbox.selectors import suppressed_scopes
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


def write_digest(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, unless they want no digest any more or nothing is left to say."""
    account = User.objects.filter(pk__in=[message.recipient_id])
    is_active, name, *wishes = account.values_list("is_active", "name", *WISHES).get()
    if not is_active:
        return Skip("the account is not in use")
    if wishes[0] is None or Wishes._make(wishes).digest == Rhythm.NONE:
        return Skip("this person wants no digest any more")
    reader = Reader(message.recipient_id, message.address)
    with translation.override(message.language or settings.LANGUAGE_CODE):
        items = digest_items(reader, now)
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
        "footer_links": [Link(_("Stop all reminders"), unsubscribe_url(address, "reminders"))],
    }
    groups = {item.group for item in items}
    sender = group_sender(items[0].group) if len(groups) == 1 else ""
    return dataclasses.replace(render_letter("reminder_digest", values), sender=sender)


def _headline(items: list[Item]) -> str:
    if len(items) == 1:
        return _("Coming up: %(event)s") % {"event": items[0].title}
    return ngettext("Coming up: %d meetup", "Coming up: %d meetups", len(items)) % len(items)


def digest_items(reader: Reader, now: dt.datetime) -> list[Item]:
    """Theirs in the coming days, the first first, without the groups whose reminders they stopped."""
    until = now + DIGEST_AHEAD
    found = {audience: events_of(audience, reader, now, until) for audience in ROLES}
    stopped = suppressed_scopes(reader.address)
    rows = Event.objects.filter(pk__in=set().union(*found.values()), status=Event.Status.PUBLISHED)
    items = []
    for event in rows.select_related("group", "venue").order_by("starts_at", "pk"):
        if f"reminders:group:{event.group_id}" in stopped:
            continue
        told = {audience: facts_for(audience, event, reader, now) for audience in ROLES if event.pk in found[audience]}
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
