"""What RSVP adds to the event's page: two tabs, buttons, and the numbers in the list."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.admin import (
    ActionVariant,
    NonrelatedTabularInline,
    OpenInlineMixin,
    RowsMixin,
    display,
    page_action,
)
from core.changes import RowChange, naming_the_row
from core.errors import RuleViolation
from events.admin.events import EventAdmin
from events.admin.rows import appended
from events.admin.scoping import Blocks, ChoicesInScope
from events.models import Event
from registrations.admin.asking import InviteForm, add_refusal, ask
from registrations.admin.asking import Question as Ask
from registrations.admin.export import attendees_csv
from registrations.admin.plan_forms import PlanForm, QuestionForm
from registrations.admin.words import number_words, seats_words, show_up_words
from registrations.models import Question, RegistrationPlan, Seats
from registrations.selectors.dashboard import event_numbers, show_up_rates
from registrations.services.invitations import Invited, invite
from registrations.services.plans import change_questions, create_plan, default_seats, delete_plan, revise_plan


class PlanInline(Blocks):
    """How people get in."""

    model = RegistrationPlan
    form = PlanForm
    tab = True
    verbose_name = verbose_name_plural = gettext_lazy("RSVP")
    saving_order = 80
    readonly_fields = ("numbers", "show_up")
    fields = (
        "numbers",
        "show_up",
        ("has_room", "room_seats"),
        ("has_online", "online_seats"),
        ("admission", "max_guests"),
        ("waiting_list", "offer_hours"),
        ("opens_at", "closes_at"),
        "closes_because",
        "reconfirm_days",
        ("releases_silent_seats", "release_hours"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the seats."""
        return super().get_queryset(request).select_related("event").prefetch_related("seats")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """A form that is added proposes the seats of this event's rooms."""
        formset = super().get_formset(request, obj, **kwargs)
        if obj is not None:
            formset.form.proposed = default_seats(obj)
        return formset

    @display(description=gettext_lazy("so far"))
    def numbers(self, plan: RegistrationPlan) -> str:
        """Seats, queue, who came."""
        return number_words(event_numbers([plan.event_id])[plan.event_id]) if plan.pk else "–"

    @display(description=gettext_lazy("show-up rate of the group"))
    def show_up(self, plan: RegistrationPlan) -> str:
        """Good to know for how many seats to give away."""
        if not plan.event_id:
            return "–"
        group = plan.event.group_id
        return show_up_words(show_up_rates([group]).get(group))

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        for change in changes:
            with naming_the_row(change):
                if change.row is None:
                    create_plan(event=parent, now=now, **(change.values or {}))
                elif change.values is None:
                    delete_plan(plan=parent.registration_plan)
                else:
                    revise_plan(plan=parent.registration_plan, now=now, **change.values)


class QuestionInline(ChoicesInScope, OpenInlineMixin, RowsMixin, NonrelatedTabularInline):
    """What people are asked when they RSVP."""

    model = Question
    form = QuestionForm
    tab = True
    verbose_name_plural = gettext_lazy("RSVP questions")
    saving_order = 85
    fields = ("text", "kind", "choices", "is_required", "position")
    ordering_field = "position"
    hide_ordering_field = True
    hide_title = True

    def get_form_queryset(self, obj: Event) -> QuerySet[Question]:
        """Of this event's plan."""
        return Question.objects.filter(plan__event=obj).order_by("position", "id")

    def save_new_instance(self, parent: Event, instance: Question) -> None:
        """Nothing: the service makes it."""

    def save_rows(self, request: HttpRequest, parent: Event, changes: list[RowChange], now: dt.datetime) -> None:
        plan = RegistrationPlan.objects.filter(event=parent).first()
        if plan is None:
            raise RuleViolation("takes_no_rsvps", _("Take RSVPs first, on the tab “RSVP”; then ask."))
        taken = Question.objects.filter(plan=plan).values_list("position", flat=True)
        change_questions(plan=plan, changes=appended(changes, taken))


ONCE_TAKEN = ("attendees", "invite", "export_attendees", "door")
BUTTONS = ("take_rsvps", {"title": gettext_lazy("RSVP"), "items": list(ONCE_TAKEN)})

_ALL_SEATS = JSONObject(
    taken=Sum("taken"), waiting=Sum("waiting"), capacity=Sum("capacity"), unlimited=Count("pk") - Count("capacity")
)

admin.site.unregister(Event)


