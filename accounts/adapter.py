"""How allauth speaks to people here: in our words, and through the outbox."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.selectors import user_with_email
from outbox.models import Priority
from outbox.rendering import render_letter
from outbox.services import enqueue_message
from outbox.writers import Letter

# allauth's names of its mails, and ours.
OURS = {
    "login_code": "account_login_code",
    "email_confirmation": "account_email_confirmation",
    "email_confirmation_signup": "account_email_confirmation",
    "password_reset_key": "account_password_reset_key",
    "unknown_account": "account_unknown_account",
}
USEFUL_UNLESS_SAID_OTHERWISE = timedelta(days=1)


class AccountAdapter(DefaultAccountAdapter):
    """Nothing is sent inside a request: the mail is a row, and leaves when the request has done its work."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail into the outbox.

        The key is drawn by lot on purpose: every time somebody asks is an occasion of its own. All these mails count
        as secret: they hold codes or keys, or say who has an account.
        """
        kind = template_prefix.rpartition("/")[2]
        user = user_with_email(email)
        now = timezone.now()  # noqa: TID251 - an interface: allauth calls from its views, without a clock
        enqueue_message(
            kind=OURS.get(kind, f"account_{kind}"),
            dedupe_key=f"account:{kind}:{uuid.uuid4()}",
            address=email,
            recipient_id=user.pk if user else None,
            letter=self._letter(template_prefix, email, context),
            language=get_language() or "",
            is_secret=True,
            priority=Priority.NOW,
            now=now,
            expires_at=now + useful_life(kind),
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On our own address, whatever host the request named."""
        return settings.SITE_URL + urlsplit(super().get_reset_password_from_key_url(key)).path

    def _letter(self, template_prefix: str, email: str, context: dict[str, Any]) -> Letter:
        kind = template_prefix.rpartition("/")[2]
        if kind in OURS:
            ours = {
                "email": email,
                "minutes": int(useful_life(kind).total_seconds()) // 60,
                "sign_in_url": settings.SITE_URL + reverse("account_request_login_code"),
            }
            return render_letter(OURS[kind], context | ours)
        values = {"request": allauth_context.request, "email": email} | context
        return _letter_of(self.render_mail(template_prefix, email, values))


def useful_life(kind: str) -> timedelta:
    """How long one of allauth's mails is of any use: as long as the code in it works."""
    seconds = {
        "login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    }
    return timedelta(seconds=seconds[kind]) if kind in seconds else USEFUL_UNLESS_SAID_OTHERWISE


def _letter_of(mail: Any) -> Letter:
    """What allauth rendered itself, as plain text, for a mail we have no words for."""
    return Letter(subject=str(mail.subject), text=str(mail.body))
