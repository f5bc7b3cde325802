"""The outbox as organisers see it: what waits, left or failed, for whom and why; never a mail's words.

The words hold links that act for their reader, so those are for the reader, and for the keeper of the site.
Organisers may keep a mail from leaving, and send one again.
"""

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter
from events.admin.scoping import organises, scope_of
from outbox.admin import CameBackFilter, KindFilter, MessageAdmin
from outbox.models import Message
from outbox.selectors import kind_in_words

ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")
admin.site.unregister(Message)


@admin.register(Message)
class ScopedMessageAdmin(MessageAdmin):
    """Everything for superusers; for organisers a list of what their groups send."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return organises(request)

    def has_view_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        """The list for organisers; a message itself for superusers alone."""
        scope = scope_of(request)
        return scope.everything or (obj is None and bool(scope))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Message]":
        """Of their groups."""
        rows, scope = super().get_queryset(request), scope_of(request)
        return rows if scope.everything else rows.filter(group_ref__in=scope.groups).select_related("recipient")

    def get_list_display(self, request: HttpRequest) -> Any:
        if scope_of(request).everything:
            return super().get_list_display(request)
        return ("shown_title", "reader", "state", "reason", "bounce", "available_at", "finished_at", "attempts")

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        return super().get_list_display_links(request, list_display) if scope_of(request).everything else None

    def get_list_filter(self, request: HttpRequest) -> Any:
        if scope_of(request).everything:
            return super().get_list_filter(request)
        return (("state", ChoicesDropdownFilter), CameBackFilter, KindFilter, "available_at")

    def get_search_fields(self, request: HttpRequest) -> Any:
        return super().get_search_fields(request) if scope_of(request).everything else ("kind", "recipient__name")

    def named(self, request: HttpRequest, message: Message) -> str:
        """The address stays out of what an organiser reads."""
        if scope_of(request).everything:
            return super().named(request, message)
        return f"{self.shown_title(message)} ({self.reader(message)})"

    @admin.display(description=_("subject"))
    def shown_title(self, message: Message) -> str:
        """A secret's subject may hold the code itself."""
        return kind_in_words(message.kind) if message.is_secret else self.title(message)

    @admin.display(description=_("last error"))
    def reason(self, message: Message) -> str:
        """Without the addresses that mail servers repeat."""
        return ADDRESS.sub("…@…", message.last_error)

    @admin.display(description=_("to"), ordering="recipient__name")
    def reader(self, message: Message) -> str:
        """A name, where there is one; never the address."""
        return str(message.recipient.name) if message.recipient else gettext("somebody without an account")
