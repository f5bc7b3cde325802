"""What the templates of mails load."""

from collections.abc import Iterable
from typing import Protocol

from django import template

from outbox.text_layout import aligned

register = template.Library()


class Row(Protocol):
    """Something with a label in front of its lines."""

    @property
    def label(self) -> str: ...

    @property
    def lines(self) -> Iterable[str]: ...


@register.filter
def columns(rows: Iterable[Row]) -> str:
    """The rows as text, their labels in one column: `{{ facts|columns }}`."""
    return aligned((row.label, row.lines) for row in rows)
