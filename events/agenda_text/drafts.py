"""A session while it is being put together, and the record of lines that gave something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .inline import Inline, has_words, read_inline
from .outline import Node
from .result import Link, Person
from .times import Span

NOTHING_BESIDE = "a time, a number or a link without a title or a speaker"
_DEEPEST_NOTE = 4


@dataclass(slots=True, eq=False)
class Draft:
    """A session or talk in the making.

    `origin` tells lists apart: only another list may repeat a session. `collects` marks a lightning block whose
    talks stand beside it, not below it.
    """

    line: int
    kind: str = "talk"
    title: str = ""
    span: Span | None = None
    minutes: int | None = None
    each: int | None = None
    number: str | None = None
    people: tuple[Person, ...] = ()
    links: list[Link] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    talks: list[Draft] = field(default_factory=list)
    origin: int = 0
    is_named_kind: bool = False
    collects: bool = False

    @property
    def is_block(self) -> bool:
        return self.kind == "lightning"


@dataclass(slots=True)
class Ledger:
    """Which lines gave something to a session or to its frame."""

    claimed: set[int] = field(default_factory=set)
    reasons: dict[int, str] = field(default_factory=dict)

    def claim(self, node: Node) -> None:
        self.claimed.add(node.line)
        self.claimed.update(line for line, _ in node.rows)

    def is_claimed(self, node: Node) -> bool:
        return node.line in self.claimed

    def explain(self, node: Node, reason: str) -> None:
        self.reasons.setdefault(node.line, reason)


def drop_empty(drafts: list[Draft], ledger: Ledger) -> list[Draft]:
    """A time or a number with nothing beside it is not a session; its line is handed back as not understood."""
    kept = []
    for draft in drafts:
        draft.talks = drop_empty(draft.talks, ledger)
        if draft.title or draft.people or draft.talks or draft.notes:
            kept.append(draft)
        else:
            ledger.claimed.discard(draft.line)
            ledger.reasons.setdefault(draft.line, NOTHING_BESIDE)
    return kept


def walk(nodes: list[Node]) -> Iterator[tuple[Node, int]]:
    """Every node with its depth, parents first, in the order of the text; no recursion."""
    stack = [(node, 0) for node in reversed(nodes)]
    while stack:
        node, depth = stack.pop()
        yield node, depth
        stack.extend((child, depth + 1) for child in reversed(node.children))


def add_notes(draft: Draft, nodes: list[Node], ledger: Ledger) -> None:
    """Keep the text of the nodes as Markdown notes, their links and hashtags as the session's own."""
    for node, depth in walk(nodes):
        if ledger.is_claimed(node) or node.is_broken_time:
            continue
        for inline in _inlines(node):
            draft.links.extend(inline.links)
            draft.topics.extend(inline.topics)
        note = node_text(node)
        if note and not _is_only_link(node):
            draft.notes.append(_as_markdown(node, note, min(depth, _DEEPEST_NOTE)))
        if note or node.inline.links or node.inline.topics:
            ledger.claim(node)


def _inlines(node: Node) -> list[Inline]:
    return [node.inline, *(read_inline(cell) for _, cells in node.rows for cell in cells)]


def node_text(node: Node) -> str:
    """The words of a node as written; a table row by row; nothing for a number that stands alone on its line."""
    if node.rows:
        rows = [[read_inline(cell).text for cell in cells] for _, cells in node.rows]
        return "\n".join(" | ".join(cell for cell in cells if cell) for cells in rows)
    text = node.inline.text
    if node.marker:
        return text if has_words(text) else ""
    return text if any(character.isalpha() for character in text) else ""


def _is_only_link(node: Node) -> bool:
    return len(node.inline.links) == 1 and node.inline.text == node.inline.links[0].title and not node.children


def _as_markdown(node: Node, text: str, depth: int) -> str:
    if node.marker:
        return f"{'  ' * depth}- {node.number + '. ' if node.number else ''}{text}"
    if node.number:
        return f"{'  ' * depth}{node.number}. {text}"
    return f"{'  ' * depth}{text}"
