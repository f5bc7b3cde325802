"""Find "(20 min)", "5-minute talks", "5 min each" in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

_MINUTES = r"(?P<minutes>[0-9]{1,3})\s?-?\s?(?:minutes|minute|mins|min|mn|分钟|分鐘|分間|분|分|['’′])(?![A-Za-z0-9])\.?"
_HOURS = (
    r"(?P<hours>[0-9])(?P<half>[.,]5)?\s?-?\s?(?:hours|hour|hrs|hr|h|Std|小时|小時|時間|시간)(?![A-Za-z])"
    r"(?:\s?(?P<extra>[0-5][0-9])(?:\s?m(?:in)?)?(?![A-Za-z0-9:]))?"
)
_LENGTH = re.compile(rf"(?<![\w.,:：/–-])(?:{_MINUTES}|{_HOURS})")
_EACH = re.compile(
    r"\s{0,2}(?:each|apiece|a piece|per (?:talk|speaker|person)|/\s?talk|talks|每人|ずつ)\b", re.IGNORECASE
)
_TIMES = re.compile(r"(?:[0-9]\s?[x×*]|\bof|per talk:?|each)\s{0,2}$", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{0,3}\s?[x×*]\s{0,2}$")
_NOT_ALONE = re.compile(
    r"(?:\bin|\bthan|\bwithin|[<>~≈]|\bfor|\bafter|\bthe|\bevery|\blast|\bnext|\bfirst)\s{0,2}$", re.IGNORECASE
)
_MOST_LOOKED_AT = 8
_EDGE = " \t,;:：-–—|·~"


@dataclass(frozen=True, slots=True)
class Length:
    """A length in minutes; `each` when it is the length of every talk of a block, not of the whole."""

    minutes: int
    each: bool
    rest: str


def take_length(text: str) -> Length | None:
    """The length that stands apart in the text (in brackets, at an end), and the text without it."""
    for found in islice(_LENGTH.finditer(text), _MOST_LOOKED_AT):
        before, after = text[: found.start()], text[found.end() :]
        each_behind = _EACH.match(after)
        each = bool(each_behind or _TIMES.search(before[-12:]))
        minutes = _minutes(found)
        if minutes and not _NOT_ALONE.search(before[-10:]) and _LENGTH.match(after.lstrip(" -–+/")) is None:
            rest = _without(before, after, found[0], each=each, phrase=each_behind)
            if rest is not None:
                return Length(minutes, each, rest)
    return None


def _minutes(found: re.Match[str]) -> int:
    if found["minutes"]:
        return int(found["minutes"])
    return int(found["hours"]) * 60 + (30 if found["half"] else int(found["extra"] or 0))


def _without(before: str, after: str, length: str, *, each: bool, phrase: re.Match[str] | None) -> str | None:
    """The text without the length, or None when the length is part of a sentence."""
    if phrase and phrase[0].strip().lower() == "talks":
        return before + length + after
    after = after[phrase.end() :] if phrase else after
    opener = max(before.rfind("("), before.rfind("["), before.rfind("（"))
    if opener >= 0 and (closer := _closing(before[opener:], after)) is not None:
        return _without_in_brackets(before, after, opener, closer)
    if not after.strip(_EDGE + ".") and (_ends_open(before) or each):
        return _without_count(before).rstrip(_EDGE)
    if not before.strip(_EDGE) and after[:1] and (after.lstrip()[:1] in ":：-–—|,·" or after[:1] == "\t"):
        return after.lstrip(_EDGE)
    return None


def _ends_open(before: str) -> bool:
    """`Talk - 20 min` and `Break 15 min`, but not the end of a sentence."""
    return not before.strip() or before.rstrip()[-1] in _EDGE or (before[-1] == " " and before.count(" ") <= 4)


def _closing(inside_before: str, after: str) -> int | None:
    """Where the bracket around the length closes in `after`; None when the length is not in a bracket."""
    if any(mark in inside_before for mark in ")]）"):
        return None
    ends = [at for mark in ")]）" if (at := after.find(mark)) >= 0]
    return min(ends) if ends else None


def _without_in_brackets(before: str, after: str, opener: int, closer: int) -> str | None:
    """`(20 min)` goes with its brackets; of `(Ada, 20 min)` the rest stays."""
    left, right = before[opener + 1 :].strip(), after[:closer].strip()
    tail = after[closer + 1 :].strip()
    if (
        left
        and left[-1] not in ",;·|/-–—:"
        and not _TIMES.search(left)
        and not left.lower().endswith(("~", "ca.", "about"))
    ):
        return None
    if right and right[0] not in ",;·|/-–—:":
        return None
    kept = ", ".join(piece for piece in (_without_count(left).strip(_EDGE), right.strip(_EDGE)) if piece)
    head = before[:opener].rstrip()
    return " ".join(piece for piece in (head, f"({kept})" if kept else "", tail) if piece)


def _without_count(left: str) -> str:
    """`6 x` before `5 min` says nothing about the title."""
    return "" if left in ("~", "ca.", "about") else _COUNT.sub("", left)
