"""Repeating plans."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import write_fields
from core.errors import RuleViolation
from events.models import Series


@transaction.atomic
def create_series(**fields: Any) -> Series:
    """A new plan; its events are made one by one."""
    series = Series()
    write_fields(series, fields)
    return series


@transaction.atomic
def revise_series(*, series: Series, **fields: Any) -> Series:
    """Change a plan; the events made of it stay as they are."""
    stored = Series.objects.select_for_update().get(pk=series.pk)
    group = fields.get("group")
    if group and group.pk != stored.group_id and stored.events.exists():
        raise RuleViolation("series_has_events", _("A series with events stays with its group."), field="group")
    write_fields(stored, fields)
    return stored


@transaction.atomic
def delete_series(*, series: Series) -> None:
    """Remove a plan; its events go on without it."""
    Series.objects.select_for_update().get(pk=series.pk).delete()
