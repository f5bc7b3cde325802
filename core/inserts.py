"""Rows as parts of a larger SQL statement: columns and values come from the model, so that none is ever forgotten."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg.sql import Literal


class Insertion:
    """One row of a model, written by a statement of the caller's: `columns` and `placeholders`, and `values` for them.

    Placeholders are named `<prefix>_<attribute>`; `sql` replaces some of them by what the statement works out. The
    attributes `at_default` are never given: their default stands in the SQL. psycopg remembers how it reads a statement
    of up to 50 placeholders and 4096 bytes, and reads a longer one anew each time.
    """

    def __init__(
        self,
        model: type[models.Model],
        prefix: str,
        sql: Mapping[str, str] | None = None,
        at_default: Collection[str] = (),
    ) -> None:
        self.prefix = prefix
        fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
        given = {name: _constant(fields[name]) for name in at_default} | dict(sql or {})
        self.columns = ", ".join(str(field.column) for field in fields.values())
        self.placeholders = ", ".join(given.get(name) or self._placeholder(field) for name, field in fields.items())
        self.fields = {name: field for name, field in fields.items() if name not in at_default}
        self.constant = {
            name: field.get_default() for name, field in self.fields.items() if not callable(field.default)
        }
        self.made = {name: field for name, field in self.fields.items() if name not in self.constant}

    def _placeholder(self, field: Any) -> str:
        return f"%({self.prefix}_{field.attname})s::{_kind(field)}"

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the placeholders stand for: `row` by attribute name, defaults for the rest; KeyError for other names."""
        made = {name: field.get_default() for name, field in self.made.items() if name not in row}
        return {
            f"{self.prefix}_{name}": self.fields[name].get_db_prep_save(value, connection)
            for name, value in (self.constant | made | dict(row)).items()
        }


def _kind(field: Any) -> str:
    """The column's type, beside each value: in the middle of a SELECT, a NULL would be taken for text."""
    return str(field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection))


def _constant(field: Any) -> str:
    value = Literal(field.get_db_prep_save(field.get_default(), connection)).as_string()
    return f"{value}::{_kind(field)}".replace("%", "%%")


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> int:
    """Write rows, all with the same attributes, in one statement; those that are there already stay out.

    How many were written. The rows travel as one JSON value, which costs a tenth of a placeholder per column.
    """
    if not rows:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    defaults = {name: field.get_default() for name, field in fields.items() if name not in rows[0]}
    columns = ", ".join(str(field.column) for field in fields.values())
    table = model._meta.db_table
    sql = (
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)"  # noqa: S608
        " ON CONFLICT DO NOTHING"  # at whichever unique index two that are written at once meet
    )
    written = [{fields[name].column: value for name, value in (defaults | dict(row)).items()} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(written, default=str)])
        return cursor.rowcount
