"""Reads that several packages make in the same way."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

Row = TypeVar("Row", bound=Model)


def by_slug(rows: QuerySet[Row], slug: str) -> Row:
    """The row of that short name, whatever its case (the unique index is over lower(slug)); raises its DoesNotExist."""
    return rows.alias(slug_in_lower_case=Lower("slug")).get(slug_in_lower_case=slug.lower())


def ids_below(parents: dict[int, int | None], roots: set[int]) -> set[int]:
    """The roots and everything below them, given each node's parent; bears a tree that somebody tied into a ring."""
    children: dict[int | None, list[int]] = {}
    for node, parent in parents.items():
        children.setdefault(parent, []).append(node)
    found, todo = set(roots), list(roots)
    while todo:
        fresh: list[Any] = [child for child in children.get(todo.pop(), []) if child not in found]
        found.update(fresh)
        todo.extend(fresh)
    return found
