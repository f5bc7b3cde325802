"""Read lines that begin with a label: "Speakers: A and B", "Topics: x, y", "Slides: https://…"."""

from __future__ import annotations

import re
from collections.abc import Callable

from .drafts import Draft, Ledger, add_notes
from .inline import MATERIAL_WORDS, tidy
from .lengths import take_length
from .outline import Node
from .people import read_people
from .result import Link, Person
from .times import span_at
from .words import LABEL_WORDS

Reader = Callable[[Draft, str], bool]

_LONGEST_LABEL = 24
_INLINE_PEOPLE = re.compile(
    r"[\s,，;；|/–-](?:讲师|講師|演讲者|演讲人|主讲人?|嘉宾|分享人|speakers?|presenters?)\s?[:：]\s?", re.IGNORECASE
)
_INLINE_TITLE = re.compile(r"^(?:主题|题目|议题|title|topic|talk)\s?[:：]\s?", re.IGNORECASE)
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
    if not value:
        return _read_below(draft, node, reader, ledger)
    if not reader(draft, value):
        return False
    ledger.claim(node)
    draft.links.extend(node.inline.links)
    add_notes(draft, node.children, ledger)
    return True


def _read_below(draft: Draft, node: Node, reader: Reader, ledger: Ledger) -> bool:
    """A label over a list: what the label cannot take becomes notes."""
    taken = False
    for child in node.children:
        if child.text and reader(draft, child.text):
            taken = True
            ledger.claim(child)
            draft.links.extend(child.inline.links)
            add_notes(draft, child.children, ledger)
        elif taken:
            add_notes(draft, [child], ledger)
    if taken:
        ledger.claim(node)
    return taken


def split_inline_labels(text: str) -> tuple[str, str] | None:
    """`主题：模型压缩 讲师：王芳` and `Title: Chords, Speaker: Bo` as title and people."""
    found = _INLINE_PEOPLE.search(text)
    title = _INLINE_TITLE.sub("", text[: found.start()]) if found else ""
    return (title, text[found.end() :]) if found and title.strip() else None


def _label(text: str) -> tuple[str, str, str]:
    """Key, colon and value of `Speaker(s): Ada`; three times nothing when the line has no label."""
    found = min((at for mark in ":：" if (at := text.find(mark)) >= 0), default=-1)
    if not 0 < found <= _LONGEST_LABEL:
        return "", "", ""
    key = text[:found].strip(" *_()").lower()
    return key.removesuffix("(s"), text[found], text[found + 1 :].strip(" *_")


def label_of(text: str) -> str:
    """The meaning of the label in front of a line ("people", "title", …), or nothing."""
    key, mark, _ = _label(text)
    return LABEL_WORDS.get(key, "") if mark else ""


def _read_people_label(draft: Draft, value: str) -> bool:
    found = read_people(value, sure=True)
    draft.people += tuple(person for person in found if person not in draft.people)
    return bool(found)


def _read_title_label(draft: Draft, value: str) -> bool:
    if draft.title:
        return False
    draft.title = tidy(value)
    return bool(draft.title)


def _read_topics_label(draft: Draft, value: str) -> bool:
    topics = [topic for piece in _LIST_MARKS.split(value) if (topic := piece.strip(" #."))]
    draft.topics.extend(topics)
    return bool(topics)


def _read_time_label(draft: Draft, value: str) -> bool:
    span = span_at(value, 0)
    if span is None or draft.span:
        return False
    draft.span = span
    return True


def _read_length_label(draft: Draft, value: str) -> bool:
    return not fill_length(draft, value).strip() and draft.minutes is not None


def _read_affiliation_label(draft: Draft, value: str) -> bool:
    if not draft.people or any(person.affiliation for person in draft.people):
        return False
    draft.people = tuple(Person(person.name, value) for person in draft.people)
    return True


def _read_notes_label(draft: Draft, value: str) -> bool:
    draft.notes.append(value)
    return True


_LABEL_READERS: dict[str, Reader] = {
    "people": _read_people_label,
    "title": _read_title_label,
    "topics": _read_topics_label,
    "time": _read_time_label,
    "length": _read_length_label,
    "affiliation": _read_affiliation_label,
    "notes": _read_notes_label,
}
