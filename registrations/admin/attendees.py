"""Attendees: the list with its filters, one person's page with answers and history, and what organisers may do."""

import datetime as dt
import zoneinfo
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter, DropdownFilter, ReadOnly, ReadOnlyRows, display
from events.admin.scoping import GroupOfEventFilter, ScopedAdmin, scope_of
from events.admin.words import WhenOfEventFilter, local_time
from events.models import Event
from registrations.admin.decisions import DecisionsMixin
from registrations.admin.words import STATE_LABELS, command_words, number_words
from registrations.models import Answer, Registration, RegistrationChange
from registrations.selectors.dashboard import event_numbers
from registrations.selectors.people import with_queue_position

MOST_EVENTS = 100


class EventFilter(DropdownFilter):
    """One of the events that take RSVPs, the latest first."""

    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        events = events_with_plan(request).order_by("-starts_at", "-pk")[:MOST_EVENTS]
        return [(event.pk, f"{event.title}, {event.starts_at.astimezone(event.zone):%Y-%m-%d}") for event in events]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(event=value) if is_key(value) else queryset.none()


def events_with_plan(request: HttpRequest) -> QuerySet[Event]:
    """Of the groups this person organises."""
    events, scope = Event.objects.exclude(registration_plan=None), scope_of(request)
    return events if scope.everything else events.filter(group__in=scope.groups)


def is_key(text: str) -> bool:
    """Whether the database can look for it."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class AnswerInline(ReadOnlyRows):
    """What they answered."""

    model = Answer
    fields = ("question", "value")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        return super().get_queryset(request).select_related("question")


class ChangeInline(ReadOnlyRows):
    """Everything that happened, the latest last."""

    model = RegistrationChange
    verbose_name_plural = _("history")
    fields = ("when", "what", "state_after", "by", "reason")
    readonly_fields = ("when", "what", "state_after")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistrationChange]:
        return super().get_queryset(request).select_related("by", "registration__event")

    @display(description=_("when"))
    def when(self, change: RegistrationChange) -> str | None:
        """By the event's clock."""
        return local_time(change.at, change.registration.event.zone)

    @display(description=_("what"))
    def what(self, change: RegistrationChange) -> str:
        """In words."""
        return command_words(change)

    @display(description=_("state"))
    def state_after(self, change: RegistrationChange) -> str:
        """Where it led."""
        return str(Registration.State(change.after).label)


@admin.register(Registration)
class RegistrationAdmin(DecisionsMixin, ReadOnly, ScopedAdmin):
    """Somebody at an event, who registered themselves or at the door; nothing is typed in, buttons ask the services."""

    group_path = "event__group"
    inlines = (AnswerInline, ChangeInline)
    list_display = ("who", "email", "state_", "queue", "place", "guests", "answers_", "since", "event")
    list_filter: ClassVar[tuple[Any, ...]] = (
        ("state", ChoicesDropdownFilter),
        ("place", ChoicesDropdownFilter),
        EventFilter,
        WhenOfEventFilter,
        GroupOfEventFilter,
    )
    list_select_related = ("event__group", "user")
    list_before_template = "admin/registrations/registration/list_before.html"
    search_fields = ("name", "user__email", "user__name")
    ordering = ("-event__starts_at", "-event", "created_at", "id")
    empty_value_display = "–"
    date_hierarchy = None
    fieldsets = (
        (None, {"fields": (("who", "email"), ("event_link", "state"), ("place", "guests"), ("queue", "priority"))}),
        (
            _("When"),
            {"fields": (("since", "joined"), ("offer", "source"), ("reconfirm_asked", "reconfirmed"))},
        ),
    )
    readonly_fields = (
        "who",
        "email",
        "event_link",
        "queue",
        "since",
        "joined",
        "offer",
        "reconfirm_asked",
        "reconfirmed",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the place in the queue and the answers."""
        rows = with_queue_position(super().get_queryset(request))
        return rows.prefetch_related("answers")

    def get_list_display(self, request: HttpRequest) -> Any:
        """A list of one event need not name it on each line."""
        chosen = is_key(request.GET.get("event", ""))
        return tuple(name for name in self.list_display if name != "event" or not chosen)

    def zone_for(self, request: HttpRequest, object_id: str | None) -> zoneinfo.ZoneInfo | None:
        """The event's."""
        row = self.get_object(request, unquote(object_id)) if object_id else None
        return row.event.zone if row else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """With the numbers of the event, when the list is of one."""
        chosen = request.GET.get("event", "")
        event = events_with_plan(request).filter(pk=chosen).first() if is_key(chosen) else None
        context = {"event": event, "numbers": number_words(event_numbers([event.pk])[event.pk])} if event else {}
        return super().changelist_view(request, {**(extra_context or {}), "chosen": context})

    @display(description=_("who"), ordering="name")
    def who(self, row: Registration) -> str:
        """The name they gave."""
        return str(row)

    @display(description=_("email"), ordering="user__email")
    def email(self, row: Registration) -> str | None:
        """None for who deleted their account."""
        return row.user.email if row.user else None

    @display(description=_("state"), label=STATE_LABELS, ordering="state")
    def state_(self, row: Registration) -> tuple[str, str]:
        """As a coloured word."""
        return row.state, row.get_state_display()

    @display(description=_("on the waitlist"))
    def queue(self, row: Any) -> int | None:
        """1 is next."""
        return row.queue_position

    @display(description=_("answers"))
    def answers_(self, row: Registration) -> str | None:
        """One after the other, as far as a line goes; the person's page has all of it."""
        return Truncator(" · ".join(answer.value for answer in row.answers.all())).chars(60) or None

    @display(description=_("event"))
    def event_link(self, row: Registration) -> str:
        """Leads to its page."""
        address = reverse("admin:events_event_change", args=[row.event_id])
        return format_html('<a href="{}" class="text-link">{}</a>', address, row.event)

    @display(description=_("registered"), ordering="created_at")
    def since(self, row: Registration) -> str | None:
        """By the event's clock."""
        return self._local(row, row.created_at)

    @display(description=_("in line since"))
    def joined(self, row: Registration) -> str | None:
        """The place in the queue follows from it."""
        return self._local(row, row.joined_at)

    @display(description=_("offer stands until"))
    def offer(self, row: Registration) -> str | None:
        """While a seat is held."""
        return self._local(row, row.offer_until)

    @display(description=_("asked to reconfirm"))
    def reconfirm_asked(self, row: Registration) -> str | None:
        """Some days before."""
        return self._local(row, row.reconfirm_asked_at)

    @display(description=_("reconfirmed"))
    def reconfirmed(self, row: Registration) -> str | None:
        """They said they still come."""
        return self._local(row, row.reconfirmed_at)

    def _local(self, row: Registration, instant: dt.datetime | None) -> str | None:
        return local_time(instant, row.event.zone)
