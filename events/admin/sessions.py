"""One session with all that the programme's rows have no space for."""

import datetime as dt
import zoneinfo
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter, HistoryMixin, RowForm, display
from core.changes import RowChange
from events.admin.rows import appended, room_label
from events.admin.scoping import GroupOfEventFilter, Rows, ScopedAdmin
from events.admin.words import WhenOfEventFilter, local_time
from events.models import Event, Room, Session, SessionResource, SessionSpeaker, Track
from events.services.programme import change_session_rows, create_session, delete_session, revise_session


class SessionRows(Rows):
    """Rows of a session that are shown in an order of their own."""

    tab = True
    ordering_field = "position"
    hide_ordering_field = True

    def save_rows(self, request: HttpRequest, parent: Session, changes: list[RowChange], now: dt.datetime) -> None:
        taken = self.model.objects.filter(session=parent).values_list("position", flat=True)
        change_session_rows(session=parent, model=self.model, changes=appended(changes, taken), now=now)


class SessionSpeakerInline(SessionRows):
    """Who is on stage, as what, and from where."""

    model = SessionSpeaker
    fields = ("speaker", "role", "affiliation", "position")
    autocomplete_fields = ("speaker",)


class SessionResourceInline(SessionRows):
    """Slides, video, code."""

    model = SessionResource
    fields = ("kind", "title", "url", "position")


class SessionPageForm(RowForm):
    """Rooms and tracks are the event's own; before there is an event, there are none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance.event_id
        fields: dict[str, Any] = self.fields
        if "room" in fields:
            fields["room"].queryset = Room.objects.filter(event_rooms__event=event).order_by("event_rooms__position")
            fields["room"].label_from_instance = room_label
        if "track" in fields:
            fields["track"].queryset = Track.objects.filter(event=event)


@admin.register(Session)
class SessionAdmin(HistoryMixin, ScopedAdmin):
    """One item of a programme."""

    group_path = "event__group"
    form = SessionPageForm
    public_choices = frozenset({"events.session.picked_from"})
    inlines = (SessionSpeakerInline, SessionResourceInline)
    list_display = ("title", "event", "kind", "starts", "minutes", "room", "speakers_", "status")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        WhenOfEventFilter,
        GroupOfEventFilter,
        ("status", ChoicesDropdownFilter),
    )
    list_select_related = ("event__group", "room")
    search_fields = ("title", "abstract", "event__title", "session_speakers__speaker__name")
    ordering = ("-event__starts_at", "event", "starts_at", "position", "id")
    empty_value_display = "–"
    autocomplete_fields = ("event", "topics", "picked_from")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "event",
                    ("kind", "status"),
                    ("title", "number"),
                    ("starts_at", "minutes"),
                    ("room", "parallel"),
                    "abstract",
                )
            },
        ),
        (_("About"), {"fields": ("topics", "track", "level", "language"), "classes": ("tab",)}),
        (_("Order"), {"fields": ("position", "picked_from"), "classes": ("tab",)}),
    )
    add_fieldsets = ((None, {"fields": ("event", "kind", "title", "starts_at", "minutes", "abstract", "topics")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        return super().get_queryset(request).annotate(number_of_speakers=Count("session_speakers"))

    def public_rows(self) -> QuerySet[Any]:
        return Session.objects.filter(event__in=Event.objects.published().listed())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A session stays in its event."""
        return ("event",) if obj else ()

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The event's, also of one that is being chosen."""
        session = self.get_object(request, unquote(object_id)) if object_id else None
        if session:
            zone: zoneinfo.ZoneInfo = session.event.zone
            return zone
        chosen = (request.POST if request.method == "POST" else request.GET).get("event", "")
        events = self.admin_site.get_model_admin(Event).get_queryset(request)
        event = events.filter(pk=chosen).first() if chosen.isdecimal() else None
        return event.zone if event else None

    @display(description=_("starts"), ordering="starts_at")
    def starts(self, session: Session) -> str | None:
        """By the event's own clock."""
        return local_time(session.starts_at, session.event.zone)

    @display(description=_("speakers"), ordering="number_of_speakers")
    def speakers_(self, session: Any) -> int:
        """How many."""
        return session.number_of_speakers

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Session:
        return create_session(now=now, **values)

    def revise_row(self, request: HttpRequest, row: Session, values: dict[str, Any], now: dt.datetime) -> Session:
        return revise_session(session=row, now=now, **values)

    def remove_row(self, request: HttpRequest, row: Session, now: dt.datetime) -> None:
        delete_session(session=row)
