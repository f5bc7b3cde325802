"""The schedule document, seen by the page: what stands in which band, what is on now, what can be filtered by.

Pure: takes the document (a tree of plain JSON values, lightning/schedule_document.py) and the time; instants become
datetimes, and each item gets what the templates would otherwise have to compute.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lightning.now_and_next import is_finished, round_on_stage
from lightning.schedule_types import BlockItem, RoomItem, RoundItem, ScheduleDocument, SessionItem, TalkItem
from lightning.stage_round import OPEN
from web.schedule_entries import Entry, Slot
from web.schedule_grid import Band, Grid, Item, lay_out, style_rules
from web.schedule_now import RoomNow, now_and_next

MINUTE = dt.timedelta(minutes=1)
OPEN_ROWS = 6  # open slots that get a row of their own; the head of the round counts the others
FALLBACK_LENGTH = dt.timedelta(minutes=30)  # of a session whose length nobody gave and after which nothing comes


@dataclass(frozen=True)
class Tick:
    """A time on the axis."""

    minute: int
    instant: dt.datetime
    state: str


@dataclass(frozen=True)
class BandView:
    """A band with what stands in it; `new_day` is set where the calendar day differs from the band before."""

    band: Band
    entries: list[Entry]
    ticks: list[Tick]
    has_now: bool
    new_day: bool

    @property
    def marks(self) -> str:
        """Minutes at which rows begin, for the script."""
        return " ".join(map(str, self.band.marks))


@dataclass(frozen=True)
class Programme:
    """All the page shows of a programme."""

    grid: Grid | None
    bands: list[BandView]
    untimed: list[Entry]
    rooms: list[dict[str, Any]]
    now_and_next: list[RoomNow]
    is_running: bool
    rules: str

    @property
    def entries(self) -> list[Entry]:
        """Every session in order, the untimed last."""
        return [entry for band in self.bands for entry in band.entries] + self.untimed


def see(document: ScheduleDocument, *, now: dt.datetime) -> Programme:
    """The programme at this moment."""
    names = {room["id"]: room["name"] for room in document["rooms"]}
    tracks = {track["id"]: track["name"] for track in document["tracks"]}
    entries = [
        _entry(session, names, tracks, round_on_stage(document, session, now), now) for session in document["sessions"]
    ]
    timed = [entry for entry in entries if entry.starts_at is not None]
    ends = _ends(timed, _instant(document["event"]["ends_at"]))
    order = [str(room["id"]) for room in document["rooms"]]
    grid = lay_out((_item(entry, ends[entry.key]) for entry in timed), rooms=order)
    running = grid is not None and (_is_within(grid, now) or any(entry.stage for entry in timed))
    return Programme(
        grid=grid,
        bands=list(_bands(grid, {entry.key: entry for entry in timed}, now)) if grid else [],
        untimed=[entry for entry in entries if entry.starts_at is None],
        rooms=_head_rooms(grid, document["rooms"]),
        now_and_next=now_and_next(grid, timed, document["rooms"], ends, now) if grid else [],
        is_running=running,
        rules=(style_rules(grid, now=now if running else None) if grid else "") + "".join(map(_list_rule, entries)),
    )


def _is_within(grid: Grid, now: dt.datetime) -> bool:
    return grid.bands[0].starts_at <= now < max(band.ends_at for band in grid.bands)


def _list_rule(entry: Entry) -> str:
    """How many rows the list of a round takes in two and in three columns, so that numbers run down."""
    if not entry.slots:
        return ""
    half, third = -(-len(entry.slots) // 2), -(-len(entry.slots) // 3)
    return f"#{entry.key} .strip__list {{ --rows2: {half}; --rows3: {third}; }}\n"


def _instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _state(starts_at: dt.datetime | None, ends_at: dt.datetime | None, now: dt.datetime) -> str:
    if starts_at is None or now < starts_at:
        return ""
    return "now" if ends_at is not None and now < ends_at else "past"


def _version(*parts: object) -> str:
    """Eight digits that change when something a reader plans by changes."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:8]


def _entry(
    session: SessionItem, names: dict[int, str], tracks: dict[int, str], stage: RoundItem | None, now: dt.datetime
) -> Entry:
    starts_at, ends_at = _instant(session["starts_at"]), _instant(session["ends_at"])
    return Entry(
        session=session,
        key=f"session-{session['id']}",
        starts_at=starts_at,
        ends_at=ends_at,
        state=_state_of(session, stage, now),
        room=names.get(session["room"] or 0, ""),
        track=tracks.get(session["track"] or 0, ""),
        version=_version(*(session[name] for name in ("title", "starts_at", "ends_at", "room", "status"))),
        slots=list(_slots(session, session["block"], stage, now)) if session["block"] else [],
        stage=stage,
        is_finished=is_finished(session),
    )


def _state_of(session: SessionItem, stage: RoundItem | None, now: dt.datetime) -> str:
    """now, past, or nothing: by the host where there is one, else by the clock."""
    if stage or is_finished(session):
        return "now" if stage else "past"
    is_off = session["status"] == "cancelled"
    return "" if is_off else _state(_instant(session["starts_at"]), _instant(session["ends_at"]), now)


