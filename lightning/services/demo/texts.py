"""What the demo's programmes are made of: the texts as the parser reads them, and what the demo's own file adds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import events
from events.agenda_text import Agenda, Item, Link, Person, parse_agenda
from lightning.selectors.agenda import every_item

FOLDER = Path(str(events.__file__)).parent / "demo"


@dataclass(frozen=True)
class TextCount:
    """What the parser found in one text."""

    name: str
    sessions: int
    talks: int
    speakers: int
    links: int
    not_understood: int


@cache
def read_text(name: str) -> Agenda:
    """One of the demo's texts, read by the same parser as anybody's."""
    return parse_agenda((FOLDER / name).read_bytes())


def count_text(name: str) -> TextCount:
    """How much of a text was understood."""
    agenda = read_text(name)
    items = list(every_item(agenda))
    return TextCount(
        name=name,
        sessions=len(agenda.sessions),
        talks=len(items) - len(agenda.sessions),
        speakers=len({person.name for item in items for person in item.speakers}),
        links=sum(len(item.links) for item in items),
        not_understood=len(agenda.not_understood),
    )


def programme(spec: Mapping[str, Any], starts_at: dt.datetime, zone: ZoneInfo) -> Agenda:
    """An event's agenda: the part of its text that is about it, edited as an organiser would edit the preview."""
    items = list(_items_of_text(spec)) if "text" in spec else []
    for row in [_with_clock(row, starts_at, zone) for row in spec.get("session", ())]:
        if "edit" in row:
            place = next(i for i, item in enumerate(items) if item.title == row["edit"])
            items[place] = replace(items[place], **_values(row))
        else:
            items.append(Item(line=0, **_values(row)))
    if "presenter" in spec:  # who gave the whole evening, told once instead of with each item
        items = [replace(item, speakers=item.speakers or (_person(spec["presenter"]),)) for item in items]
    if spec.get("sort"):
        items.sort(key=lambda item: item.starts or "")
    return Agenda(sessions=tuple(_tagged(item, spec.get("topics_of", {})) for item in items))


def _items_of_text(spec: Mapping[str, Any]) -> Iterable[Item]:
    first, last = spec.get("lines", (0, 10**6))
    left_out = spec.get("without", ())
    return (
        item for item in read_text(spec["text"]).sessions if first <= item.line <= last and item.title not in left_out
    )


def _with_clock(row: Mapping[str, Any], starts_at: dt.datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Turn "so many minutes after the start" into a time of day."""
    if "after" not in row:
        return dict(row)
    at = starts_at + dt.timedelta(minutes=row["after"])
    return {**row, "starts": f"{at.astimezone(zone):%H:%M}"}


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file as an item's fields; what belongs to the place (room, track, level) is not among them."""
    values = {name: row[name] for name in ("kind", "title", "starts", "minutes", "number", "notes") if name in row}
    if "speakers" in row:
        values["speakers"] = tuple(_person(name) for name in row["speakers"])
    if "links" in row:
        values["links"] = tuple(Link(**link) for link in row["links"])
    if "topics" in row:
        values["topics"] = tuple(row["topics"])
    if "talks" in row:
        values["talks"] = tuple(Item(line=0, **_values(talk)) for talk in row["talks"])
    return values


def _person(text: str) -> Person:
    """Somebody written as `Name, Affiliation` or just `Name`."""
    name, _, affiliation = text.partition(", ")
    return Person(name, affiliation)


def _tagged(item: Item, topics_of: Mapping[str, Sequence[str]]) -> Item:
    """With the topics that the file names for it, by title or by who speaks."""
    talks = tuple(_tagged(talk, topics_of) for talk in item.talks)
    keys = [item.title, *(person.name for person in item.speakers)]
    topics = [topic for key in keys for topic in topics_of.get(key, ())]
    return replace(item, talks=talks, topics=tuple(dict.fromkeys([*item.topics, *topics])))
