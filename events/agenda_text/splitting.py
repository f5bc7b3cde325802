"""Tell title from people in one line, with a hint from the lines around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from .names import Likeness, looks_like_organisation, name_likeness
from .people import OPENERS, is_nickname, read_people, read_person, split_closing_bracket, split_outside_brackets
from .result import Person

_SEPARATORS = (
    "\t",
    " :: ",
    " -- ",
    " - ",
    " – ",
    " — ",
    " − ",
    "—",
    " | ",
    "｜",
    " / ",
    " ~ ",
    " · ",
    " • ",
    " : ",
    ": ",
    "：",
)
_QUOTES = {"“": "”", '"': '"', "«": "»", "「": "」", "《": "》", "『": "』", "„": "“"}
_BY = re.compile(r",?\s(?:(?:presented|given|led|moderated|held)\s)?(?:by|w/|von|par|por)\s", re.IGNORECASE)
_NOT_SPEAKING = ("sponsored", "hosted", "powered", "provided", "organised", "organized", "offered", "kindly", "driven")
_BY_FRONT = re.compile(r"(?:by:?|presented by|with|w/|—|–|@)\s{0,2}(?=\S)", re.IGNORECASE)
_EDGE = " \t,;:：-–—|/·"
_LONGEST_LINE = 2_000


class Side(Enum):
    """Where the people stand on a line: in front of the title, behind it, or alone."""

    FRONT = "front"
    BEHIND = "behind"
    ALONE = "alone"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Split:
    title: str
    people: tuple[Person, ...] = ()
    side: Side = Side.NOWHERE
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text between two separators, and where it stands in the line."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def split_entry(text: str, hint: Side | None = None) -> Split:
    """Title and people of one line. Whatever is not clearly a person stays in the title."""
    text = text.strip(_EDGE)
    if not text or len(text) > _LONGEST_LINE:
        return Split(text)
    return (
        _quoted(text)
        or _by(text)
        or _separated(text, hint)
        or _bracketed(text)
        or _alone(text)
        or _behind_comma(text)
        or Split(text)
    )


def side_of_people(texts: Iterable[str]) -> Side | None:
    """Where most lines of one list have their people; None when they do not agree."""
    sides = [split_entry(text).side for text in texts]
    if not sides:
        return None
    counts = {side: sides.count(side) for side in Side}
    if counts[Side.ALONE] * 2 >= len(sides) and counts[Side.ALONE] > max(counts[Side.FRONT], counts[Side.BEHIND]):
        return Side.ALONE
    if counts[Side.FRONT] == counts[Side.BEHIND]:
        return None
    return Side.FRONT if counts[Side.FRONT] > counts[Side.BEHIND] else Side.BEHIND


def likeness_of(people: tuple[Person, ...]) -> Likeness:
    """The weakest of several names decides, unless one of them is well known."""
    scores = [name_likeness(_plain_name(person)) for person in people]
    if not scores:
        return Likeness.NO
    return Likeness.NAME if Likeness.KNOWN in scores and len(scores) > 1 else min(scores)


def _plain_name(person: Person) -> str:
    """Without a nickname or a handle in brackets."""
    return person.name.partition(" (")[0]


def _quoted(text: str) -> Split | None:
    """`"Title" - Name` and `Name: "Title"`."""
    opened = next((at for at, mark in enumerate(text) if mark in _QUOTES), -1)
    before = text[: max(opened, 0)]
    in_bracket = any(mark in OPENERS and mark not in _QUOTES for mark in before) and ")" not in before
    if opened < 0 or in_bracket:
        return None
    closed = text.find(_QUOTES[text[opened]], opened + 1)
    inner = text[opened + 1 : closed].strip() if closed > 0 else ""
    around = (text[:opened].strip(_EDGE), text[closed + 1 :].strip(_EDGE))
    if not inner:
        return None
    is_word = len(inner.split()) < 2 and inner.isascii()
    if not any(around):
        return Split(inner, is_quoted=True)
    for piece, other, side in ((around[1], around[0], Side.BEHIND), (around[0], around[1], Side.FRONT)):
        by = _BY_FRONT.match(piece)
        people = read_people(piece[by.end() :] if by else piece)
        if people and not other and likeness_of(people) >= (Likeness.NAME if is_word else Likeness.ONE_WORD):
            return Split(inner, people, side, is_quoted=True)
    return None


def _by(text: str) -> Split | None:
    """`Title by Name`; the last "by" decides."""
    found = max(_BY.finditer(text), key=re.Match.start, default=None)
    if found is None or text[: found.start()].lower().endswith(_NOT_SPEAKING):
        return None
    people = read_people(text[found.end() :])
    title = text[: found.start()].strip(_EDGE)
    if not people or not title or likeness_of(people) < Likeness.ONE_WORD or looks_like_organisation(people[0].name):
        return None
    return Split(_unquoted(title), people, Side.BEHIND)


def _separated(text: str, hint: Side | None) -> Split | None:
    pieces = _pieces(text)
    if len(pieces) < 2:
        return None
    front, behind = read_people(pieces[0].text), read_people(pieces[-1].text)
    front_score, behind_score = _score(front), _score(behind)
    middle = _middle(text, pieces) if len(pieces) > 2 else None
    if max(front_score, behind_score) < Likeness.NAME * 2 and middle:
        return middle
    if (side := _decide(front_score, behind_score, hint)) is None:
        return middle
    if side is Side.BEHIND:
        return Split(_unquoted(text[: pieces[-2].end].strip(_EDGE)), behind, side)
    return _front(text, pieces, front)


def _front(text: str, pieces: list[_Piece], people: tuple[Person, ...]) -> Split:
    """`Name - Title`, and `Name | Organisation | Title`."""
    rest_at = 1
    if len(pieces) > 2 and len(people) == 1 and not people[0].affiliation and _is_organisation(text, pieces):
        people = (Person(people[0].name, pieces[1].text.strip(_EDGE)),)
        rest_at = 2
    return Split(_unquoted(text[pieces[rest_at].start :].strip(_EDGE)), people, Side.FRONT)


def _is_organisation(text: str, pieces: list[_Piece]) -> bool:
    """The middle one of three columns, or words that only an organisation has."""
    bars = text[pieces[0].end : pieces[1].start].strip(), text[pieces[1].end : pieces[2].start].strip()
    return bars == ("|", "|") or looks_like_organisation(pieces[1].text)


def _middle(text: str, pieces: list[_Piece]) -> Split | None:
    """`Title | Name | Organisation`."""
    people = read_people(pieces[-2].text)
    if len(people) != 1 or people[0].affiliation or likeness_of(people) < Likeness.NAME:
        return None
    affiliation = pieces[-1].text.strip(_EDGE)
    if len(affiliation.split()) > 6 or likeness_of(read_people(pieces[0].text)) >= Likeness.NAME:
        return None
    title = text[: pieces[-3].end].strip(_EDGE)
    return Split(_unquoted(title), (Person(people[0].name, affiliation),), Side.BEHIND)


def _score(people: tuple[Person, ...]) -> int:
    """Twice the likeness, one more for an affiliation in brackets or behind a comma."""
    likeness = likeness_of(people)
    return likeness * 2 + (1 if likeness and any(person.affiliation for person in people) else 0)


def _decide(front: int, behind: int, hint: Side | None) -> Side | None:
    """A full name is needed, or one word where the list has its people on that side."""
    if hint is Side.FRONT and front and (behind < Likeness.NAME * 2 or front >= Likeness.NAME * 2):
        return Side.FRONT
    if hint is Side.BEHIND and behind and (front < Likeness.NAME * 2 or behind >= Likeness.NAME * 2):
        return Side.BEHIND
    if max(front, behind) < Likeness.NAME * 2:
        return None
    if front == behind:
        return None
    return Side.FRONT if front > behind else Side.BEHIND


def _bracketed(text: str) -> Split | None:
    """`Title (Name, Org)`; when the words before the bracket are a name, the bracket is about them."""
    bracket = split_closing_bracket(text)
    if bracket is None:
        return None
    before, inside = bracket
    if is_nickname(before, inside):
        return None
    by = _BY_FRONT.match(inside)
    people = read_people(inside[by.end() :] if by else inside)
    outside = likeness_of(read_people(before))
    score = likeness_of(people)
    if score >= Likeness.NAME and score > outside and not looks_like_organisation(people[0].name):
        return Split(_unquoted(before.strip(_EDGE)), people, Side.BEHIND)
    return None


def _alone(text: str) -> Split | None:
    people = read_people(text)
    return Split("", people, Side.ALONE) if likeness_of(people) >= Likeness.NAME else None


def _behind_comma(text: str) -> Split | None:
    """`Title, Name` when the name is well known or has an affiliation in brackets."""
    head, *rest = split_outside_brackets(text, (", ", "，"))
    if not rest or read_people(head) or read_people(head.rpartition(" with ")[2]):
        return None
    people = read_people(text[len(head) + 1 :])
    full = [person for person in people if len(person.name.split()) > 1]
    known = [person for person in full if name_likeness(_plain_name(person)) == Likeness.KNOWN or person.affiliation]
    return Split(_unquoted(head.strip(_EDGE)), people, Side.BEHIND) if known and len(full) == len(people) else None


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    for piece in split_outside_brackets(text, _SEPARATORS):
        start = text.index(piece, at)
        pieces.append(_Piece(piece, start, start + len(piece)))
        at = start + len(piece)
    return [piece for piece in pieces if piece.text.strip(_EDGE)]


def _unquoted(title: str) -> str:
    """A title that is in quotes as a whole is given without them."""
    pair = title[:1] + _QUOTES.get(title[:1], "")
    if len(title) > 2 and title[-1] == pair[1:] and sum(mark in pair for mark in title) == 2:
        return title[1:-1].strip()
    return title


def only_people(text: str) -> tuple[Person, ...]:
    """People of a line that must be about people, such as the head of an entry in a list of speakers."""
    person = read_person(text, sure=True) if len(text) < 200 else None
    return read_people(text, sure=True) or ((person,) if person else ())
