"""Read "A & B (Org)", "A, Org", "A (Org) and B (Org)" into people with affiliations."""

from __future__ import annotations

import re
from functools import lru_cache

from .names import Likeness, looks_like_organisation, name_likeness
from .result import Person
from .words import GIVEN_NAMES, HONORIFICS

OPENERS, CLOSERS = "([（【「『《“", ")]）】」』》”"
_JOINTS = (" & ", " and ", " + ", "、", "; ", "；", " und ", " et ", " y ", " 和 ", " 与 ", " × ", "＆", " AND ")
_AT = re.compile(r"\s(?:@|/|from|at|of|von|von der|de chez)\s", re.IGNORECASE)
_EAST_ASIAN = re.compile("[一-鿿가-힣]")
_QUOTED_NAME = re.compile(r"[\"“]([^\"“”]{1,30})[\"”]\s+(\S.*)")
_NAME_EDGE = " \t,;:：-–—|/·*"
_MOST_PEOPLE = 40
_LONGEST_LIST = 1_000


def split_outside_brackets(text: str, separators: tuple[str, ...]) -> list[str]:
    """Cut at each separator that is in no bracket; one walk from left to right."""
    pieces, start, depth = [], 0, 0
    for found in _cutter(separators).finditer(text):
        mark = found[0]
        if mark in OPENERS:
            depth += 1
        elif mark in CLOSERS:
            depth = max(0, depth - 1)
        elif not depth:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


@lru_cache(maxsize=8)
def _cutter(separators: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, separators)) + f"|[{re.escape(OPENERS + CLOSERS)}]")


def split_closing_bracket(text: str) -> tuple[str, str] | None:
    """`Name (Org)` as ("Name", "Org"): the bracket that closes the text, with its own opening one."""
    text = text.rstrip(" .:：,")
    if not text or text[-1] not in ")）]】":
        return None
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        if text[at] in ")）]】":
            depth += 1
        elif text[at] in "(（[【":
            depth -= 1
            if depth == 0:
                return (text[:at].strip(), text[at + 1 : -1].strip()) if at else None
    return None


@lru_cache(maxsize=4096)
def read_people(text: str, *, sure: bool = False) -> tuple[Person, ...]:
    """The people a text names, or nothing when it does not look like people.

    `sure` says that the place is for people (after "Speakers:", in the column of speakers): then one word, or a
    name that is written small, is taken too.
    """
    text = text.strip(_NAME_EDGE)
    if not text or len(text) > _LONGEST_LIST:
        return ()
    pieces = [piece for piece in split_outside_brackets(text, _JOINTS) if piece.strip()]
    people = _from_pieces(pieces, sure=sure)
    if people is None and len(pieces) > 1:
        people = _from_pieces([text], sure=sure)
    return tuple(people or ())


def _from_pieces(pieces: list[str], *, sure: bool) -> list[Person] | None:
    if len(pieces) > _MOST_PEOPLE:
        return None
    people: list[Person] = []
    for place, piece in enumerate(pieces):
        is_last = place == len(pieces) - 1
        found = _from_commas(piece.strip(_NAME_EDGE), alone=len(pieces) == 1, closes=is_last and place > 0, sure=sure)
        if not found:
            return None
        people.extend(found)
    if len(pieces) > 1 and not sure and all(name_likeness(person.name) < Likeness.NAME for person in people):
        known = any(name_likeness(person.name) == Likeness.KNOWN for person in people)
        if not known and not people[-1].affiliation:
            return None
    return _shared_affiliation(people)


def _shared_affiliation(people: list[Person]) -> list[Person]:
    """In `A & B (Org)` the bracket is for both."""
    if len(people) > 1 and people[-1].affiliation and not any(person.affiliation for person in people[:-1]):
        return [Person(person.name, people[-1].affiliation) for person in people]
    return people


def _from_commas(piece: str, *, alone: bool, closes: bool, sure: bool) -> list[Person]:
    """`A, Org` is one person; `A, B, C` three; `A, CTO, Org` one; behind the last "and" a comma brings the Org."""
    parts = [part.strip() for part in split_outside_brackets(piece, (", ", "，", ",")) if part.strip()]
    if not parts:
        return []
    people: list[Person] = []
    several = (not alone and not closes) or sum(_is_person(part) for part in parts) > 2 or _bracketed(parts) > 1
    for part in parts:
        person = read_person(part, sure=sure)
        starts_another = not people or (several and _is_person(part) and not looks_like_organisation(part))
        if person and starts_another:
            people.append(person)
        elif not people:
            return []
        else:
            before = people[-1]
            people[-1] = Person(before.name, f"{before.affiliation}, {part}" if before.affiliation else part)
    return people


def _is_person(part: str) -> bool:
    person = read_person(part, sure=False)
    return person is not None and name_likeness(person.name) >= Likeness.NAME


def _bracketed(parts: list[str]) -> int:
    return sum(split_closing_bracket(part) is not None for part in parts)


def read_person(text: str, *, sure: bool) -> Person | None:
    """One name with its affiliation behind it: `Name (Org)`, `Name from Org`, `Name @ Org`, `"Nick" who is what`."""
    text = text.strip(_NAME_EDGE)
    if quoted := _QUOTED_NAME.fullmatch(text):
        name, rest = quoted[1].strip(), quoted[2].strip(_NAME_EDGE)
        inner = split_closing_bracket(text)
        return (
            Person(name, inner[1] if inner and rest.startswith(("(", "（")) else rest)
            if len(name.split()) < 3
            else None
        )
    if bracket := split_closing_bracket(text):
        return _with_bracket(*bracket, sure=sure)
    if at := _AT.search(text):
        name, affiliation = text[: at.start()].strip(_NAME_EDGE), text[at.end() :].strip(_NAME_EDGE)
        if affiliation and _acceptable(name, sure=False):
            return Person(name, affiliation)
    name, space, rest = text.partition(" ")
    if space and rest.isascii() and not name.isascii() and _EAST_ASIAN.match(name) and _acceptable(name, sure=False):
        return Person(name, rest)
    return Person(text) if _acceptable(text, sure=sure) else None


def _with_bracket(name: str, inside: str, *, sure: bool) -> Person | None:
    name = name.strip(_NAME_EDGE)
    if is_nickname(name, inside) or (inside.startswith("@") and _acceptable(name, sure=sure)):
        return Person(f"{name} ({inside})")
    if not _acceptable(name, sure=sure):
        return None
    return Person(name, inside)


def is_nickname(name: str, inside: str) -> bool:
    """`Sprawit Saengkyongam (James)`: a first name in brackets is no affiliation."""
    return inside.lower() in GIVEN_NAMES and inside[:1].isupper() and name_likeness(name) >= Likeness.NAME


def _acceptable(name: str, *, sure: bool) -> bool:
    if not sure:
        return name_likeness(name) >= Likeness.ONE_WORD
    words = name.split()
    return 0 < len(words) <= 6 and any(character.isalpha() for character in name) and name.lower() not in _NOBODY


_NOBODY = frozenset(
    {
        "tba",
        "tbd",
        "tbc",
        "n/a",
        "none",
        "all",
        "everyone",
        "everybody",
        "you",
        "open",
        "various",
        "several",
        "members",
        "volunteers",
        "?",
        *HONORIFICS,
    }
)
