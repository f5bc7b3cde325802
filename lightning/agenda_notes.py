"""From an agenda's notes, an outline of lines, to the Markdown that sessions and talks keep."""

import re

_BULLET = re.compile(r"\s*- ")


def as_markdown(notes: str) -> str:
    r"""Each plain line a paragraph of its own: Markdown would glue it to the list or the line above.

    >>> as_markdown("Why\n  - fast\nAnd\nthen")
    'Why\n  - fast\n\nAnd\n\nthen'
    """
    written: list[str] = []
    for line in notes.replace("\0", "").splitlines():
        if written and not _BULLET.match(line):
            written.append("")
        written.append(line)
    return "\n".join(written)
