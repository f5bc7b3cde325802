"""Pages by cursor: each begins after the last item of the one before, so nothing is skipped while rows come and go."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.query_values import QueryErrors, number, text

DEFAULT_SIZE, MAX_SIZE = 50, 100
REFUSAL = "This cursor is not one of ours. Leave it out to begin with the first page."
PARAMETERS = ("cursor", "page_size")
# PostgreSQL's bigint
SMALLEST, LARGEST = -(2**63), 2**63 - 1


class PagedView(Protocol):
    """What a list needs: names of the columns it is ordered by, unique together, all rising or all falling."""

    def page_keys(self) -> Sequence[str]:
        """For example ("-starts_at", "-id")."""


class Pages(BasePagination):
    """`next` is the address of the next page, null on the last one."""

    next_url: str | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """At most `page_size` rows, read with one more so that it is known whether there is a next page."""
        keys = list(view.page_keys())
        size = number(request.query_params, "page_size", default=DEFAULT_SIZE, low=1, high=MAX_SIZE)
        cursor = text(request.query_params, "cursor", longest=1000)
        rows = queryset.order_by(*keys)
        if cursor:
            rows = rows.filter(_after(keys, _decode(cursor, keys)))
        found = list(rows[: size + 1])
        self.next_url = _next_url(request, _encode(found[size - 1], keys)) if len(found) > size else None
        return found[:size]

    def get_paginated_response(self, data: Any) -> Response:
        """The envelope."""
        return Response({"next": self.next_url, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope in OpenAPI 3.1."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "The address of the next page, null on the last one.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The two parameters of every list."""
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "schema": {"type": "string"},
                "description": "Where the page begins: taken from `next`.",
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_SIZE, "default": DEFAULT_SIZE},
                "description": "Items on a page.",
            },
        ]


def _next_url(request: Request, cursor: str) -> str:
    """From SITE_URL rather than the Host header, so that caches agree."""
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{settings.SITE_URL}{request.path}?{query.urlencode()}"


def _encode(row: Any, keys: list[str]) -> str:
    values = [getattr(row, key.lstrip("-")) for key in keys]
    plain = [value.isoformat() if isinstance(value, dt.datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _decode(cursor: str, keys: list[str]) -> list[Any]:
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
        return [_READERS[key.lstrip("-")](value) for key, value in zip(keys, plain, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise QueryErrors({"cursor": REFUSAL}) from None


def _after(keys: list[str], values: list[Any]) -> Q:
    """Rows behind the one with these values: the first differing column decides."""
    condition = Q()
    same: dict[str, Any] = {}
    for key, value in zip(keys, values, strict=True):
        name, comparison = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        condition |= Q(**same, **{f"{name}__{comparison}": value})
        same[name] = value
    return condition


def _instant(value: Any) -> dt.datetime:
    found = dt.datetime.fromisoformat(_text(value))
    if found.tzinfo is None or not 1 < found.year < 9999:
        raise ValueError(value)
    return found


def _whole_number(value: Any) -> int:
    if type(value) is not int or not SMALLEST <= value <= LARGEST:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    value.encode()  # half a surrogate pair is a ValueError, too
    return value


_READERS: dict[str, Callable[[Any], Any]] = {"starts_at": _instant, "id": _whole_number, "name_key": _text}
