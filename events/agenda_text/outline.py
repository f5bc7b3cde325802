"""Build the outline of a paste: headings, nested entries, plain lines and tables, in the order of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .inline import Inline, read_inline
from .kinds import is_closing, is_lightning, is_programme, is_weak_programme, kind_of_heading, pause_kind
from .markers import take_markers
from .reading import Line
from .tables import is_separator_row, read_rows
from .times import Span, opens_with_broken_time, span_at, time_at_start
from .words import LABEL_WORDS

BOLD_LEVEL, LABEL_LEVEL = 7, 8
_BODY = 100
_TIME_COLUMN = 4
_DEEPEST = 30  # deeper entries hang side by side, so that reading them needs no deep recursion
_LONGEST_LABEL = 60
_MOST_LABEL_WORDS = 8
_HEADING = re.compile(r"(#{1,6})(?:\s+|(?<=##)(?=[^#\s]))(\S.*)")
_HEADING_TAG = re.compile(r"<h([1-6])(?:\s[^<>]{0,200})?>(.*)", re.IGNORECASE)
_FRAME = re.compile(r"(?:day|track|room|stage|hall|saal|salle)\s\S{1,20}", re.IGNORECASE)
_SYMBOLS = re.compile(r"[^\w\s\"'“”‘’(\[（【「《@<#$]+\s{0,3}")
_CLOCKISH = re.compile(r"(?<![\w.:])[0-9]{1,2}(?:[:：.h][0-9]{2}|\s?[ap]\.?m)", re.IGNORECASE)
_BEFORE_TIME = re.compile(r"(?:[\s,(\[@|:–—-]|\b(?:at|from|starts|opens?))+$", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Node:
    """A heading (level 1-8), an entry of a list or time-table, a plain line, or a table of rows.

    `text` is the line without bullet, number and time; `inline.text` still has the time.
    """

    role: str
    line: int
    inline: Inline
    rank: int
    level: int = 0
    marker: str = ""
    number: str | None = None
    span: Span | None = None
    text: str = ""
    gap: bool = False
    after_rule: bool = False
    ends_with_time: bool = False
    continues: bool = False
    is_broken_time: bool = False
    children: list[Node] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        return self.role == "heading"


@dataclass(slots=True)
class _Builder:
    nodes: list[Node] = field(default_factory=list)
    stack: list[Node] = field(default_factory=list)
    gap: bool = True
    after_rule: bool = False


def build_outline(lines: list[Line]) -> list[Node]:
    """Headings stand flat among the top nodes; entries and plain lines carry what is indented below them."""
    builder = _Builder()
    at = 0
    while at < len(lines):
        at += _read(builder, lines, at)
    return builder.nodes


def _read(builder: _Builder, lines: list[Line], at: int) -> int:
    """Read the line at `at`; returns how many lines were used."""
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    if line.is_blank or line.reason:
        builder.gap = True
        return 1
    if line.is_rule:
        builder.gap = builder.after_rule = True
        builder.stack.clear()
        return 1
    if rows := read_rows(lines, at):
        _place(builder, Node("table", line.number, Inline(""), _BODY + 2 * line.indent, rows=rows))
        return rows[-1][0] - line.number + 1
    if following and _underlines(following, line, builder):
        _heading(builder, line, line.text, 1 if following.text.startswith("=") else 2)
        return 2
    if found := _HEADING.fullmatch(line.text):
        _heading(builder, line, found[2].rstrip("# "), len(found[1]))
    elif found := _HEADING_TAG.fullmatch(line.text):
        _heading(builder, line, found[2], int(found[1]))
    else:
        _text(builder, line)
    return 1


def _underlines(rule: Line, line: Line, builder: _Builder) -> bool:
    """A Markdown heading written as text over === or ---."""
    is_ruler = rule.is_rule and rule.text[0] in "=-" and " " not in rule.text and not is_separator_row(rule.text)
    return is_ruler and builder.gap and not rule.reason and take_markers(line.text)[0] == ""


def _heading(builder: _Builder, line: Line, text: str, level: int) -> None:
    node = Node("heading", line.number, read_inline(text), level, level=level)
    _set_time(node, node.inline.text)
    _, node.number, node.text = _numbered(node.text)
    builder.stack.clear()
    _append(builder, node)


def _numbered(text: str) -> tuple[str, str | None, str]:
    marker, number, rest = take_markers(text)
    return (marker, number, rest) if number and not marker else ("", None, text)


def _text(builder: _Builder, line: Line) -> None:
    marker, number, rest = take_markers(line.text)
    inline = read_inline(rest)
    is_listed = bool(marker or number)
    node = Node("entry" if is_listed else "plain", line.number, inline, 0, marker=marker, number=number)
    _set_time(node, inline.text, follows_habit=bool(builder.stack and builder.stack[-1].ends_with_time))
    node.rank = _BODY + 2 * line.indent + bool(marker)
    if node.span and not is_listed:
        node.role = "entry"
        node.rank = _BODY + 2 * (line.indent - line.indent % _TIME_COLUMN)
    level = 0 if is_listed or node.span else _pseudo_level(builder, line, node)
    if level:
        node.role, node.level = "heading", level
        builder.stack.clear()
        _append(builder, node)
    else:
        _place(builder, node)


def _set_time(node: Node, text: str, *, follows_habit: bool = False) -> None:
    """A time in front; behind only in lines such as "Doors at 18:00", and in lines below such a line."""
    symbols = _SYMBOLS.match(text)
    opened = time_at_start(text) or (time_at_start(text[symbols.end() :]) if symbols else None)
    if opened:
        node.span, node.text = opened
    elif (closed := time_at_end(text)) and (pause_kind(closed[1]) or follows_habit):
        node.span, node.text = closed
        node.ends_with_time = True
    else:
        node.text = text
        node.is_broken_time = opens_with_broken_time(text)


def time_at_end(text: str) -> tuple[Span, str] | None:
    """`Doors open at 18:00`, `Lunch (12:00 - 13:00)`: the time that closes the text, and what precedes it."""
    tail_start = max(0, len(text) - 30)
    end = len(text.rstrip(" )]）.")) if text.count("(") == text.count(")") else len(text)
    for found in _CLOCKISH.finditer(text, tail_start):
        span = span_at(text, found.start())
        if span and span.end >= end and found.start():
            before = _BEFORE_TIME.search(text[max(0, found.start() - 30) : found.start()])
            return (span, text[: found.start() - len(before[0])]) if before else None
    return None


def _pseudo_level(builder: _Builder, line: Line, node: Node) -> int:
    """A bold line, a label that ends in a colon, or a bare word like "Agenda" heads what follows, without a #."""
    text, previous = node.text, builder.nodes[-1] if builder.nodes else None
    apart = builder.gap or (previous is not None and previous.is_heading)
    waits_for_title = bool(builder.stack and builder.stack[-1].span and not builder.stack[-1].text)
    if line.indent > 1 or not text or waits_for_title or len(text) > _LONGEST_LABEL:
        return 0
    is_bold = line.text.startswith("**") and line.text.rstrip(":").endswith("**") and line.text.count("**") == 2
    if is_bold and apart:
        return BOLD_LEVEL
    bare = text.rstrip(" :：")
    if ":" in bare or "：" in bare:
        return LABEL_LEVEL if apart and bare != text and len(bare.split()) <= _MOST_LABEL_WORDS else 0
    if is_lightning(bare) or is_programme(bare):
        return BOLD_LEVEL if apart or bare != text else 0
    if apart and (_FRAME.fullmatch(bare) or is_closing(bare) or kind_of_heading(bare) or is_weak_programme(bare)):
        return BOLD_LEVEL
    return LABEL_LEVEL if apart and bare != text and len(bare.split()) <= _MOST_LABEL_WORDS else 0


