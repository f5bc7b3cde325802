"""Named reads of messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour

from outbox.models import Message, Priority, State, Suppression
from outbox.unsubscribing import address_digest


def messages_to(recipient_id: int, addresses: Iterable[str]) -> QuerySet[Message]:
    """Every message to this person or to one of these addresses, whatever its case, the oldest first."""
    theirs = reduce(or_, (Q(address__iexact=address) for address in addresses), Q(recipient=recipient_id))
    return Message.objects.filter(theirs).order_by("id")


def suppressed_scopes(address: str) -> set[str]:
    """What this address is not written to about; the empty scope stands for all that have one."""
    return suppressed_scopes_of([address])[address]


def suppressed_scopes_of(addresses: Iterable[str]) -> dict[str, set[str]]:
    """The same for each of several addresses. One query."""
    digests = {address: address_digest(address) for address in addresses}
    scopes: dict[str, set[str]] = {digest: set() for digest in digests.values()}
    rows = Suppression.objects.filter(digest__in=scopes)
    for digest, scope in rows.values_list("digest", "scope"):
        scopes[digest].add(scope)
    return {address: scopes[digest] for address, digest in digests.items()}


def suppressions_of(messages: Iterable[Message]) -> dict[int, Suppression]:
    """Which of these messages must not go, by their keys, and what keeps each. At most one query."""
    digests = {message: address_digest(message.address) for message in messages if message.scopes}
    rows = Suppression.objects.filter(digest__in=set(digests.values())) if digests else []
    kept = {(row.digest, row.scope): row for row in rows}
    return {
        message.pk: kept[digest, scope]
        for message, digest in digests.items()
        for scope in ("", *reversed(message.scopes))  # the narrowest last: it names what keeps the message
        if (digest, scope) in kept
    }


# How long a due message may wait before somebody should look. Ten thousand reminders take their time by themselves.
PATIENCE = {
    Priority.NOW: timedelta(minutes=5),
    Priority.NORMAL: timedelta(minutes=5),
    Priority.BULK: timedelta(hours=1),
}

# One step into the index for each priority, however many messages wait.
_OVERDUE = """
SELECT min(first.available_at)
FROM unnest(%(priorities)s::smallint[], %(until)s::timestamptz[]) AS line (priority, until), LATERAL (
    SELECT available_at FROM outbox_message
    WHERE state = 'pending' AND outbox_message.priority = line.priority AND available_at <= line.until
    ORDER BY available_at LIMIT 1
) AS first
"""


def overdue_since(*, now: datetime) -> datetime | None:
    """Since when the oldest message waits that should have left long ago; None while delivery keeps up."""
    values: dict[str, Any] = {"priorities": list(PATIENCE), "until": [now - patience for patience in PATIENCE.values()]}
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, values)
        since: datetime | None = cursor.fetchone()[0]
    return since


@dataclass(frozen=True)
class Planned:
    """So many mails of a kind that will become due in the hour from `hour` on."""

    hour: datetime
    kind: str
    count: int

    @property
    def words(self) -> str:
        """The kind as people read it."""
        return kind_in_words(self.kind)


def kind_in_words(kind: str) -> str:
    """What lists say where a message has no subject yet."""
    return kind.replace("_", " ").capitalize()


def planned_by_hour(messages: "QuerySet[Message]", *, now: datetime, limit: int = 12) -> list[Planned]:
    """What of these will leave next, if nothing changes until then; hours in the zone that is active."""
    waiting = messages.filter(state=State.PENDING, available_at__gt=now).order_by()
    by_hour = waiting.annotate(hour=TruncHour("available_at")).values("hour", "kind").annotate(count=Count("pk"))
    return [Planned(**row) for row in by_hour.order_by("hour", "kind")[:limit]]
