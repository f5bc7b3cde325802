"""Who holds which message: claim, fence, settle, and what to do about those who never came back.

Leases run on the database's clock, so a worker whose own clock is wrong harms nobody.
"""

import os
import random
import socket
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from core.text import clean_line
from outbox.delivery.line import Verdict
from outbox.delivery.rules import MOST_CRASHES, retry_delay
from outbox.models import AT_WORK, Attempt, Message, Policy, State
from outbox.services import ERROR_LENGTH, final_fields

LEASE = timedelta(seconds=120)
Outcome = Attempt.Outcome

# MATERIALIZED is a fence for the planner: joined freely, it may run the subquery again and take more than LIMIT rows.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM outbox_message
    WHERE state = 'pending' AND available_at <= %(now)s AND (expires_at IS NULL OR expires_at > %(now)s)
    ORDER BY priority, available_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox_message
SET state = 'leased', lease_token = %(token)s, lease_until = statement_timestamp() + %(lease)s
FROM due WHERE outbox_message.id = due.id
RETURNING outbox_message.*
"""


def claim(*, now: datetime, limit: int) -> list[Message]:
    """Take up to `limit` due messages, most urgent first; nobody else gets them while the lease lasts."""
    values = {"now": now, "limit": limit, "token": uuid.uuid4(), "lease": LEASE}
    return sorted(Message.objects.raw(_CLAIM, values), key=lambda taken: (taken.priority, taken.available_at, taken.pk))


def fence(message: Message) -> bool:
    """Announce, and commit, that this message is now being sent. False: the lease ran out, keep your hands off.

    The words stay in the row as they are sent, unless they are secret: those are only carried along.
    """
    kept = {} if message.is_secret else {"text": message.text, "html": message.html}
    with transaction.atomic(durable=True):
        ours = Message.objects.filter(pk=message.pk, lease_token=message.lease_token, lease_until__gt=Now())
        changed = ours.filter(state=State.LEASED).update(
            state=State.SENDING, attempts=F("attempts") + 1, lease_until=Now() + LEASE, subject=message.subject, **kept
        )
    message.attempts += changed
    return bool(changed)


def release(messages: list[Message], *, error: str = "") -> None:
    """Give back what was claimed and not begun; it stays due, and no attempt is counted."""
    tokens = {message.lease_token for message in messages}
    note = {"last_error": clean_line(error)[:ERROR_LENGTH]} if error else {}
    Message.objects.filter(lease_token__in=tokens, state=State.LEASED).update(
        state=State.PENDING, lease_token=None, lease_until=None, **note
    )


@transaction.atomic
def settle(message: Message, verdict: Verdict, *, started_at: datetime, now: datetime) -> None:
    """Write down what became of a message, and the attempt beside it.

    Whoever overslept the lease only adds the attempt, except when the mail server took the mail: then it is sent,
    whoever holds the row by now.
    """
    row = Message.objects.select_for_update().filter(pk=message.pk).first()
    if row is None:
        return
    late_but_sent = verdict.outcome == Outcome.SENT and row.state in (State.PENDING, State.LEASED, State.UNCERTAIN)
    if row.lease_token == message.lease_token or late_but_sent:
        Message.objects.filter(pk=row.pk).update(**_after(row, verdict, now=now))
    _add_attempt(row, verdict, started_at=started_at, now=now, worker=_worker())


def _after(row: Message, verdict: Verdict, *, now: datetime) -> dict[str, object]:
    if verdict.outcome == Outcome.SENT:
        return final_fields(row, State.SENT, now=now)
    if verdict.outcome == Outcome.PERMANENT or row.attempts >= row.max_attempts:
        return final_fields(row, State.DEAD, now=now, error=verdict.error)
    if verdict.outcome == Outcome.AMBIGUOUS and row.policy == Policy.AT_MOST_ONCE:
        return final_fields(row, State.UNCERTAIN, now=now, error=verdict.error)
    return {
        "state": State.PENDING,
        "available_at": now + retry_delay(row.attempts, share=random.random()),  # noqa: S311 - jitter
        "lease_token": None,
        "lease_until": None,
        "last_error": clean_line(verdict.error)[:ERROR_LENGTH],
    }


def expire(message: Message, *, now: datetime) -> None:
    """End a message we hold, whose use was over before its turn came."""
    _end(message, State.EXPIRED, now=now, error=message.last_error)


def skip(message: Message, *, reason: str, now: datetime) -> None:
    """End a message we hold that is not true any more."""
    _end(message, State.SKIPPED, now=now, error=reason)


def _end(message: Message, state: State, *, now: datetime, error: str) -> None:
    fields = final_fields(message, state, now=now, error=error)
    Message.objects.filter(pk=message.pk, lease_token=message.lease_token, state=State.LEASED).update(**fields)


@transaction.atomic
def expire_outlived(*, now: datetime, limit: int = 1000) -> int:
    """End what waited until it made no sense any more; how many."""
    rows = list(Message.objects.outlived(now=now).select_for_update(skip_locked=True)[:limit])
    for row in rows:
        Message.objects.filter(pk=row.pk).update(**final_fields(row, State.EXPIRED, now=now, error=row.last_error))
    return len(rows)


@transaction.atomic
def reap(*, now: datetime, limit: int = 1000) -> int:
    """Take lapsed leases from workers that died; how many. Before the fence nothing happened, after it anything may."""
    lapsed = Message.objects.filter(state__in=AT_WORK, lease_until__lte=Now())
    rows = list(lapsed.order_by("lease_until").select_for_update(skip_locked=True)[:limit])
    release([row for row in rows if row.state == State.LEASED])
    for row in rows:
        if row.state == State.SENDING:
            _bury_or_retry(row, now=now)
    return len(rows)


def _bury_or_retry(row: Message, *, now: datetime) -> None:
    verdict = Verdict(Outcome.CRASHED, error="The worker died while sending.")
    row.crashes += 1
    if row.policy == Policy.AT_MOST_ONCE:
        fields = final_fields(row, State.UNCERTAIN, now=now, error=verdict.error)
    elif row.crashes >= MOST_CRASHES:
        fields = final_fields(row, State.DEAD, now=now, error="Every worker that tried to send this died.")
    else:
        fields = {"state": State.PENDING, "lease_token": None, "lease_until": None, "last_error": verdict.error}
    started_at = (row.lease_until or now) - LEASE
    Message.objects.filter(pk=row.pk).update(crashes=row.crashes, **fields)
    _add_attempt(row, verdict, started_at=started_at, now=now, worker="")


def _add_attempt(row: Message, verdict: Verdict, *, started_at: datetime, now: datetime, worker: str) -> None:
    Attempt.objects.create(
        message=row,
        started_at=started_at,
        finished_at=now,
        outcome=verdict.outcome,
        smtp_code=verdict.code,
        worker=worker,
        error=clean_line(verdict.error)[:ERROR_LENGTH],
    )


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:80]
