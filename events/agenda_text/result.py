"""What a pasted agenda turns into: frozen values, and the errors for a text that is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

KINDS = ("keynote", "talk", "panel", "workshop", "codelab", "break", "social", "lightning")


class AgendaError(ValueError):
    """The text cannot be read at all; the message says why and what to do about it."""


class AgendaTooLarge(AgendaError):
    """The text is larger than an agenda can be; the message names the limit."""


class PersonJSON(TypedDict):
    name: str
    affiliation: str


class LinkJSON(TypedDict):
    title: str
    url: str


class ItemJSON(TypedDict):
    kind: str
    title: str
    starts: str | None
    minutes: int | None
    number: str | None
    speakers: list[PersonJSON]
    links: list[LinkJSON]
    topics: list[str]
    notes: str
    talks: list[ItemJSON]


class NotUnderstoodJSON(TypedDict):
    line: int
    text: str
    reason: str


class AgendaJSON(TypedDict):
    sessions: list[ItemJSON]
    not_understood: list[NotUnderstoodJSON]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the text names them; the affiliation is empty when the text gives none."""

    name: str
    affiliation: str = ""

    def as_json(self) -> PersonJSON:
        return {"name": self.name, "affiliation": self.affiliation}


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https address; the title is empty for a bare address."""

    title: str
    url: str

    def as_json(self) -> LinkJSON:
        return {"title": self.title, "url": self.url}


@dataclass(frozen=True, slots=True)
class Item:
    """One session, or one talk of a lightning block.

    `starts` is "HH:MM" on a 24-hour clock, `minutes` a positive length, `number` the label as written ("11"); each
    is None when the text does not say. `title` is empty when the text names only the speaker. `notes` is Markdown.
    `line` is where the item begins, counted from 1.
    """

    line: int
    kind: str = "talk"
    title: str = ""
    starts: str | None = None
    minutes: int | None = None
    number: str | None = None
    speakers: tuple[Person, ...] = ()
    links: tuple[Link, ...] = ()
    topics: tuple[str, ...] = ()
    notes: str = ""
    talks: tuple[Item, ...] = ()

    def as_json(self) -> ItemJSON:
        return {
            "kind": self.kind,
            "title": self.title,
            "starts": self.starts,
            "minutes": self.minutes,
            "number": self.number,
            "speakers": [person.as_json() for person in self.speakers],
            "links": [link.as_json() for link in self.links],
            "topics": list(self.topics),
            "notes": self.notes,
            "talks": [talk.as_json() for talk in self.talks],
        }


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A line (counted from 1) that gave nothing to any session, as written, and why."""

    line: int
    text: str
    reason: str

    def as_json(self) -> NotUnderstoodJSON:
        return {"line": self.line, "text": self.text, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Agenda:
    """The sessions in the order of the text, and every line that was not understood."""

    sessions: tuple[Item, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()

    def as_json(self) -> AgendaJSON:
        return {
            "sessions": [item.as_json() for item in self.sessions],
            "not_understood": [line.as_json() for line in self.not_understood],
        }
