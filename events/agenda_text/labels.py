"""Read lines that begin with a label: "Speakers: A and B", "Topics: x, y", "Slides: https://…"."""

from __future__ import annotations

import re

from .drafts import Draft, Ledger, add_notes
from .inline import MATERIAL_WORDS, tidy
from .lengths import take_length
from .outline import Node
from .people import read_people
from .result import Link, Person
from .times import span_at
from .words import LABEL_WORDS

_LONGEST_LABEL = 24
_LIST_MARKS = re.compile("[,，、;；|]")


def fill_length(draft: Draft, text: str) -> str:
    """Move the length, if there is one, from the text to the draft; returns the rest of the text."""
    found = take_length(text)
    if found is None:
        return text
    if found.each:
        draft.each = found.minutes
    else:
        draft.minutes = draft.minutes or found.minutes
    return found.rest


def read_label(draft: Draft, node: Node, ledger: Ledger) -> bool:
    """A line such as "Speakers: A and B" or "Slides: https://…"."""
    key, mark, value = _label(node.text)
    if not mark:
        return False
    meaning = LABEL_WORDS.get(key, "")
    reader = _LABEL_READERS.get(meaning)
    if key in MATERIAL_WORDS and node.inline.links and not value:
        name = node.text.rstrip(" :：")
        draft.links.extend(Link(link.title or name, link.url) for link in node.inline.links)
        ledger.claim(node)
        return True
    if reader is None:
        return False
    values = [value] if value else [child.text for child in node.children]
    if not values or not reader(draft, values):
        return False
    ledger.claim(node)
    draft.links.extend(node.inline.links)
    if not value:
        ledger.claim_all(node.children)
    else:
        add_notes(draft, node.children, ledger)
    return True


def _label(text: str) -> tuple[str, str, str]:
    found = min((at for mark in ":：" if (at := text.find(mark)) >= 0), default=-1)
    if not 0 < found <= _LONGEST_LABEL:
        return "", "", ""
    key = text[:found].strip(" *_()").lower()
    return key.removesuffix("(s)").removesuffix("s:"), text[found], text[found + 1 :].strip(" *_")


def label_of(text: str) -> str:
    """The meaning of the label in front of a line ("people", "title", …), or nothing."""
    key, mark, _ = _label(text)
    return LABEL_WORDS.get(key, "") if mark else ""


def _read_people_label(draft: Draft, values: list[str]) -> bool:
    found = tuple(person for value in values for person in read_people(value, sure=True))
    draft.people += tuple(person for person in found if person not in draft.people)
    return bool(found)


def _read_title_label(draft: Draft, values: list[str]) -> bool:
    if draft.title or len(values) != 1:
        return False
    draft.title = tidy(values[0])
    return bool(draft.title)


def _read_topics_label(draft: Draft, values: list[str]) -> bool:
    pieces = [piece for value in values for piece in _LIST_MARKS.split(value)]
    draft.topics.extend(topic for piece in pieces if (topic := piece.strip(" #.")))
    return True


def _read_time_label(draft: Draft, values: list[str]) -> bool:
    span = span_at(values[0], 0)
    if span is None or draft.span:
        return False
    draft.span = span
    return True


def _read_length_label(draft: Draft, values: list[str]) -> bool:
    return not fill_length(draft, values[0]).strip() and draft.minutes is not None


def _read_affiliation_label(draft: Draft, values: list[str]) -> bool:
    if not draft.people or any(person.affiliation for person in draft.people) or len(values) != 1:
        return False
    draft.people = tuple(Person(person.name, values[0]) for person in draft.people)
    return True


def _read_notes_label(draft: Draft, values: list[str]) -> bool:
    draft.notes.extend(values)
    return True


_LABEL_READERS = {
    "people": _read_people_label,
    "title": _read_title_label,
    "topics": _read_topics_label,
    "time": _read_time_label,
    "length": _read_length_label,
    "affiliation": _read_affiliation_label,
    "notes": _read_notes_label,
}
