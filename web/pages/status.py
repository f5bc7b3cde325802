"""Whether the process lives, and whether it can serve."""

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from outbox.selectors import overdue_since

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing of anybody."""
    return _plain("ok", 200)


def readyz(request: HttpRequest) -> HttpResponse:
    """200 once the database answers and is migrated and mail leaves; else 503 and why.

    Redis is not asked: without it pages are slower and nothing else.
    """
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        since = None if missing else overdue_since(now=timezone.now())
    except DatabaseError:
        log.exception("the database does not answer")
        return _plain("the database does not answer", 503)
    if missing:
        return _plain("migrations are missing", 503)
    return _plain(f"mail has been waiting since {since:%Y-%m-%d %H:%M} UTC", 503) if since else _plain("ok", 200)


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store"
    return response
