"""Read the rows of a table into sessions."""

from __future__ import annotations

from .drafts import Draft, Ledger
from .entries import read_head
from .inline import read_inline
from .kinds import is_lightning, kind_of_heading
from .lengths import take_length
from .outline import Node
from .people import read_people
from .result import Person
from .tables import columns_of
from .times import Span, span_at, time_at_start

SAME_WORD = "the same word in every column"


def read_grid(node: Node, ledger: Ledger, *, trusted: bool = False) -> list[Draft]:
    """Sessions of a table with a head row, with times in front, or with lengths on top.

    `trusted` says that the table stands under a heading like "Agenda", so that it needs no such sign.
    """
    head = columns_of(node.rows[0][1])
    if head:
        ledger.claimed.add(node.rows[0][0])
        return [draft for line, cells in node.rows[1:] if (draft := _by_columns(line, cells, head, ledger))]
    if _has_lengths_on_top(node.rows):
        return _by_lengths(node, ledger)
    if trusted or _has_times(node):
        return [draft for line, cells in node.rows if (draft := _by_place(line, cells, ledger))]
    return []


def looks_like_programme(node: Node) -> bool:
    """Whether a table says by itself that its rows or columns are sessions."""
    return columns_of(node.rows[0][1]) is not None or _has_lengths_on_top(node.rows) or _has_times(node)


def _has_times(node: Node) -> bool:
    return sum(_opening_time(cells) is not None for _, cells in node.rows) * 2 >= len(node.rows)


def _opening_time(cells: list[str]) -> tuple[Span, str] | None:
    first = next((cell for cell in cells if cell), "")
    return time_at_start(read_inline(first).text)


def _by_place(line: int, cells: list[str], ledger: Ledger) -> Draft | None:
    """A row without head: time in the first cell, then title, people and the rest as the words tell."""
    draft = Draft(line)
    texts = []
    for cell in cells:
        inline = read_inline(cell)
        draft.links.extend(inline.links)
        draft.topics.extend(inline.topics)
        texts.append(inline.text)
    opened = time_at_start(texts[0]) if texts else None
    if opened:
        draft.span, texts[0] = opened
    read_head(draft, " | ".join(text for text in texts if text))
    if not draft.title and not draft.people:
        return None
    ledger.claimed.add(line)
    return draft


def _by_columns(line: int, cells: list[str], head: list[str], ledger: Ledger) -> Draft | None:
    draft = Draft(line)
    organisation = ""
    for meaning, cell in zip(head, cells, strict=False):
        inline = read_inline(cell)
        draft.links.extend(inline.links)
        draft.topics.extend(inline.topics)
        if meaning == "org":
            organisation = inline.text
        elif inline.text:
            _fill(draft, meaning, inline.text)
    if not draft.title and not draft.people:
        return None
    if organisation:
        draft.people = tuple(Person(person.name, person.affiliation or organisation) for person in draft.people)
    if draft.people and draft.kind in ("break", "social") and not draft.is_named_kind:
        draft.kind = "talk"
    ledger.claimed.add(line)
    return draft


def _fill(draft: Draft, meaning: str, text: str) -> None:
    """Put one cell where its column says."""
    filler = _FILLERS.get(meaning)
    if filler:
        filler(draft, text)
    elif meaning in ("notes", ""):
        draft.notes.append(text)


def _fill_time(draft: Draft, text: str) -> None:
    draft.span = span_at(text, 0)


def _fill_end(draft: Draft, text: str) -> None:
    stop = span_at(text, 0)
    if draft.span and stop:
        draft.span = Span(draft.span.start, stop.start, draft.span.end)


def _fill_title(draft: Draft, text: str) -> None:
    people, kind, is_named = draft.people, draft.kind, draft.is_named_kind
    read_head(draft, text)
    draft.people = people or draft.people
    if is_named:
        draft.kind, draft.is_named_kind = kind, is_named


def _fill_people(draft: Draft, text: str) -> None:
    people = read_people(text, sure=True)
    if people:
        draft.people = people
    else:
        draft.notes.append(text)


def _fill_number(draft: Draft, text: str) -> None:
    draft.number = text.strip("#. ") or None


def _fill_topics(draft: Draft, text: str) -> None:
    draft.topics.extend(topic for piece in text.split(",") if (topic := piece.strip(" #")))


def _fill_kind(draft: Draft, text: str) -> None:
    kind = _kind(text)
    if kind:
        draft.kind, draft.is_named_kind = kind, True
    else:
        draft.notes.append(text)


def _kind(text: str) -> str | None:
    if is_lightning(text) or text.lower().startswith("lightning"):
        return "lightning"
    found = kind_of_heading(text)
    return found[0] if found else None


def _fill_length(draft: Draft, text: str) -> None:
    length = take_length(text)
    if length and not length.rest.strip():
        draft.minutes = length.minutes
    elif text.isascii() and text.isdigit() and 0 < int(text[:4]) <= 600:
        draft.minutes = int(text)


_FILLERS = {
    "time": _fill_time,
    "end": _fill_end,
    "title": _fill_title,
    "people": _fill_people,
    "length": _fill_length,
    "number": _fill_number,
    "topics": _fill_topics,
    "kind": _fill_kind,
}


def _has_lengths_on_top(rows: list[tuple[int, list[str]]]) -> bool:
    """Columns are sessions when the first row says only how long each takes."""
    first = [cell for cell in rows[0][1] if cell]
    lengths = [take_length(cell) for cell in first]
    return len(rows) > 1 and len(first) > 1 and all(length and not length.rest.strip() for length in lengths)


def _by_lengths(node: Node, ledger: Ledger) -> list[Draft]:
    """Lengths in the first row, titles in the second, more about each below."""
    (_, lengths), (title_line, titles), *others = [
        (line, [cell for cell in cells if cell]) for line, cells in node.rows
    ]
    if len(lengths) != len(titles):
        return []
    drafts = []
    for length, title in zip(lengths, titles, strict=True):
        draft = Draft(title_line)
        found = take_length(length)
        draft.minutes = found.minutes if found else None
        read_head(draft, read_inline(title).text)
        drafts.append(draft)
    ledger.claimed.update((node.rows[0][0], title_line))
    for line, cells in others:
        _add_row(drafts, line, cells, ledger)
    return drafts


def _add_row(drafts: list[Draft], line: int, cells: list[str], ledger: Ledger) -> None:
    if len(cells) != len(drafts):
        return
    if len(set(cells)) == 1:
        ledger.reasons[line] = SAME_WORD
        return
    for draft, cell in zip(drafts, cells, strict=True):
        inline = read_inline(cell)
        draft.links.extend(inline.links)
        draft.notes.extend([inline.text] if inline.text else [])
    ledger.claimed.add(line)
