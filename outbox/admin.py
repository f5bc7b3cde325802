"""The outbox as its keeper sees it: what waits, what left, what failed and why.

Superusers only; what organisers see of it is in events/admin/outbox.py.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.admin import ChoicesDropdownFilter, DropdownFilter, EmailWidget, ModelAdmin, SuperusersOnly, TabularInline
from core.admin.reading import ReadOnly
from core.errors import RuleViolation
from outbox.models import Attempt, Message, Suppression
from outbox.selectors import kind_in_words, overdue_since, planned_by_hour
from outbox.services import cancel_message, lift_suppression, resend_message, suppress
from outbox.unsubscribing import address_digest
from outbox.writers import Letter, has_writer, words_of


class AttemptInline(ReadOnly, SuperusersOnly, TabularInline):
    """Each try, oldest first."""

    model = Attempt
    fields = ("started_at", "finished_at", "outcome", "smtp_code", "error", "worker")


class KindFilter(DropdownFilter):
    """The kinds that there are."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds = model_admin.get_queryset(request).order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, kind_in_words(kind)) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Message]") -> "QuerySet[Message]":
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CameBackFilter(DropdownFilter):
    """Mails the server took and another sent back."""

    title = _("came back")
    parameter_name = "came_back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("came back"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Message]") -> "QuerySet[Message]":
        return queryset.exclude(bounce="") if self.value() == "1" else queryset


@admin.register(Message)
class MessageAdmin(ReadOnly, SuperusersOnly, ModelAdmin):
    """Every message, newest first; its words as its reader gets them."""

    list_display = ("title", "state", "kind", "address", "available_at", "attempts", "last_error")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        CameBackFilter,
        KindFilter,
        ("priority", ChoicesDropdownFilter),
        "available_at",
    )
    search_fields = ("address", "subject", "dedupe_key", "message_id")
    actions = ("resend", "cancel")
    inlines = (AttemptInline,)
    list_before_template = "admin/outbox/message/list_before.html"
    date_hierarchy = "created_at"
    show_full_result_count = False
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "bounce",
                    "last_error",
                    "title",
                    "address",
                    "kind",
                    "language",
                    "text_part",
                    "html_part",
                )
            },
        ),
        (_("When"), {"fields": ("created_at", "available_at", "expires_at", "finished_at", "attempts", "crashes")}),
        (_("How"), {"fields": ("priority", "policy", "sent_from", "reply_to", "scopes", "is_secret")}),
        (_("Which"), {"fields": ("message_id", "dedupe_key")}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With what will leave next, and whether delivery lags behind."""
        now = timezone.now()
        planned = planned_by_hour(self.get_queryset(request), now=now)
        context = {"planned": planned, "overdue_since": overdue_since(now=now)}
        return super().changelist_view(request, context | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Message]":
        """Lists need no words."""
        return super().get_queryset(request).defer("payload")

    @admin.display(description=_("subject"), ordering="subject")
    def title(self, message: Message) -> str:
        """What will be written when it is sent has no subject yet: then what kind of mail it is."""
        return message.subject or kind_in_words(message.kind)

    @admin.display(description=_("from"))
    def sent_from(self, message: Message) -> str:
        """Empty: the site's own address. A writer may name another; a secret's stands here once it is sent."""
        return message.sender or letter_of(message).sender

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
                self.message_user(request, f"{self.named(request, message)}: {refusal.message}", messages.WARNING)
        return done

    def named(self, request: HttpRequest, message: Message) -> str:
        """Which one a sentence is about."""
        return str(message)


class SuppressionForm(forms.ModelForm):  # type: ignore[type-arg]
    """The address is typed, its digest is kept."""

    address = forms.EmailField(label=_("address"), widget=EmailWidget(), help_text=_("Only a digest of it is kept."))

    class Meta:
        model = Suppression
        fields: ClassVar = ["scope"]

    def clean(self) -> dict[str, Any]:
        """One row for an address and a scope."""
        values: dict[str, Any] = super().clean() or {}
        self.instance.digest = address_digest(values.get("address", ""))
        if Suppression.objects.filter(digest=self.instance.digest, scope=values.get("scope", "")).exists():
            self.add_error("address", gettext("This address is suppressed already."))
        return values


@admin.register(Suppression)
class SuppressionAdmin(SuperusersOnly, ModelAdmin):
    """Who is not written to. No address can be read here; searching for one finds its rows."""

    list_display = ("short_digest", "scope", "reason", "since")
    list_filter = (("reason", ChoicesDropdownFilter), "since")
    search_fields = ("digest",)
    search_help_text = _("The whole address.")
    form = SuppressionForm

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """By address, which is not in the rows."""
        found = queryset.filter(digest=address_digest(search_term)) if search_term else queryset
        return found, False

    @admin.display(description=_("digest"), ordering="digest")
    def short_digest(self, row: Suppression) -> str:
        """Enough of it to tell one from the other."""
        return f"{row.digest[:8]}…"

    def save_model(self, request: HttpRequest, obj: Suppression, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Through the service, which stands a second click."""
        suppress(digest=obj.digest, scope=obj.scope, reason=Suppression.Reason.MANUAL, now=timezone.now())
        obj.pk = Suppression.objects.get(digest=obj.digest, scope=obj.scope).pk

    def delete_model(self, request: HttpRequest, obj: Suppression) -> None:
        """Write to the address again."""
        lift_suppression(digest=obj.digest, scope=obj.scope)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Suppression]") -> None:
        """The same for those that are ticked."""
        for row in queryset:
            lift_suppression(digest=row.digest, scope=row.scope)


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
    if isinstance(words, Letter):
        return words
    return Letter("", gettext("It would not be sent now: %(reason)s.") % {"reason": words.reason})
