"""The buttons "Move" and "Stop the notice" of an event: who will be told what is shown before anybody is."""

import copy
import datetime as dt
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ActionVariant, RowForm, TickWidget, page_action
from core.changes import RowRefused
from core.errors import RuleViolation
from core.tokens import sign
from events.admin.steps import event_on_page
from events.admin.telling import differences, notice_words, telling_of
from events.models import ChangeNotice, Event
from events.news import changed_between
from events.notice_letters import snapshot
from events.services.moving import MOVABLE, move_event
from events.services.notices import stop_notice


class MoveForm(RowForm):
    """Dates and place alone; `seen` holds what the preview was of."""

    with_programme = forms.BooleanField(
        label=gettext_lazy("Move the programme, too"),
        required=False,
        initial=True,
        widget=TickWidget(),
        help_text=gettext_lazy("Every session begins as much earlier or later as the event."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def fields_moved(self) -> dict[str, Any]:
        """What was changed, by the names the service knows."""
        return {name: getattr(self.instance, name) for name in self.changed_data if name in MOVABLE}

    def digest(self) -> str:
        """The same for the same values: what is done is what was shown."""
        values = {name: str(self.cleaned_data.get(name)) for name in (*MOVABLE, "with_programme")}
        return sign("event_move", f"{self.instance.pk}:{sorted(values.items())}").rpartition(":")[2]


def waiting_notice(request: Any, event: Event) -> ChangeNotice | None:
    """What people will be told in a few minutes, unless somebody stops it; asked for once a request."""
    known: dict[int, ChangeNotice | None] = request.__dict__.setdefault("admin_notice", {})
    if event.pk not in known:
        rows = ChangeNotice.objects.filter(event=event, finished_at=None, stage="", after_pk=0)
        known[event.pk] = rows.first()
    return known[event.pk]


class MovingMixin:
    """For the event's ModelAdmin: two buttons, their pages, and fields that only they change once it is public."""

    actions_moving = ("move", "stop_notice")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """A draft is moved in its form; a notice is stopped while it waits."""
        actions = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        event = event_on_page(self, request, object_id)
        is_public = event is not None and event.status != Event.Status.DRAFT
        hidden = set() if is_public else {"move"}
        if event is None or not is_public or waiting_notice(request, event) is None:
            hidden.add("stop-notice")
        return [action for action in actions if action.path not in hidden]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """Dates and place of a public event are moved by the button, which tells people."""
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        is_fixed = obj is not None and obj.status != Event.Status.DRAFT and not hasattr(request, "is_moving")
        return (*fields, *MOVABLE) if is_fixed else fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A public event says how its date and place are changed, and what waits to be told."""
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None or obj.status == Event.Status.DRAFT:
            return fieldsets
        (name, first), *others = fieldsets
        fields = (*first["fields"], "tells_calendars")
        return [(name, {**first, "fields": fields, "description": _how_to_move(request, obj)}), *others]

    @page_action(description=gettext_lazy("Move"), url_path="move")
    def move(self: Any, request: Any, object_id: str) -> HttpResponse:
        """Show the form, then what follows, then do it: opening and looking change nothing."""
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        if event.status == Event.Status.DRAFT:
            messages.info(request, _("Nobody has seen this draft: change it here."))
            return _back(event)
        request.is_moving = True
        zone = self.zone_for(request, object_id)
        with timezone.override(zone) if zone else nullcontext():
            response = self._move(request, event)
            if hasattr(response, "render"):
                response.render()  # here, where the zone is active
        return response

    def _move(self: Any, request: HttpRequest, event: Event) -> HttpResponse:
        before, form_class = copy.copy(event), self.get_form(request, event, change=True, fields=MOVABLE, form=MoveForm)
        form = form_class(request.POST or None, instance=event)
        form.order_fields([*MOVABLE, "with_programme", "seen"])
        if request.method != "POST" or not form.is_valid():
            return self._show_move(request, before, form, {})
        if not form.fields_moved():
            messages.info(request, _("Nothing was changed."))
            return _back(event)
        if form.cleaned_data["seen"] != form.digest():
            return self._show_move(request, before, form, _preview(before, form.instance, timezone.now()))
        refusal = _moving(request, before, form)
        if refusal is not None:
            form.add_error(None, refusal)
            return self._show_move(request, before, form, {})
        self.log_change(request, event, [{"changed": {"fields": list(form.fields_moved())}}])
        return _back(event)

    def _show_move(self: Any, request: HttpRequest, event: Event, form: Any, preview: dict[str, Any]) -> HttpResponse:
        if preview:
            form.data = form.data.copy()
            form.data["seen"] = form.digest()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Move “%(event)s”") % {"event": event},
            "opts": self.opts,
            "original": event,
            "form": form,
            "media": self.media + form.media,
            **preview,
        }
        status = 400 if form.is_bound and form.errors else 200
        return TemplateResponse(request, "admin/events/event/move.html", context, status=status)

    @page_action(description=gettext_lazy("Stop the notice"), url_path="stop-notice", variant=ActionVariant.DANGER)
    def stop_notice(self: Any, request: Any, object_id: str) -> HttpResponse:
        """Ask, then keep people from being told."""
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        notice = waiting_notice(request, event)
        if notice is None:
            messages.error(request, _("Nothing waits to be told."))
        elif request.method == "POST":
            _stop(request, notice)
        else:
            return self._ask_to_stop(request, event, notice)
        return _back(event)

    def _ask_to_stop(self: Any, request: HttpRequest, event: Event, notice: ChangeNotice) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Stop the notice about “%(event)s”?") % {"event": event},
            "opts": self.opts,
            "original": event,
            "step": "stop_notice",
            "consequences": [
                notice_words(notice, event),
                _("Nobody is told by mail. The change itself stays."),
                _("Calendars that hold an invite show the old date and place until the next change is told."),
                _("Speakers’ calendars follow the programme: they show their slots as they are in a few minutes."),
            ],
        }
        return TemplateResponse(request, "admin/events/event/step.html", context)


def _how_to_move(request: HttpRequest, event: Event) -> str:
    waiting = waiting_notice(request, event)
    words = format_html(
        '{} <a class="underline" href="{}">{}</a>',
        _("People have this event in their calendars. Its date and place are changed where you see who is told:"),
        reverse("admin:events_event_move", args=[event.pk]),
        _("Move"),
    )
    if waiting is None:
        return words
    return format_html("{}<br>{}", words, _("Waits to be told: %s.") % notice_words(waiting, event))


def _back(event: Event) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]))


def _preview(before: Event, after: Event, now: dt.datetime) -> dict[str, Any]:
    """What differs, and who hears of it."""
    changed = changed_between(snapshot(before), snapshot(after))
    return {
        "differences": differences(before, after, changed),
        "consequences": telling_of(after, snapshot(before), now),
    }


def _moving(request: Any, event: Event, form: Any) -> str | None:
    """Do it; the sentence when it is refused."""
    try:
        move_event(
            event=event,
            now=timezone.now(),
            by=request.user,
            with_programme=form.cleaned_data["with_programme"],
            **form.fields_moved(),
        )
    except RowRefused as refused:
        return f"{refused.key}: {refused.reason}"
    except RuleViolation as refusal:
        return refusal.message
    except IntegrityError:
        return _("Somebody else changed this at the same moment. Look at it again, then save.")
    messages.success(request, _("“%(event)s” is moved.") % {"event": event})
    return None


def _stop(request: Any, notice: ChangeNotice) -> None:
    try:
        stop_notice(notice=notice, by=request.user, now=timezone.now())
    except RuleViolation as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Nobody is told."))
