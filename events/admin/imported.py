"""Invite the site, as organisers see it: the group's secret address, and what became of invitations sent there."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ReadOnly, display, page_action
from events.admin.scoping import GroupFilter, ScopedAdmin
from events.admin.words import local_time
from events.models import Group, ImportedEvent
from events.services.imported_events import mail_address, make_mail_address


class MailAddressMixin:
    """For the group's ModelAdmin: the address invitations are mailed to, and a button that makes a new one."""

    actions_detail: Any = ("new_mail_address",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "mail_address_")  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """On a tab of its own, in front of the last; a new group has no address yet."""
        fieldsets = list(super().get_fieldsets(request, obj))  # type: ignore[misc]
        if obj is not None:
            tab = (gettext_lazy("Invitations by mail"), {"fields": ("mail_address_",), "classes": ("tab",)})
            fieldsets.insert(-1, tab)
        return fieldsets

    @display(description=gettext_lazy("secret address"))
    def mail_address_(self, group: Group) -> str:
        """Shown to organisers only: who knows it can make drafts."""
        return mail_address(group) or _("None yet. Make one with the button “New address for invitations”.")

    @page_action(description=gettext_lazy("New address for invitations"), url_path="mail-address")
    def new_mail_address(self: Any, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say what it does, then do it."""
        group = self.get_object(request, object_id)
        if group is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, group):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask_for_address(request, group)
        address = make_mail_address(group=group)
        self.log_change(request, group, _("Made a new address for invitations."))
        messages.success(request, _("Send invitations to %(address)s from now on.") % {"address": address})
        return HttpResponseRedirect(reverse("admin:events_group_change", args=[group.pk]))

    def _ask_for_address(self: Any, request: HttpRequest, group: Group) -> HttpResponse:
        consequences = [
            _("Invite the address from any calendar, and a draft of that event appears here. Updates follow it."),
            _("Whoever knows the address can make drafts, so keep it among organisers. Nothing is published by it."),
        ]
        if group.mail_token:
            consequences.append(_("The present address stops working at once."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make a new address for invitations to %(group)s?") % {"group": group},
            "opts": self.opts,
            "original": group,
            "consequences": consequences,
        }
        return TemplateResponse(request, "admin/events/group/mail_address.html", context)


def called_off_words(event: Any) -> str:
    """A warning on events whose invitation was called off by who sent it; nothing for all others."""
    if event.called_off_at is None:
        return ""
    when = local_time(event.called_off_at, event.zone)
    return _("called off by its organizer on %(date)s") % {"date": when}


@admin.register(ImportedEvent)
class ImportedEventAdmin(ReadOnly, ScopedAdmin):
    """What came in by mail; nothing is typed in here."""

    list_display = ("title", "group", "organizer", "received_at", "called_off_at")
    list_filter = (GroupFilter,)
    list_select_related = ("event", "group")
    search_fields = ("uid", "organizer", "event__title")
    fields = ("title", "group", "organizer", "uid", "sequence", "received_at", "stamped_at", "called_off_at", "remarks")
    readonly_fields = fields

    @display(description=gettext_lazy("event"))
    def title(self, imported: ImportedEvent) -> str:
        """As the event is called now."""
        return str(imported.event) if imported.event else _("(the draft was deleted)")

    @display(description=gettext_lazy("had to be guessed"))
    def remarks(self, imported: ImportedEvent) -> str:
        """What a person should look at."""
        return "; ".join(imported.values.get("remarks", []))
