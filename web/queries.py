"""Reading the query of a page's address: what cannot be meant is refused with a sentence, never guessed."""

from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from core.text import clean_line

MAX_TEXT = 200
MAX_VALUES = 40


def text(query: QueryDict, name: str) -> str:
    """A search text, cleaned."""
    value = query.get(name, "")
    if len(value) > MAX_TEXT:
        raise BadRequest(_("The search text is too long. Use %(limit)d characters at most.") % {"limit": MAX_TEXT})
    return clean_line(value)


def choice(query: QueryDict, name: str, allowed: "set[str] | list[str]") -> str:
    """One of the allowed values, or nothing."""
    value = query.get(name, "")
    if value and value not in allowed:
        raise unknown(name, value)
    return value


def choices(query: QueryDict, name: str, allowed: "set[str] | list[str]") -> list[str]:
    """Several of the allowed values, each once."""
    values = list(dict.fromkeys(filter(None, query.getlist(name))))
    for value in values:
        if value not in allowed:
            raise unknown(name, value)
    return values


def switch(query: QueryDict, name: str) -> bool:
    """A checkbox: absent or empty is off, 1 is on."""
    return choice(query, name, {"1"}) == "1"


def page(query: QueryDict, rows: "QuerySet[Any] | list[Any]", *, size: int) -> "Page[Any]":
    """The page asked for; there is no page nought, and none after the last."""
    value = query.get("page", "1")
    if not (value.isascii() and value.isdigit() and len(value) < 7):
        raise unknown("page", value)
    try:
        return Paginator(rows, size).page(int(value))
    except EmptyPage as error:
        raise Http404 from error


def unknown(name: str, value: str) -> BadRequest:
    """The refusal of a value nobody offers."""
    shown = clean_line(value)[:60]
    return BadRequest(_("“%(value)s” is not a value of “%(name)s” we know.") % {"value": shown, "name": name})


def without_page(query: QueryDict) -> str:
    """The address's query without its page, for links to other pages of the same list; ends with & where not empty."""
    rest = query.copy()
    rest.pop("page", None)
    encoded = rest.urlencode()
    return f"{encoded}&" if encoded else ""


def several_texts(query: QueryDict, name: str) -> list[str]:
    """Several free values, cleaned, each once."""
    values = query.getlist(name)
    if len(values) > MAX_VALUES or any(len(value) > MAX_TEXT for value in values):
        raise BadRequest(_("There are too many values of “%(name)s”, or too long ones.") % {"name": name})
    return list(dict.fromkeys(filter(None, map(clean_line, values))))
