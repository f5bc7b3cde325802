"""Named reads of messages."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from outbox.models import Message, Suppression
from outbox.unsubscribing import address_digest


def messages_to(recipient_id: int, addresses: Iterable[str]) -> QuerySet[Message]:
    """Every message to this person or to one of these addresses, whatever its case, the oldest first."""
    theirs = reduce(or_, (Q(address__iexact=address) for address in addresses), Q(recipient=recipient_id))
    return Message.objects.filter(theirs).order_by("id")


def suppressed_scopes(address: str) -> set[str]:
    """What this address is not written to about; the empty scope stands for all that have one."""
    return set(Suppression.objects.filter(digest=address_digest(address)).values_list("scope", flat=True))


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
