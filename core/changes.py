"""Writing just the fields that changed."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.errors import RuleViolation


def changed_fields(row: models.Model, values: Mapping[str, Any]) -> set[str]:
    """The names whose value differs from what the row holds."""
    return {name for name, value in values.items() if getattr(row, name) != value}


def write_fields(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set, validate as a whole and save these fields; raises ValidationError and writes nothing when one is wrong."""
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=list(values))


def insert_rows(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model in one query; raises ValidationError and writes nothing when a value is wrong.

    Only values are looked at: that a related row exists, and what must be unique, is the database's to say.
    """
    checked = list(rows)
    for row in checked:
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
    if checked:
        type(checked[0])._default_manager.bulk_create(checked)


@dataclass(frozen=True)
class RowChange:
    """What shall become of one row of many: it is new when `row` is None, and goes when `values` is None.

    `key` is the caller's name for it, by which a refusal says which row is meant.
    """

    row: models.Model | None
    values: Mapping[str, Any] | None
    key: str = ""


class RowRefused(Exception):
    """One row of many was refused (by the ValidationError or RuleViolation in `reason`); nothing was changed."""

    def __init__(self, key: str, reason: Exception) -> None:
        super().__init__(str(reason))
        self.key = key
        self.reason = reason


@contextmanager
def naming_the_row(change: RowChange) -> Iterator[None]:
    """Lets a refusal say which row it is about."""
    try:
        yield
    except (ValidationError, RuleViolation) as reason:
        raise RowRefused(change.key, reason) from reason


def change_rows(model: type[models.Model], changes: Iterable[RowChange], **parent: models.Model) -> bool:
    """Take away, change and add rows that belong to `parent`, in this order; says whether there was anything to do.

    A row of another parent is not found: raises its DoesNotExist. Runs inside the caller's transaction.
    """
    todo = sorted(changes, key=lambda change: (change.values is not None, change.row is None))
    for change in todo:
        with naming_the_row(change):
            _change_row(model, change, parent)
    return bool(todo)


def _change_row(model: type[models.Model], change: RowChange, parent: Mapping[str, models.Model]) -> None:
    if change.row is None:
        write_fields(model(), {**parent, **(change.values or {})})
        return
    stored = model._default_manager.get(pk=change.row.pk, **parent)
    if change.values is None:
        stored.delete()
    else:
        write_fields(stored, change.values)


def set_related(row: models.Model, name: str, wanted: Iterable[models.Model] | None) -> bool:
    """Make the plain many-to-many `name` hold just these rows; says whether that changed it. None leaves it alone."""
    if wanted is None:
        return False
    manager = getattr(row, name)
    keys = {one.pk for one in wanted}
    if keys == set(manager.order_by().values_list("pk", flat=True)):
        return False
    manager.set(keys)
    return True
