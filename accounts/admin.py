"""People and their keys. Superusers see everybody; whoever may open the admin sees and makes their own tokens."""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group as PermissionGroup
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken, User
from accounts.permissions import may_have_tokens
from accounts.services import create_account, issue_api_token, revoke_api_token
from core.admin import ModelAdmin, SelectWidget, SuperusersOnly, TabularInline

# Rights come from memberships, and second factors and sessions are each person's own business on their account page.
for noise in (PermissionGroup, Authenticator, UserSession, EmailAddress):
    admin.site.unregister(noise)


class EmailAddressInline(SuperusersOnly, TabularInline):
    """The addresses somebody can sign in with."""

    model = EmailAddress
    fields = ("email", "primary", "verified")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(SuperusersOnly, ModelAdmin):
    """One person. Passwords are theirs to choose; an address is changed by who reads it."""

    list_display = ("email", "name", "is_active", "is_staff", "is_superuser", "joined_at", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "joined_at")
    search_fields = ("email", "name")
    date_hierarchy = "joined_at"
    inlines = (EmailAddressInline,)
    fields = ("email", "name", "language", "time_zone", "is_active", "is_staff", "is_superuser")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """A newcomer is an address and a name."""
        return (*self.fields, "joined_at", "last_login") if obj else ("email", "name", "is_staff")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks themselves out by a slip of the hand."""
        if obj is None:
            return ()
        own = ("is_active", "is_staff", "is_superuser") if obj == request.user else ()
        return ("email", "joined_at", "last_login", *own)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        """Addresses come with the account."""
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, user: User, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """A new person through the service, which also makes the address to sign in with."""
        if change:
            user.save(update_fields=form.changed_data or ["name"])
            return
        made = create_account(email=user.email, name=user.name, is_staff=user.is_staff)
        user.pk = made.pk
        user.refresh_from_db()


LIVES = [(7, _("in a week")), (30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year"))]


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a new token is for, what it may do, and for how long."""

    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(label=_("Expires"), choices=LIVES, coerce=int, initial=90, widget=SelectWidget)

    class Meta:
        model = ApiToken
        fields = ("name",)


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin):
    """One's own access tokens: made, seen once, revoked."""

    form = TokenForm
    list_display = ("name", "prefix", "user", "scopes", "created_at", "expires_at", "last_used_at")
    list_filter = ("expires_at",)
    search_fields = ("name", "prefix", "user__email")
    fields = ("name", "scopes", "days")
    actions = None

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ApiToken]":
        """A superuser may revoke anybody's."""
        tokens = super().get_queryset(request).select_related("user")
        return tokens if request.user.is_superuser else tokens.filter(user=request.user.pk)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        """What is known of a token that is made."""
        return self.list_display if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return self.list_display if obj else ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_have_tokens(request.user)

    def has_view_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return may_have_tokens(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_have_tokens(request.user)

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return may_have_tokens(request.user)

    def save_model(self, request: HttpRequest, token: ApiToken, form: Any, change: bool) -> None:  # noqa: FBT001 - Django calls it so
        """Make it, and show the secret this once."""
        assert isinstance(request.user, User)  # noqa: S101 - says has_add_permission
        now = timezone.now()
        life = timedelta(days=form.cleaned_data["days"])
        made, secret = issue_api_token(
            user=request.user,
            name=token.name,
            scopes=form.cleaned_data["scopes"],
            expires_at=now + life,
            now=now,
        )
        token.pk = made.pk
        token.refresh_from_db()
        words = gettext("Copy the token now, it is never shown again:")
        self.message_user(request, format_html("{} <code>{}</code>", words, secret), messages.WARNING)

    def delete_model(self, request: HttpRequest, token: ApiToken) -> None:
        revoke_api_token(token=token)
