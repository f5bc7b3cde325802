"""Events: made, moved, published, postponed, cancelled."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import write_fields
from core.errors import RuleViolation
from events import signals
from events.models import Event, EventRoom, Room
from events.rules import SIGNIFICANT_FOR_EVENTS, may_step
from events.services.revisions import revise, touch_event_feeds

MOVES = frozenset({"starts_at", "ends_at", "time_zone", "venue", "format"})


@transaction.atomic
def create_event(*, rooms: Iterable[Room] = (), now: dt.datetime, **fields: Any) -> Event:
    """A new draft (or what `status` says) in its group, with its rooms in column order."""
    event = Event(revised_at=now.replace(microsecond=0))
    write_fields(event, fields)
    EventRoom.objects.bulk_create(EventRoom(event=event, room=room, position=i) for i, room in enumerate(rooms))
    touch_event_feeds(event, now=now)
    return event


@transaction.atomic
def revise_event(*, event: Event, now: dt.datetime, **fields: Any) -> Event:
    """Change any field but the status; calendars and open pages learn of it by the rules of RFC 5545."""
    stored = Event.objects.select_for_update().get(pk=event.pk)
    touch_event_feeds(stored, now=now)  # the group, series and topics it may be leaving
    changed = revise(
        stored, fields, significant=SIGNIFICANT_FOR_EVENTS, was_public=stored.status != Event.Status.DRAFT, now=now
    )
    if changed:
        touch_event_feeds(stored, now=now)
    if changed & MOVES and stored.status != Event.Status.DRAFT:
        signals.event_moved.send(Event, event=stored, changed=changed & MOVES, now=now)
    return stored


def publish_event(*, event: Event, now: dt.datetime) -> Event:
    """Show it to everybody; also brings a postponed or cancelled event back."""
    return _step(event, Event.Status.PUBLISHED, signals.event_published, now)


def postpone_event(*, event: Event, now: dt.datetime) -> Event:
    """Keep it, with its old date marked as not valid any more."""
    return _step(event, Event.Status.POSTPONED, signals.event_moved, now)


def cancel_event(*, event: Event, now: dt.datetime) -> Event:
    """Call it off; it stays visible as cancelled, in feeds until a week after its end."""
    return _step(event, Event.Status.CANCELLED, signals.event_cancelled, now)


@transaction.atomic
def delete_draft(*, event: Event, now: dt.datetime) -> None:
    """Remove an event nobody has seen; what was public is cancelled instead."""
    stored = Event.objects.select_for_update().get(pk=event.pk)
    if stored.status != Event.Status.DRAFT:
        raise RuleViolation("not_a_draft", _("Only a draft can be deleted. Cancel this event instead."))
    touch_event_feeds(stored, now=now)
    stored.delete()


@transaction.atomic
def _step(event: Event, status: str, news: Any, now: dt.datetime) -> Event:
    stored = Event.objects.select_for_update().get(pk=event.pk)
    if stored.status == status:
        return stored
    if not may_step(stored.status, status):
        raise RuleViolation(
            "wrong_status",
            _("This event is %(status)s, so that is not possible.") % {"status": stored.get_status_display()},
            field="status",
        )
    was_public = stored.status != Event.Status.DRAFT
    revise(stored, {"status": status}, significant=SIGNIFICANT_FOR_EVENTS, was_public=was_public, now=now)
    touch_event_feeds(stored, now=now)
    details = {"changed": {"status"}} if news is signals.event_moved else {}
    news.send(Event, event=stored, now=now, **details)
    return stored
