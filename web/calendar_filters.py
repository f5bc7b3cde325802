"""What a search feed is asked for: the filters of every other list of events, and no name they do not know."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.query_values import QueryErrors
from events.event_filters import EventFilters
from events.models.event import EventQuerySet
from events.selectors import calendars as programme

SHORT_NAMES = {"q": "search"}  # as the pages call it
OTHER_NAMES = {"lang"}  # read elsewhere
LONGEST_QUOTE = 60


@dataclass(frozen=True)
class AskedEvents:
    """The events somebody asked for, in words and as a query string in a fixed order (with `?`, or empty)."""

    events: EventQuerySet
    name: str
    query: str


def asked_events(parameters: QueryDict) -> AskedEvents:
    """The public events that pass every filter; raises QueryErrors for an unknown name or an impossible value."""
    filters = EventFilters.from_query(_with_long_names(parameters))
    query = filters.query_string()
    said = ", ".join(value for values in QueryDict(query).lists() for value in values[1])
    return AskedEvents(
        events=filters.apply(programme.public_events()),
        name=_("Events: %(filters)s") % {"filters": said} if said else _("All events"),
        query=f"?{query}" if query else "",
    )


def shortened(text: str) -> str:
    """What somebody sent, short enough to be quoted back to them."""
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"


def _with_long_names(parameters: QueryDict) -> QueryDict:
    """A misspelt filter would silently give everything: it is refused."""
    found = QueryDict(mutable=True)
    for given, values in parameters.lists():
        name = SHORT_NAMES.get(given, given)
        if name in OTHER_NAMES:
            continue
        if name not in EventFilters.names():
            known = ", ".join(sorted(EventFilters.names()))
            raise QueryErrors({shortened(given): _("There is no such filter. Use %(names)s.") % {"names": known}})
        for value in values:
            if "\0" in value:
                raise QueryErrors({given: _("Leave out the NUL character.")})
            found.appendlist(name, value)
    return found
