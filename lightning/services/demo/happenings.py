"""The demo's events: made as drafts, filled by the agenda import, placed in rooms and tracks, published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.functional import cached_property

from events.agenda_text import Item
from events.models import Event, Room, Session, Track
from events.services.events import cancel_event, create_event, postpone_event, publish_event
from events.services.programme import create_track
from events.services.recaps import write_recap
from events.services.revisions import announced_once
from lightning.models import Talk
from lightning.services.agenda_import import import_agenda
from lightning.services.demo.dates import Window
from lightning.services.demo.texts import programme
from lightning.services.demo.world import World, date_of
from lightning.services.lineup import revise_block
from speakers.models import Speaker
from speakers.services import revise_speaker

Row = dict[str, Any]

PLAIN = ("slug", "title", "summary", "description", "format", "language", "is_numbered", "online_url", "relation")
STEPS = {"cancelled": cancel_event, "postponed": postpone_event}


def make_event(spec: Row, window: Window, world: World, *, now: dt.datetime) -> Event:
    """One event of the file, with its programme and recap, in the status the file names."""
    event = _draft(spec, window, world, now)
    with announced_once(event):
        _fill(event, spec, world, now)
        publish_event(event=event, now=now)
        if spec.get("status") in STEPS:
            STEPS[spec["status"]](event=event, now=now)
        if "recap" in spec:
            _write_recap(event, spec["recap"], now)
    if "text" not in spec:
        remember_speakers(world)
    return event


def _fill(event: Event, spec: Row, world: World, now: dt.datetime) -> None:
    agenda = programme(spec, event.starts_at, event.zone)
    if not agenda.sessions:
        return
    state = Talk.State.GIVEN if event.is_over(now=now) else Talk.State.CONFIRMED
    beside = Beside(event, spec)
    fields = [dict(beside.fields(item)) for item in agenda.sessions]
    import_agenda(event=event, agenda=agenda, now=now, same_as=world.speakers, beside=fields, talk_state=state)
    for session in event.sessions.filter(kind=Session.Kind.LIGHTNING):
        changeover = beside.row(session.title).get("changeover", 0)
        revise_block(block=session.block, now=now, changeover_minutes=changeover)


def remember_speakers(world: World) -> None:
    """In the demo's own file a name always means the same person; what a text says stays apart."""
    for speaker in Speaker.objects.exclude(name__in=world.speakers).order_by("id"):
        world.speakers.setdefault(speaker.name, speaker)


def tag_speakers(*, now: dt.datetime) -> None:
    """Give everybody without topics those of their talks or, when these have none, of the event they spoke at."""
    for speaker in Speaker.objects.filter(topics=None).order_by("id"):
        spoken = [*speaker.sessions.all(), *speaker.talks.all()]
        topics = [topic for item in spoken for topic in item.topics.all()]
        events = [item.block.session.event if isinstance(item, Talk) else item.event for item in spoken]
        revise_speaker(speaker=speaker, topics=topics or [t for event in events for t in event.topics.all()])


def _draft(spec: Row, window: Window, world: World, now: dt.datetime) -> Event:
    group = world.groups[spec["group"]]
    venue = world.venues.get(spec.get("venue", ""))
    rooms = {room.name: room for room in venue.rooms.all()} if venue else {}
    return create_event(
        now=now,
        group=group,
        starts_at=window[0],
        ends_at=window[1],
        time_zone=group.time_zone,
        venue=venue,
        series=world.series.get(spec.get("series", "")),
        related_event=Event.objects.filter(slug=spec.get("related_event", "")).first(),
        rooms=[rooms[name] for name in spec.get("rooms", ())],
        topics=[world.topics[name] for name in spec.get("topics", ())],
        hosts=[world.organisations[slug] for slug in spec.get("hosts", ())],
        resources=spec.get("resources", ()),
        **{name: spec[name] for name in PLAIN if name in spec},
    )


def _write_recap(event: Event, row: Row, now: dt.datetime) -> None:
    write_recap(
        event=event,
        notes=row["notes"].strip(),
        highlights=row["highlights"],
        byline=row.get("byline", ""),
        published_at=date_of(row, "published", event.zone),
    )


class Beside:
    """What no agenda holds: rooms, tracks, levels, and what was picked from another event."""

    def __init__(self, event: Event, spec: Row) -> None:
        self.event, self.spec = event, spec

    def fields(self, item: Item) -> Iterator[tuple[str, Any]]:
        """The fields of the item's session that the file names."""
        row = self.row(item.title)
        for name in ("level", "language"):
            if name in row:
                yield name, row[name]
        if "room" in row:
            yield "room", self.rooms[row["room"]]
        if item.title in self.tracks:
            yield "track", self.tracks[item.title]
        if self.spec.get("picks") and item.number in self.originals:
            yield "picked_from", self.originals[item.number]

    def row(self, title: str) -> Row:
        """What the file says of the session of that title."""
        rows = self.spec.get("session", ())
        return next((row for row in rows if title == row.get("title", row.get("edit"))), {})

    @cached_property
    def rooms(self) -> dict[str, Room]:
        """The event's rooms by name."""
        return {room.name: room for room in self.event.rooms.all()}

    @cached_property
    def tracks(self) -> dict[str, Track]:
        """The track of each title that has one; the tracks are made here, in the order of the file."""
        named = self.spec.get("tracks", {})
        made = {name: create_track(event=self.event, name=name) for name in named}
        return {title: made[name] for name, titles in named.items() for title in titles}

    @cached_property
    def originals(self) -> dict[str, Session]:
        """The numbered sessions of the event that this one looks back at."""
        related = Session.objects.filter(event=self.event.related_event_id).exclude(number="")
        return {session.number: session for session in related}
