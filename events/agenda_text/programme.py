"""Find the sessions: under headings that announce them, in time-tables, and only then where nothing announces them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from .drafts import Draft, Ledger
from .entries import read_entry, read_head
from .grids import read_grid
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
from .lists import entries_below, fill_block, names_session, read_list, titled_paragraphs
from .outline import BOLD_LEVEL, LABEL_LEVEL, Node
from .splitting import Side, split_entry
from .timetable import has_times, read_timetable


@dataclass(slots=True)
class Programme:
    """The outline, where each heading's region ends, and the sessions found so far."""

    nodes: list[Node]
    ledger: Ledger
    ends: dict[int, int] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    session_headings: list[int] = field(default_factory=list)
    origin: int = 0
    first_heading: int = -1

    def add(self, drafts: list[Draft]) -> None:
        self.origin += 1
        for draft in drafts:
            draft.origin = self.origin
        self.drafts.extend(drafts)

    def region(self, at: int) -> list[Node]:
        return self.nodes[at + 1 : self.ends[at]]

    def body(self, at: int) -> list[Node]:
        """What stands under a heading before the next heading of any level."""
        stop = at + 1
        while stop < len(self.nodes) and not self.nodes[stop].is_heading:
            stop += 1
        return self.nodes[at + 1 : stop]


