"""No mail domain gets more mails to many people in a minute than it is used to: the others wait, and nobody else does.

A domain's row hands out numbers. Those up to the limit go now; a higher one says how many minutes later its turn comes.
All workers draw from the same row, so together they keep the limit.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from outbox.delivery import leases
from outbox.models import Message, Priority

# Whoever stands further back is asked again then: other messages may have been cancelled meanwhile.
LONGEST_WAIT_MINUTES = 10
HELD_BACK = "Waits: its mail domain gets no more mails in this minute."

# Nobody waits for the disk while holding a row that others want, and a lost count is no harm.
_DRAW = """
WITH unhurried AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'off', true)
)
INSERT INTO outbox_domainpace AS pace (domain, minute, sent)
SELECT domain, %(minute)s, wanted
FROM unhurried, unnest(%(domains)s::text[], %(wanted)s::int[]) AS asked (domain, wanted)
ON CONFLICT (domain) DO UPDATE SET minute = EXCLUDED.minute,
    sent = EXCLUDED.sent + CASE WHEN pace.minute = EXCLUDED.minute THEN pace.sent ELSE 0 END
RETURNING domain, sent
"""


def hold_back(messages: list[Message], *, now: datetime) -> list[Message]:
    """Those of the claimed messages that may go now; the others are due again when their domain's turn comes."""
    limit = settings.MAIL_PER_DOMAIN_A_MINUTE
    by_domain: dict[str, list[Message]] = {}
    for message in messages:
        if limit and message.priority >= Priority.BULK:
            by_domain.setdefault(domain_of(message.address), []).append(message)
    if not by_domain:
        return messages
    minute = now.replace(second=0, microsecond=0)
    last = _draw(minute, {domain: len(theirs) for domain, theirs in sorted(by_domain.items())})
    held: set[int] = set()
    for domain, theirs in by_domain.items():
        held |= _hold_back(theirs, first=last[domain] - len(theirs), limit=limit, minute=minute)
    return [message for message in messages if message.pk not in held]


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case."""
    return address.rpartition("@")[2].lower()


def _draw(minute: datetime, wanted: dict[str, int]) -> dict[str, int]:
    """The last number that each domain got; in order of domains, so that two workers lock rows alike."""
    values: dict[str, Any] = {"minute": minute, "domains": list(wanted), "wanted": list(wanted.values())}
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, values)
        return dict(cursor.fetchall())


def _hold_back(messages: list[Message], *, first: int, limit: int, minute: datetime) -> set[int]:
    later: dict[int, list[Message]] = {}
    for number, message in enumerate(messages, first):
        if number >= limit:
            later.setdefault(min(number // limit, LONGEST_WAIT_MINUTES), []).append(message)
    for minutes, waiting in later.items():
        leases.put_off(waiting, due=minute + timedelta(minutes=minutes), reason=HELD_BACK)
    return {message.pk for waiting in later.values() for message in waiting}
