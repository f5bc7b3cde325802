"""Turn pasted bytes or characters into numbered lines, and set aside those that cannot hold a programme."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .result import AgendaError, AgendaTooLarge

MAX_CHARACTERS = 200_000
MAX_LINE_CHARACTERS = 10_000
MAX_LINES = 5_000

CODE = "program code, not a session"
FORMULA = "a formula, not a session"
FRONT_MATTER = "front matter of a web page, not a session"
MARKUP = "page markup without text"
PICTURE = "a picture"

_LINE_BREAK = re.compile("\r\n|\r|\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
# What an editor shows as nothing: C0 and C1 controls but for tab, zero-width characters, direction marks.
_INVISIBLE = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_FENCE = ("```", "~~~")
_RULE = re.compile(r"(?:-[ \t]?){3,}|(?:\*[ \t]?){3,}|(?:_[ \t]?){3,}|={3,}|~{3,}|[─━═—–]{3,}")
_TAB_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the paste. `text` is stripped of quote marks and comment marks; `reason` is set when unreadable."""

    number: int
    raw: str
    text: str
    indent: int
    is_rule: bool = False
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.text


def read_lines(text: str | bytes) -> list[Line]:
    """Lines counted from 1. Raises AgendaTooLarge or AgendaError when the paste is refused."""
    characters = _decode(text) if isinstance(text, bytes) else text
    _refuse_hostile(characters)
    raw_lines = _LINE_BREAK.split(characters.removeprefix("\ufeff"))
    if len(raw_lines) > MAX_LINES:
        raise AgendaTooLarge(
            f"The text has {len(raw_lines):,} lines; at most {MAX_LINES:,} are read. Paste one event at a time."
        )
    for number, raw in enumerate(raw_lines, start=1):
        if len(raw) > MAX_LINE_CHARACTERS:
            raise AgendaTooLarge(
                f"Line {number} has {len(raw):,} characters; at most {MAX_LINE_CHARACTERS:,} are read. "
                "Break it into lines, one session or talk on each."
            )
    return list(_classified(raw_lines))


def _decode(data: bytes) -> str:
    if len(data) > MAX_CHARACTERS * 4:
        raise _too_large(len(data), "bytes")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(data, "utf-16", "UTF-16")
    return _decoded(data, "utf-8-sig", "UTF-8")


def _decoded(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AgendaError(
            f"Line {line} is not {name} text (byte {error.start + 1} of the file). Save it as UTF-8 and try again."
        ) from None


def _refuse_hostile(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise _too_large(len(text), "characters")
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise AgendaError(f"Line {line} holds a NUL character: this is not plain text. Save it as UTF-8 and try again.")
    if found := _SURROGATE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise AgendaError(f"Line {line} holds half a character (a lone surrogate). Paste the text again.")


def _too_large(size: int, unit: str) -> AgendaTooLarge:
    return AgendaTooLarge(
        f"The text has {size:,} {unit}; at most {MAX_CHARACTERS:,} characters are read. Paste one event at a time."
    )


def _classified(raw_lines: list[str]) -> Iterator[Line]:
    """Walk once, remembering whether we are inside front matter, code, a formula or a script."""
    front_matter_end = _front_matter_end(raw_lines)
    until, reason, in_comment = "", "", False
    for number, raw in enumerate(raw_lines, start=1):
        visible, in_comment = _without_comment_marks(_INVISIBLE.sub("", raw), in_comment=in_comment)
        stripped = visible.strip()
        if number <= front_matter_end:
            yield Line(number, raw, stripped, 0, reason=FRONT_MATTER)
        elif until:
            yield Line(number, raw, stripped, 0, reason=reason)
            until = "" if until in stripped.lower() else until
        elif opened := _opening(stripped):
            until, reason = opened
            yield Line(number, raw, stripped, 0, reason=reason)
        else:
            yield _readable(number, raw, visible)


def _without_comment_marks(text: str, *, in_comment: bool) -> tuple[str, bool]:
    """What stands in an HTML comment is read like the rest; an arrow --> elsewhere is an arrow."""
    if "<!--" in text:
        text, in_comment = text.replace("<!--", ""), True
    if in_comment and "-->" in text:
        text, in_comment = text.replace("!-->", "").replace("-->", ""), False
    return text, in_comment


def _front_matter_end(raw_lines: list[str]) -> int:
    """The number of the line that closes a `---` block opened on the first line, or 0."""
    if raw_lines[0].strip() != "---":
        return 0
    for number, raw in enumerate(raw_lines[1:200], start=2):
        if raw.strip() in ("---", "..."):
            return number
        if raw.strip() and ":" not in raw and not raw.lstrip().startswith(("-", "#")):
            return 0
    return 0


def _opening(stripped: str) -> tuple[str, str] | None:
    """What closes the block that this line opens, and what the block is."""
    for fence in _FENCE:
        if stripped.startswith(fence):
            return (fence, CODE) if fence not in stripped[3:] else None
    if stripped.startswith("$$"):
        return ("$$", FORMULA) if "$$" not in stripped[2:] else None
    lowered = stripped[:10].lower()
    for tag in ("script", "style"):
        if lowered.startswith(f"<{tag}"):
            return (f"</{tag}", MARKUP) if f"</{tag}" not in stripped.lower() else None
    return None


def _readable(number: int, raw: str, visible: str) -> Line:
    body = _without_quote_marks(visible)
    expanded = body.expandtabs(_TAB_WIDTH)
    indent = len(expanded) - len(expanded.lstrip())
    text = body.strip()
    return Line(number, raw, text, indent, is_rule=bool(_RULE.fullmatch(text)), reason=_reason(text))


def _without_quote_marks(body: str) -> str:
    """Drop the `>` marks of a quoted mail."""
    stripped = body.lstrip()
    if not stripped.startswith(">") or stripped.startswith(">>>"):
        return body
    return stripped.lstrip("> ") if stripped.startswith("> >") else stripped[1:].removeprefix(" ")


def _reason(text: str) -> str:
    """Why a line on its own cannot be part of a programme, or nothing."""
    if text.startswith("$") and text.endswith("$") and len(text) > 1:
        return FORMULA
    if text.startswith(_FENCE) or text.startswith(">>>"):
        return CODE
    if text.startswith(("{%", "{{")):
        return MARKUP
    if text.startswith("![") and text.endswith(")"):
        return PICTURE
    if text.startswith(("<script", "<style", "<span", "<ul", "<ol", "<div", "</")):
        return MARKUP
    return ""
