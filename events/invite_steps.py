"""What a calendar has to be told next (RFC 5546 2.1.4, RFC 5545 3.8.7.4): pure values, no database.

Key of an entry is its UID, then SEQUENCE, then DTSTAMP: whatever happens, both only rise for one calendar.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from events.calendar_values import EntryStatus
from events.imip import NEEDS_ACTION, Method

ACCEPTED = "ACCEPTED"
SAID_NO = frozenset({"DECLINED", "DELEGATED"})  # their own calendar shows it so already
ONE_SECOND = dt.timedelta(seconds=1)


class Change(StrEnum):
    """What a message says, and so which words go with it."""

    INVITED = "invited"
    DATE = "date"
    PLACE = "place"
    TEXTS = "texts"
    CALLED_OFF = "called_off"
    CLOSED = "closed"  # nothing is said


@dataclass(frozen=True, slots=True)
class Facts:
    """What a calendar was told, as far as a difference makes a message; `format` is the event's."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    location: str
    format: str
    status: str
    summary: str

    @property
    def date(self) -> tuple[dt.datetime, dt.datetime, str, bool]:
        """What people plan their evening by: who said yes to another one is asked again."""
        return self.starts_at, self.ends_at, self.zone, self.status == EntryStatus.POSTPONED

    @property
    def place(self) -> tuple[str, str]:
        """Where they go, or whether they go at all."""
        return self.location, self.format

    def as_json(self) -> dict[str, str]:
        """For the database."""
        return {
            "starts_at": self.starts_at.astimezone(dt.UTC).isoformat(),
            "ends_at": self.ends_at.astimezone(dt.UTC).isoformat(),
            "zone": self.zone,
            "location": self.location,
            "format": self.format,
            "status": self.status,
            "summary": self.summary,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """As the database kept them."""
        instants = {name: dt.datetime.fromisoformat(values[name]) for name in ("starts_at", "ends_at")}
        return cls(**{**values, **instants})


@dataclass(frozen=True, slots=True)
class Held:
    """What one calendar holds: the last message, and the answer to it."""

    method: str
    sequence: int
    partstat: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Step:
    """The next message, or the note that there is none (CLOSED)."""

    change: Change
    method: Method
    sequence: int
    partstat: str


def next_step(
    held: Held | None,
    wanted: Facts | None,
    *,
    sequence: int,
    said_yes: bool,
    said_yes_since: bool = False,
    texts_too: bool = False,
    now: dt.datetime,
) -> Step | None:
    """The message that makes the calendar right, or None when it is, or when all is over.

    `wanted` is what it shall show, None for nothing; `sequence` the entry's own. `said_yes` on the web, so that nobody
    is asked what they answered; `said_yes_since` the last message or answer. `texts_too` tells of words alone.
    """
    if wanted is None:
        return _calling_off(held, sequence, now)
    if wanted.ends_at <= now:
        return None
    if held is None:
        return Step(Change.INVITED, Method.REQUEST, sequence, _answer(said_yes))
    above = max(sequence, held.sequence + 1)
    if held.method == Method.CANCEL:
        stands = said_yes and (said_yes_since or held.facts.date == wanted.date)
        return Step(Change.INVITED, Method.REQUEST, above, _answer(stands))
    return _updating(held, wanted, above, came_back=said_yes_since and held.partstat in SAID_NO, texts_too=texts_too)


def _updating(held: Held, wanted: Facts, above: int, *, came_back: bool, texts_too: bool) -> Step | None:
    """For a calendar that holds the entry."""
    if came_back:
        return Step(Change.INVITED, Method.REQUEST, above, ACCEPTED)
    if held.facts.date != wanted.date:
        return Step(Change.DATE, Method.REQUEST, above, NEEDS_ACTION)
    if held.facts.place != wanted.place:
        return Step(Change.PLACE, Method.REQUEST, above, held.partstat)
    return Step(Change.TEXTS, Method.REQUEST, held.sequence, held.partstat) if texts_too else None


def _calling_off(held: Held | None, sequence: int, now: dt.datetime) -> Step | None:
    """Nobody is bothered about what is over, or about what they declined by their calendar."""
    if held is None or held.method == Method.CANCEL or held.facts.ends_at <= now:
        return None
    if held.partstat in SAID_NO:
        return Step(Change.CLOSED, Method.CANCEL, held.sequence, held.partstat)
    return Step(Change.CALLED_OFF, Method.CANCEL, max(sequence, held.sequence + 1), held.partstat)


def _answer(said_yes: bool) -> str:  # noqa: FBT001 - one word
    return ACCEPTED if said_yes else NEEDS_ACTION


def next_stamp(last: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """DTSTAMP in whole seconds, above the last one also when the clock was set back or two come within a second."""
    stamp = now.replace(microsecond=0)
    return stamp if last is None or stamp > last else last.replace(microsecond=0) + ONE_SECOND
