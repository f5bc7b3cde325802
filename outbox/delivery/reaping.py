"""What becomes of messages whose worker never came back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from outbox.delivery.leases import add_attempt, in_line, lease, release
from outbox.delivery.line import Verdict
from outbox.delivery.rules import MOST_CRASHES
from outbox.models import AT_WORK, Attempt, Message, Policy, State
from outbox.services import final_fields


@transaction.atomic
def reap(*, now: datetime, limit: int = 1000) -> int:
    """Take lapsed leases from workers that died; how many. Before the fence nothing happened, after it anything may.

    A worker may have died of the words it was writing, see outbox/delivery/batches.py.
    """
    lapsed = Message.objects.filter(state__in=AT_WORK, lease_until__lte=Now())
    rows = sorted(lapsed.order_by("lease_until").select_for_update(skip_locked=True)[:limit], key=in_line)
    suspects = _suspects(rows)
    release([row for row in rows if row.state == State.LEASED and row not in suspects])
    for row in suspects:
        _suspect(row, now=now)
    for row in rows:
        if row.state == State.SENDING:
            _bury_or_retry(row, now=now)
    return len(rows)


def _suspects(rows: list[Message]) -> list[Message]:
    """Of each dead worker the message that it may have been writing: its next, unless that was none of its business."""
    sending = {row.lease_token: row for row in rows if row.state == State.SENDING}
    next_ones = {row.lease_token: row for row in reversed(rows) if row.state == State.LEASED}
    return [
        row for token, row in next_ones.items() if token not in sending or not (row.crashes or sending[token].crashes)
    ]


def _suspect(row: Message, *, now: datetime) -> None:
    """Nothing was sent, so it is free again, unless too many workers died while it was their next."""
    row.crashes += 1
    fields = _behind_the_others(now) | {"last_error": "A worker died when this was next."}
    if row.crashes >= MOST_CRASHES:
        fields = final_fields(row, State.DEAD, now=now, error="Every worker that tried to write this died.")
    Message.objects.filter(pk=row.pk).update(crashes=row.crashes, **fields)


def _bury_or_retry(row: Message, *, now: datetime) -> None:
    verdict = Verdict(Attempt.Outcome.CRASHED, error="The worker died while sending.")
    row.crashes += 1
    if row.policy == Policy.AT_MOST_ONCE:
        fields = final_fields(row, State.UNCERTAIN, now=now, error=verdict.error)
    elif row.crashes >= MOST_CRASHES:
        fields = final_fields(row, State.DEAD, now=now, error="Every worker that tried to send this died.")
    else:
        fields = _behind_the_others(now) | {"last_error": verdict.error}
    started_at = (row.lease_until or now) - lease()
    Message.objects.filter(pk=row.pk).update(crashes=row.crashes, **fields)
    add_attempt(row, verdict, started_at=started_at, now=now, worker="")


def _behind_the_others(now: datetime) -> dict[str, Any]:
    """What killed a worker waits until those who did not have left."""
    return {"state": State.PENDING, "available_at": now, "lease_token": None, "lease_until": None}
