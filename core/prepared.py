"""A cursor whose statements PostgreSQL parses and plans once per connection: for the few that are long and run often.

Django's own cursors send each statement as finished text. psycopg prepares what this one runs after some repetitions,
if the connection allows it (the setting DATABASE_PREPARES); otherwise it works all the same.
"""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def prepared_cursor() -> CursorWrapper:
    """On Django's connection and in its transaction, with its errors and its log of queries. Cast NULLs and text."""
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
