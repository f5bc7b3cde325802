"""Who holds which message: claim, fence, settle.

Leases run on the database's clock, so a worker whose own clock is wrong harms nobody.
"""

import logging
import os
import random
import socket
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from core.prepared import prepared_cursor
from core.text import clean_line
from outbox.delivery.line import Verdict
from outbox.delivery.rules import FIRST_DELAY, FIRST_LONG_DELAY, Meaning, retry_delay
from outbox.models import Attempt, Message, Policy, Priority, State
from outbox.services import ERROR_LENGTH, final_fields
from outbox.writers import has_writer

log = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)
WAITS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
UNREACHABLE = "Mail server unreachable."
Outcome = Attempt.Outcome

# MATERIALIZED is a fence for the planner: joined freely, it may run the subquery again and take more than LIMIT rows.
# Nobody waits for the disk: a claim that a crash of the database loses is a message that waits.
_CLAIM = """
WITH unhurried AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
), due AS MATERIALIZED (
    SELECT id FROM outbox_message
    WHERE state = 'pending' AND priority <= %(most)s AND available_at <= %(now)s
        AND (expires_at IS NULL OR expires_at > %(now)s)
    ORDER BY priority, available_at, id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE outbox_message
SET state = 'leased', lease_token = %(token)s, lease_until = statement_timestamp() + %(lease)s
FROM unhurried, due WHERE outbox_message.id = due.id
RETURNING outbox_message.*
"""

WORDS = ("sender", "subject", "text", "html", "calendar", "calendar_method")
_MAY_BE_FENCED = "lease_token = %(next_token)s AND lease_until > statement_timestamp() AND state = 'leased'"
_FENCING = f"""
UPDATE outbox_message
SET state = 'sending', attempts = attempts + 1, lease_until = statement_timestamp() + %(lease)s{{words}}
WHERE id = %(next)s AND {_MAY_BE_FENCED}
RETURNING id
"""  # noqa: S608 - here and below: no value in it

# The row is locked first: whoever deletes it, or reaps its lease, waits or has finished.
_TRIED = """
WITH held AS MATERIALIZED (
    SELECT id FROM outbox_message WHERE id = %(id)s FOR NO KEY UPDATE
), tried AS (
    INSERT INTO outbox_attempt (message_id, started_at, finished_at, outcome, smtp_code, worker, error)
    SELECT id, %(started_at)s, %(now)s, 'sent', %(code)s, %(worker)s, '' FROM held
)"""
_MAY_BE_SETTLED = "(lease_token = %(token)s OR state IN ('pending', 'leased', 'uncertain'))"
_SETTLE = f"""{_TRIED}
UPDATE outbox_message
SET state = 'sent', finished_at = %(now)s, last_error = '', lease_token = NULL, lease_until = NULL
FROM held WHERE outbox_message.id = held.id AND {_MAY_BE_SETTLED}
"""  # noqa: S608

# One UPDATE for both rows: PostgreSQL gets a table's indexes and constraints ready anew for each.
_SETTLING_AND_FENCING = f"""{_TRIED}, news AS MATERIALIZED (
    SELECT id, true AS is_sent FROM held UNION ALL SELECT %(next)s, false
)
UPDATE outbox_message
SET state = CASE WHEN is_sent THEN 'sent' ELSE 'sending' END,
    finished_at = CASE WHEN is_sent THEN %(now)s::timestamptz END,
    last_error = CASE WHEN is_sent THEN '' ELSE last_error END,
    attempts = attempts + CASE WHEN is_sent THEN 0 ELSE 1 END,
    lease_token = CASE WHEN NOT is_sent THEN lease_token END,
    lease_until = CASE WHEN NOT is_sent THEN statement_timestamp() + %(lease)s END{{words}}
FROM news WHERE outbox_message.id = news.id AND CASE WHEN is_sent THEN {_MAY_BE_SETTLED} ELSE {_MAY_BE_FENCED} END
RETURNING outbox_message.id
"""  # noqa: S608
_FENCE_WITH_WORDS = _FENCING.format(words="".join(f", {name} = %({name})s" for name in WORDS))
_SETTLE_AND_FENCE_WITH_WORDS = _SETTLING_AND_FENCING.format(
    words="".join(f", {name} = CASE WHEN is_sent THEN {name} ELSE %({name})s END" for name in WORDS)
)
_FENCE, _SETTLE_AND_FENCE = _FENCING.format(words=""), _SETTLING_AND_FENCING.format(words="")


@dataclass(frozen=True)
class Result:
    """What became of a message that was being sent, and when."""

    message: Message
    verdict: Verdict
    started_at: datetime
    now: datetime

    @property
    def is_plain(self) -> bool:
        """Sent, and nothing to erase: what one statement can settle."""
        return self.verdict.outcome == Outcome.SENT and not self.message.is_secret


def lease() -> timedelta:
    """How long a message belongs to whoever took it."""
    return timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def claim(*, now: datetime, limit: int, most: Priority = Priority.BULK) -> list[Message]:
    """Take up to `limit` due messages, most urgent first; nobody else gets them while the lease lasts."""
    values = {"now": now, "limit": limit, "most": most, "token": uuid.uuid4(), "lease": lease()}
    return sorted(Message.objects.raw(_CLAIM, values), key=in_line)


def in_line(message: Message) -> tuple[int, datetime, int]:
    """The order of sending."""
    return message.priority, message.available_at, message.pk


