"""The tab "Reminders" of an event's page, and the page that shows what its plan will send."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.admin import RowForm, display, page_action
from core.changes import RowChange
from events.admin.mail_texts import letter_response
from events.admin.scoping import Rows
from events.admin.words import local_time
from events.audiences import Reader
from events.models import Event, ReminderStep
from events.reminder_letters import sample_letter
from events.reminder_times import Lead, due_at
from events.selectors.reminders import reminders_of
from events.services.reminder_preview import FutureReminder, future_reminders
from events.services.reminders import change_reminders

BEFORE = {
    ReminderStep.Anchor.TALK: gettext_lazy("before each talk"),
    ReminderStep.Anchor.DEADLINE: gettext_lazy("before RSVP ends"),
}
WIDTHS = {"audience": "11.5rem", "anchor": "11.5rem", "note": "8rem"}


class ReminderForm(RowForm):
    """Choices that can be read in a narrow table, and the browser's own picker for the time of day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, width in WIDTHS.items():
            self.fields[name].widget.attrs["style"] = f"min-width: {width}"
        time: Any = self.fields["at_time"]
        time.widget = forms.TimeInput(attrs={**time.widget.attrs, "type": "time"}, format="%H:%M")


class ReminderInline(Rows):
    """Who is reminded, and when; a new event gets the usual plan."""

    model = ReminderStep
    form = ReminderForm
    tab = True
    hide_title = True
    fields = ("audience", "anchor", "days", "minutes", "at_time", "note", "goes_out")
    readonly_fields = ("goes_out",)
    saving_order = 70

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReminderStep]:
        return super().get_queryset(request).select_related("event")

    @display(description=gettext_lazy("goes out"))
    def goes_out(self, step: ReminderStep) -> str:
        """By the event's own clock."""
        if not step.pk:
            return "–"
        if step.anchor != ReminderStep.Anchor.EVENT:
            return str(BEFORE[ReminderStep.Anchor(step.anchor)])
        lead = Lead(step.days, step.minutes, step.at_time)
        return local_time(due_at(lead, step.event.starts_at, step.event.zone), step.event.zone) or "–"

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        change_reminders(event=parent, changes=changes)


class RemindersMixin:
    """For the event's ModelAdmin: the tab "Reminders", the button and its page."""

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """The plan is made with the event, so there is nothing to change before."""
        inlines = list(super().get_inlines(request, obj))  # type: ignore[misc]
        return inlines if obj else [one for one in inlines if one is not ReminderInline]

    @page_action(description=gettext_lazy("Reminders"), url_path="reminders")
    def reminders(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """What will go out, and each mail as its reader will see it; nothing is sent by looking."""
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        now = timezone.now()
        if "step" in request.GET:
            return _sample(request, event, now)
        rows = future_reminders(event, now)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": event,
            "title": _("Reminders of “%(event)s”") % {"event": event},
            "rows": [{"step": row.step, "words": words_of(row, event)} for row in rows],
            "is_published": event.status == Event.Status.PUBLISHED,
        }
        return TemplateResponse(request, "admin/events/event/reminders.html", context)


def _sample(request: Any, event: Event, now: dt.datetime) -> HttpResponse:
    """One mail, to an invented reader at the address of whoever looks."""
    pk = request.GET["step"]
    steps = ReminderStep.objects.filter(event=event, pk=pk if pk.isdecimal() and len(pk) < 19 else 0)
    found = reminders_of(steps)
    if not found:
        raise Http404
    letter = sample_letter(found[0], event, steps.get().note, Reader(None, request.user.email), now)
    return letter_response(letter, as_text=request.GET.get("part") == "text")


def words_of(row: FutureReminder, event: Event) -> str:
    """“Thu 19 Mar 2026, 19:00: 42 mails, and 3 people read it in their digest”."""
    if row.is_over:
        return _("Never: it would come after what it reminds of.")
    when = _("At once") if row.is_due else local_time(row.at, event.zone)
    mails = ngettext("%d mail", "%d mails", row.mails) % row.mails
    if not row.in_digests:
        return _("%(when)s: %(mails)s") % {"when": when, "mails": mails}
    people = ngettext("%d person reads it", "%d people read it", row.in_digests) % row.in_digests
    return _("%(when)s: %(mails)s, and %(people)s in a digest") % {"when": when, "mails": mails, "people": people}
