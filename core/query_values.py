"""Reading values out of a query string: clear refusals that name the parameter and the cure."""

import datetime as dt
import re
from collections.abc import Collection
from typing import Protocol

from django.utils.translation import gettext as _

MAX_VALUES = 20  # of one parameter
MAX_LENGTH = 200
MAX_WORDS = 8
EARLIEST, LATEST = 1900, 2199

# In a query string a plus sign means a space: 09:00:00+08:00 arrives as 09:00:00 08:00
_LOST_PLUS = re.compile(r"(T[0-9:.]+) (\d\d:?\d\d)\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)\Z", re.ASCII)


class Query(Protocol):
    """What we need of a QueryDict."""

    def getlist(self, key: str, /) -> list[str]:
        """All values given for a name."""


class QueryErrors(Exception):
    """What is wrong with a query string: a sentence for each parameter, saying how to do it right."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = errors


def texts(query: Query, name: str, *, longest: int = MAX_LENGTH) -> tuple[str, ...]:
    """The values given, trimmed, in order, each once, the empty ones left out."""
    values = tuple(dict.fromkeys(value.strip() for value in query.getlist(name) if value.strip()))
    if len(values) > MAX_VALUES:
        raise QueryErrors({name: _("Give at most %(count)d values.") % {"count": MAX_VALUES}})
    if any(len(value) > longest for value in values):
        raise QueryErrors({name: _("Give at most %(count)d characters.") % {"count": longest}})
    return values


def text(query: Query, name: str, *, longest: int = MAX_LENGTH) -> str:
    """The one value given, or an empty text."""
    values = texts(query, name, longest=longest)
    if len(values) > 1:
        raise QueryErrors({name: _("Give this once.")})
    return values[0] if values else ""


def choices(query: Query, name: str, allowed: Collection[str]) -> tuple[str, ...]:
    """The values given, all of them among those allowed."""
    values = texts(query, name)
    if set(values) - set(allowed):
        raise QueryErrors({name: _("Use one of: %(choices)s.") % {"choices": ", ".join(allowed)}})
    return values


def words(query: Query, name: str) -> tuple[str, ...]:
    """The words to search for."""
    found = tuple(dict.fromkeys(text(query, name).split()))
    if len(found) > MAX_WORDS:
        raise QueryErrors({name: _("Search for at most %(count)d words.") % {"count": MAX_WORDS}})
    return found


def instant(query: Query, name: str) -> dt.datetime | None:
    """An instant in UTC: an ISO 8601 date (its midnight in UTC) or a date and time with an offset."""
    value = _LOST_PLUS.sub(r"\1+\2", text(query, name))
    if not value:
        return None
    try:
        return _read_instant(value)
    except (ValueError, OverflowError):
        cure = _("Write a date like 2026-03-19, or a time with an offset like 2026-03-19T19:00:00+08:00.")
        raise QueryErrors({name: cure}) from None


def _read_instant(value: str) -> dt.datetime:
    if _DATE.match(value):
        found = dt.datetime.combine(dt.date.fromisoformat(value), dt.time(), dt.UTC)
    elif _INSTANT.match(value):
        found = dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    else:
        raise ValueError(value)
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(value)
    return found


def number(query: Query, name: str, *, default: int, low: int, high: int) -> int:
    """A whole number in plain digits between two bounds."""
    value = text(query, name)
    if not value:
        return default
    if not re.fullmatch("[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise QueryErrors({name: _("Give a whole number from %(low)d to %(high)d.") % {"low": low, "high": high}})
    return int(value)