def _place(builder: _Builder, node: Node) -> None:
    """Hang the node below the last open node that is less indented; a line right below an entry continues it."""
    stack = builder.stack
    continued = _continued(stack, node) if node.role == "plain" and not builder.gap else None
    while stack and stack[-1].rank >= node.rank and not continued:
        stack.pop()
    if not stack:
        _append(builder, node)
        stack.append(node)
        return
    del stack[_DEEPEST:]
    node.gap = builder.gap
    builder.gap = builder.after_rule = False
    stack[-1].children.append(node)
    if continued:
        node.rank, node.continues = continued.rank, True
    if not continued or node.text.endswith((":", "：")):
        stack.append(node)


def _continued(stack: list[Node], node: Node) -> Node | None:
    """The entry that the line right below it goes on with; a label such as "Abstract:" does not go on with a bullet."""
    while stack and stack[-1].rank > node.rank and _has_label(node.text):
        stack.pop()
    if stack and stack[-1].continues:
        stack.pop()
    return stack[-1] if stack and stack[-1].role == "entry" and not node.is_broken_time else None


def _has_label(text: str) -> bool:
    key, mark, _ = text.replace("：", ":").partition(":")
    return bool(mark) and key.strip().lower().removesuffix("(s)") in LABEL_WORDS


def _append(builder: _Builder, node: Node) -> None:
    node.gap, node.after_rule = builder.gap, builder.after_rule
    builder.gap = builder.after_rule = False
    builder.nodes.append(node)