@admin.register(Event)
class EventWithRegistrationsAdmin(EventAdmin):
    """The event's page as the floor below built it, and who comes."""

    list_display: Any = (*EventAdmin.list_display, "rsvp")
    actions_detail: Any = (*EventAdmin.actions_detail, *BUTTONS)

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Behind the programme and the lightning rounds."""
        inlines = list(super().get_inlines(request, obj))
        return [*inlines[:2], PlanInline, QuestionInline, *inlines[2:]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the seats that are taken, and all of them."""
        seats = Seats.objects.filter(plan__event=OuterRef("pk")).order_by().values("plan")
        return (
            super()
            .get_queryset(request)
            .annotate(
                seats_taken=Subquery(seats.annotate(sum=Sum("taken")).values("sum")),
                seats=Subquery(seats.annotate(all=_ALL_SEATS).values("all")),
            )
        )

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Taking RSVPs once; everything else once they are taken."""
        actions = super().get_actions_detail(request, object_id)
        takes = RegistrationPlan.objects.filter(event=object_id).exists() if actions else False
        hidden = ("take_rsvps",) if takes else ONCE_TAKEN
        return [one for one in actions if one.path not in hidden]

    @display(description=gettext_lazy("RSVP"), ordering="seats_taken")
    def rsvp(self, event: Any) -> str | None:
        """How many come, and how many wait."""
        seats = event.seats
        if seats is None:
            return None
        taken = str(seats["taken"]) if seats["unlimited"] else f"{seats['taken']}/{seats['capacity']}"
        return f"{taken}, {_('%d waiting') % seats['waiting']}" if seats["waiting"] else taken

    @page_action(description=gettext_lazy("Take RSVPs"), url_path="take_rsvps", variant=ActionVariant.PRIMARY)
    def take_rsvps(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """With what is usual; the tab has all the rest."""
        event = self._event(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        back = reverse("admin:events_event_change", args=[event.pk])
        if request.method != "POST":
            return ask(self, request, event, _question_of_taking(event, back))
        try:
            create_plan(event=event, now=timezone.now())
        except RuleViolation as refusal:
            messages.error(request, refusal.message)
        else:
            self.log_change(request, event, [{"added": {"name": str(_("registration")), "object": str(event)}}])
            messages.success(request, _("“%(event)s” takes RSVPs now.") % {"event": event})
        return HttpResponseRedirect(back)

    @page_action(description=gettext_lazy("Attendees"), url_path="attendees")
    def attendees(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The list, of this event alone."""
        event = self._event(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(f"{reverse('admin:registrations_registration_changelist')}?event={event.pk}")

    @page_action(description=gettext_lazy("Export CSV"), url_path="export_attendees")
    def export_attendees(self, request: HttpRequest, object_id: str) -> Any:
        """Everybody who registered."""
        event = self._event(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return attendees_csv(event)

    @page_action(description=gettext_lazy("Door"), url_path="door")
    def door(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page for phones."""
        event = self._event(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return HttpResponseRedirect(reverse("door", args=[event.slug]))

    @page_action(description=gettext_lazy("Invite people"), url_path="invite")
    def invite(self, request: Any, object_id: str) -> HttpResponse:
        """By pasted addresses; one mail each."""
        event = self._event(request, object_id)
        plan = RegistrationPlan.objects.filter(event=event).select_related("event").first() if event else None
        if event is None or plan is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        form = InviteForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                told = invite(plan=plan, emails=form.cleaned_data["emails"], by=request.user, now=timezone.now())
            except RuleViolation as refusal:
                add_refusal(form, refusal)
            else:
                self._tell(request, event, told)
                if not told.bad:
                    return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]))
                form = InviteForm(initial={"emails": "\n".join(told.bad)})
        return ask(self, request, event, _question_of_inviting(event), form)

    def _tell(self, request: HttpRequest, event: Event, told: Invited) -> None:
        if told.new:
            count = len(told.new)
            messages.success(request, ngettext("%d person invited.", "%d people invited.", count) % count)
            self.log_change(request, event, [{"changed": {"fields": ["invitations"]}}])
        if told.known:
            messages.info(request, _("Invited before: %(emails)s.") % {"emails": ", ".join(told.known)})
        if told.bad:
            messages.error(request, _("Not an email address: %(texts)s.") % {"texts": ", ".join(told.bad)})

    def _event(self, request: HttpRequest, object_id: str) -> Event | None:
        """One of theirs; raises PermissionDenied for who organises nothing."""
        event: Event | None = self.get_object(request, object_id)
        if not self.has_change_permission(request, event):
            raise PermissionDenied
        return event


def _question_of_taking(event: Event, back: str) -> Ask:
    texts = [
        _("Seats: %(seats)s.") % {"seats": seats_words(default_seats(event))},
        _("Anybody may come until the end; when it is full, the next in line gets a free seat at once."),
        _("All of this, and questions to ask, can be changed on the tab “RSVP”."),
    ]
    if event.status != Event.Status.PUBLISHED:
        texts.append(_("RSVP opens when the event is published."))
    return Ask(_("Take RSVPs for “%(event)s”?") % {"event": event}, _("Yes, take RSVPs"), back, texts)


def _question_of_inviting(event: Event) -> Ask:
    texts = [
        _("Each person gets one mail with a link to the event's page."),
        _("A seat is not kept for them; where only invited people may come, they may RSVP from now on."),
    ]
    back = reverse("admin:events_event_change", args=[event.pk])
    return Ask(_("Invite people to “%(event)s”") % {"event": event}, _("Invite them"), back, texts)
