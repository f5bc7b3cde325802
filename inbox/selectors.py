"""Named reads of what came in."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from inbox.models import InboundMail


def was_handled_so(*, recipient: str, outcome: str, since: dt.datetime) -> bool:
    """Whether a message to this address had exactly this outcome since then."""
    return InboundMail.objects.filter(recipient=recipient, outcome=outcome, handled_at__gt=since).exists()


def mails_from(addresses: Iterable[str]) -> QuerySet[InboundMail]:
    """What came from these addresses, the first first, without the messages themselves; one query."""
    return InboundMail.objects.filter(sender__in=[one.lower() for one in addresses]).defer("raw").order_by("id")
