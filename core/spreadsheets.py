"""CSV that a spreadsheet opens as text: UTF-8 with a mark, and no cell that it would take for a formula."""

import csv
from collections.abc import Iterable, Iterator

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠|%")


def safe_cell(value: object) -> str:
    """The text, marked with an apostrophe when a spreadsheet would run it, also behind blanks; None is empty.

    Numbers stay what they are. NUL, which no spreadsheet can read, goes.
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\0", "")
    starts = {text[:1], text.lstrip()[:1]}
    return f"'{text}" if starts & FORMULA_STARTS else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """RFC 4180 lines, one at a time, all cells quoted: a table of any length takes the memory of one row."""
    line = _Line()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL)
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        yield line.text


class _Line:
    """What csv.writer writes to: it remembers the last line only."""

    text = ""

    def write(self, text: str) -> None:
        """Called once for each row."""
        self.text = text
