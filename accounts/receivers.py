"""What follows from signing in and out."""

from typing import Any

from allauth.account.signals import password_reset
from django.dispatch import receiver
from django.utils import timezone

from accounts.feed_keys import revoke_feed_key
from accounts.models import User


@receiver(password_reset, dispatch_uid="accounts.take_the_feed_back")
def take_the_feed_back(user: User, **_kwargs: Any) -> None:
    """Whoever resets a password fears that somebody else was here, and a calendar address opens as much as one."""
    now = timezone.now()
    revoke_feed_key(user=user, now=now)
