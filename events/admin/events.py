"""An event in one form: facts, programme, rooms, tracks, hosts, resources, recap as tabs of the same page."""

import datetime as dt
import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter, HistoryMixin, SluggedForm, TickWidget, display
from core.errors import RuleViolation
from events.admin.imported import called_off_words
from events.admin.moving import MovingMixin
from events.admin.programme import SessionInline
from events.admin.reminders import ReminderInline, RemindersMixin
from events.admin.rows import EventHostInline, EventResourceInline, EventRoomInline, RecapInline, TrackInline
from events.admin.scoping import GroupFilter, ScopedAdmin, scope_of
from events.admin.steps import StepsMixin
from events.admin.words import STATUS_LABELS, WhenFilter, local_time, status_of
from events.models import Event, Group
from events.services.events import create_event, delete_draft, revise_event


class EventForm(SluggedForm):
    """The facts; without a time zone of its own the event takes its group's."""

    slug_source = "title"
    tells_calendars = forms.BooleanField(
        label=_("Tell calendars"),
        required=False,
        widget=TickWidget(),
        help_text=_("Sends the new words to every calendar with an invite. A new date or place goes by itself."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status == Event.Status.DRAFT:
            del self.fields["tells_calendars"]  # nobody's calendar holds it
        if "time_zone" in self.fields:
            self.fields["time_zone"].required = False
            self.fields["time_zone"].help_text = _("All times of this page are in it. Left empty, it is the group's.")

    def service_values(self) -> dict[str, Any]:
        """With the tick, which is no column."""
        ticked = {"tells_calendars": True} if self.cleaned_data.get("tells_calendars") else {}
        return super().service_values() | ticked

    def clean(self) -> dict[str, Any]:
        """Fill in the zone."""
        cleaned = super().clean()
        if "time_zone" in self.fields and not cleaned.get("time_zone") and cleaned.get("group"):
            cleaned["time_zone"] = cleaned["group"].time_zone
        return cleaned


@admin.register(Event)
class EventAdmin(RemindersMixin, MovingMixin, StepsMixin, HistoryMixin, ScopedAdmin):
    """One gathering."""

    form = EventForm
    public_choices = frozenset({"events.event.related_event"})
    inlines: ClassVar[list[Any]] = [
        SessionInline,
        EventRoomInline,
        TrackInline,
        ReminderInline,
        EventHostInline,
        EventResourceInline,
        RecapInline,
    ]
    list_display = ("title", "starts", "status_", "group", "venue", "sessions_")
    list_filter = (("status", ChoicesDropdownFilter), WhenFilter, GroupFilter, ("format", ChoicesDropdownFilter))
    list_select_related = ("group", "venue")
    search_fields = ("title", "slug", "summary", "group__name", "venue__name")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at", "-id")
    empty_value_display = "–"
    autocomplete_fields = ("group", "venue", "series", "topics", "related_event")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("state",)
    actions_detail: Any = (*StepsMixin.actions_detail, *MovingMixin.actions_moving, "reminders")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "group",
                    "title",
                    "slug",
                    "summary",
                    ("starts_at", "ends_at"),
                    "time_zone",
                    "format",
                    "venue",
                    "topics",
                )
            },
        ),
        (_("Description"), {"fields": ("description", "language"), "classes": ("tab",)}),
        (_("Online"), {"fields": ("online_url",), "classes": ("tab",)}),
        (
            _("Belongs to"),
            {"fields": ("series", "is_numbered", "relation", "related_event"), "classes": ("tab",)},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts, and whether an invitation by mail was called off since."""
        events = super().get_queryset(request).annotate(called_off_at=F("imported__called_off_at"))
        return events.annotate(number_of_sessions=Count("sessions"))

    def public_rows(self) -> QuerySet[Any]:
        return Event.objects.published().listed()

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The zone that the form says, or will get: 19:00 for Singapore is 19:00 in Singapore."""
        event = self.get_object(request, unquote(object_id)) if object_id else None
        if event and event.status != Event.Status.DRAFT and not hasattr(request, "is_moving"):
            return event.zone  # the form does not change it
        if request.method == "POST":
            posted = request.POST.get("time_zone", "")
            if posted in zoneinfo.available_timezones():
                return zoneinfo.ZoneInfo(posted)
            group = self._group(request, request.POST.get("group", ""))
            return zoneinfo.ZoneInfo(group.time_zone) if group else None
        if event:
            return event.zone
        group = self._group(request, request.GET.get("group", ""))
        return zoneinfo.ZoneInfo(group.time_zone) if group else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The group somebody came from, or the only one they organise, and its zone."""
        initial = super().get_changeform_initial_data(request)
        group = self._group(request, request.GET.get("group", ""))
        return {"group": group.pk, "time_zone": group.time_zone, **initial} if group else initial

    def _group(self, request: HttpRequest, pk: str) -> Group | None:
        """The group with that id among those this person organises; without an id, their only one."""
        scope = scope_of(request)
        groups = Group.objects.all() if scope.everything else Group.objects.filter(pk__in=scope.groups)
        if pk.isdecimal():
            return groups.filter(pk=pk).first()
        found = [] if pk else list(groups[:2])
        return found[0] if len(found) == 1 else None

    def view_on_site(self, obj: Event) -> str | None:
        """A draft has no public page yet."""
        return None if obj.status == Event.Status.DRAFT else obj.get_absolute_url()

    @display(description=_("starts"), ordering="starts_at")
    def starts(self, event: Event) -> str | None:
        """By the event's own clock."""
        return local_time(event.starts_at, event.zone)

    @display(description=_("status"), label=STATUS_LABELS, ordering="status")
    def status_(self, event: Event) -> tuple[str, str]:
        """As a coloured word."""
        status, word = status_of(event)
        warning = called_off_words(event)
        return ("postponed" if warning else status), f"{word}, {warning}" if warning else word

    @display(description=_("status"))
    def state(self, event: Event) -> str:
        """Changed by the buttons only."""
        return ", ".join(filter(None, (event.get_status_display(), called_off_words(event))))

    @display(description=_("sessions"), ordering="number_of_sessions")
    def sessions_(self, event: Any) -> int:
        """How many."""
        return event.number_of_sessions

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Event:
        return create_event(now=now, **values)

    def revise_row(self, request: Any, row: Event, values: dict[str, Any], now: dt.datetime) -> Event:
        return revise_event(event=row, now=now, by=request.user, **values)

    def remove_row(self, request: HttpRequest, row: Event, now: dt.datetime) -> None:
        delete_draft(event=row)

    def refuse_removal(self, row: Event) -> None:
        if row.status != Event.Status.DRAFT:
            raise RuleViolation("not_a_draft", gettext("Only a draft can be deleted. Cancel this event instead."))
