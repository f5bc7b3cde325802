"""The outbox as its keeper sees it: what waits, what left, what failed and why.

Superusers only for now: a message belongs to a person, not yet to a group.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import ModelAdmin, SuperusersOnly, TabularInline
from core.errors import RuleViolation
from outbox.models import Attempt, Message
from outbox.services import cancel_message, resend_message
from outbox.writers import Letter, Skip, has_writer, words_of


class ReadOnly(SuperusersOnly):
    """Nothing here is typed in: services write, buttons ask them to."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AttemptInline(ReadOnly, TabularInline):
    """Each try, oldest first."""

    model = Attempt
    fields = ("started_at", "finished_at", "outcome", "smtp_code", "error", "worker")


@admin.register(Message)
class MessageAdmin(ReadOnly, ModelAdmin):
    """Every message, newest first; its words as its reader gets them."""

    list_display = ("title", "state", "kind", "address", "available_at", "attempts", "last_error")
    list_filter = ("state", "kind", "priority", "created_at")
    search_fields = ("address", "subject", "dedupe_key", "message_id")
    actions = ("resend", "cancel")
    inlines = (AttemptInline,)
    date_hierarchy = "created_at"
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("state", "last_error", "title", "address", "kind", "language", "text_part", "html_part")}),
        (_("When"), {"fields": ("created_at", "available_at", "expires_at", "finished_at", "attempts", "crashes")}),
        (_("How"), {"fields": ("priority", "policy", "sender", "reply_to", "is_secret", "message_id", "dedupe_key")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Message]":
        """Lists need no words."""
        return super().get_queryset(request).defer("payload")

    @admin.display(description=_("subject"), ordering="subject")
    def title(self, message: Message) -> str:
        """What will be written when it is sent has no subject yet: then what kind of mail it is."""
        return message.subject or message.kind.replace("_", " ").capitalize()

    @admin.display(description=_("text"))
    def text_part(self, message: Message) -> str:
        """As plain text, below the subject where that is not in the row yet."""
        letter = letter_of(message)
        text = letter.text if message.subject else f"{letter.subject}\n\n{letter.text}".strip()
        return format_html('<pre style="white-space: pre-wrap">{}</pre>', text)

    @admin.display(description=_("HTML"))
    def html_part(self, message: Message) -> str:
        """In a frame that runs no scripts, opens no windows and has no origin."""
        return format_html(
            '<iframe sandbox="" srcdoc="{}" title="{}" style="width: 100%; height: 40rem; border: 1px solid"></iframe>',
            letter_of(message).html,
            gettext("The message as HTML"),
        )

    @admin.action(description=_("Send again"))
    def resend(self, request: HttpRequest, chosen: "QuerySet[Message]") -> None:
        """Ended messages only; what was sent leaves as a copy."""
        now = timezone.now()
        done = self._one_by_one(request, chosen, lambda message: resend_message(message=message, now=now))
        self.message_user(
            request, ngettext("%d message will be sent again.", "%d messages will be sent again.", done) % done
        )

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, chosen: "QuerySet[Message]") -> None:
        """Waiting messages only."""
        now, reason = timezone.now(), f"Cancelled by {request.user}"
        done = self._one_by_one(
            request, chosen, lambda message: cancel_message(message=message, reason=reason, now=now)
        )
        self.message_user(request, ngettext("%d message is cancelled.", "%d messages are cancelled.", done) % done)

    def _one_by_one(self, request: HttpRequest, chosen: "QuerySet[Message]", act: Callable[[Message], object]) -> int:
        done = 0
        for message in chosen:
            try:
                act(message)
                done += 1
            except RuleViolation as refusal:
                self.message_user(request, f"{message}: {refusal.message}", messages.WARNING)
        return done


def letter_of(message: Message) -> Letter:
    """The words as they were sent, or as they would be now; a secret's are for its reader alone."""
    if message.is_secret:
        secret = gettext("This message holds a secret, which is for its reader alone.")
        return Letter("", secret, secret)
    if message.text or not has_writer(message.kind):
        return Letter(message.subject, message.text, message.html)
    try:
        words = words_of(message, now=timezone.now())
    except Exception as error:  # noqa: BLE001 - whatever its writer trips over is what the keeper wants to read
        return Letter("", gettext("It cannot be written: %(error)s") % {"error": f"{type(error).__name__}: {error}"})
    if isinstance(words, Skip):
        return Letter("", gettext("It would not be sent now: %(reason)s.") % {"reason": words.reason})
    return words