def _state_on_stage(talk: TalkItem, stage: RoundItem, following: int | None) -> str:
    """now, next, past, or nothing yet: as the host has pressed."""
    if stage["talk"] == talk["id"] and stage["started_at"]:
        return "now"
    if talk["id"] == following:
        return "next"
    return "" if talk["expected_at"] else "past"


def _expected(talk: TalkItem) -> dt.datetime | None:
    """Where it differs from the plan by a minute or more."""
    planned, expected = _instant(talk["starts_at"]), _instant(talk["expected_at"])
    if planned is None or expected is None or abs(expected - planned) < MINUTE:
        return None
    return expected


def _slots(session: SessionItem, block: BlockItem, stage: RoundItem | None, now: dt.datetime) -> Iterator[Slot]:
    """The talks, then the open slots (not in a round that is over)."""
    following = next((talk["id"] for talk in block["talks"] if talk["expected_at"]), None)
    starts_at, ends_at = _instant(session["starts_at"]), _instant(session["ends_at"])
    states = ["" if session["status"] == "cancelled" else state for state in _states_by_clock(block, ends_at, now)]
    if is_finished(session):
        states = ["past"] * len(states)
    for talk, by_clock in zip(block["talks"], states, strict=True):
        state = _state_on_stage(talk, stage, following) if stage else by_clock
        yield Slot(
            number=talk["slot"],
            key=f"talk-{talk['id']}",
            starts_at=_instant(stage["started_at"] if stage and state == "now" else talk["starts_at"]),
            ends_at=_instant(talk["ends_at"]),
            state=state,
            talk=talk,
            # The planned start: that a talk was given a little later is no change of the programme
            version=_version(
                talk["title"], str(_slot_start(block, starts_at, talk["slot"])), talk["state"] == "no_show"
            ),
            expected_at=_expected(talk) if stage else None,
            is_left_out=is_finished(session) and talk["state"] in OPEN,
        )
    if session["status"] == "cancelled" or is_finished(session) or (ends_at is not None and ends_at <= now):
        return
    taken = {talk["slot"] for talk in block["talks"]}
    free = (number for number in range(1, (block["slots"] or 0) + 1) if number not in taken)
    for _, number in zip(range(OPEN_ROWS), free, strict=False):
        at = _slot_start(block, starts_at, number)
        yield Slot(number, f"open-{block['id']}-{number}", at, None, "")


def _states_by_clock(block: BlockItem, ends_at: dt.datetime | None, now: dt.datetime) -> Iterator[str]:
    """A slot is on until the next one begins: the change of speakers belongs to who was on."""
    starts = [_instant(talk["starts_at"]) for talk in block["talks"]]
    for number, talk in enumerate(block["talks"]):
        until = starts[number + 1] if number + 1 < len(starts) else _instant(talk["ends_at"]) or ends_at
        yield _state(starts[number], until, now)


def _slot_start(block: BlockItem, starts_at: dt.datetime | None, number: int) -> dt.datetime | None:
    if starts_at is None:
        return None
    minutes = block["talk_minutes"] + block["question_minutes"] + block["changeover_minutes"]
    return starts_at + dt.timedelta(minutes=minutes * (number - 1))


def _ends(entries: list[Entry], event_ends_at: dt.datetime | None) -> dict[str, dt.datetime]:
    """Until when each box may stand: its end or, where nobody gave a length, the next start."""
    starts = sorted({entry.starts_at for entry in entries if entry.starts_at})
    ends = {}
    for entry in entries:
        if entry.starts_at is None:
            continue
        following = next((start for start in starts if start > entry.starts_at), event_ends_at)
        guess = following if following and following > entry.starts_at else entry.starts_at + FALLBACK_LENGTH
        ends[entry.key] = entry.ends_at or guess
    return ends


def _item(entry: Entry, ends_at: dt.datetime) -> Item:
    room = entry.session["room"]
    assert entry.starts_at is not None  # noqa: S101 - only timed entries are laid out
    return Item(entry.key, entry.starts_at, ends_at, "" if room is None else str(room), entry.is_round)


def _bands(grid: Grid, entries: dict[str, Entry], now: dt.datetime) -> Iterator[BandView]:
    day: dt.date | None = None
    for band in grid.bands:
        date = band.starts_at.date()
        has_now = band.starts_at <= now < band.ends_at
        yield BandView(
            band=band,
            entries=[entries[box.item.key] for box in band.boxes],
            ticks=list(_ticks(grid, band, now, has_now=has_now)),
            has_now=has_now,
            new_day=day is not None and date != day,
        )
        day = date


def _ticks(grid: Grid, band: Band, now: dt.datetime, *, has_now: bool) -> Iterator[Tick]:
    """The times a band's rows begin at; one that would lie under the line's plate hides."""
    for mark in band.marks[:-1]:
        instant = grid.starts_at + dt.timedelta(minutes=mark)
        distance = abs((now - instant).total_seconds()) / 60
        state = "under" if has_now and distance < 8 else "past" if instant <= now else ""
        yield Tick(mark, instant, state)


def _head_rooms(grid: Grid | None, rooms: list[RoomItem]) -> list[dict[str, Any]]:
    """The rooms that have a column, with how many columns; nothing where every band spans the page."""
    by_id = {str(room["id"]): room for room in rooms}
    return [
        {"name": by_id[key]["name"] if key else "", "capacity": by_id[key]["capacity"] if key else None, "lanes": lanes}
        for key, lanes in (grid.rooms if grid else [])
    ]
