"""Venues with their rooms, and the organisations that host."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import RowChange, change_rows, insert_rows, naming_the_row, write_fields
from core.errors import RuleViolation
from events.models import Event, Organisation, Room, Venue
from events.notice_letters import snapshot
from events.services.notices import note_change


@transaction.atomic
def create_venue(*, rooms: Iterable[dict[str, Any]] = (), **fields: Any) -> Venue:
    """A new venue; `rooms` are {name, floor, capacity}, all but the name optional."""
    venue = Venue()
    write_fields(venue, fields)
    insert_rows(Room(venue=venue, **room) for room in rooms)
    return venue


@transaction.atomic
def create_organisation(**fields: Any) -> Organisation:
    """A new host or sponsor."""
    organisation = Organisation()
    write_fields(organisation, fields)
    return organisation


@transaction.atomic
def revise_venue(*, venue: Venue, now: dt.datetime, **fields: Any) -> Venue:
    """Change a venue; calendars show its name and address, so its events are dated anew.

    Where one of these changes, calendars that hold an event to come there are told, as of any other change.
    """
    events = _to_come(venue, now)
    stored = Venue.objects.select_for_update().get(pk=venue.pk)
    before = {event.pk: snapshot(event) for event in events}
    was_called = (stored.name, stored.address)
    write_fields(stored, fields)
    Event.objects.filter(venue=stored).update(revised_at=now.replace(microsecond=0))
    if (stored.name, stored.address) != was_called:
        _tell_calendars(events, stored, before, now)
    return stored


def _to_come(venue: Venue, now: dt.datetime) -> list[Event]:
    """Locked before the venue, as whoever changes an event does."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("venue").order_by("pk")
    return list(rows.filter(venue=venue.pk, ends_at__gt=now).exclude(status=Event.Status.DRAFT))


def _tell_calendars(events: Iterable[Event], venue: Venue, before: dict[int, dict[str, Any]], now: dt.datetime) -> None:
    for event in events:
        event.venue = venue
        event.sequence += 1
        event.save(update_fields=["sequence"])
        note_change(event=event, before=before[event.pk], now=now)


@transaction.atomic
def change_rooms(*, venue: Venue, changes: Iterable[RowChange]) -> None:
    """Add, change and take away a venue's rooms; RowRefused says which one cannot be."""
    stored = Venue.objects.select_for_update().get(pk=venue.pk)
    todo = list(changes)
    for change in todo:
        if isinstance(change.row, Room) and change.values is None:
            with naming_the_row(change):
                _refuse_to_lose_used_room(change.row)
    change_rows(Room, todo, venue=stored)


@transaction.atomic
def delete_room(*, room: Room) -> None:
    """Remove a room no event uses."""
    stored = Room.objects.select_for_update().get(pk=room.pk)
    _refuse_to_lose_used_room(stored)
    stored.delete()


def _refuse_to_lose_used_room(room: Room) -> None:
    event_room = room.event_rooms.select_related("event").first()
    if event_room:
        message = _("The event “%(event)s” uses this room. Take the room from the event first.")
        raise RuleViolation("room_in_use", message % {"event": event_room.event})


@transaction.atomic
def delete_venue(*, venue: Venue) -> None:
    """Remove a venue no event ever used."""
    stored = Venue.objects.select_for_update().get(pk=venue.pk)
    if stored.events.exists() or stored.rooms.filter(event_rooms__isnull=False).exists():
        raise RuleViolation("venue_in_use", _("Events use this venue, so it stays."))
    stored.delete()


@transaction.atomic
def revise_organisation(*, organisation: Organisation, **fields: Any) -> Organisation:
    """Change a host or sponsor."""
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    write_fields(stored, fields)
    return stored


@transaction.atomic
def delete_organisation(*, organisation: Organisation) -> None:
    """Remove a host or sponsor no event names."""
    stored = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if stored.event_hosts.exists():
        raise RuleViolation("organisation_in_use", _("Events name this organisation, so it stays."))
    stored.delete()


@transaction.atomic
def create_room(**fields: Any) -> Room:
    """A room more in a venue."""
    room = Room()
    write_fields(room, fields)
    return room


@transaction.atomic
def revise_room(*, room: Room, **fields: Any) -> Room:
    """Rename a room or count its seats anew."""
    stored = Room.objects.select_for_update().get(pk=room.pk)
    write_fields(stored, fields)
    return stored
