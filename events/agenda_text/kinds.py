"""Recognise what a heading or an entry announces: a programme, a lightning block, a keynote, a break."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from .words import (
    ABOUT_WORDS,
    BREAK_WORDS,
    CLOSING_WORDS,
    KIND_WORDS,
    LIGHTNING_PHRASES,
    LIGHTNING_SPEED,
    LIGHTNING_WHAT,
    NOT_A_PAUSE_BEFORE,
    PROGRAMME_WORDS,
    SOCIAL_WORDS,
    WEAK_PROGRAMME_WORDS,
)

_WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_FEW_MINUTES = re.compile(
    r"\b(?:[0-9]{1,2}|three|five|seven|ten)[ -]?min(?:ute)?s?\.?,? (?:lightning )?(?:talks|presentations|pitches)\b"
)
_HAN = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_KIND_LABEL = re.compile(
    r"(?P<open>[\[(【（]?)\s?(?:(?:opening|closing|invited|guest|mini|short|hands-on|long|main|feature|featured)\s)?"
    r"(?P<kind>keynote|panel(?: discussion)?|workshop|hands-on|tutorial|codelab|code lab|talk|presentation"
    r"|lecture|session|lightning talk|lightening talk|lightning|speaker(?=\s#?\s?[0-9])"
    r"|主题演讲|主旨演讲|圆桌讨论|圆桌|工作坊|演讲|分享)"
    r"(?:\s(?:#\s?)?(?P<number>[0-9]{1,3}))?\s?(?P<close>[\])】）]?)\s?(?P<end>[:：]|\s[-–—|]\s|—|(?<=[\])】）])\s?)",
    re.IGNORECASE,
)
_KIND_BEHIND = re.compile(
    r"[\[(【（](keynote|panel|workshop|codelab|tutorial|lightning talk|lightning|talk)[\])】）]$", re.IGNORECASE
)
_CANONICAL = {"panel discussion": "panel", "hands-on": "workshop", "tutorial": "workshop", "code lab": "codelab"}
_AFTERNOON = ("afternoon", "evening", "nachmittag", "abend", "après-midi", "下午", "晚上")
_MOST_HEADING_WORDS = 7
_NEW_DAY = re.compile(
    r"\b(?:day|track|room|stage|hall|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|\b[0-9]{1,2}[./-][0-9]{1,2}\b|第.天|会场",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KindLabel:
    """`Keynote: The engine` is a keynote called "The engine"; `Talk 2: Chords` has a number."""

    kind: str
    rest: str
    number: str | None = None
    written: str = ""


def words_of(text: str) -> list[str]:
    return _WORDS.findall(text.lower())


def is_lightning(text: str) -> bool:
    """Whether the text announces several short talks."""
    lowered = text.lower()
    words = words_of(lowered)
    if words in (["lightning"], ["lightnings"]) or any(phrase in lowered for phrase in LIGHTNING_PHRASES):
        return True
    if len(words) > _MOST_HEADING_WORDS + 3:
        return False
    pairs = itertools.pairwise(words)
    return bool(_FEW_MINUTES.search(lowered)) or any(
        first in LIGHTNING_SPEED and second in LIGHTNING_WHAT and second != "talk" for first, second in pairs
    )


def is_programme(text: str) -> bool:
    """`Agenda`, `Content Today`, `sessions -I | grep ml`, `我们今天关注的`."""
    return _has_heading_word(text, PROGRAMME_WORDS)


def is_weak_programme(text: str) -> bool:
    """`Speakers`, `Abstracts`: more about sessions that may be listed elsewhere."""
    return _has_heading_word(text, WEAK_PROGRAMME_WORDS)


def is_closing(text: str) -> bool:
    words = words_of(text)
    return 0 < len(words) <= 2 and (words[0] in CLOSING_WORDS or "-".join(words) in CLOSING_WORDS)


def is_about(text: str) -> bool:
    """`Venue: Google`, `When: Thursday`: about the event, not one of its sessions."""
    label = text.partition(":")[0].partition("：")[0]
    words = words_of(label)
    return 0 < len(words) <= 3 and (words[0] in ABOUT_WORDS or "-".join(words) in ABOUT_WORDS) and len(label) < 30


def starts_new_day(text: str) -> bool:
    """`Day 2`, `Track A`, `Room 3`, `Saturday`: the clock may start again below it."""
    return len(text) < 60 and _NEW_DAY.search(text) is not None


def is_afternoon(text: str) -> bool:
    """`Afternoon`, `Evening programme`: the times below it are not in the morning."""
    return len(text) < 60 and any(word in text.lower() for word in _AFTERNOON)


def _has_heading_word(text: str, vocabulary: frozenset[str]) -> bool:
    words = words_of(text)
    if not words or len(words) > _MOST_HEADING_WORDS:
        return False
    if _HAN.search(text):
        return len(text) <= 20 and any(word in text for word in vocabulary if _HAN.match(word))
    return any(word in vocabulary for word in words)


def kind_of_heading(text: str) -> tuple[str, bool] | None:
    """Kind and whether several are announced, when the text is nothing but the name of a kind."""
    words = words_of(text)
    name = "-".join(words)
    if name in KIND_WORDS:
        return KIND_WORDS[name], name.endswith("s") or name.startswith("session")
    if (
        len(words) == 2
        and words[0] in ("opening", "closing", "panel", "fireside")
        and words[1] in (*KIND_WORDS, "discussion", "chat")
    ):
        return ("panel" if "panel" in words or "fireside" in words else KIND_WORDS[words[1]]), words[1].endswith("s")
    pause = pause_kind(text)
    return (pause, False) if pause and len(words) <= 4 else None


def pause_kind(text: str) -> str | None:
    """`break` or `social` when the text is about eating, arriving or meeting, not about a subject."""
    words = words_of(text)
    if not words or len(words) > 9:
        return None
    first, last = _pause_word(words[0]), _pause_word(words[-1])
    if first and not (len(words) > 1 and words[1] in NOT_A_PAUSE_BEFORE):
        return "break" if "break" in words else first
    if last and len(words) <= 3:
        return "break" if "break" in words else last
    return None


def _pause_word(word: str) -> str | None:
    if word in BREAK_WORDS:
        return "break"
    return "social" if word in SOCIAL_WORDS else None


def take_kind_label(text: str) -> KindLabel | None:
    """The kind written in front (`Workshop: …`, `[Panel] …`) or behind in brackets, and the text without it."""
    if found := _KIND_LABEL.match(text):
        rest = text[found.end() :].strip()
        bracketed = bool(found["open"]) == bool(found["close"])
        if rest and bracketed and (found["open"] or found["end"].strip()):
            written = text[: found.start("end")].strip(" [](){}【】（）")
            return KindLabel(_kind(found["kind"]), rest, found["number"], written)
    if found := _KIND_BEHIND.search(text[-40:]):
        rest = text[: len(text) - len(found[0])].strip()
        return KindLabel(_kind(found[1]), rest) if rest else None
    return None


def _kind(written: str) -> str:
    lowered = written.lower()
    if lowered.startswith(("lightning", "lightening")):
        return "lightning"
    return _CANONICAL.get(lowered) or KIND_WORDS.get(lowered, "talk")


def kind_of_title(title: str) -> str | None:
    """A kind said inside the title: `Opening keynote`, `Panel discussion`, `Kubernetes workshop`."""
    if pause := pause_kind(title):
        return pause
    words = words_of(title)
    if not words:
        return None
    if words[0] in ("panel", "roundtable", "fireside"):
        return "panel"
    for word in (words[0], words[-1]):
        kind = KIND_WORDS.get(word)
        if kind and kind != "talk" and (len(words) <= 6):
            return kind
    return "keynote" if words[:2] in (["opening", "keynote"], ["closing", "keynote"]) else None
