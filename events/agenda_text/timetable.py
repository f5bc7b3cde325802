"""Read runs of entries that begin with a time, and give the lines between them to the entry above."""

from __future__ import annotations

from .drafts import Draft, Ledger
from .entries import read_details
from .grids import read_grid
from .kinds import pause_kind
from .lists import ListShape, fill_block, read_session, shape_of
from .outline import Node


def has_times(nodes: list[Node]) -> bool:
    return any(node.span for node in nodes if not node.is_heading)


def read_timetable(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Sessions of one region without headings in it. Lines before the first time are left alone."""
    timed = [place for place, node in enumerate(nodes) if node.span]
    if not timed:
        return []
    shape = shape_of([nodes[place] for place in timed])
    marker = next((nodes[place].marker for place in timed if nodes[place].marker), "")
    drafts: list[Draft] = []
    last_timed = timed[-1]
    for place in range(timed[0], len(nodes)):
        node = nodes[place]
        if ledger.is_claimed(node) or node.is_broken_time:
            continue
        if node.after_rule and place > last_timed:
            break
        is_sibling = node.role == "entry" and bool(marker) and node.marker == marker
        if node.span or is_sibling:
            drafts.extend(_read(node, drafts, ledger, shape))
        elif place < last_timed:
            _add_between(drafts, node, ledger)
    return drafts


def _read(node: Node, drafts: list[Draft], ledger: Ledger, shape: ListShape) -> list[Draft]:
    """A timed entry is a session; an entry without time beside it too, or a talk of the block above."""
    if node.span is None and drafts and drafts[-1].collects and not pause_kind(node.text):
        fill_block(drafts[-1], [node], ledger)
        return []
    return read_session(node, ledger, shape)


def _add_between(drafts: list[Draft], node: Node, ledger: Ledger) -> None:
    """A paragraph or a list between two times belongs to the time above it."""
    if not drafts:
        return
    if drafts[-1].is_block and node.role in ("entry", "table"):
        fill_block(drafts[-1], [node], ledger)
    elif node.rows:
        drafts.extend(read_grid(node, ledger))
    else:
        read_details(drafts[-1], [node], ledger)
