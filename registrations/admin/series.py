"""Who comes to every event of a series."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.admin import ChoicesDropdownFilter, display
from events.admin.scoping import GroupFilter, ScopedAdmin
from registrations.models import SeriesRegistration
from registrations.services.series import leave_series


class SeriesGroupFilter(GroupFilter):
    """By the group of its series."""

    group_path = "series__group"


@admin.register(SeriesRegistration)
class SeriesRegistrationAdmin(ScopedAdmin):
    """People join on the series' pages; organisers look, and may take somebody out."""

    group_path = "series__group"
    list_display = ("who", "email", "series", "place", "since", "left_at")
    list_filter = (("place", ChoicesDropdownFilter), SeriesGroupFilter)
    list_select_related = ("series__group", "user")
    search_fields = ("name", "user__email", "series__title")
    ordering = ("series", "since", "id")
    empty_value_display = "–"
    date_hierarchy = None
    actions = ("take_out",)
    fields = ("who", "email", "series", "place", "since", "left_at")
    readonly_fields = ("who", "email")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People do that themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is typed in."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who left stays listed, so that nobody is brought back by mistake."""
        return False

    @display(description=_("who"), ordering="name")
    def who(self, row: SeriesRegistration) -> str:
        """The name they gave."""
        return row.name or str(row.user)

    @display(description=_("email"), ordering="user__email")
    def email(self, row: SeriesRegistration) -> str:
        """What they sign in with."""
        return row.user.email

    @admin.action(description=_("Take out of the series and its events to come"))
    def take_out(self, request: HttpRequest, chosen: "QuerySet[SeriesRegistration]") -> None:
        """As if they had left it."""
        now, members = timezone.now(), list(chosen.filter(left_at=None).order_by("series", "pk"))
        for member in members:
            leave_series(series=member.series, user=member.user, now=now)
        count = len(members)
        self.message_user(request, ngettext("%d person taken out.", "%d people taken out.", count) % count)
