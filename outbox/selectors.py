"""Named reads of messages."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from outbox.models import Message


def messages_to(recipient_id: int, addresses: Iterable[str]) -> QuerySet[Message]:
    """Every message to this person or to one of these addresses, whatever its case, the oldest first."""
    theirs = reduce(or_, (Q(address__iexact=address) for address in addresses), Q(recipient=recipient_id))
    return Message.objects.filter(theirs).order_by("id")
