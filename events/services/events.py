"""Events: made, moved, published, postponed, cancelled."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.changes import RowChange, RowRefused, change_rows, insert_rows, write_fields
from core.errors import RuleViolation
from events import signals
from events.models import Event, EventHost, EventResource, EventRoom, Group, Organisation, Room, Series, Track
from events.notice_letters import snapshot
from events.rules import SIGNIFICANT_FOR_EVENTS, may_step
from events.services.notices import note_change
from events.services.reminders import add_reminders
from events.services.revisions import announce_schedule, date_revision, revise
from speakers.models import Topic

MOVES = frozenset({"starts_at", "ends_at", "time_zone", "venue", "format"})


@transaction.atomic
def create_event(
    *,
    now: dt.datetime,
    rooms: Iterable[Room] = (),
    topics: Iterable[Topic] = (),
    hosts: Iterable[Organisation] = (),
    resources: Iterable[dict[str, str]] = (),
    **fields: Any,
) -> Event:
    """A new draft (or what `status` says) in its group; rooms in column order, `resources` are {kind, title, url}."""
    event = Event(revised_at=now.replace(microsecond=0))
    _refuse_foreign_series(fields.get("group"), fields.get("series"))
    write_fields(event, fields)
    insert_rows(EventRoom(event=event, room=room, position=i) for i, room in enumerate(rooms))
    insert_rows(EventHost(event=event, organisation=host, position=i) for i, host in enumerate(hosts))
    insert_rows(EventResource(event=event, position=i, **resource) for i, resource in enumerate(resources))
    event.topics.set(topics)
    add_reminders(event)
    announce_schedule(event)
    return event


@transaction.atomic
def revise_event(
    *,
    event: Event,
    now: dt.datetime,
    topics: Iterable[Topic] | None = None,
    by: User | None = None,
    tells_calendars: bool = False,
    **fields: Any,
) -> Event:
    """Change any field but the status; calendars and open pages learn of it by the rules of RFC 5545.

    People hear of another date or place a few minutes later, and of words alone when `tells_calendars`; a change of
    which they cannot be told is refused.
    """
    stored = Event.objects.select_for_update(of=("self",)).select_related("venue").get(pk=event.pk)
    before = snapshot(stored)
    _refuse_foreign_series(fields.get("group", stored.group), fields.get("series", stored.series))
    was_public = stored.status != Event.Status.DRAFT
    changed = revise(stored, fields, significant=SIGNIFICANT_FOR_EVENTS, was_public=was_public, now=now, topics=topics)
    if changed:
        announce_schedule(stored)
    if changed & MOVES or tells_calendars:
        note_change(event=stored, before=before, now=now, by=by, texts_too=tells_calendars)
    if changed & MOVES and stored.status != Event.Status.DRAFT:
        signals.event_moved.send(Event, event=stored, changed=changed & MOVES, now=now)
    return stored


def publish_event(*, event: Event, now: dt.datetime, by: User | None = None) -> Event:
    """Show it to everybody; also brings a postponed or cancelled event back."""
    return _step(event, Event.Status.PUBLISHED, signals.event_published, now, by)


def postpone_event(*, event: Event, now: dt.datetime, by: User | None = None) -> Event:
    """Keep it, with its old date marked as not valid any more."""
    return _step(event, Event.Status.POSTPONED, signals.event_moved, now, by)


def cancel_event(*, event: Event, now: dt.datetime, by: User | None = None) -> Event:
    """Call it off; it stays visible as cancelled, in feeds until a week after its end."""
    return _step(event, Event.Status.CANCELLED, signals.event_cancelled, now, by)


@transaction.atomic
def delete_draft(*, event: Event) -> None:
    """Remove an event nobody has seen; what was public is cancelled instead."""
    stored = Event.objects.select_for_update().get(pk=event.pk)
    if stored.status != Event.Status.DRAFT:
        raise RuleViolation("not_a_draft", _("Only a draft can be deleted. Cancel this event instead."))
    announce_schedule(stored)
    stored.delete()


@transaction.atomic
def change_event_rows(
    *,
    event: Event,
    model: type[EventRoom] | type[EventHost] | type[EventResource] | type[Track],
    changes: Iterable[RowChange],
    now: dt.datetime,
) -> None:
    """Add, change and take away an event's rooms, hosts, resources or tracks; RowRefused says which one cannot be."""
    stored = Event.objects.select_for_update().get(pk=event.pk)
    todo = list(changes)
    if model is EventRoom:
        _refuse_to_lose_rooms_in_use(stored, todo)
    if change_rows(model, todo, event=stored):
        date_revision(stored, now=now)
        announce_schedule(stored)


def _refuse_foreign_series(group: Group | None, series: Series | None) -> None:
    if series and group and series.group_id != group.pk:
        raise RuleViolation("series_of_another_group", _("This series belongs to another group."), field="series")


def _refuse_to_lose_rooms_in_use(event: Event, changes: Iterable[RowChange]) -> None:
    """The database refuses it, too, but only when everything is done, and without a word a person understands."""
    rooms = dict(event.event_rooms.values_list("pk", "room_id"))
    for change in changes:
        before = rooms.get(change.row.pk) if change.row else None
        stays = change.values is not None and ("room" not in change.values or change.values["room"].pk == before)
        session = None if stays or before is None else event.sessions.filter(room_id=before).first()
        if session:
            message = _("“%(session)s” takes place in this room. Move it first.") % {"session": session}
            raise RowRefused(change.key, RuleViolation("room_in_use", message, field="room"))


@transaction.atomic
def _step(event: Event, status: str, news: Any, now: dt.datetime, by: User | None) -> Event:
    stored = Event.objects.select_for_update(of=("self",)).select_related("venue").get(pk=event.pk)
    if stored.status == status:
        return stored
    if not may_step(stored.status, status):
        raise RuleViolation(
            "wrong_status",
            _("This event is %(status)s, so that is not possible.") % {"status": stored.get_status_display()},
            field="status",
        )
    was_public, before = stored.status != Event.Status.DRAFT, snapshot(stored)
    revise(stored, {"status": status}, significant=SIGNIFICANT_FOR_EVENTS, was_public=was_public, now=now)
    note_change(event=stored, before=before, now=now, by=by)
    announce_schedule(stored)
    details = {"changed": {"status"}} if news is signals.event_moved else {}
    news.send(Event, event=stored, now=now, **details)
    return stored
