"""The programme as rows of an event's page: when, how long, what, where, who."""

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ManyAutocompleteWidget, RowForm, display
from core.changes import RowChange
from events.admin.rows import room_label
from events.admin.scoping import Rows
from events.models import Event, Room, Session, SessionSpeaker
from events.services.programme import change_programme
from speakers.models import Speaker


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Speakers, found by typing."""

    def __init__(self, owner: Any, **kwargs: Any) -> None:
        widget = ManyAutocompleteWidget(owner._meta.get_field("speakers"), admin.site)
        super().__init__(queryset=Speaker.objects.all(), required=False, label=_("speakers"), widget=widget, **kwargs)


class PeopleForm(RowForm):
    """A row with speakers; `parts` is what its model calls them."""

    extra_values = {"people": "speakers"}
    parts = "session_speakers"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "people" in self.fields:
            speakers = [part.speaker for part in getattr(self.instance, self.parts).all()]
            self.initial["people"] = [speaker.pk for speaker in speakers]
            self.fields["people"].widget.labels = {str(speaker.pk): str(speaker) for speaker in speakers}


class SessionForm(PeopleForm):
    """One item; a new one begins where the programme ends so far."""

    people = PeopleField(Session)

    def __init__(self, *args: Any, begins_at: dt.datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "minutes" in self.fields:
            self.fields["minutes"].label = _("minutes")
        if not self.instance.pk and begins_at:
            self.initial.setdefault("starts_at", begins_at)


class ProgrammeFormSet(Rows.formset):  # type: ignore[name-defined]
    """The items in the order of the evening."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs(index)
        return kwargs | {"begins_at": self.begins_at}

    @cached_property
    def begins_at(self) -> dt.datetime | None:
        """When the last item ends; the event's own start while there is none."""
        ends = [session.ends_at for session in self.get_queryset() if session.ends_at]
        return max(ends, default=self.instance.starts_at)


class SessionInline(Rows):
    """The programme; all of it is saved in one go, so that two sessions may change places."""

    model = Session
    form = SessionForm
    formset = ProgrammeFormSet
    tab = True
    verbose_name_plural = _("programme")
    fields = ("starts_at", "minutes", "kind", "title", "room", "people", "details")
    readonly_fields = ("details",)
    hide_title = True
    saving_order = 30

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """In order, with speakers; a constant number of queries."""
        parts = SessionSpeaker.objects.select_related("speaker").order_by("position", "id")
        rows: Any = super().get_queryset(request).prefetch_related(Prefetch("session_speakers", queryset=parts))
        in_order: QuerySet[Session] = rows.in_order()
        return in_order

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The event's own rooms are the choices of every row."""
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields.get("room")
        if field:
            rooms = Room.objects.filter(event_rooms__event=obj) if obj else Room.objects.none()
            field.queryset = rooms.order_by("event_rooms__position", "event_rooms__id")
            field.widget = getattr(field.widget, "widget", field.widget)  # no buttons to add and change in every row
            field.choices = [("", "---------"), *((room.pk, room_label(room)) for room in field.queryset)]
        return formset

    @display(description=_("more"))
    def details(self, session: Session) -> str:
        """Abstract, level, topics, links, and who speaks in which role, have a page of their own."""
        if not session.pk:
            return ""
        address = reverse("admin:events_session_change", args=[session.pk])
        label = gettext("Details of %(session)s") % {"session": session}
        return format_html('<a href="{}" aria-label="{}" class="text-link">{}</a>', address, label, gettext("Details"))

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        change_programme(event=parent, changes=changes, now=now)
