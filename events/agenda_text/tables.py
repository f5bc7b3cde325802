"""Read tables: Markdown rows between bars, and columns set apart by tabs as spreadsheets paste them."""

from __future__ import annotations

from collections.abc import Callable

from .markers import take_markers
from .reading import Line
from .words import COLUMN_WORDS

Rows = list[tuple[int, list[str]]]
_MOST_COLUMNS = 50


def read_rows(lines: list[Line], at: int) -> Rows:
    """The rows of the table that begins at `at` as (line number, cells); empty when there is no table."""
    if _is_bar_row(lines, at):
        return _take(lines, at, _bar_cells)
    if len(_tab_cells(lines[at])) > 1:
        return _take(lines, at, _tab_cells)
    return []


def is_separator_row(text: str) -> bool:
    return "-" in text and "|" in text and not text.strip("|:-+ \t")


def columns_of(cells: list[str]) -> list[str] | None:
    """The meaning of each column when the row is a head row, or None."""
    meanings = [COLUMN_WORDS.get(cell.strip(" *:：_").lower(), "") for cell in cells]
    known = sum(meaning != "" for meaning in meanings)
    is_head = known >= 2 and known * 2 >= len(cells) and bool({"title", "people"} & set(meanings))
    return meanings if is_head else None


def _is_bar_row(lines: list[Line], at: int) -> bool:
    text = lines[at].text
    if text.startswith("|"):
        return text.count("|") > 1
    return "|" in text and at + 1 < len(lines) and is_separator_row(lines[at + 1].text)


def _take(lines: list[Line], at: int, cells_of: Callable[[Line], list[str]]) -> Rows:
    rows: Rows = []
    while at < len(lines) and not lines[at].reason and len(cells := cells_of(lines[at])) > 1:
        if not is_separator_row(lines[at].text):
            rows.append((lines[at].number, cells[:_MOST_COLUMNS]))
        at += 1
    return rows


def _bar_cells(line: Line) -> list[str]:
    text = line.text
    if "|" not in text:
        return []
    inner = text.removeprefix("|")
    inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
    return [cell.replace("\0", "|").strip() for cell in inner.replace("\\|", "\0").split("|")]


def _tab_cells(line: Line) -> list[str]:
    """Cells between tabs; none for a list entry whose bullet is followed by a tab."""
    text = line.raw.strip()
    if "\t" not in text or text[0] in "#>|" or not line.text:
        return []
    cells = [cell.strip() for cell in text.split("\t")]
    marker, number, rest = take_markers(text)
    if (marker or number) and "\t" not in rest:
        return []
    return cells if sum(cell != "" for cell in cells) > 1 else []