def find_sessions(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    programme = Programme(nodes, ledger, _region_ends(nodes))
    programme.first_heading = min(programme.ends, default=-1)
    for at, node in enumerate(nodes):
        if node.is_heading and not ledger.is_claimed(node):
            _read_heading(programme, at)
    for start, stop in _stretches(nodes):
        _read_stretch(programme, nodes[start:stop])
    _read_siblings(programme)
    return programme.drafts


def _region_ends(nodes: list[Node]) -> dict[int, int]:
    """For each heading the place of the next heading that is not below it."""
    ends: dict[int, int] = {}
    waiting: list[int] = []
    for at, node in enumerate(nodes):
        while node.is_heading and waiting and nodes[waiting[-1]].level >= node.level:
            ends[waiting.pop()] = at
        if node.is_heading:
            waiting.append(at)
    ends.update(dict.fromkeys(waiting, len(nodes)))
    return ends


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
    below = _below(programme, at)
    fill_block(draft, below, programme.ledger)
    programme.add([draft])
    programme.session_headings.append(at)


def _below(programme: Programme, at: int) -> list[Node]:
    """The body of a heading; its sub-headings as entries when it has no list of its own."""
    if programme.nodes[at].level >= BOLD_LEVEL:
        return first_run(programme.body(at))
    body = _body_with_labels(programme, at)
    if any(child.role in ("entry", "table") or entries_below(child) for child in body):
        return body
    return body + sub_entries(programme, at)


def _body_with_labels(programme: Programme, at: int) -> list[Node]:
    """The body of a real heading, with labels such as "First half:" as plain lines over what they head."""
    body = programme.body(at)
    place = at + 1 + len(body)
    while place < programme.ends[at] and _is_only_label(programme.nodes[place]):
        node, below = programme.nodes[place], programme.body(place)
        body.append(Node("plain", node.line, node.inline, node.rank, text=node.text, gap=node.gap, children=below))
        place += 1 + len(below)
    return body


def _is_only_label(node: Node) -> bool:
    announces = is_about(node.text) or is_lightning(node.text) or is_programme(node.text) or kind_of_heading(node.text)
    return node.level == LABEL_LEVEL and not announces


def sub_entries(programme: Programme, at: int) -> list[Node]:
    """The headings directly below this one, each with its body as details."""
    entries: list[Node] = []
    place, end = at + 1, programme.ends[at]
    while place < end:
        if programme.nodes[place].is_heading:
            entries.append(_as_entry(programme, place))
            place = programme.ends[place]
        else:
            place += 1
    return entries


def _as_entry(programme: Programme, at: int) -> Node:
    node = programme.nodes[at]
    return Node(
        "entry", node.line, node.inline, node.rank,
        number=node.number, span=node.span, text=node.text, children=programme.region(at),
    )  # fmt: skip


def first_run(body: list[Node]) -> list[Node]:
    """Without a real heading only what follows at once belongs to it: one list, or one paragraph of lines."""
    run: list[Node] = []
    for node in body:
        is_listed = node.role in ("entry", "table") or bool(entries_below(node))
        if run and (node.after_rule or is_listed != _is_listed(run[0]) or (not is_listed and node.gap)):
            break
        run.append(node)
    return run


def _is_listed(node: Node) -> bool:
    return node.role in ("entry", "table") or bool(entries_below(node))


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


def container_entries(programme: Programme, at: int) -> tuple[list[Node], list[Node]]:
    """The entries announced by a heading, and the lines that only introduce them."""
    node, ledger = programme.nodes[at], programme.ledger
    frame: list[Node] = []
    if node.level < BOLD_LEVEL:
        body = _body_with_labels(programme, at)
    else:
        body = programme.body(at)
        place = at + 1
        while not body and place < len(programme.nodes) and programme.nodes[place].level == LABEL_LEVEL:
            frame.append(programme.nodes[place])
            body = programme.body(place)
            place += 1
        body = body if titled_paragraphs(body) else first_run(body)
    body = [child for child in body if not ledger.is_claimed(child)]
    if any(child.span for child in body):
        return [], frame
    entries = [child for child in body if child.role in ("entry", "table")]
    for child in body:
        if child.role == "plain" and (below := entries_below(child)):
            frame.append(child)
            entries += below
    if not entries and node.level < BOLD_LEVEL:
        entries = [entry for entry in sub_entries(programme, at) if not _is_frame(entry)]
    if not entries:
        entries = _plain_entries(body)
    return sorted(entries, key=lambda entry: entry.line), frame


def _is_frame(entry: Node) -> bool:
    return bool(entry.span) or is_about(entry.text) or is_closing(entry.text) or is_programme(entry.text)


def _plain_entries(body: list[Node]) -> list[Node]:
    """Lines without bullets: several in one paragraph, or any that names its speaker."""
    plain = [node for node in body if node.role == "plain"]
    if titled := titled_paragraphs(plain):
        return titled
    named = [node for node in plain if names_session(node)]
    return plain if len(named) * 2 >= max(len(plain), 1) else named


def _read_session_heading(programme: Programme, at: int, kind: str = "") -> None:
    """The heading is the session; what stands below it are its details."""
    entry = _as_entry(programme, at)
    entry.children = [node for node in programme.body(at) if not node.span]
    draft = read_entry(entry, programme.ledger)
    draft.kind = kind or draft.kind
    programme.add([draft])
    programme.session_headings.append(at)


def _read_kind_heading(programme: Programme, at: int, kind: str, *, several: bool) -> None:
    """`Codelabs` heads a list of codelabs; `Keynote` is one session, unless entries with people stand below."""
    body = _below(programme, at)
    tables = [node for node in body if node.rows]
    named = [node for node in body if node.role == "entry" and split_entry(node.text).side is not Side.NOWHERE]
    if several or tables or (named and len(named) == len(body)):
        _read_container(programme, at, kind)
    else:
        _read_session_heading(programme, at, kind)


def _read_siblings(programme: Programme) -> None:
    """Where one heading is a session, the headings beside it are sessions too."""
    found = set(programme.session_headings)
    for family in _families(programme.nodes):
        if found.isdisjoint(family):
            continue
        for at in family:
            if not programme.ledger.is_claimed(programme.nodes[at]) and _may_be_session(programme, at):
                _read_session_heading(programme, at)


def _families(nodes: list[Node]) -> list[list[int]]:
    """Places of the real headings that share level and parent."""
    families: list[list[int]] = []
    open_families: dict[int, list[int]] = {}
    for at, node in enumerate(nodes):
        if not node.is_heading or node.level >= BOLD_LEVEL:
            continue
        open_families = {level: family for level, family in open_families.items() if level <= node.level}
        if node.level not in open_families:
            open_families[node.level] = []
            families.append(open_families[node.level])
        open_families[node.level].append(at)
    return families


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
    ends = _region_ends(nodes)
    for at, node in enumerate(nodes):
        is_frame = node.is_heading and any(says(node.text) for says in _FRAMES)
        if is_frame and any(ledger.is_claimed(below) for below in nodes[at + 1 : ends[at]]):
            ledger.claim(node)
