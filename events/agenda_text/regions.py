"""What stands under a heading: its region, its body, and the entries that it announces."""

from __future__ import annotations

from dataclasses import dataclass, field

from .drafts import Draft, Ledger
from .kinds import is_about, is_closing, is_lightning, is_programme, kind_of_heading
from .labels import label_of
from .lists import entries_below, names_session, titled_paragraphs
from .outline import BOLD_LEVEL, LABEL_LEVEL, Node


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


def region_ends(nodes: list[Node]) -> dict[int, int]:
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


def below(programme: Programme, at: int) -> list[Node]:
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
            entries.append(as_entry(programme, place))
            place = programme.ends[place]
        else:
            place += 1
    return entries


def as_entry(programme: Programme, at: int) -> Node:
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
    plain = [node for node in body if node.role == "plain" and label_of(node.text) in ("", "title")]
    if titled := titled_paragraphs(plain):
        return titled
    named = [node for node in plain if names_session(node)]
    return plain if len(named) * 2 >= max(len(plain), 1) else named


def families(nodes: list[Node]) -> list[list[int]]:
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
