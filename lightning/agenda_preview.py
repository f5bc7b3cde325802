"""Shows what was read from a text as a table for a terminal: the programme, and the lines not understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from events.agenda_text.result import Agenda, Item, Person

HEADINGS = ("time", "min", "no.", "kind", "title", "speakers (affiliation)", "topics")
WIDEST = (5, 4, 6, 10, 56, 44, 24)
TALK_MARK = "· "


def preview(agenda: Agenda) -> str:
    """The whole preview, without a line feed at the end."""
    parts = [_table(agenda.sessions) if agenda.sessions else "No sessions found."]
    if agenda.not_understood:
        lines = [f"  line {line.line}: {line.reason}: {_clip(line.text, 100)}" for line in agenda.not_understood]
        parts.append("\n".join([f"Not understood ({len(agenda.not_understood)}):", *lines]))
    return "\n\n".join(parts)


def _table(items: Sequence[Item]) -> str:
    rows = list(_rows(items))
    cells = [HEADINGS, *(row for row, _ in rows)]
    widths = [max(columns(row[i]) for row in cells) for i in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths), "-" * (sum(widths) + 2 * (len(widths) - 1))]
    for row, below in rows:
        lines.append(_line(row, widths))
        lines.extend(f"{' ' * widths[0]}  {text}" for text in below)
    return "\n".join(lines)


def _rows(items: Sequence[Item], mark: str = "") -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """A row of cells for each item, and the links that stand below it."""
    for item in items:
        named = item.starts or "", str(item.minutes or ""), item.number or "", "" if mark else item.kind
        said = mark + item.title, ", ".join(map(_person, item.speakers)), ", ".join(item.topics)
        cells = (_clip(text, most) for text, most in zip((*named, *said), WIDEST, strict=True))
        yield tuple(cells), [_one_line(f"{link.title} {link.url}") for link in item.links]
        yield from _rows(item.talks, TALK_MARK)


def _person(person: Person) -> str:
    return f"{person.name} ({person.affiliation})" if person.affiliation else person.name


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (width - columns(text)) for text, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def columns(text: str) -> int:
    """How many columns a terminal gives the text: two for an ideograph, none for a combining mark."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def _clip(text: str, most: int) -> str:
    """One line of at most that many columns; what is cut off is marked."""
    text = _one_line(text)
    if columns(text) <= most:
        return text
    kept = ""
    for letter in text:
        if columns(kept + letter) > most - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


def _one_line(text: str) -> str:
    """Nothing in a text may steer the terminal that shows it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
