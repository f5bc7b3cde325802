"""Every write about people: accounts, confirmed addresses, preferences, access tokens."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from accounts.selectors import user_with_email
from core.errors import RuleViolation
from core.text import clean_line
from core.tokens import digest

TOKEN_MARK = "lec_"  # noqa: S105 - lets secret scanners and people recognise one
TOKEN_LENGTH = len(TOKEN_MARK) + 43
PREFIX_LENGTH = 12
LONGEST_TOKEN_LIFE = timedelta(days=366)
LAST_USE_IS_KEPT_TO = timedelta(minutes=10)


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str = "",
    language: str = "",
    password: str | None = None,
    is_staff: bool = False,
    is_superuser: bool = False,
    email_is_confirmed: bool = False,
) -> User:
    """A person who can sign in: by code to their address, and by password when one is given.

    Raises RuleViolation when the address has an account.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                name=clean_line(name),
                language=language,
                is_staff=is_staff or is_superuser,
                is_superuser=is_superuser,
            )
    except IntegrityError as error:
        raise RuleViolation(
            "email_is_taken", _("Somebody has an account with this email already."), field="email"
        ) from error
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=email_is_confirmed)
    return user


def account_for_address(*, email: str, name: str = "", language: str = "") -> User:
    """The account with this address; made, unconfirmed, when there is none. Two at once make one."""
    user = user_with_email(email)
    if user is not None:
        return user
    try:
        return create_account(email=email, name=name, language=language)
    except RuleViolation:
        return User.objects.get(email__iexact=email)


@transaction.atomic
def account_of_confirmed_address(*, email: str, language: str = "") -> User:
    """The account of somebody who just proved to read this address; made when there is none."""
    user = user_with_email(email)
    if user is None:
        return create_account(email=email, language=language, email_is_confirmed=True)
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exists()
    EmailAddress.objects.update_or_create(
        user=user,
        email=email.lower(),
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": not has_primary},
    )
    return user


@transaction.atomic
def change_preferences(*, user: User, name: str, language: str, time_zone: str) -> User:
    """How somebody wants to be called and written to; the form has checked language and zone."""
    stored = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    stored.name, stored.language, stored.time_zone = clean_line(name), language, time_zone
    stored.save(update_fields=["name", "language", "time_zone"])
    return stored


def name_account(*, user: User, name: str) -> None:
    """What somebody first says they are called names an account that has no name: sign-in by code asks for none."""
    if not user.name:
        User.objects.filter(pk=user.pk, name="").update(name=name)
        user.name = name


@transaction.atomic
def delete_account(*, user: User) -> None:
    """The person goes, and with them sessions, addresses, tokens, feed key, memberships and mails to them.

    Rows that count people stay, and name nobody. Callers ask first whether a group would lose its last organiser.
    """
    signed_in = UserSession.objects.filter(user=user).values("session_key")
    Session.objects.filter(session_key__in=signed_in).delete()
    User.objects.filter(pk=user.pk).delete()


@transaction.atomic
def issue_api_token(
    *, user: User, name: str, scopes: Iterable[str], expires_at: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which nobody can read again: only a digest is kept."""
    chosen = sorted(set(scopes))
    if not chosen or not set(chosen) <= set(ApiToken.Scope.values):
        raise RuleViolation("scope_is_unknown", _("Choose at least one of the scopes offered."), field="scopes")
    if not now < expires_at <= now + LONGEST_TOKEN_LIFE:
        raise RuleViolation("token_life_is_out_of_bounds", _("A token lives for a year at most."), field="expires_at")
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=clean_line(name),
        prefix=secret[:PREFIX_LENGTH],
        digest=digest(secret),
        scopes=chosen,
        created_at=now,
        expires_at=expires_at,
    )
    return token, secret


def revoke_api_token(*, token: ApiToken) -> None:
    """From now on the token opens nothing."""
    token.delete()


def verify_api_token(secret: str, *, now: datetime) -> ApiToken | None:
    """The token, with its person, unless it is unknown, expired, or the person is barred.

    The time it takes tells nothing of use: what is looked up, by an index, is a digest that the asker cannot steer.
    """
    if len(secret) != TOKEN_LENGTH or not secret.startswith(TOKEN_MARK):
        return None
    tokens = ApiToken.objects.select_related("user").filter(digest=digest(secret), expires_at__gt=now)
    token = tokens.filter(user__is_active=True).first()
    if token is None:
        return None
    _remember_use(token, now)
    return token


def _remember_use(token: ApiToken, now: datetime) -> None:
    """To ten minutes, so that a busy client does not write a row per request."""
    if token.last_used_at is None or now - token.last_used_at >= LAST_USE_IS_KEPT_TO:
        token.last_used_at = now
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
