"""What organisers decide about a registration: approve, refuse, promote, take the place back, move in the queue."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from core.admin import ActionVariant, page_action
from core.errors import RuleViolation
from registrations.admin.asking import OptionalReasonForm, PriorityForm, Question, ReasonForm, add_refusal, ask
from registrations.models import Registration
from registrations.services.leaving import leave
from registrations.services.queue import change_priority, promote_by_hand
from registrations.services.registering import approve
from registrations.states import Command, State


@dataclass(frozen=True)
class Decision:
    """One button: from which states it is possible, the service it calls with what the form says, and its words."""

    name: str
    states: frozenset[State]
    decide: Callable[[Registration, dict[str, Any], User, dt.datetime], object]
    question: Any
    button: Any
    done: Any
    consequences: tuple[Any, ...]
    form: type[forms.Form] | None = None
    is_danger: bool = False


def _approve(row: Registration, said: dict[str, Any], by: User, now: dt.datetime) -> object:
    return approve(registration=row, by=by, now=now)


def _refuse(row: Registration, said: dict[str, Any], by: User, now: dt.datetime) -> object:
    if row.state != State.REQUESTED:
        raise RuleViolation("wrong_state", _("They do not ask to come any more."))
    return leave(registration=row, by=by, now=now, command=Command.REFUSE, reason=said.get("reason", ""))


def _promote(row: Registration, said: dict[str, Any], by: User, now: dt.datetime) -> object:
    return promote_by_hand(registration=row, by=by, now=now)


def _take_back(row: Registration, said: dict[str, Any], by: User, now: dt.datetime) -> object:
    return leave(registration=row, by=by, now=now, reason=said["reason"])


def _prioritise(row: Registration, said: dict[str, Any], by: User, now: dt.datetime) -> object:
    return change_priority(registration=row, by=by, now=now, priority=said["priority"], reason=said["reason"])


DECISIONS = {
    one.name: one
    for one in (
        Decision(
            "approve",
            frozenset({State.REQUESTED}),
            _approve,
            gettext_lazy("Let %(who)s come?"),
            gettext_lazy("Yes, let them come"),
            gettext_lazy("%(who)s is approved."),
            (gettext_lazy("They get a seat, or a place on the waitlist since the day they asked, and an email."),),
        ),
        Decision(
            "refuse",
            frozenset({State.REQUESTED}),
            _refuse,
            gettext_lazy("Refuse %(who)s?"),
            gettext_lazy("Yes, refuse"),
            gettext_lazy("%(who)s is refused."),
            (gettext_lazy("They get an email; the reason is not in it."),),
            OptionalReasonForm,
            is_danger=True,
        ),
        Decision(
            "promote",
            frozenset({State.WAITING}),
            _promote,
            gettext_lazy("Give %(who)s a seat now?"),
            gettext_lazy("Yes, give them a seat"),
            gettext_lazy("%(who)s has a seat."),
            (
                gettext_lazy("They overtake who waits before them."),
                gettext_lazy("It is refused when there are not enough free seats for them and their guests."),
            ),
        ),
        Decision(
            "take_back",
            frozenset({State.PENDING, State.GOING, State.WAITING, State.OFFERED}),
            _take_back,
            gettext_lazy("Cancel the registration of %(who)s?"),
            gettext_lazy("Yes, cancel it"),
            gettext_lazy("The registration of %(who)s is cancelled."),
            (
                gettext_lazy("They get an email; the reason is not in it."),
                gettext_lazy("Their seats go to whoever is next on the waitlist."),
            ),
            ReasonForm,
            is_danger=True,
        ),
        Decision(
            "prioritise",
            frozenset({State.WAITING}),
            _prioritise,
            gettext_lazy("Move %(who)s on the waitlist?"),
            gettext_lazy("Yes, move them"),
            gettext_lazy("%(who)s is moved on the waitlist."),
            (gettext_lazy("Nobody is told; the reason is kept in the history."),),
            PriorityForm,
        ),
    )
}


class DecisionsMixin:
    """For the registration's ModelAdmin: buttons with pages that ask, and actions on many rows of the list."""

    actions_detail = ("approve", "promote", "prioritise", "refuse", "take_back")
    actions = ("approve_chosen", "promote_chosen")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What is possible from where the registration is."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if row is None:
            return []
        actions = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        return [one for one in actions if row.state in DECISIONS[one.path].states]

    @page_action(description=gettext_lazy("Approve"), url_path="approve", variant=ActionVariant.PRIMARY)
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """They may come."""
        return self._decide(request, object_id, DECISIONS["approve"])

    @page_action(description=gettext_lazy("Refuse"), url_path="refuse", variant=ActionVariant.DANGER)
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """They may not."""
        return self._decide(request, object_id, DECISIONS["refuse"])

    @page_action(description=gettext_lazy("Give a seat"), url_path="promote", variant=ActionVariant.PRIMARY)
    def promote(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Out of the queue, by hand."""
        return self._decide(request, object_id, DECISIONS["promote"])

    @page_action(description=gettext_lazy("Cancel registration"), url_path="take_back", variant=ActionVariant.DANGER)
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An organiser ends it."""
        return self._decide(request, object_id, DECISIONS["take_back"])

    @page_action(description=gettext_lazy("Move on the waitlist"), url_path="prioritise")
    def prioritise(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """With a reason that stays."""
        return self._decide(request, object_id, DECISIONS["prioritise"])

    def _decide(self: Any, request: HttpRequest, object_id: str, decision: Decision) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        back = reverse("admin:registrations_registration_change", args=[row.pk])
        if row.state not in decision.states:
            messages.error(request, _("This registration is %(state)s.") % {"state": row.get_state_display()})
            return HttpResponseRedirect(back)
        data = request.POST if request.method == "POST" else None
        form = decision.form(data, initial={"priority": row.priority}) if decision.form else None
        if data is not None and (form is None or form.is_valid()):
            done = self._try(request, row, decision, form)
            if done:
                return HttpResponseRedirect(back)
        who, texts = {"who": row}, [str(text) for text in decision.consequences]
        question = Question(decision.question % who, str(decision.button), back, texts, decision.is_danger)
        return ask(self, request, row, question, form)

    def _try(self: Any, request: Any, row: Registration, decision: Decision, form: forms.Form | None) -> bool:
        """Whether it was done; a refusal is shown on the form, or at the top of the page."""
        try:
            decision.decide(row, form.cleaned_data if form else {}, request.user, timezone.now())
        except RuleViolation as refusal:
            if form is None:
                messages.error(request, refusal.message)
            else:
                add_refusal(form, refusal)
            return form is None
        self.log_change(request, row, [{"changed": {"fields": ["state"]}}])
        messages.success(request, decision.done % {"who": row})
        return True

    @admin.action(description=gettext_lazy("Approve requests"))
    def approve_chosen(self, request: HttpRequest, chosen: "QuerySet[Registration]") -> None:
        """Those of the chosen who ask."""
        self._decide_on_many(request, chosen, DECISIONS["approve"])

    @admin.action(description=gettext_lazy("Give a place from the waitlist"))
    def promote_chosen(self, request: HttpRequest, chosen: "QuerySet[Registration]") -> None:
        """Those of the chosen who wait, the first in the queue first, as far as the seats go."""
        self._decide_on_many(request, chosen, DECISIONS["promote"])

    def _decide_on_many(self: Any, request: Any, chosen: "QuerySet[Registration]", decision: Decision) -> None:
        """One by one, in the order in which everybody locks: what is refused is said, and holds up nobody else."""
        done, now = 0, timezone.now()
        due = chosen.filter(state__in=decision.states)
        for row in due.order_by("event", "-place", "-priority", "joined_at", "id"):
            try:
                decision.decide(row, {}, request.user, now)
                done += 1
            except RuleViolation as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.WARNING)
        self.message_user(request, ngettext("%d registration done.", "%d registrations done.", done) % done)
