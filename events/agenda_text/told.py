"""Find what a sentence says about a talk: Sam talked about "Advances in Unsupervised Learning"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .names import Likeness, name_likeness
from .result import Person

_QUOTE = re.compile('["“]([^"“”]{3,300})["”]')
_CUE = re.compile(
    r"(?:talked about|talked on|talks? about|spoke about|spoke on|speaks? about|speaks? on"
    r"|talk (?:is )?(?:titled|entitled|called|on)"
    r"|presentation (?:titled|entitled|called|on)|keynote (?:titled|entitled|called|on)"
    r"|presented|presents|presenting|to present"
    r"|will present|introduced"
    r"|(?:his|her|their|the) (?:[\w-]{1,20} )?(?:paper|talk|keynote|presentation))\s{0,2}[:,：]?\s{0,3}$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?。！？]\s")
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_FROM = re.compile(r",?\s(?:[\w-]{1,20}\s){0,4}(?:from|at|of)\s([A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*){0,4})")
_WINDOW = 400


@dataclass(frozen=True, slots=True)
class Told:
    """A quoted title at text[start:end], and the speaker when the sentence names one."""

    title: str
    person: Person | None
    start: int
    end: int


def find_told(text: str, full_names: Mapping[str, set[str]]) -> Iterator[Told]:
    """Quoted titles right after words such as "talked about"; "I" is nobody's name."""
    for quote in _QUOTE.finditer(text):
        before = _sentence_before(text, quote.start())
        cue = _CUE.search(before)
        title = quote[1].strip(" ,.")
        if cue and len(title.split()) > 1:
            yield Told(title, _speaker(before[: cue.start()], full_names), quote.start(), quote.end())


def full_names_in(text: str) -> dict[str, set[str]]:
    """First name to the full names that the text has for it."""
    found: dict[str, set[str]] = {}
    for name, _ in _name_runs(text):
        first, _, rest = name.partition(" ")
        if rest:
            found.setdefault(first, set()).add(name)
    return found


def _sentence_before(text: str, place: int) -> str:
    window = text[max(0, place - _WINDOW) : place]
    ends = [found.end() for found in _SENTENCE_END.finditer(window)]
    return window[ends[-1] :] if ends else window


def _speaker(before: str, full_names: Mapping[str, set[str]]) -> Person | None:
    """The last name in the sentence before the cue; a first name is completed when only one person has it."""
    runs = [run for run in _name_runs(before) if not _is_origin(before, run)]
    if not runs:
        return None
    name, end = runs[-1]
    complete = full_names.get(name, set())
    if len(complete) == 1:
        return Person(next(iter(complete)))
    origin = _FROM.match(before, end)
    return Person(name, origin[1]) if origin else Person(name)


def _is_origin(text: str, run: tuple[str, int]) -> bool:
    """In `Bo Diddley from Chess Records` the second name is where the first one works."""
    start = run[1] - len(run[0])
    return text[max(0, start - 6) : start].endswith((" from ", " at ", " of "))


def _name_runs(text: str) -> list[tuple[str, int]]:
    """Names with the place behind them: runs of words written large that are a name."""
    runs: list[tuple[str, int]] = []
    start = end = -1
    for word in [*_WORD.finditer(text), None]:
        if word and start >= 0 and word[0][0].isupper() and text[end : word.start()] == " ":
            end = word.end()
            continue
        if start >= 0 and _is_name(text[start:end]):
            runs.append((text[start:end], end))
        start, end = (word.start(), word.end()) if word and word[0][0].isupper() else (-1, -1)
    return runs


def _is_name(text: str) -> bool:
    return name_likeness(text) >= Likeness.NAME
