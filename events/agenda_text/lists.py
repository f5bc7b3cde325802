"""Read lists of entries: the sessions of a programme, the talks of a lightning block."""

from __future__ import annotations

from dataclasses import dataclass

from .drafts import Draft, Ledger
from .entries import names_people, read_details, read_entry
from .grids import read_grid
from .kinds import is_about, is_lightning, is_programme, pause_kind, take_kind_label
from .labels import label_of
from .lengths import take_length
from .outline import Node
from .result import Person
from .splitting import Side, side_of_people, split_entry

_LONGEST_TALK = 200
_WORDS_OF_SENTENCES = frozenset("on the to for in with how why are is an your my from what when we you".split())
ABOUT_EVENT = "about the event, not a session"


@dataclass(frozen=True, slots=True)
class ListShape:
    """What the entries of one list have in common."""

    side: Side | None
    numbered: bool


def shape_of(entries: list[Node]) -> ListShape:
    side = side_of_people(node.text for node in entries if not pause_kind(node.text) and not node.rows)
    return ListShape(side, any(node.number for node in entries))


def read_list(entries: list[Node], ledger: Ledger, *, kind: str = "") -> list[Draft]:
    """The sessions of one list. `kind` is what the heading announced ("Workshops"), for entries that say nothing."""
    shape = shape_of(entries)
    drafts: list[Draft] = []
    for node in entries:
        if node.rows:
            drafts.extend(read_grid(node, ledger, trusted=True))
        elif node.is_broken_time:
            continue
        elif not node.span and is_about(node.text) and (":" in node.text or "：" in node.text):
            ledger.explain(node, ABOUT_EVENT)
        else:
            drafts.extend(read_session(node, ledger, shape))
    if shape.side is Side.ALONE and not any(node.children for node in entries):
        _titles_behind_commas(entries, drafts)
    for draft in drafts:
        if kind and draft.kind == "talk" and not draft.is_named_kind:
            draft.kind = kind
    return drafts


def _titles_behind_commas(entries: list[Node], drafts: list[Draft]) -> None:
    """`Ada Lovelace, Notes on the engine`: where one of the texts behind the commas is a sentence, all are titles."""
    plain = [draft for draft in drafts if not draft.title and len(draft.people) == 1]
    texts = [draft.people[0].affiliation for draft in plain]
    is_comma = all("(" not in node.text and ("," in node.text or "，" in node.text) for node in entries)
    if not is_comma or len(plain) != len(entries) or not any(_reads_like_title(text) for text in texts):
        return
    for draft, text in zip(plain, texts, strict=True):
        draft.title, draft.people = text, (Person(draft.people[0].name),)


def _reads_like_title(text: str) -> bool:
    return not _WORDS_OF_SENTENCES.isdisjoint(text.split())


def read_session(node: Node, ledger: Ledger, shape: ListShape) -> list[Draft]:
    """One entry; several sessions when the entry only gathers them ("19:00 Talks" with a list below)."""
    below = entries_below(node)
    if is_lightning(node.text) and split_entry(node.text).side is Side.NOWHERE:
        return [read_block(node, node.children, ledger)]
    if below and _only_gathers(node):
        ledger.claim(node)
        drafts = read_list(below, ledger)
        if drafts and drafts[0].span is None:
            drafts[0].span = node.span
        return drafts
    timed = [child for child in below if child.span]
    if len(timed) > 1:
        node.children = [child for child in node.children if child.rows or not child.span]
        return [read_entry(node, ledger, hint=shape.side, numbered=shape.numbered), *read_list(timed, ledger)]
    return [read_entry(node, ledger, hint=shape.side, numbered=shape.numbered)]


def names_session(node: Node) -> bool:
    """Whether a line without bullet says by itself that it is a session: with people, a kind or a length."""
    if len(node.text) > _LONGEST_TALK or label_of(node.text) in ("people", "notes", "topics"):
        return False
    is_beside = split_entry(node.text).side in (Side.FRONT, Side.BEHIND)
    return is_beside or take_kind_label(node.text) is not None or take_length(node.text) is not None


def titled_paragraphs(nodes: list[Node]) -> list[Node]:
    """Paragraphs whose second line is a person, as entries; nothing when most paragraphs are otherwise."""
    groups: list[list[Node]] = []
    for node in nodes:
        if node.role == "plain" and not node.gap and groups:
            groups[-1].append(node)
        elif node.role == "plain":
            groups.append([node])
    titled = [group for group in groups if len(group) > 1 and names_people(group[1].text)]
    if len(titled) * 2 < len(groups) or any(len(group[0].text) > _LONGEST_TALK for group in titled):
        return []
    return [
        Node("entry", head.line, head.inline, head.rank, text=head.text, children=head.children + below)
        for head, *below in titled
    ]


def entries_below(node: Node) -> list[Node]:
    return [child for child in node.children if child.role in ("entry", "table")]


def _only_gathers(node: Node) -> bool:
    """`Talks`, `Sessions`: a word of the programme, with the programme below it."""
    return len(node.text.split()) <= 3 and is_programme(node.text)


def read_block(node: Node, below: list[Node], ledger: Ledger) -> Draft:
    """A lightning block: the entries below it are its talks."""
    head = Node(node.role, node.line, node.inline, node.rank, number=node.number, span=node.span, text=node.text)
    block = read_entry(head, ledger)
    block.kind = "lightning"
    fill_block(block, below, ledger)
    block.collects = not block.talks
    return block


def fill_block(block: Draft, below: list[Node], ledger: Ledger) -> None:
    """Add talks out of entries; out of plain lines when there is no list; other lines are the block's notes."""
    entries = [node for node in below if node.role in ("entry", "table") and not _is_about_block(node)]
    entries += [entry for node in below if node.role == "plain" for entry in _gathered(node, ledger)]
    if not entries:
        entries = [node for node in below if node.role == "plain" and _may_be_talk(node)]
    entries.sort(key=lambda node: node.line)
    for talk in read_list(entries, ledger):
        talk.kind = "talk" if talk.kind == "lightning" else talk.kind
        talk.minutes = talk.minutes or block.each
        block.talks.append(talk)
    rest = [node for node in below if not ledger.is_claimed(node)]
    read_details(block, rest, ledger)


def _is_about_block(node: Node) -> bool:
    return label_of(node.text) in ("topics", "time", "length") or (is_about(node.text) and ":" in node.text)


def _gathered(node: Node, ledger: Ledger) -> list[Node]:
    entries = entries_below(node)
    if entries:
        ledger.claim(node)
    return entries


def _may_be_talk(node: Node) -> bool:
    return len(node.text) <= _LONGEST_TALK and not (
        len(node.text.split()) > 12 and node.text.endswith((".", "!", "。"))
    )
