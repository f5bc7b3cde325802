"""The tabs of an event's page: rooms, tracks, hosts, resources and recap. The programme has a module of its own."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from core.admin import LinesField, RowForm, grouped
from core.changes import RowChange, naming_the_row
from events.admin.scoping import Blocks, Rows
from events.models import Event, EventHost, EventResource, EventRoom, Membership, Recap, Room, Track
from events.services.events import change_event_rows
from events.services.recaps import delete_recap, write_recap


def appended(changes: Iterable[RowChange], taken: Iterable[int]) -> list[RowChange]:
    """New rows come after the others, unless somebody has put them elsewhere."""
    next_place, placed = max(taken, default=-1) + 1, []
    for change in changes:
        if change.row is None and change.values is not None and not change.values.get("position"):
            placed.append(RowChange(None, {**change.values, "position": next_place}, change.key))
            next_place += 1
        else:
            placed.append(change)
    return placed


class EventRows(Rows):
    """Rows of an event that are shown in an order of their own."""

    tab = True
    ordering_field = "position"
    hide_ordering_field = True

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        taken = self.model.objects.filter(event=parent).values_list("position", flat=True)
        change_event_rows(event=parent, model=self.model, changes=appended(changes, taken), now=now)


class EventRoomInline(EventRows):
    """The rooms of the event, in the order of the schedule's columns; any room, its venue's first."""

    model = EventRoom
    fields = ("room", "position")
    saving_order = 10
    removes_last = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventRoom]:
        return super().get_queryset(request).select_related("room")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """One list of rooms for all rows."""
        formset = super().get_formset(request, obj, **kwargs)
        here = obj.venue_id if obj else None
        rooms = Room.objects.select_related("venue").order_by("venue__name", "name", "id")
        sorted_rooms = sorted(rooms, key=lambda room: room.venue_id != here)
        choices = grouped((str(room.venue), (room.pk, room_label(room))) for room in sorted_rooms)
        if "room" in formset.form.base_fields:
            formset.form.base_fields["room"].choices = [("", "---------"), *choices]
        return formset


class TrackInline(EventRows):
    """Threads through the programme."""

    model = Track
    fields = ("name", "position")
    saving_order = 20
    removes_last = True


class EventHostInline(EventRows):
    """Who hosts, who sponsors."""

    model = EventHost
    fields = ("organisation", "role", "position")
    autocomplete_fields = ("organisation",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EventHost]:
        return super().get_queryset(request).select_related("organisation")


class EventResourceInline(EventRows):
    """What the whole evening left behind."""

    model = EventResource
    fields = ("kind", "title", "url", "position")


class RecapForm(RowForm):
    """Notes and moments; the writer is one of the group's people."""

    highlights = LinesField(max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance.event if self.instance.event_id else None
        if "author" in self.fields:
            roles = (Membership.Role.ORGANISER, Membership.Role.HOST)
            author: Any = self.fields["author"]
            people = author.queryset.filter(memberships__role__in=roles, memberships__group=event and event.group_id)
            author.queryset = people.distinct() | author.queryset.filter(recaps=self.instance.pk).distinct()


class RecapInline(Blocks):
    """The page after the event."""

    model = Recap
    form = RecapForm
    tab = True
    fields = ("notes", "highlights", "author", "byline", "published_at")
    saving_order = 90

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        for change in changes:
            with naming_the_row(change):
                if change.values is not None:
                    write_recap(event=parent, **change.values)
                elif isinstance(change.row, Recap):
                    delete_recap(recap=change.row)


def room_label(room: Room) -> str:
    """“Hall (80)”."""
    return f"{room} ({room.capacity})" if room.capacity else str(room)
