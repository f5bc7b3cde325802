"""Who belongs to the audience of a reminder, and what its letter tells them: floors above register what they know."""

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

    `facts(event, reader, now)` is None for who does not belong to it (any more); `events_of(reader, now, until)` names
    the events that start in between to which they belong; `sample(event)` are facts for a preview; `newest()` is the
    largest key there is, where keys rise.
    """

    people: ReadPeople
    facts: Callable[[Event, Reader, dt.datetime], Facts | None]
    events_of: Callable[[Reader, dt.datetime, dt.datetime], Collection[int]]
    sample: Callable[[Event], Facts]
    newest: Callable[[], int] = int


Extra = Callable[["Event", Reader, dt.datetime], Facts]
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


def events_of(audience: str, reader: Reader, now: dt.datetime, until: dt.datetime) -> set[int]:
    """The events in between to whose audience this person belongs."""
    return {pk for source in _sources.get(audience, ()) for pk in source.events_of(reader, now, until)}


def facts_for(audience: str, event: Event, reader: Reader, now: dt.datetime) -> Facts | None:
    """What the letter tells them; None when they do not belong to the audience."""
    found = [facts for source in _sources.get(audience, ()) if (facts := source.facts(event, reader, now)) is not None]
    return _together([*found, *_extra_facts(audience, event, reader, now)]) if found else None


def sample_facts(audience: str, event: Event, reader: Reader, now: dt.datetime) -> Facts:
    """What a letter would tell somebody of this audience."""
    found = [source.sample(event) for source in _sources.get(audience, ())]
    return _together([*found[:1], *_extra_facts(audience, event, reader, now)])


def _extra_facts(audience: str, event: Event, reader: Reader, now: dt.datetime) -> list[Facts]:
    return [extra(event, reader, now) for extra in _extras.get(audience, ())]


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
