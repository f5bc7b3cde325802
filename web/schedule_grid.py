"""Lays a programme out as bands of a CSS grid; pure: instants in, rows, columns and style rules out.

The day is cut wherever no item runs across that moment. Each piece is a band, a grid of its own, so that a dense
afternoon does not stretch a calm morning. In a band a row begins where something starts and is as many `fr` high as it
has minutes: the densest box sets the scale and nothing ever overflows.
"""

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GUTTER = "4.25rem"
MANY_COLUMNS = 5  # with more the grid scrolls sideways
ONE_MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Item:
    """Something that takes time: `key` names its box, `room` its column (empty: nowhere in particular)."""

    key: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    room: str = ""
    has_list: bool = False  # a lightning round: its head takes a row of no minutes, its talks line up with the axis


@dataclass(frozen=True)
class Box:
    """Where an item stands: minutes since the grid's start, and its column; None spans all columns."""

    item: Item
    starts: int
    ends: int
    column: int | None


@dataclass(frozen=True)
class Band:
    """One piece of the day: `marks` are the minutes at which a row begins, the last one is the end."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    marks: tuple[int, ...]
    boxes: tuple[Box, ...]

    @property
    def name(self) -> str:
        """The band's id in the page."""
        return f"b{self.marks[0]}"

    @property
    def spans_all(self) -> bool:
        """Whether nothing else happens meanwhile."""
        return all(box.column is None for box in self.boxes)


@dataclass(frozen=True)
class Column:
    """One room, or one of several lanes of a room where things run in parallel in it."""

    room: str
    lane: int = 0
    has_list: bool = False


@dataclass(frozen=True)
class Grid:
    """The whole programme."""

    starts_at: dt.datetime
    columns: tuple[Column, ...]
    bands: tuple[Band, ...]

    @property
    def rooms(self) -> list[tuple[str, int]]:
        """The rooms of the head row with the number of columns each takes."""
        return [(room, len(list(lanes))) for room, lanes in itertools.groupby(self.columns, lambda c: c.room)]

    @property
    def is_wide(self) -> bool:
        """Whether the grid scrolls sideways."""
        return len(self.columns) > MANY_COLUMNS

    def minute(self, instant: dt.datetime) -> int:
        """Whole minutes since the grid's start."""
        return (instant - self.starts_at) // ONE_MINUTE


def lay_out(items: Iterable[Item], *, rooms: Sequence[str] = ()) -> Grid | None:
    """The grid of these items, columns in the order of `rooms`; None where there is nothing to lay out."""
    ordered = sorted(items, key=lambda item: (item.starts_at, _room_order(item, rooms), _end(item), item.key))
    if not ordered:
        return None
    starts_at = ordered[0].starts_at
    pieces = list(_pieces(ordered))
    lanes = [_lanes(piece) if len(piece) > 1 else {} for piece in pieces]
    columns = _columns(pieces, lanes, rooms)
    place = {(column.room, column.lane): number for number, column in enumerate(columns)}
    bands = (_band(piece, found, place, starts_at) for piece, found in zip(pieces, lanes, strict=True))
    return Grid(starts_at, columns, tuple(bands))


def _end(item: Item) -> dt.datetime:
    """An item without length still needs a row."""
    return max(item.ends_at, item.starts_at + ONE_MINUTE)


def _room_order(item: Item, rooms: Sequence[str]) -> int:
    """What has no room is for everybody, and stands before those that run beside each other."""
    if not item.room:
        return -1
    return rooms.index(item.room) if item.room in rooms else len(rooms)


def _pieces(ordered: list[Item]) -> Iterable[list[Item]]:
    """Runs of items that overlap one another in time, in the order of time."""
    piece: list[Item] = []
    until: dt.datetime | None = None
    for item in ordered:
        if until is not None and item.starts_at >= until:
            yield piece
            piece, until = [], None
        piece.append(item)
        until = _end(item) if until is None else max(until, _end(item))
    yield piece


def _lanes(piece: list[Item]) -> dict[str, int]:
    """The lane of each item inside its room: the first that is free when it starts."""
    free: dict[str, list[dt.datetime]] = {}
    found: dict[str, int] = {}
    for item in piece:
        ends = free.setdefault(item.room, [])
        lane = next((number for number, until in enumerate(ends) if until <= item.starts_at), len(ends))
        ends[lane : lane + 1] = [_end(item)]
        found[item.key] = lane
    return found


def _columns(pieces: list[list[Item]], lanes: list[dict[str, int]], rooms: Sequence[str]) -> tuple[Column, ...]:
    """Every room in use, in order, once anything runs in parallel; a room once for each lane it needs.

    Wide is only where a round stands beside others: one that has the time to itself spans all columns anyway.
    """
    shared: dict[tuple[str, int], bool] = {}
    for piece, found in zip(pieces, lanes, strict=True):
        for item in piece:
            if item.key in found:
                place = (item.room, found[item.key])
                shared[place] = shared.get(place, False) or item.has_list
    used = {(item.room, 0) for piece in pieces for item in piece if item.room} if shared else set()
    order = {room: number for number, room in enumerate(rooms)}
    places = sorted(used | set(shared), key=lambda place: (order.get(place[0], len(order)), place))
    return tuple(Column(room, lane, shared.get((room, lane), False)) for room, lane in places)


