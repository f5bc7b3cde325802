"""Plain text as mail programs show it: 72 columns, Chinese characters two wide, labels in a column of their own."""

import unicodedata
from collections.abc import Iterable, Iterator

COLUMNS = 72
GAP = 2
WIDEST_LABEL = 24
SIGNATURE = "-- "
# What may neither begin nor end a line of Chinese or Japanese (the core of JIS X 4051 and GB/T 15834).
_NEVER_FIRST = "、。，．：；？！）］｝〉》」』】〕”’…—ー々"
_NEVER_LAST = "（［｛〈《「『【〔“‘"


def width(text: str) -> int:
    """How many columns it takes in a fixed-width font."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def fold(text: str) -> str:
    """Paragraphs in lines of 72 columns; what is indented or laid out in columns, and addresses, stay in one piece."""
    return "\n".join(_folded(line) for line in text.splitlines())


def wrapped(line: str, columns: int) -> list[str]:
    """One paragraph in lines, broken at spaces and between Chinese characters; a longer word has a line of its own."""
    lines, current = [], ""
    for piece in _pieces(line):
        if current and width(current + piece.rstrip()) > columns:
            lines.append(current.rstrip())
            current = ""
        current += piece
    return [*lines, current.rstrip()]


def aligned(rows: Iterable[tuple[str, Iterable[str]]], *, columns: int = COLUMNS) -> str:
    """Rows of a label and its lines, the lines below each other; with a label too wide for that, each below its own."""
    rows = list(rows)
    indent = max((width(label) for label, _lines in rows), default=0) + GAP
    if indent > WIDEST_LABEL + GAP:
        return "\n".join(f"{label}\n{_below(lines, '  ', columns)}" for label, lines in rows)
    blank = " " * indent
    return "\n".join(
        label + " " * (indent - width(label)) + _below(lines, blank, columns).lstrip() for label, lines in rows
    )


def _below(lines: Iterable[str], blank: str, columns: int) -> str:
    short = (part for line in lines for part in wrapped(line, columns - len(blank)))
    return "\n".join(blank + part for part in short)


def _folded(line: str) -> str:
    line = line if line == SIGNATURE else line.rstrip()
    is_laid_out = line.startswith(" ") or "  " in line
    return line if is_laid_out or width(line) <= COLUMNS else "\n".join(wrapped(line, COLUMNS))


def _pieces(line: str) -> Iterator[str]:
    """What a line may be broken behind: words with the blanks after them, and single wide characters."""
    piece = ""
    for character, following in zip(line, [*line[1:], ""], strict=True):
        piece += character
        if _may_break(character, following):
            yield piece
            piece = ""
    if piece:
        yield piece


def _may_break(character: str, following: str) -> bool:
    if character == " ":
        return following != " "
    is_wide = _columns(character) == 2 or _columns(following or " ") == 2
    return is_wide and following not in (*_NEVER_FIRST, " ", "") and character not in _NEVER_LAST


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
