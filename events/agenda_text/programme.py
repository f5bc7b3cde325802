"""Find the sessions: under headings that announce them, in time-tables, and only then where nothing announces them."""

from __future__ import annotations

import itertools

from .drafts import Draft, Ledger
from .entries import read_entry, read_head
from .grids import looks_like_programme, read_grid
from .kinds import (
    is_about,
    is_afternoon,
    is_closing,
    is_lightning,
    is_programme,
    is_weak_programme,
    kind_of_heading,
    starts_new_day,
)
from .lists import fill_block, read_list
from .outline import Node
from .regions import Programme, as_entry, below, container_entries, families, region_ends
from .splitting import Side, split_entry
from .timetable import has_times, read_timetable


def find_sessions(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    programme = Programme(nodes, ledger, region_ends(nodes))
    programme.first_heading = min(programme.ends, default=-1)
    for at, node in enumerate(nodes):
        if node.is_heading and not ledger.is_claimed(node):
            _read_heading(programme, at)
    for start, stop in _stretches(nodes):
        _read_stretch(programme, nodes[start:stop])
    _read_siblings(programme)
    return programme.drafts


def _stretches(nodes: list[Node]) -> list[tuple[int, int]]:
    """The stretches between headings."""
    cuts = [-1, *(at for at, node in enumerate(nodes) if node.is_heading), len(nodes)]
    return [(start + 1, stop) for start, stop in itertools.pairwise(cuts) if stop - start > 1]


def _read_heading(programme: Programme, at: int) -> None:
    node = programme.nodes[at]
    text = node.text
    if is_lightning(text) and split_entry(text).side is Side.NOWHERE:
        _read_block_heading(programme, at)
    elif not node.span and is_about(text):
        return
    elif is_programme(text):
        _read_container(programme, at)
    elif node.span:
        _read_session_heading(programme, at)
    elif kind := kind_of_heading(text):
        _read_kind_heading(programme, at, kind[0], several=kind[1])


def _read_block_heading(programme: Programme, at: int) -> None:
    node = programme.nodes[at]
    draft = Draft(node.line, span=node.span, number=node.number, links=list(node.inline.links))
    programme.ledger.claim(node)
    read_head(draft, node.text)
    draft.kind = "lightning"
    fill_block(draft, below(programme, at), programme.ledger)
    programme.add([draft])
    programme.session_headings.append(at)


def _read_container(programme: Programme, at: int, kind: str = "") -> None:
    """`Agenda`, `Sessions`, `Workshops`: every entry below is a session."""
    node = programme.nodes[at]
    entries, frame = container_entries(programme, at)
    drafts = read_list(entries, programme.ledger, kind=kind)
    if drafts:
        for framing in (node, *frame):
            programme.ledger.claim(framing)
        if drafts[0].span is None:
            drafts[0].span = node.span
        programme.add(drafts)


def _read_session_heading(programme: Programme, at: int, kind: str = "") -> None:
    """The heading is the session; what stands below it are its details."""
    entry = as_entry(programme, at)
    entry.children = [node for node in programme.body(at) if not node.span]
    draft = read_entry(entry, programme.ledger)
    draft.kind = kind or draft.kind
    programme.add([draft])
    programme.session_headings.append(at)


def _read_kind_heading(programme: Programme, at: int, kind: str, *, several: bool) -> None:
    """`Codelabs` heads a list of codelabs; `Keynote` is one session, unless entries with people stand below."""
    body = below(programme, at)
    tables = [node for node in body if node.rows and looks_like_programme(node)]
    named = [node for node in body if node.role == "entry" and split_entry(node.text).side is not Side.NOWHERE]
    if several or tables or (named and len(named) == len(body)):
        _read_container(programme, at, kind)
    else:
        _read_session_heading(programme, at, kind)


def _read_siblings(programme: Programme) -> None:
    """Where one heading is a session, the headings beside it are sessions too."""
    found = set(programme.session_headings)
    for family in families(programme.nodes):
        if found.isdisjoint(family):
            continue
        for at in family:
            if not programme.ledger.is_claimed(programme.nodes[at]) and _may_be_session(programme, at):
                _read_session_heading(programme, at)


def _may_be_session(programme: Programme, at: int) -> bool:
    node = programme.nodes[at]
    if is_about(node.text) or is_closing(node.text) or is_programme(node.text) or is_weak_programme(node.text):
        return False
    claimed = any(programme.ledger.is_claimed(below) for below in programme.region(at))
    is_page_title = node.level == 1 and at == programme.first_heading
    return not claimed and not is_page_title and not has_times(programme.region(at))


def _read_stretch(programme: Programme, nodes: list[Node]) -> None:
    programme.add(read_timetable(nodes, programme.ledger))
    for node in nodes:
        if node.rows and not programme.ledger.is_claimed(node):
            programme.add(read_grid(node, programme.ledger))


_FRAMES = (is_programme, is_weak_programme, starts_new_day, is_afternoon)


def claim_frames(nodes: list[Node], ledger: Ledger) -> None:
    """Headings such as "Agenda", "Speakers" and "Day 2" are understood when sessions stand below them."""
    ends = region_ends(nodes)
    for at, node in enumerate(nodes):
        is_frame = node.is_heading and any(says(node.text) for says in _FRAMES)
        if is_frame and any(ledger.is_claimed(below) for below in nodes[at + 1 : ends[at]]):
            ledger.claim(node)
