"""The demo's people, places, groups, topics and known speakers, made from lightning/demo/world.toml."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lightning
from accounts.models import User
from accounts.services import create_account
from events.models import Group, Organisation, Series, Venue
from events.services.groups import create_group, set_role
from events.services.places import create_organisation, create_venue
from events.services.series import create_series
from speakers.models import Speaker, Topic
from speakers.services import create_speaker, create_topic, find_or_create_topic

FOLDER = Path(str(lightning.__file__)).parent / "demo"
PASSWORD = "lectern-demo"  # noqa: S105 - printed on purpose; load_demo refuses to run where it would be a secret
ORGANISER = "ada@lectern.example"

Row = dict[str, Any]


@dataclass
class World:
    """Everything that the demo's events refer to, by e-mail, name or short name."""

    people: dict[str, User] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    speakers: dict[str, Speaker] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)

    def zone(self, group: str) -> ZoneInfo:
        """The zone of a group's clock."""
        return ZoneInfo(self.groups[group].time_zone)


def read_file(name: str) -> dict[str, Any]:
    """One of the demo's declarative files."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def make_world(plan: Mapping[str, Any]) -> World:
    """Make all of it; the caller's transaction keeps it whole."""
    world = World()
    for row in plan["person"]:
        world.people[row["email"]] = create_account(
            password=PASSWORD if row.get("is_staff") else None, email_is_confirmed=True, **row
        )
    _make_topics(plan["topics"], world)
    for row in plan["organisation"]:
        world.organisations[row["slug"]] = create_organisation(**row)
    for row in plan["venue"]:
        place = {name: Decimal(row[name]) for name in ("latitude", "longitude") if name in row}
        world.venues[row["slug"]] = create_venue(**(row | place))
    for row in plan["group"]:
        world.groups[row["slug"]] = _make_group(row, world)
    for row in plan["speaker"]:
        world.speakers[row["name"]] = _make_speaker(row, world)
    return world


def make_series(plan: Mapping[str, Any], world: World) -> None:
    """The repeating plans of the coming events."""
    for row in plan["series"]:
        refers = {"group": world.groups[row["group"]], "venue": world.venues[row["venue"]]}
        world.series[row["slug"]] = create_series(**(row | refers))


def _make_topics(tree: Mapping[str, list[str]], world: World) -> None:
    """Parents before their parts, as the file names them."""
    for name, parts in tree.items():
        parent = world.topics.setdefault(name, find_or_create_topic(name=name))
        for part in parts:
            world.topics[part] = create_topic(name=part, parent=parent)


def _make_group(row: Row, world: World) -> Group:
    organiser, *others = (world.people[email] for email in row["organisers"])
    values = {name: value for name, value in row.items() if name not in ("organisers", "members")}
    group = create_group(organiser=organiser, **(values | {"topics": _topics(row, world)}))
    for person in others:
        set_role(group=group, user=person, role="organiser")
    for email in row.get("members", ()):
        set_role(group=group, user=world.people[email], role="member")
    return group


def _make_speaker(row: Row, world: World) -> Speaker:
    user = world.people.get(row.get("user", ""))
    return create_speaker(**(row | {"topics": _topics(row, world), "user": user}))


def _topics(row: Row, world: World) -> list[Topic]:
    return [world.topics[name] for name in row.get("topics", ())]


def date_of(row: Row, name: str, zone: dt.tzinfo) -> dt.datetime | None:
    """Noon of a day that the file names, in UTC."""
    return dt.datetime.combine(row[name], dt.time(12), tzinfo=zone).astimezone(dt.UTC) if name in row else None
