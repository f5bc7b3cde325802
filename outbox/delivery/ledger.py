"""The statement that writes down which mails were sent and which are sent next: any number of them in one commit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from core.prepared import prepared_cursor

WORDS = ("sender", "subject", "text", "html", "calendar", "calendar_method")
_COLUMNS = {
    "id": "bigint",
    "token": "uuid",
    "is_sent": "boolean",
    "started_at": "timestamptz",
    "finished_at": "timestamptz",
    "code": "smallint",
} | dict.fromkeys(WORDS, "text")

# Rows travel as an array for each column, and only `given` sees them: were the planner to see how many there are, it
# would plan anew each time. Rows are locked first, in order: whoever deletes one, or reaps its lease, waits or has
# finished. One UPDATE for both kinds of news, since PostgreSQL reads a table's constraints anew for each.
_WRITE = f"""
WITH given AS MATERIALIZED (
    SELECT {", ".join(f"%({name})b::{kind}[] AS {name}" for name, kind in _COLUMNS.items())}
), news AS MATERIALIZED (
    SELECT row.* FROM given, unnest({", ".join(f"given.{name}" for name in _COLUMNS)}) AS row ({", ".join(_COLUMNS)})
), held AS MATERIALIZED (
    SELECT id FROM outbox_message WHERE id = ANY((SELECT id FROM given)::bigint[]) ORDER BY id FOR NO KEY UPDATE
), tried AS (
    INSERT INTO outbox_attempt (message_id, started_at, finished_at, outcome, smtp_code, worker, error)
    SELECT id, started_at, finished_at, 'sent', code, %(worker)s, '' FROM held JOIN news USING (id) WHERE is_sent
)
UPDATE outbox_message AS message
SET state = CASE WHEN is_sent THEN 'sent' ELSE 'sending' END,
    attempts = attempts + CASE WHEN is_sent THEN 0 ELSE 1 END,
    finished_at = news.finished_at,
    last_error = CASE WHEN is_sent THEN '' ELSE last_error END,
    lease_token = CASE WHEN NOT is_sent THEN token END,
    lease_until = CASE WHEN NOT is_sent THEN statement_timestamp() + %(lease)s END,
    {", ".join(f"{name} = coalesce(news.{name}, message.{name})" for name in WORDS)}
FROM held JOIN news USING (id)
WHERE message.id = held.id AND CASE
    WHEN is_sent THEN lease_token = token OR state IN ('pending', 'leased', 'uncertain')
    ELSE lease_token = token AND lease_until > statement_timestamp() AND state = 'leased'
END
RETURNING message.id
"""  # noqa: S608 - no value in it


def write(news: Sequence[dict[str, Any]], *, lease: timedelta, worker: str) -> set[int]:
    """The ids of the messages whose rows say so now; of what was sent, the attempt stands in any case.

    A row of news has `id`, `token` and `is_sent`; of a sent mail `started_at`, `finished_at` and `code`, of one that is
    sent next the WORDS that change. Nobody has two.
    """
    columns: dict[str, Any] = {name: [row.get(name) for row in news] for name in _COLUMNS}
    with prepared_cursor() as cursor:
        cursor.execute(_WRITE, columns | {"lease": lease, "worker": worker})
        return {key for (key,) in cursor.fetchall()}
