"""Invite the site: an invitation mailed to a group's secret address becomes a draft, and keeps it up to date.

What somebody has edited since the last message stays theirs, and a public event is never changed by a mail.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from core.fields import web_address
from core.text import search_words, unique_slug
from core.tokens import new_secret
from events.foreign_events import CalledOff, ForeignEvent, read_event
from events.import_letters import CHANGED, DRAFTED, tell_organisers
from events.models import Event, Group, ImportedEvent, Venue
from events.services.events import create_event, revise_event
from inbox.handlers import Incoming, Outcome
from inbox.mime import Unreadable, opened
from inbox.models import State

A_DAY = dt.timedelta(days=1)
MOST_DRAFTS_A_DAY = 50
# What is kept or followed as one: half of a date is none.
PARTS = {
    "title": ("title",),
    "description": ("description",),
    "time": ("starts_at", "ends_at", "time_zone"),
    "place": ("venue", "format", "online_url"),
}


def import_invitation(incoming: Incoming, now: dt.datetime) -> Outcome:
    """The handler of mail to plan+…@: the draft it made or changed, or why it did neither."""
    message = opened(incoming.raw)
    if isinstance(message, Unreadable):
        return _ignored(message.reason)
    group = Group.objects.select_for_update(no_key=True).filter(mail_token=incoming.token).first()
    if group is None:
        return _ignored("no group has this address")
    said = read_event(message, home_zone=group.time_zone)
    if isinstance(said, Unreadable):
        return _ignored(said.reason)
    return _apply(group, said, min(said.stamped_at, incoming.received_at), now=now)


def _apply(group: Group, said: ForeignEvent | CalledOff, stamped_at: dt.datetime, *, now: dt.datetime) -> Outcome:
    """By what is known of this UID in this group; other groups' events are out of its reach."""
    known = ImportedEvent.objects.select_for_update(of=("self",)).filter(group=group, uid=said.uid).first()
    if known and (said.sequence, stamped_at) <= (known.sequence, known.stamped_at):
        return _ignored("the same or a newer message about it is known")
    if isinstance(said, CalledOff):
        return _call_off(known, said, stamped_at, now=now)
    if known:
        return _follow(known, said, stamped_at, now=now)
    return _draft(group, said, stamped_at, now=now)


@transaction.atomic
def make_mail_address(*, group: Group) -> str:
    """A new secret address; mail to the one before is ignored from now on."""
    stored = Group.objects.select_for_update(no_key=True).get(pk=group.pk)
    stored.mail_token = new_secret().lower()
    stored.save(update_fields=["mail_token"])
    return mail_address(stored)


def mail_address(group: Group) -> str:
    """Where invitations for this group are sent to; empty while nobody has asked for one."""
    return f"plan+{group.mail_token}@{settings.REPLY_DOMAIN}" if group.mail_token else ""


def _ignored(reason: str) -> Outcome:
    return Outcome(State.IGNORED, reason)


def _draft(group: Group, said: ForeignEvent, stamped_at: dt.datetime, *, now: dt.datetime) -> Outcome:
    if _is_ours(said.uid):
        return _ignored("it is an event of this site")
    if group.imported_events.filter(received_at__gt=now - A_DAY).count() >= MOST_DRAFTS_A_DAY:
        return _ignored(f"this group got {MOST_DRAFTS_A_DAY} drafts by mail within a day")
    fields = _fields(said)
    slugs = set(Event.objects.annotate(low=Lower("slug")).values_list("low", flat=True))
    slug = unique_slug(fields["title"], slugs, fallback="event")
    event = create_event(now=now, group=group, slug=slug, **fields)
    imported = ImportedEvent.objects.create(
        group=group,
        event=event,
        uid=said.uid,
        organizer=said.organizer,
        sequence=said.sequence,
        stamped_at=stamped_at,
        values=_as_json(fields) | {"remarks": list(said.remarks)},
        received_at=now,
    )
    tell_organisers(DRAFTED, imported, now=now)
    return Outcome(State.APPLIED, "; ".join([f"draft made: {event.slug}", *said.remarks]))


