"""Remembering what was answered to requests with a key, so that a repetition has no second effect."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.db import connection

from accounts.models import IdempotentRequest, User

KEPT_FOR = dt.timedelta(hours=48)  # at least a day is promised; a phone may be in a drawer over night


def hold_key(*, user: User, key: str) -> bool:
    """Whether this transaction may act under the key; False while another one does. Held until the commit.

    An advisory lock rather than a row: whoever comes second is told so at once and waits for nobody.
    """
    digest = hashlib.sha256(f"idempotency:{user.pk}:{key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])
        return bool(cursor.fetchone()[0])


def answer_given(*, user: User, key: str) -> IdempotentRequest | None:
    """What was answered under the key; ask while holding it."""
    return IdempotentRequest.objects.filter(user=user, key=key).first()


def keep_answer(
    *, user: User, key: str, fingerprint: str, status: int, headers: Mapping[str, str], body: str, now: dt.datetime
) -> None:
    """Write the answer down, in the transaction that had the effect."""
    IdempotentRequest.objects.create(
        user=user, key=key, fingerprint=fingerprint, status=status, headers=dict(headers), body=body, created_at=now
    )


def forget_answers(*, now: dt.datetime) -> int:
    """Let go of answers nobody asks for again; returns how many."""
    return IdempotentRequest.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]
