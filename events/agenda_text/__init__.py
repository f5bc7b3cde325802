"""Read meetup notes as people write them into sessions, talks, speakers, links and topics; invent nothing.

`parse_agenda` is the only door. It knows no framework, no clock and no database: the same text gives the same answer.
What gave nothing to any session is listed line by line; tests/events/test_agenda_text.py shows the shapes it reads.
"""

from __future__ import annotations

from .assembling import assemble
from .drafts import Ledger, drop_empty
from .fallback import find_unannounced
from .outline import build_outline
from .programme import claim_frames, find_sessions
from .prose import find_told_talks
from .reading import MAX_CHARACTERS, MAX_LINE_CHARACTERS, MAX_LINES, read_lines
from .repeats import gather_repeats, merge_same
from .result import KINDS, Agenda, AgendaError, AgendaTooLarge, Item, Link, NotUnderstood, Person

__all__ = [
    "KINDS",
    "MAX_CHARACTERS",
    "MAX_LINES",
    "MAX_LINE_CHARACTERS",
    "Agenda",
    "AgendaError",
    "AgendaTooLarge",
    "Item",
    "Link",
    "NotUnderstood",
    "Person",
    "parse_agenda",
]


def parse_agenda(text: str | bytes) -> Agenda:
    """Read pasted notes; bytes are UTF-8, or UTF-16 with its mark.

    Raises AgendaTooLarge beyond MAX_CHARACTERS, MAX_LINES or MAX_LINE_CHARACTERS, and AgendaError when the text is
    not text. Any other text gives an Agenda, if only one that says that nothing was understood.
    """
    lines = read_lines(text)
    nodes = build_outline(lines)
    ledger = Ledger()
    drafts = find_sessions(nodes, ledger)
    drafts += find_told_talks(nodes, ledger)
    drafts += find_unannounced(nodes, ledger, drafts)
    drafts = sorted(drop_empty(drafts, ledger), key=lambda draft: draft.line)
    gather_repeats(nodes, drafts, ledger)
    claim_frames(nodes, ledger)
    return assemble(lines, nodes, merge_same(drafts), ledger)
