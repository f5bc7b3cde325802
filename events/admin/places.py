"""Venues with their rooms, and the organisations that host: shared by all groups."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import SluggedForm, display
from core.changes import RowChange
from events.admin.scoping import Rows, SharedAdmin
from events.models import Group, Organisation, Room, Venue
from events.services.places import (
    change_rooms,
    create_organisation,
    create_room,
    create_venue,
    delete_organisation,
    delete_room,
    delete_venue,
    revise_organisation,
    revise_room,
    revise_venue,
)


class RoomInline(Rows):
    """The rooms inside."""

    model = Room
    tab = True
    fields = ("name", "floor", "capacity")

    def save_rows(self, request: HttpRequest, parent: Venue, changes: list[RowChange], now: dt.datetime) -> None:
        change_rooms(venue=parent, changes=changes)


@admin.register(Venue)
class VenueAdmin(SharedAdmin):
    """A place with an address."""

    form = SluggedForm
    inlines = (RoomInline,)
    list_display = ("name", "town", "country", "time_zone", "rooms_", "step_free")
    list_filter = ("step_free", "hearing_loop", "captions", "quiet_room")
    search_fields = ("name", "slug", "street", "town", "country")
    ordering = ("name", "id")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "website", "time_zone")}),
        (
            _("Address"),
            {"fields": ("street", "postcode", "town", "country", ("latitude", "longitude")), "classes": ("tab",)},
        ),
        (
            _("Getting in"),
            {
                "fields": ("directions", "step_free", "hearing_loop", "captions", "quiet_room", "access_notes"),
                "classes": ("tab",),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        return super().get_queryset(request).annotate(number_of_rooms=Count("rooms"))

    @display(description=_("rooms"), ordering="number_of_rooms")
    def rooms_(self, venue: Any) -> int:
        """How many."""
        return venue.number_of_rooms

    def uses(self, row: Venue) -> set[int]:
        return venue_users(row)

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Venue:
        return create_venue(**values)

    def revise_row(self, request: HttpRequest, row: Venue, values: dict[str, Any], now: dt.datetime) -> Venue:
        return revise_venue(venue=row, now=now, **values)

    def remove_row(self, request: HttpRequest, row: Venue, now: dt.datetime) -> None:
        delete_venue(venue=row)


@admin.register(Room)
class RoomAdmin(SharedAdmin):
    """One room; it is its venue's, and so are the rights to it."""

    list_display = ("name", "venue", "floor", "capacity")
    list_select_related = ("venue",)
    search_fields = ("name", "venue__name", "venue__town")
    autocomplete_fields = ("venue",)
    fields = ("venue", "name", "floor", "capacity")

    def uses(self, row: Room) -> set[int]:
        return venue_users(row.venue)

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Room:
        return create_room(**values)

    def revise_row(self, request: HttpRequest, row: Room, values: dict[str, Any], now: dt.datetime) -> Room:
        return revise_room(room=row, **values)

    def remove_row(self, request: HttpRequest, row: Room, now: dt.datetime) -> None:
        delete_room(room=row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A room does not move house."""
        return ("venue",) if obj else ()


@admin.register(Organisation)
class OrganisationAdmin(SharedAdmin):
    """A host or sponsor."""

    form = SluggedForm
    list_display = ("name", "website", "events_")
    search_fields = ("name", "slug")
    ordering = ("name", "id")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "website", "logo")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        return super().get_queryset(request).annotate(number_of_events=Count("events", distinct=True))

    @display(description=_("events"), ordering="number_of_events")
    def events_(self, organisation: Any) -> int:
        """How many."""
        return organisation.number_of_events

    def uses(self, row: Organisation) -> set[int]:
        return set(Group.objects.filter(events__event_hosts__organisation=row).values_list("pk", flat=True))

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Organisation:
        return create_organisation(**values)

    def revise_row(
        self, request: HttpRequest, row: Organisation, values: dict[str, Any], now: dt.datetime
    ) -> Organisation:
        return revise_organisation(organisation=row, **values)

    def remove_row(self, request: HttpRequest, row: Organisation, now: dt.datetime) -> None:
        delete_organisation(organisation=row)


def venue_users(venue: Venue) -> set[int]:
    """The ids of the groups that have met, or plan to meet, at this venue."""
    here = Q(events__venue=venue) | Q(series__venue=venue) | Q(events__event_rooms__room__venue=venue)
    return set(Group.objects.filter(here).values_list("pk", flat=True))
