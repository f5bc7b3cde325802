"""“Now and next” on the schedule page: one card a column of the grid; static/js/lib/now.js fills them the same way."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lightning.schedule_types import RoomItem
from web.schedule_entries import Entry, talk_line
from web.schedule_grid import Grid


@dataclass(frozen=True)
class RoomNow:
    """What is on in one room, and what comes next there."""

    room: str
    name: str
    now_title: str
    until: dt.datetime | None
    next_title: str
    next_at: dt.datetime | None


class Piece(NamedTuple):
    """A session, or a talk of a round."""

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime


Ends = dict[str, dt.datetime]


def now_and_next(
    grid: Grid, entries: list[Entry], rooms: list[RoomItem], ends: Ends, now: dt.datetime
) -> list[RoomNow]:
    """One card a column of the grid, or one for the whole event where nothing runs at the same time."""
    by_id = {str(room["id"]): room["name"] for room in rooms}
    keys = list(dict.fromkeys(column.room for column in grid.columns)) or [""]
    cards = []
    for key in keys:
        name = by_id.get(key, "")
        planned = [entry for entry in entries if not (entry.is_cancelled or entry.is_finished)]
        here = [entry for entry in planned if not key or entry.room in ("", name)]
        on_stage = next((entry for entry in here if entry.stage), None)
        card = _by_stage(name, on_stage, here, ends, now) if on_stage else _by_clock(name, here, ends, now)
        cards.append(card)
    return cards


def _by_clock(name: str, here: list[Entry], ends: Ends, now: dt.datetime) -> RoomNow:
    flat = [piece for entry in here for piece in _pieces(entry, ends)]
    on = next((piece for piece in reversed(flat) if piece.starts_at <= now < piece.ends_at), None)
    following = next((piece for piece in flat if piece.starts_at > now), None)
    return RoomNow(
        room=name,
        name=name,
        now_title=on.title if on else "",
        until=on.ends_at if on else None,
        next_title=following.title if following else "",
        next_at=following.starts_at if following else None,
    )


def _by_stage(name: str, on_stage: Entry, here: list[Entry], ends: Ends, now: dt.datetime) -> RoomNow:
    """Who is on stays on, however late it is; between two talks it is the round."""
    on = next((slot.talk for slot in on_stage.slots if slot.talk and slot.state == "now"), None)
    until = on_stage.on_until
    title, at = next(_coming(on_stage, here, ends, now), ("", None))
    return RoomNow(
        room=name,
        name=name,
        now_title=talk_line(on) if on else on_stage.session["title"],
        until=until if until and until > now else None,
        next_title=title,
        next_at=at,
    )


def _coming(on_stage: Entry, here: list[Entry], ends: Ends, now: dt.datetime) -> Iterator[tuple[str, dt.datetime]]:
    """Who is expected on stage, none of them before now; after them what was planned for now, which waits."""
    for slot in on_stage.slots:
        if slot.talk and slot.talk["expected_at"]:
            yield talk_line(slot.talk), max(dt.datetime.fromisoformat(slot.talk["expected_at"]), now)
    for entry in here:
        for piece in _pieces(entry, ends) if entry is not on_stage else ():
            if piece.ends_at > now:
                yield piece.title, max(piece.starts_at, now)


def _pieces(entry: Entry, ends: Ends) -> Iterator[Piece]:
    """A session, or each talk of a round. A talk stands until the next slot begins."""
    until = [slot.starts_at for slot in entry.slots[1:]] + [None]
    talks = [
        Piece(talk_line(slot.talk), slot.starts_at, end or slot.ends_at)
        for slot, end in zip(entry.slots, until, strict=False)
        if slot.talk and slot.starts_at and slot.ends_at
    ]
    yield from talks
    if not talks and entry.starts_at:
        yield Piece(entry.session["title"], entry.starts_at, ends[entry.key])
