"""Make sessions of the talks that paragraphs tell about."""

from __future__ import annotations

from dataclasses import dataclass

from .drafts import Draft, Ledger
from .outline import Node
from .told import find_told, full_names_in

_LONGEST_PARAGRAPH = 10_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that follow each other without a gap, joined; `starts` is where each line begins in the text."""

    nodes: tuple[Node, ...]
    text: str
    starts: tuple[int, ...]

    def nodes_between(self, start: int, end: int) -> list[Node]:
        places = zip(self.nodes, self.starts, (*self.starts[1:], len(self.text)), strict=True)
        return [node for node, first, behind in places if first < end and behind > start]


def find_told_talks(nodes: list[Node], ledger: Ledger) -> list[Draft]:
    """Talks named in quotes right after words such as "talked about"; "I" is nobody's name."""
    paragraphs = _paragraphs([node for node in nodes if node.role == "plain" and not ledger.is_claimed(node)])
    full_names: dict[str, set[str]] = {}
    for paragraph in paragraphs:
        for first, names in full_names_in(paragraph.text).items():
            full_names.setdefault(first, set()).update(names)
    drafts = []
    for paragraph in paragraphs:
        for told in find_told(paragraph.text, full_names):
            lines = paragraph.nodes_between(told.start, told.end)
            people = (told.person,) if told.person else ()
            drafts.append(Draft(lines[0].line, title=told.title, people=people))
            for node in lines:
                ledger.claim(node)
    return drafts


def _paragraphs(nodes: list[Node]) -> list[Paragraph]:
    groups: list[list[Node]] = []
    for node in nodes:
        if groups and not node.gap and groups[-1][-1].line == node.line - 1:
            groups[-1].append(node)
        else:
            groups.append([node])
    return [_joined(group) for group in groups]


def _joined(group: list[Node]) -> Paragraph:
    starts: list[int] = []
    pieces: list[str] = []
    size = 0
    for node in group:
        piece = node.inline.text + " " if size < _LONGEST_PARAGRAPH else ""
        starts.append(size)
        pieces.append(piece)
        size += len(piece)
    return Paragraph(tuple(group), "".join(pieces), tuple(starts))
