"""How lists and pages here put times and statuses."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.admin import DropdownFilter
from events.models import Event, Session

STATUS_LABELS = {"draft": "info", "published": "success", "postponed": "warning", "cancelled": "danger"}
SESSION_LABELS = {Session.Status.PLANNED: "success", Session.Status.CANCELLED: "danger"}


def local_time(instant: dt.datetime | None, zone: zoneinfo.ZoneInfo) -> str | None:
    """“Thu 19 Mar 2026, 19:00” by the clock of that place; None for what has no time yet."""
    if instant is None:
        return None
    local = timezone.localtime(instant, zone)
    return f"{date_format(local, 'D j M Y')}, {date_format(local, 'H:i')}"


class WhenFilter(DropdownFilter):
    """What is still to come, or over; a subclass says where the event is found."""

    title = _("when")
    parameter_name = "when"
    event_path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("upcoming", _("still to come")), ("past", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = timezone.now()
        if self.value() == "upcoming":
            return queryset.filter(**{f"{self.event_path}ends_at__gt": now})
        if self.value() == "past":
            return queryset.filter(**{f"{self.event_path}ends_at__lte": now})
        return queryset


class WhenOfEventFilter(WhenFilter):
    """The same for what belongs to an event."""

    event_path = "event__"


def status_of(event: Event) -> tuple[str, str]:
    """The status and its word, as the theme's labels want it."""
    return event.status, event.get_status_display()
