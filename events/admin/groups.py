"""Groups with their people and links, and their series."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.selectors import user_with_email
from core.admin import EmailWidget, HistoryMixin, RowForm, SluggedForm, display
from core.changes import RowChange, naming_the_row
from events.admin.imported import MailAddressMixin
from events.admin.scoping import GroupFilter, Rows, ScopedAdmin, scope_of
from events.models import Event, Group, GroupLink, Membership, Series
from events.services.groups import change_group_links, create_group, delete_group, remove_member, revise_group, set_role
from events.services.series import create_series, delete_series, revise_series


class MembershipForm(RowForm):
    """Somebody is added by the email they sign in with; who they are then stays, what they do may change."""

    email = forms.EmailField(label=_("email"), widget=EmailWidget())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["email"].disabled = True
            self.initial["email"] = self.instance.user.email

    def clean(self) -> dict[str, Any]:
        """Find the person."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk or "email" not in cleaned:
            return cleaned
        user = user_with_email(cleaned["email"])
        if user is None:
            self.add_error(
                "email", _("Nobody has an account with this email. Ask them to sign in once, then add them.")
            )
        elif self.instance.group_id and self.instance.group.memberships.filter(user=user).exists():
            self.add_error("email", _("This person belongs to the group already."))
        else:
            self.instance.user = user
        return cleaned

    def service_values(self) -> dict[str, Any]:
        """Who, and as what."""
        return {"user": self.instance.user, "role": self.cleaned_data["role"]}


class MembershipInline(Rows):
    """Who belongs to the group."""

    model = Membership
    form = MembershipForm
    tab = True
    fields = ("email", "role")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "group").order_by("role", "id")

    def save_rows(self, request: HttpRequest, parent: Group, changes: list[RowChange], now: dt.datetime) -> None:
        """New organisers first, so that the last one can hand over in one go."""
        for change in sorted(
            changes, key=lambda change: (change.values or {}).get("role") != Membership.Role.ORGANISER
        ):
            with naming_the_row(change):
                if change.values is None:
                    remove_member(membership=change.row)  # type: ignore[arg-type]
                else:
                    set_role(group=parent, **change.values)


class GroupLinkInline(Rows):
    """The group's public addresses."""

    model = GroupLink
    tab = True
    fields = ("title", "url", "position")

    def save_rows(self, request: HttpRequest, parent: Group, changes: list[RowChange], now: dt.datetime) -> None:
        change_group_links(group=parent, changes=changes)


@admin.register(Group)
class GroupAdmin(MailAddressMixin, HistoryMixin, ScopedAdmin):
    """A community."""

    group_path = ""
    form = SluggedForm
    inlines = (MembershipInline, GroupLinkInline)
    list_display = ("name", "town", "time_zone", "organisers", "members_", "events_", "is_listed")
    list_filter = ("is_listed",)
    search_fields = ("name", "slug", "town", "country")
    autocomplete_fields = ("topics",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "tagline", "description", "topics", "is_listed")}),
        (_("Place and time"), {"fields": ("town", "country", "time_zone", "languages"), "classes": ("tab",)}),
        (_("Counting"), {"fields": ("founded_date", "earlier_events"), "classes": ("tab",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what the list counts."""
        members = Membership.objects.filter(group=OuterRef("pk")).order_by().values("group")
        return (
            super()
            .get_queryset(request)
            .annotate(
                number_of_members=_count(members),
                number_of_organisers=_count(members.filter(role=Membership.Role.ORGANISER)),
                number_of_events=_count(Event.objects.filter(group=OuterRef("pk")).order_by().values("group")),
            )
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A new community is the site's business."""
        return scope_of(request).everything

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """So is the end of one."""
        return scope_of(request).everything

    @display(description=_("organisers"), ordering="number_of_organisers")
    def organisers(self, group: Any) -> int:
        """How many."""
        return group.number_of_organisers

    @display(description=_("people"), ordering="number_of_members")
    def members_(self, group: Any) -> int:
        """How many, whatever their role."""
        return group.number_of_members

    @display(description=_("events"), ordering="number_of_events")
    def events_(self, group: Any) -> int:
        """How many, drafts included."""
        return group.number_of_events

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Group:
        return create_group(**values)

    def revise_row(self, request: HttpRequest, row: Group, values: dict[str, Any], now: dt.datetime) -> Group:
        return revise_group(group=row, **values)

    def remove_row(self, request: HttpRequest, row: Group, now: dt.datetime) -> None:
        delete_group(group=row)


class SeriesForm(SluggedForm):
    """A plan and its short name."""

    slug_source = "title"


@admin.register(Series)
class SeriesAdmin(ScopedAdmin):
    """A repeating plan."""

    form = SeriesForm
    list_display = ("title", "group", "recurrence_rule", "starts_time", "minutes", "venue")
    list_filter = (GroupFilter,)
    list_select_related = ("group", "venue")
    search_fields = ("title", "slug", "group__name")
    autocomplete_fields = ("group", "venue")
    prepopulated_fields = {"slug": ("title",)}
    fields = (
        "group",
        "title",
        "slug",
        "description",
        "recurrence_rule",
        "starts_time",
        "minutes",
        "time_zone",
        "venue",
    )

    def create_row(self, request: HttpRequest, values: dict[str, Any], now: dt.datetime) -> Series:
        return create_series(**values)

    def revise_row(self, request: HttpRequest, row: Series, values: dict[str, Any], now: dt.datetime) -> Series:
        return revise_series(series=row, **values)

    def remove_row(self, request: HttpRequest, row: Series, now: dt.datetime) -> None:
        delete_series(series=row)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, counted in a subquery of their own: joins would multiply each other."""
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count")), 0)
