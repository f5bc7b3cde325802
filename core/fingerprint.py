"""Names the state of a set of rows, so that an ETag is known before anything is rendered."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

SUM_UP = "SELECT count(row_version), sum(hashtextextended(row_version, 0)) FROM ({}) AS versions"


def fingerprint(*querysets: "QuerySet[Any]") -> str:
    """A text that changes whenever a row in one of the querysets is written, added or removed; one query for all.

    It reads PostgreSQL's own row versions (`xmin`, `ctid`), so no write can forget to move it: not the admin's, not a
    bulk update, not one typed into a shell. A restored backup changes every fingerprint once, which costs a cache miss
    and nothing else. Hashes are added up rather than strung together, since a sum needs no sorting.
    """
    parts = [part for part in map(_row_versions, querysets) if part]
    union = " UNION ALL ".join(sql for sql, _parameters in parts) or "SELECT NULL::text AS row_version"
    parameters = [value for _sql, values in parts for value in values]
    with connection.cursor() as cursor:
        cursor.execute(SUM_UP.format(union), parameters)
        count, total = cursor.fetchone()
    return f"{count}-{int(total or 0) % 2**64:016x}"


def database_state() -> str | None:
    """Names everything that is committed: while it stays the same, nothing anybody can read has changed. One query.

    PostgreSQL's snapshot says which transactions are done and which are not; a commit anywhere gives another one. It
    costs a fraction of a fingerprint. None inside a transaction that has written: its own rows are not in the snapshot.
    """
    kept = connection.connection is not None and not connection.in_atomic_block
    if kept and not getattr(connection, "health_check_done", True):
        connection.health_check_done = True  # type: ignore[attr-defined]  # this very query is the check
        try:
            return _read_state()
        except (InterfaceError, OperationalError):
            connection.close()
    return _read_state()


def _read_state() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL")
        snapshot, has_written = cursor.fetchone()
    return None if has_written else str(snapshot)


def _row_versions(rows: "QuerySet[Any]") -> tuple[str, tuple[Any, ...]] | None:
    """SQL and parameters of one text per row; None where no row can pass. The table's number keeps tables apart."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    version = RawSQL(f"{table}.tableoid::text || {table}.xmin::text || {table}.ctid::text", ())  # noqa: S611
    versions = rows.order_by().annotate(row_version=version).values("row_version")
    try:
        return versions.query.sql_with_params()
    except EmptyResultSet:
        return None
