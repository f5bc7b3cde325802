"""Invitations: who was asked to come, and whether they answered; withdrawing is deleting."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import display
from events.admin.scoping import GroupFilter, ScopedAdmin, scope_of
from events.admin.words import WhenFilter, local_time
from events.models import Event
from registrations.models import Invitation, Registration
from registrations.services.invitations import withdraw_invitation


class InvitationWhenFilter(WhenFilter):
    """By the event of its plan."""

    event_path = "plan__event__"


class InvitationGroupFilter(GroupFilter):
    """By the group of its plan's event."""

    group_path = "plan__event__group"


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin):
    """One address; made by the button “Invite” of the event's page."""

    group_path = "plan__event__group"
    list_display = ("email", "event", "invited", "invited_by", "registered")
    list_filter = (InvitationWhenFilter, InvitationGroupFilter)
    list_select_related = ("plan__event__group", "invited_by")
    search_fields = ("email", "plan__event__title")
    ordering = ("-plan__event__starts_at", "email")
    empty_value_display = "–"
    date_hierarchy = None
    fields = ("email", "event", "invited", "invited_by", "registered")
    readonly_fields = ("event", "invited", "registered")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With whether they answered."""
        mine = Registration.objects.filter(event=OuterRef("plan__event"), user__email__iexact=OuterRef("email"))
        return super().get_queryset(request).annotate(has_registered=Exists(mine))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the event's page, several at once."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Withdraw it and invite the right address."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Organisers of the group."""
        return bool(scope_of(request)) and (obj is None or self.may_view(request, obj))

    @display(description=_("event"), ordering="plan__event__title")
    def event(self, invitation: Invitation) -> Event:
        """To what."""
        return invitation.plan.event

    @display(description=_("invited"), ordering="invited_at")
    def invited(self, invitation: Invitation) -> str | None:
        """By the event's clock."""
        return local_time(invitation.invited_at, invitation.plan.event.zone)

    @display(description=_("has answered"), boolean=True)
    def registered(self, invitation: Any) -> bool:
        """Whether somebody with this address registered, whatever became of it."""
        return invitation.has_registered

    def remove_row(self, request: HttpRequest, row: Invitation, now: dt.datetime) -> None:
        withdraw_invitation(invitation=row)
