"""Who is concerned by a change of an event: the floors above register their people, in pieces and in one order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from events.invited import Wanted
from events.models import Event


@dataclass(frozen=True)
class Concerned:
    """Somebody who has to hear; the address in lower case, `wanted` what their calendar shall show after the change."""

    pk: int  # of the row by which its source is ordered
    address: str
    name: str
    user_id: int | None
    language: str
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class People:
    """One source: `chunk` reads the next people behind a row, `concerns` says which addresses still are among them.

    `chunk` takes the event as it shall be, so that a change can be counted before it is made. `role` is that of the
    invites its people hold.
    """

    name: str
    role: str
    chunk: Callable[[Event, int, int, dt.datetime], list[Concerned]]
    concerns: Callable[[Event, Collection[str]], set[str]]


_sources: dict[str, People] = {}


def register_people(people: People) -> None:
    """From now on they hear of changes; apps call it when ready."""
    _sources[people.name] = people


def sources() -> list[People]:
    """In the order in which they hear, the same in every process."""
    return [_sources[name] for name in sorted(_sources)]
