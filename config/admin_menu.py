"""The admin's side menu: pages by what people do with them; what somebody may not open is not shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# An icon's name comes from the theme's font, Material Symbols
EVENTS = {
    "events.Event": "event",
    "events.ImportedEvent": "move_to_inbox",
    "registrations.Registration": "how_to_reg",
    "registrations.Invitation": "mail",
    "events.Session": "co_present",
    "lightning.Block": "bolt",
    "lightning.Talk": "timer",
    "events.Recap": "auto_stories",
}
COMMUNITY = {
    "events.Group": "groups",
    "events.MailText": "edit_note",
    "events.Series": "event_repeat",
    "registrations.SeriesRegistration": "event_available",
    "speakers.Speaker": "record_voice_over",
}
SHARED = {
    "speakers.Topic": "sell",
    "events.Venue": "location_on",
    "events.Room": "meeting_room",
    "events.Organisation": "apartment",
}
SITE = {
    "accounts.User": "person",
    "accounts.ApiToken": "key",
    "outbox.Message": "outgoing_mail",
    "outbox.Suppression": "unsubscribe",
    "inbox.InboundMail": "inbox",
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu for whoever asks."""
    dashboard = {"title": _("Dashboard"), "icon": "dashboard", "link": reverse("admin:index")}
    return [
        {"title": None, "items": [dashboard]},
        {"title": _("Evenings"), "items": items(request, EVENTS)},
        {"title": _("Community"), "items": items(request, COMMUNITY)},
        {"title": _("Shared by all groups"), "items": items(request, SHARED)},
        {"title": _("Site"), "items": items(request, SITE)},
    ]


def items(request: HttpRequest, icons: dict[str, str]) -> list[dict[str, Any]]:
    """One link for each of these models that has a page this person may open."""
    pages = {model._meta.label: page for model, page in admin.site._registry.items()}
    return [
        {
            "title": capfirst(pages[label].opts.verbose_name_plural),
            "icon": icon,
            "link": reverse(f"admin:{pages[label].opts.app_label}_{pages[label].opts.model_name}_changelist"),
        }
        for label, icon in icons.items()
        if label in pages and pages[label].has_module_permission(request)
    ]
