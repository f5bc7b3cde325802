"""Writing just the fields that changed."""

from collections.abc import Mapping
from typing import Any

from django.db import models


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