def fence(message: Message) -> bool:
    """Announce, and commit, that this message is now being sent. False: the lease ran out, keep your hands off.

    The words stay in the row as they are sent, unless they are secret: those are only carried along.
    """
    return _fence(message, _FENCE_WITH_WORDS if has_writer(message.kind) else _FENCE, {})


def settle_and_fence(result: Result, following: Message) -> bool:
    """Write down that a mail was sent and announce the next, in one commit; whether the next may be sent."""
    statement = _SETTLE_AND_FENCE_WITH_WORDS if has_writer(following.kind) else _SETTLE_AND_FENCE
    try:
        return _fence(following, statement, _settled(result))
    except AWAY as error:
        _wait(error, seconds=0.0)
        settle(result)
        return False  # the next is free again when its lease lapses


def _settled(result: Result) -> dict[str, Any]:
    return {
        "id": result.message.pk,
        "token": result.message.lease_token,
        "started_at": result.started_at,
        "now": result.now,
        "code": result.verdict.code,
        "worker": _worker(),
    }


def _fence(message: Message, statement: str, values: dict[str, Any]) -> bool:
    values |= {"next": message.pk, "next_token": message.lease_token, "lease": lease()}
    values |= {name: getattr(message, name) for name in WORDS}
    if message.is_secret:
        values |= {"text": "", "html": "", "calendar": "", "calendar_method": ""}
    with prepared_cursor() as cursor:
        cursor.execute(statement, values)
        is_fenced = (message.pk,) in cursor.fetchall()
    message.attempts += is_fenced
    return is_fenced


def release(messages: list[Message], *, error: str = "") -> None:
    """Give back what was claimed and not begun; it stays due, and no attempt is counted."""
    tokens = {message.lease_token for message in messages}
    note = {"last_error": clean_line(error)[:ERROR_LENGTH]} if error else {}
    Message.objects.filter(lease_token__in=tokens, state=State.LEASED).update(
        state=State.PENDING, lease_token=None, lease_until=None, **note
    )


def put_off(messages: list[Message], *, due: datetime, reason: str) -> None:
    """Give back what was claimed and not begun; it is due then, and no attempt is counted."""
    tokens = {message.lease_token for message in messages}
    keys = [message.pk for message in messages]
    Message.objects.filter(pk__in=keys, lease_token__in=tokens, state=State.LEASED).update(
        state=State.PENDING,
        lease_token=None,
        lease_until=None,
        available_at=due,
        last_error=clean_line(reason)[:ERROR_LENGTH],
    )


def settle(result: Result) -> None:
    """Write down what became of a message, and the attempt beside it.

    Whoever overslept the lease only adds the attempt, except when the mail server took the mail: then it is sent,
    whoever holds the row by now. A database that restarts is waited for: else the mail would be sent twice.
    """
    for seconds in WAITS:
        try:
            return _settle(result)
        except AWAY as error:
            _wait(error, seconds=seconds)
    return _settle(result)


def _wait(error: Exception, *, seconds: float) -> None:
    log.error("database away, what was sent is not written down yet: %s", error)
    connection.close()
    time.sleep(seconds)


def _settle(result: Result) -> None:
    if result.is_plain:
        with prepared_cursor() as cursor:
            cursor.execute(_SETTLE, _settled(result))
    else:
        _settle_with_care(result)


@transaction.atomic
def _settle_with_care(result: Result) -> None:
    message, verdict = result.message, result.verdict
    row = Message.objects.select_for_update().filter(pk=message.pk).first()
    if row is None:
        return
    late_but_sent = verdict.outcome == Outcome.SENT and row.state in (State.PENDING, State.LEASED, State.UNCERTAIN)
    if row.lease_token == message.lease_token or late_but_sent:
        Message.objects.filter(pk=row.pk).update(**_after(row, verdict, now=result.now))
    add_attempt(row, verdict, started_at=result.started_at, now=result.now, worker=_worker())


def _after(row: Message, verdict: Verdict, *, now: datetime) -> dict[str, object]:
    if verdict.outcome == Outcome.SENT:
        return final_fields(row, State.SENT, now=now)
    if verdict.meaning == Meaning.ACCOUNT:
        return _again(verdict, due=row.available_at) | {"attempts": row.attempts - 1}
    if verdict.outcome == Outcome.PERMANENT or row.attempts >= row.max_attempts:
        return final_fields(row, State.DEAD, now=now, error=verdict.error)
    if verdict.outcome == Outcome.AMBIGUOUS and row.policy == Policy.AT_MOST_ONCE:
        return final_fields(row, State.UNCERTAIN, now=now, error=verdict.error)
    first = FIRST_LONG_DELAY if verdict.meaning == Meaning.LATER else FIRST_DELAY
    due = now + retry_delay(row.attempts, share=random.random(), first=first)  # noqa: S311 - jitter
    if row.expires_at and row.expires_at <= due:
        return final_fields(row, State.EXPIRED, now=now, error=verdict.error)
    return _again(verdict, due=due)


def _again(verdict: Verdict, *, due: datetime) -> dict[str, object]:
    return {
        "state": State.PENDING,
        "available_at": due,
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


def add_attempt(row: Message, verdict: Verdict, *, started_at: datetime, now: datetime, worker: str) -> None:
    """One line in the story of a message."""
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