def _is_ours(uid: str) -> bool:
    try:
        return Event.objects.filter(ical_uid=uuid.UUID(uid)).exists()
    except ValueError:
        return False


def _follow(known: ImportedEvent, said: ForeignEvent, stamped_at: dt.datetime, *, now: dt.datetime) -> Outcome:
    """Take over what changed, where nobody has laid hands on it since."""
    event = Event.objects.select_for_update(of=("self",)).filter(imported=known).first()
    known.sequence, known.stamped_at, known.called_off_at = said.sequence, stamped_at, None
    known.save(update_fields=["sequence", "stamped_at", "called_off_at"])
    if event is None:
        return _ignored("its draft was deleted")
    fields = _fields(said)
    if event.status != Event.Status.DRAFT:
        if _as_json(fields).items() <= known.values.items():
            return _ignored("it says what it said before")
        tell_organisers(CHANGED, known, now=now)
        return Outcome(State.APPLIED, f"{event.slug} is public and was not changed: the organisers are told")
    kept = _edited(event, known.values)
    taken = {name: fields[name] for part, names in PARTS.items() if part not in kept for name in names}
    revise_event(event=event, now=now, **taken)
    known.values = known.values | _as_json(taken) | {"remarks": list(said.remarks)}
    known.save(update_fields=["values"])
    hands = [f"kept as edited by hand: {', '.join(kept)}"] if kept else []
    return Outcome(State.APPLIED, "; ".join([f"draft changed: {event.slug}", *hands, *said.remarks]))


def _edited(event: Event, values: Mapping[str, Any]) -> list[str]:
    """The parts that are not as the last message left them."""
    present = _as_json({name: getattr(event, name) for names in PARTS.values() for name in names})
    return [part for part, names in PARTS.items() if any(present[name] != values.get(name) for name in names)]


def _call_off(known: ImportedEvent | None, said: CalledOff, stamped_at: dt.datetime, *, now: dt.datetime) -> Outcome:
    """The event stays as it is, with a mark on it: whether it takes place without its inventor, people decide."""
    if known is None:
        return _ignored("it calls off what never came")
    known.sequence, known.stamped_at, known.called_off_at = said.sequence, stamped_at, now
    known.save(update_fields=["sequence", "stamped_at", "called_off_at"])
    if known.event_id is None:
        return _ignored("its draft was deleted")
    tell_organisers(CHANGED, known, now=now)
    return Outcome(State.APPLIED, "marked as called off by its organizer")


def _fields(said: ForeignEvent) -> dict[str, Any]:
    """The fields of an event; a place that is none of our venues is told in the description."""
    venue = _venue(said.location)
    online_url = _acceptable(said.online_url)
    where = "" if venue or not said.location else _("Where: %(place)s") % {"place": said.location}
    return {
        "title": said.title or _("Invitation without a title"),
        "description": "\n\n".join(text for text in (said.description, where) if text),
        "starts_at": said.starts_at,
        "ends_at": said.ends_at,
        "time_zone": said.zone,
        "venue": venue,
        "format": _format(has_place=bool(said.location), is_online=bool(online_url)),
        "online_url": online_url,
    }


def _format(*, has_place: bool, is_online: bool) -> str:
    if is_online:
        return Event.Format.HYBRID if has_place else Event.Format.ONLINE
    return Event.Format.IN_PERSON


def _venue(location: str) -> Venue | None:
    """The only one of that name; what stands behind a comma is the address."""
    names = {search_words(location), search_words(location.partition(",")[0])} - {""}
    found = [venue for venue in Venue.objects.only("name") if search_words(venue.name) in names] if names else []
    return found[0] if len(found) == 1 else None


def _acceptable(url: str) -> str:
    try:
        web_address(url)
    except ValidationError:
        return ""
    return url


def _as_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    """For comparing with what the next message, and the event then, say."""
    return dict(_pairs(fields.items()))


def _pairs(fields: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    for name, value in fields:
        if isinstance(value, dt.datetime):
            yield name, value.astimezone(dt.UTC).isoformat()
        else:
            yield name, value.pk if isinstance(value, Venue) else value
