"""The letter about a change, for who hears it from no calendar: queued when the notice goes out, written when sent."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from events.concerned import Concerned, sources
from events.letter_basis import Basis
from events.letters import Fact, Link, event_letter, event_values, when
from events.models import ChangeNotice, Event
from events.news import ADDRESS, TEXTS, changed_between
from outbox.models import Message, Priority
from outbox.services import MessageFields
from outbox.writers import Letter, Skip

NOTICE = "change_notice"


def snapshot(event: Event) -> dict[str, Any]:
    """What events.news compares; reads the venue."""
    return {
        "starts_at": event.starts_at.astimezone(dt.UTC).isoformat(),
        "ends_at": event.ends_at.astimezone(dt.UTC).isoformat(),
        "time_zone": event.time_zone,
        "venue": event.venue_id,
        "venue_name": event.venue.name if event.venue else "",
        "address": f"{event.venue.name}, {event.venue.address}" if event.venue else "",
        "format": event.format,
        "status": event.status,
    }


def notice_fields(
    notice: ChangeNotice, reader: Concerned, *, stage: str, person: str, now: dt.datetime
) -> MessageFields:
    """One letter for each notice and person."""
    return {
        "kind": NOTICE,
        "dedupe_key": f"{NOTICE}:{notice.pk}:{person}",
        "address": reader.address,
        "recipient_id": reader.user_id,
        "language": reader.language if reader.language in dict(settings.LANGUAGES) else "",
        "payload": {"notice": notice.pk, "stage": stage, "name": reader.name},
        "group_id": notice.event.group_id,
        "event_id": notice.event_id,
        "priority": Priority.BULK,
        "now": now,
        "expires_at": notice.event.ends_at,
    }


class Reading(NamedTuple):
    """What the letters of one batch are written from, read at most two seconds before."""

    notices: dict[int, ChangeNotice]
    concerned: set[tuple[int, str, str]]  # notice, stage, address
    basis: Basis


def prepare_notices(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_notices(messages)
    for message in messages:
        message.at_hand = reading


def read_notices(messages: Collection[Message]) -> Reading:
    """What their writer needs; three queries, and one for each notice and stage."""
    rows = ChangeNotice.objects.select_related("event__group", "event__venue")
    notices = rows.in_bulk({message.payload["notice"] for message in messages})
    addresses: dict[tuple[int, str], set[str]] = {}
    for message in messages:
        key = (message.payload["notice"], message.payload["stage"])
        addresses.setdefault(key, set()).add(message.address.lower())
    concerns = {people.name: people.concerns for people in sources()}
    concerned = {
        (pk, stage, address)
        for (pk, stage), asked in addresses.items()
        if pk in notices and stage in concerns
        for address in concerns[stage](notices[pk].event, asked)
    }
    return Reading(notices, concerned, Basis(notice.event for notice in notices.values()))


def write_notice(message: Message, now: dt.datetime) -> Letter | Skip:
    """What is the case now and what it was; not to who left meanwhile, and not when it was taken back."""
    reading, pk = message.at_hand or read_notices([message]), message.payload["notice"]
    notice = reading.notices.get(pk)
    if notice is None:
        return Skip("the event is gone")
    changed = changed_between(notice.before, snapshot(notice.event))
    if not changed:
        return Skip("the change was taken back since")
    if (pk, message.payload["stage"], message.address.lower()) not in reading.concerned:
        return Skip("this person has left the event")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        values = notice_values(notice.event, notice.before, changed, message.payload, basis=reading.basis)
        return event_letter(NOTICE, values)


def notice_values(
    event: Event,
    before: dict[str, Any],
    changed: list[str],
    reader: dict[str, Any],
    *,
    basis: Basis | None = None,
) -> dict[str, Any]:
    """What the templates may name: the news in `news`, and below When and Where what they were."""
    buttons = [Link(_("The page of the event"), settings.SITE_URL + event.get_absolute_url())]
    is_speaker = reader["stage"] == "speakers"
    if not is_speaker and event.status != Event.Status.CANCELLED:
        page = reverse("my_registration", args=[event.slug])
        buttons.append(Link(_("Can’t make it?"), settings.SITE_URL + page))
    return event_values(event, facts=was(event, before, changed), buttons=buttons, basis=basis) | {
        "name": reader["name"],
        "news": news_of(event, before, changed),
        "is_speaker": is_speaker,
    }


def news_of(event: Event, before: dict[str, Any], changed: list[str]) -> str:
    """The one word that subject and lead turn on: what a reader has to know first."""
    if event.status != Event.Status.PUBLISHED:
        return str(event.status)
    if "status" in changed:
        return "on_again" if before["status"] == Event.Status.CANCELLED else "new_date"
    return "new_date" if {"starts_at", "ends_at"} & set(changed) else "new_place"


def was(event: Event, before: dict[str, Any], changed: list[str]) -> list[Fact]:
    """The date and the place that are not valid any more."""
    facts = []
    if {"starts_at", "ends_at"} & set(changed):
        old = {name: before.get(name) for name in ("starts_at", "ends_at")}
        times = {name: dt.datetime.fromisoformat(text) if text else getattr(event, name) for name, text in old.items()}
        past = Event(**times, time_zone=before.get("time_zone", event.time_zone))
        facts.append(Fact(_("Date before"), when(past).headline))
    if "venue" in changed:
        facts.append(Fact(_("Place before"), before["venue_name"] or _("no place yet")))
    return facts


def change_words(changed: list[str]) -> list[str]:
    """The changed fields in words, for organisers."""
    labels: dict[str, Any] = {field.name: field.verbose_name for field in Event._meta.concrete_fields}
    labels |= {TEXTS: _("texts"), ADDRESS: _("address")}
    return [str(labels[name]) for name in changed]
