"""Put the finished sessions together, read their clocks in order, and say what was not understood."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from .drafts import Draft, Ledger, walk
from .kinds import is_about, is_afternoon, starts_new_day, words_of
from .outline import Node
from .reading import Line
from .result import Agenda, Item, Link, NotUnderstood
from .times import DAY, DayClock, hh_mm, span_at

BELONGS_TO_NOTHING = "belongs to no session"
NO_SESSION_BELOW = "a heading, but no session was recognised in it"
NO_TIME = "not a time of day"
CHECK_BOX = "a check box of a page, not a session"
TABLE = "a table, but not one of sessions"
LIST_ENTRY = "an entry of a list that is not part of a programme"
LINK_ALONE = "a link that belongs to no session"
ABOUT_EVENT = "about the event, not a session"

_SOMETIME = re.compile(r"[0-9]{1,2}(?:[:：.h][0-9]{2}|\s?[ap]\.?m)", re.IGNORECASE)
_LONGEST_QUOTE = 500


def assemble(lines: list[Line], nodes: list[Node], drafts: list[Draft], ledger: Ledger) -> Agenda:
    sessions = tuple(_finished(drafts, nodes))
    return Agenda(sessions, tuple(_not_understood(lines, nodes, ledger)))


def _finished(drafts: list[Draft], nodes: list[Node]) -> Iterator[Item]:
    """Times are read in the order of the text; a new day or a new room starts the clock afresh."""
    marks = deque(_clock_marks(nodes))
    clock = DayClock()
    for draft in drafts:
        while marks and marks[0][0] <= draft.line:
            clock = DayClock(latest=marks.popleft()[1])
        yield _item(draft, clock)


def _clock_marks(nodes: list[Node]) -> Iterator[tuple[int, int | None]]:
    """Lines that say where in the day we are: None for a new day, else minutes since midnight."""
    for node in nodes:
        text = node.inline.text
        if node.is_heading and not node.span and is_afternoon(text):
            yield node.line, DAY // 2
        elif node.is_heading and not node.span and starts_new_day(text):
            yield node.line, None
        elif is_about(text) and words_of(text)[0] in ("when", "date", "时间") and (found := _SOMETIME.search(text)):
            span = span_at(text, found.start())
            if span and span.start.minutes >= DAY // 2 and not span.start.open_half:
                yield node.line, span.start.minutes - 60


def _item(draft: Draft, clock: DayClock) -> Item:
    starts, minutes = None, draft.minutes
    if draft.span:
        start, length = clock.read(draft.span)
        starts, minutes = hh_mm(start), length or minutes
    return Item(
        line=draft.line,
        kind=draft.kind,
        title=draft.title,
        starts=starts,
        minutes=minutes,
        number=draft.number,
        speakers=draft.people,
        links=_distinct_links(draft.links),
        topics=tuple(dict.fromkeys(draft.topics)),
        notes="\n".join(draft.notes),
        talks=tuple(_item(talk, clock) for talk in draft.talks),
    )


def _distinct_links(links: list[Link]) -> tuple[Link, ...]:
    """One link per address; a title, where one is given, wins over none."""
    by_url: dict[str, Link] = {}
    for link in links:
        if link.url not in by_url or not by_url[link.url].title:
            by_url[link.url] = link
    return tuple(by_url.values())


def _not_understood(lines: list[Line], nodes: list[Node], ledger: Ledger) -> Iterator[NotUnderstood]:
    reasons = dict(_reasons(nodes))
    for line in lines:
        if line.number in ledger.claimed or not any(character.isalnum() for character in line.text):
            continue
        reason = line.reason or ledger.reasons.get(line.number) or reasons.get(line.number, BELONGS_TO_NOTHING)
        yield NotUnderstood(line.number, line.text[:_LONGEST_QUOTE], reason)


def _reasons(nodes: list[Node]) -> Iterator[tuple[int, str]]:
    for node, _ in walk(nodes):
        yield node.line, _reason(node)
        for line, _ in node.rows:
            yield line, TABLE


def _reason(node: Node) -> str:
    text = node.inline.text
    if text.startswith(("☐", "☒", "☑")):
        return CHECK_BOX
    if node.is_broken_time:
        return NO_TIME
    if is_about(text) and (":" in text or "：" in text):
        return ABOUT_EVENT
    if node.is_heading:
        return NO_SESSION_BELOW
    if not text and node.inline.links:
        return LINK_ALONE
    return LIST_ENTRY if node.role == "entry" else BELONGS_TO_NOTHING
