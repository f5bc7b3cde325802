"""What RSVP adds to the group's page: how many of those who had a seat came."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.admin import display
from events.admin.groups import GroupAdmin
from events.models import Group
from registrations.admin.words import show_up_words
from registrations.selectors.dashboard import show_up_rates

admin.site.unregister(Group)


@admin.register(Group)
class GroupWithShowUpAdmin(GroupAdmin):
    """The group's page as the floor below built it, with one number more."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "show_up")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """On the tab that counts; a new group has nothing to count."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        *others, (title, options) = fieldsets
        return [*others, (title, {**options, "fields": (*options["fields"], "show_up")})]

    @display(description=_("show-up rate"))
    def show_up(self, group: Group) -> str:
        """Of people with a seat, over the last events; nobody by name."""
        return show_up_words(show_up_rates([group.pk]).get(group.pk))
