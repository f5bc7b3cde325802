"""What came in by mail, as the keeper of the site sees it: all of it as plain text, whatever it claims to be."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter, ModelAdmin, SuperusersOnly
from core.admin.reading import ReadOnly
from core.errors import RuleViolation
from inbox.mime import Unreadable, headers_shown, opened, plain_texts
from inbox.models import InboundMail
from inbox.services import handle_again


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnly, SuperusersOnly, ModelAdmin):
    """Every message to one of our addresses, newest first, and what became of it."""

    list_display = ("subject_", "state", "outcome", "sender", "recipient", "source", "received_at")
    list_filter = (("state", ChoicesDropdownFilter), ("source", ChoicesDropdownFilter))
    search_fields = ("sender", "recipient", "subject", "outcome")
    actions = ("handle_again",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("state", "outcome", "attempts", "subject_", "sender", "recipient")}),
        (_("When"), {"fields": ("received_at", "handled_at", "source")}),
        (_("As it came"), {"fields": ("headers", "texts")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[InboundMail]":
        """Lists need no words."""
        return super().get_queryset(request).defer("raw")

    @admin.display(description=_("subject"), ordering="subject")
    def subject_(self, mail: InboundMail) -> str:
        """Something to click on, also where there is none."""
        return mail.subject or gettext("(no subject)")

    @admin.display(description=_("headers"))
    def headers(self, mail: InboundMail) -> str:
        """One a line."""
        message = opened(bytes(mail.raw))
        lines = [] if isinstance(message, Unreadable) else [f"{name}: {text}" for name, text in headers_shown(message)]
        return _preformatted("\n".join(lines))

    @admin.display(description=_("text"))
    def texts(self, mail: InboundMail) -> str:
        """Each part, HTML and calendars as their source."""
        if not mail.raw:
            return gettext("The message itself is erased; only what became of it is kept.")
        message = opened(bytes(mail.raw))
        return _preformatted(
            message.reason if isinstance(message, Unreadable) else "\n\n".join(plain_texts(message)).strip()
        )

    @admin.action(description=_("Handle again"))
    def handle_again(self, request: HttpRequest, chosen: "QuerySet[InboundMail]") -> None:
        """Read them once more; an answer that was applied stays applied once."""
        done, now = 0, timezone.now()
        for mail in chosen:
            try:
                handle_again(mail=mail, now=now)
                done += 1
            except RuleViolation as refusal:
                self.message_user(request, f"{mail}: {refusal.message}", messages.WARNING)
        text = ngettext("%d message will be read again.", "%d messages will be read again.", done)
        self.message_user(request, text % done)


def _preformatted(text: str) -> str:
    return format_html('<pre style="white-space: pre-wrap">{}</pre>', text)
