"""Who belongs to the audience of a reminder, and what its letter tells them: floors above register what they know.

Letters are written in batches: what they tell is read for many readers in as many queries as for one, in no language,
and told to each in the language that is active then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from events.reminder_slots import Person

if TYPE_CHECKING:
    from events.letters import Fact, Link
    from events.models import Event

# Audiences that may be so large that they are read in pieces; the others are read whole, each time.
CROWDS = frozenset({"going", "waiting"})


class Reader(NamedTuple):
    """Whom a letter is for: an account, or the address of a speaker without one."""

    user_id: int | None
    address: str


class Asked(NamedTuple):
    """A letter about an event to a reader."""

    event: Event
    reader: Reader


class Part(NamedTuple):
    """A reader's own time on stage; `starts_at` is None before there is one."""

    title: str
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    room: str = ""


@dataclass(frozen=True)
class Facts:
    """What a letter tells a reader beside what is true for everybody: `rows` stand below When and Where."""

    name: str = ""
    parts: tuple[Part, ...] = ()
    is_online: bool = False
    rows: tuple[Fact, ...] = ()
    buttons: tuple[Link, ...] = ()
    placeholders: dict[str, Any] = field(default_factory=dict)


Tell = Callable[["Event", Reader], Facts | None]


class ReadPeople(Protocol):
    """Reads the audiences of events, event by event in the order of their numbers, then by `Person.key`."""

    def __call__(
        self,
        event_ids: Collection[int],
        *,
        after: int = 0,
        limit: int | None = None,
        changed_since: dt.datetime | None = None,
    ) -> list[Person]:
        """Those behind `after`; with `changed_since` also who changed, or whose wishes did, since then."""
        ...


@dataclass(frozen=True)
class Source:
    """One way into an audience; an audience may have several.

    `facts(asked)` reads; what it returns tells a reader of these the facts, None for who does not belong to the
    audience (any more). `events_of(readers, now, until)` pairs them with the events that start in between to which they
    belong; `sample(event)` are facts for a preview; `newest()` is the largest key there is, where keys rise.
    """

    people: ReadPeople
    facts: Callable[[Collection[Asked]], Tell]
    events_of: Callable[[Collection[Reader], dt.datetime, dt.datetime], Collection[tuple[Reader, int]]]
    sample: Callable[[Event], Facts]
    newest: Callable[[], int] = int


Extra = Callable[[Collection[Asked]], Callable[["Event", Reader], Facts]]
Deadlines = Callable[[Collection[int]], dict[int, dt.datetime]]
_sources: dict[str, list[Source]] = {}
_extras: dict[str, list[Extra]] = {}
_deadlines: list[Deadlines] = []


def register_source(audience: str, source: Source) -> None:
    """From now on these people belong to the audience, too; apps call it when ready."""
    _sources.setdefault(audience, []).append(source)


def register_extra(audience: str, extra: Extra) -> None:
    """From now on letters to this audience tell this, too; it decides nobody's belonging."""
    _extras.setdefault(audience, []).append(extra)


def register_deadlines(deadlines: Deadlines) -> None:
    """From now on this says when RSVP ends, by event, where it does before the event."""
    _deadlines.append(deadlines)


def deadlines_of(event_ids: Collection[int]) -> dict[int, dt.datetime]:
    """When RSVP ends, for the events where it does."""
    found: dict[int, dt.datetime] = {}
    for deadlines in _deadlines:
        found |= deadlines(event_ids)
    return found


def people_of(audience: str, event_ids: Collection[int], **reading: Any) -> list[Person]:
    """The audiences of these events, or a piece of them; somebody with two parts is there twice."""
    return [person for source in _sources.get(audience, ()) for person in source.people(event_ids, **reading)]


def newest_of(audience: str) -> int:
    """The last row of a large audience that there is, whose ever event it is."""
    return max((source.newest() for source in _sources.get(audience, ())), default=0)


def events_of(
    audience: str, readers: Collection[Reader], now: dt.datetime, until: dt.datetime
) -> dict[Reader, set[int]]:
    """The events in between to whose audience each of them belongs."""
    found: dict[Reader, set[int]] = {reader: set() for reader in readers}
    for source in _sources.get(audience, ()):
        for reader, event in source.events_of(readers, now, until):
            found[reader].add(event)
    return found


def facts_of(audience: str, asked: Collection[Asked]) -> Tell:
    """Reads; what it returns tells each of these readers their facts, None for who does not belong to the audience."""
    belong = _read(audience, asked)
    theirs = [one for one in asked if belong(*one)]
    extras = [extra(theirs) for extra in _extras.get(audience, ())]

    def tell(event: Event, reader: Reader) -> Facts | None:
        found = belong(event, reader)
        return _together([*found, *(extra(event, reader) for extra in extras)]) if found else None

    return tell


def members_of(audience: str, asked: Collection[Asked]) -> set[Asked]:
    """Those of them who belong to the audience."""
    belong = _read(audience, asked)
    return {one for one in asked if belong(*one)}


def _read(audience: str, asked: Collection[Asked]) -> Callable[[Event, Reader], list[Facts]]:
    tells = [source.facts(asked) for source in _sources.get(audience, ())] if asked else []
    return lambda event, reader: [facts for tell in tells if (facts := tell(event, reader)) is not None]


def sample_facts(audience: str, event: Event, reader: Reader) -> Facts:
    """What a letter would tell somebody of this audience."""
    found = [source.sample(event) for source in _sources.get(audience, ())]
    extras = [extra([Asked(event, reader)])(event, reader) for extra in _extras.get(audience, ())]
    return _together([*found[:1], *extras])


def _together(found: list[Facts]) -> Facts:
    """As one, parts by time, those without a time last."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    return Facts(
        name=next((facts.name for facts in found if facts.name), ""),
        parts=tuple(sorted((part for facts in found for part in facts.parts), key=lambda part: part.starts_at or late)),
        is_online=any(facts.is_online for facts in found),
        rows=tuple(row for facts in found for row in facts.rows),
        buttons=tuple(button for facts in found for button in facts.buttons),
        placeholders={name: value for facts in found for name, value in facts.placeholders.items()},
    )
