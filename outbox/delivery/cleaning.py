"""What ends without being sent, and what is forgotten: in batches, whatever waits behind them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from outbox.models import Message
from outbox.writers import written_kinds

AT_ONCE = 1000

_EXPIRE = """
WITH late AS MATERIALIZED (
    SELECT id FROM outbox_message WHERE state = 'pending' AND expires_at <= %(now)s
    ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE outbox_message SET state = 'expired', finished_at = %(now)s,
    text = CASE WHEN is_secret THEN '' ELSE text END, html = CASE WHEN is_secret THEN '' ELSE html END,
    payload = CASE WHEN is_secret AND NOT kind = ANY(%(written)s) THEN '{}'::jsonb ELSE payload END
FROM late WHERE outbox_message.id = late.id
"""


def expire_outlived(*, now: datetime, limit: int = AT_ONCE) -> int:
    """End what waited until it made no sense any more; how many. A secret's words go, as outbox.services says."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRE, {"now": now, "limit": limit, "written": list(written_kinds())})
        return cursor.rowcount


def forget_finished(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Delete what ended more than OUTBOX_KEEP_DAYS ago, with its attempts; how many.

    What would still be useful stays: it keeps the same message from being written a second time.
    """
    over = Message.objects.filter(finished_at__lt=now - timedelta(days=settings.OUTBOX_KEEP_DAYS))
    useless = over.filter(Q(expires_at=None) | Q(expires_at__lte=now))
    keys = list(useless.order_by("finished_at").values_list("pk", flat=True)[:limit])
    if keys:
        Message.objects.filter(pk__in=keys).delete()
    return len(keys)
