"""SQL expressions that the constraints are made of; they need no PostgreSQL extension."""

from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db import models


class EndsAt(models.Func):
    """Start plus length in minutes; immutable, as a generated column must be (hence the detour over UTC)."""

    template = "((%(expressions)s)) AT TIME ZONE 'UTC'"
    arg_joiner = " AT TIME ZONE 'UTC' + interval '1 minute' * "
    output_field = models.DateTimeField(null=True)


class IdRange(models.Func):
    """An id as a one-element range: gist can compare it without the btree_gist extension."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = BigIntegerRangeField()

    def __init__(self, name: str, **extra: Any) -> None:
        super().__init__(models.F(name), models.F(name), **extra)


class TimeRange(models.Func):
    """From start up to, and without, end."""

    function = "tstzrange"
    output_field = DateTimeRangeField()
