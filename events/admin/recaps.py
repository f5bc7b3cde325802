"""Recaps found by search; they are written here or on their event's page."""

import datetime as dt
import zoneinfo
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import display
from events.admin.rows import RecapForm
from events.admin.scoping import GroupOfEventFilter, ScopedAdmin
from events.admin.words import local_time
from events.models import Recap
from events.services.recaps import delete_recap, write_recap


@admin.register(Recap)
class RecapAdmin(ScopedAdmin):
    """The page after an event."""

    group_path = "event__group"
    form = RecapForm
    list_display = ("event", "published", "author", "byline")
    list_filter = (GroupOfEventFilter,)
    list_select_related = ("event__group", "author")
    search_fields = ("event__title", "notes", "byline")
    ordering = ("-event__starts_at", "-id")
    empty_value_display = "–"
    autocomplete_fields = ("event",)
    fields = ("event", "notes", "highlights", "author", "byline", "published_at")
    add_fieldsets = ((None, {"fields": ("event", "notes", "highlights", "byline")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A recap stays with its event."""
        return ("event",) if obj else ()

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The event's."""
        recap = self.get_object(request, unquote(object_id)) if object_id else None
        return recap.event.zone if recap else None

    def view_on_site(self, obj: Recap) -> str | None:
        """Only what is published has a page."""
        return obj.get_absolute_url() if obj.published_at else None

    @display(description=_("published"), ordering="published_at")
    def published(self, recap: Recap) -> str | None:
        """By the event's own clock."""
        return local_time(recap.published_at, recap.event.zone)

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Recap:
        return write_recap(**values)

    def revise_row(self, request: HttpRequest, row: Recap, values: dict[str, Any], now: dt.datetime) -> Recap:
        return write_recap(event=row.event, **values)

    def remove_row(self, request: HttpRequest, row: Recap, now: dt.datetime) -> None:
        delete_recap(recap=row)