def _band(piece: list[Item], lanes: dict[str, int], place: dict[tuple[str, int], int], starts_at: dt.datetime) -> Band:
    def minute(instant: dt.datetime) -> int:
        return (instant - starts_at) // ONE_MINUTE

    ends_at = max(map(_end, piece))
    column = {item.key: place[item.room, lanes[item.key]] if lanes else None for item in piece}
    boxes = tuple(
        Box(item, minute(item.starts_at), minute(_next_start(item, piece, column) or ends_at), column[item.key])
        for item in piece
    )
    marks = sorted({box.starts for box in boxes} | {minute(ends_at)})
    return Band(piece[0].starts_at, ends_at, tuple(marks), boxes)


def _next_start(item: Item, piece: list[Item], column: dict[str, int | None]) -> dt.datetime | None:
    """A box runs to the next start in its column; the printed time says when the item really ends."""
    later = (
        other.starts_at for other in piece if column[other.key] == column[item.key] and other.starts_at > item.starts_at
    )
    return min(later, default=None)


# --- style rules ----------------------------------------------------------------------------------------------------


def style_rules(grid: Grid, *, now: dt.datetime | None = None) -> str:
    """The page's own rules: columns, then rows and areas of each band, and the line that shows where we are."""
    wide = "\n".join(_band_rules(grid, band, now) for band in grid.bands)
    return f"{_column_rules(grid)}\n@media screen and (min-width: 60rem) {{\n{wide}\n}}\n"


def _column_rules(grid: Grid) -> str:
    tracks = " ".join(
        f"[c{number}] minmax({'13rem' if grid.is_wide else '0'}, {'var(--round)' if column.has_list else '1fr'})"
        for number, column in enumerate(grid.columns)
    )
    tracks = tracks or "[c0] minmax(0, 1fr)"
    share = "2.9fr" if len(grid.columns) > 1 else "1fr"
    narrow = "2.1fr" if len(grid.columns) > 1 else "1fr"
    rules = [
        f".sched, .nn {{ --round: {share}; --cols: [gutter] {GUTTER} {tracks} [end]; }}",
        f"@media (max-width: 75rem) {{ .sched, .nn {{ --round: {narrow}; }} }}",
    ]
    first = 0
    for number, (_, lanes) in enumerate(grid.rooms):
        rules.append(f".room-{number} {{ grid-column: c{first} / span {lanes}; }}")
        rules.extend([f".colrule-{number} {{ grid-column: c{first}; }}"] if number else [])
        first += lanes
    return "\n".join(rules)


def _band_rules(grid: Grid, band: Band, now: dt.datetime | None) -> str:
    headed = {box.starts for box in band.boxes if box.item.has_list}
    rules = [f"#{band.name} {{ grid-template-rows: {_rows(band, headed)}; }}"]
    for box in band.boxes:
        across = "c0 / -1" if box.column is None else f"c{box.column} / span 1"
        start, _, end = across.partition(" / ")
        rows = (_line(box.starts, headed), _line(box.ends, headed))
        rules.append(f"#{box.item.key} {{ grid-area: {rows[0]} / {start} / {rows[1]} / {end}; }}")
    for mark in band.marks[:-1]:
        span = " / span 2" if mark in headed else ""
        rules.append(f"#{band.name} .at-{mark} {{ grid-row: {_line(mark, headed)}{span}; }}")
    rules.extend(_now_rule(grid, band, now))
    return "\n".join(rules)


def _rows(band: Band, headed: set[int]) -> str:
    parts = []
    for mark, following in itertools.pairwise(band.marks):
        head = f"[h{mark}] auto " if mark in headed else ""
        parts.append(f"{head}[t{mark}] minmax(auto, {following - mark}fr)")
    return " ".join(parts) + f" [t{band.marks[-1]}]"


def _line(mark: int, headed: set[int]) -> str:
    return f"h{mark}" if mark in headed else f"t{mark}"


def _now_rule(grid: Grid, band: Band, now: dt.datetime | None) -> list[str]:
    """The line lies in the row that is running, as far down as its minutes have passed."""
    if now is None or not band.starts_at <= now < band.ends_at:
        return []
    minute = (now - grid.starts_at) / ONE_MINUTE
    row = next(pair for pair in itertools.pairwise(band.marks) if minute < pair[1])
    passed = 100 * (minute - row[0]) / (row[1] - row[0])
    return [f"#{band.name} .nowline {{ grid-area: t{row[0]} / 1 / t{row[1]} / -1; inset-block-start: {passed:.1f}%; }}"]
