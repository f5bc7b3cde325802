"""The key of somebody's own calendar feed: made, replaced, taken back, and recognised when a calendar comes with it."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.feed_clients import family
from accounts.models import FeedKey, RetiredFeedKey, User
from accounts.services import LAST_USE_IS_KEPT_TO
from core.tokens import digest

ASKED_IS_KEPT_TO = timedelta(days=1)
RETIRED_ARE_KEPT_FOR = timedelta(days=90)  # after the last calendar came with it
RETIRED_ARE_KEPT = 20  # of each person, the latest


@transaction.atomic
def make_feed_key(*, user: User, now: datetime) -> str:
    """The new secret of somebody's calendar feed, which nobody can read again; the one before stops working at once."""
    _retire(user, now)
    secret = secrets.token_urlsafe(32)
    FeedKey.objects.create(user=user, digest=digest(secret), created_at=now)
    return secret


@transaction.atomic
def revoke_feed_key(*, user: User, now: datetime) -> bool:
    """From now on this person has no calendar feed; False when they had none."""
    return _retire(user, now)


def _retire(user: User, now: datetime) -> bool:
    """One at a time for each person: two browsers that ask at once leave one key."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    key = FeedKey.objects.filter(user=user).first()
    if key is None:
        return False
    key.delete()
    RetiredFeedKey.objects.create(user=user, digest=key.digest, retired_at=now)
    kept = RetiredFeedKey.objects.filter(user=user).order_by("-id")[:RETIRED_ARE_KEPT]
    RetiredFeedKey.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return True


def owner_of_feed(secret: str, *, now: datetime, agent: str = "") -> User | None:
    """Whose feed this is, unless the key is unknown, replaced, or the person is barred; notes that a calendar came.

    `agent` is what the program calls itself. A browser is no calendar: its visit is not noted.
    """
    key = FeedKey.objects.select_related("user").filter(digest=digest(secret), user__is_active=True).first()
    if key is None:
        return None
    client = family(agent)
    is_news = key.last_fetched_at is None or now - key.last_fetched_at >= LAST_USE_IS_KEPT_TO
    if client and is_news:
        FeedKey.objects.filter(pk=key.pk).update(last_fetched_at=now, client=client)
    return key.user


def was_replaced(secret: str, *, now: datetime) -> bool:
    """Whether this was a key once: its calendar should be told so, not that it is mistaken."""
    key = RetiredFeedKey.objects.filter(digest=digest(secret), user__is_active=True).first()
    if key is None:
        return False
    if key.last_asked_at is None or now - key.last_asked_at >= ASKED_IS_KEPT_TO:
        RetiredFeedKey.objects.filter(pk=key.pk).update(last_asked_at=now)
    return True


def forget_retired_keys(*, now: datetime) -> int:
    """Let go of replaced keys that no calendar came with for three months; how many."""
    long_ago = now - RETIRED_ARE_KEPT_FOR
    unasked = Q(last_asked_at=None) | Q(last_asked_at__lt=long_ago)
    return RetiredFeedKey.objects.filter(unasked, retired_at__lt=long_ago).delete()[0]
