"""Loads the demo, once; later it only gives a new date to coming events that are over meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from events.models import Event, Group
from events.services.events import revise_event
from events.services.programme import revise_session
from lightning.services.demo.dates import Window, coming_window, fixed_window, moved
from lightning.services.demo.happenings import make_event, tag_speakers
from lightning.services.demo.texts import TextCount, count_text
from lightning.services.demo.world import ORGANISER, PASSWORD, make_series, make_world, read_file

__all__ = ["ORGANISER", "PASSWORD", "Loaded", "load_demo"]


@dataclass(frozen=True)
class Loaded:
    """What was done: the counts of each text on the first run, on a later one which events have a new date."""

    texts: tuple[TextCount, ...] = ()
    moved: tuple[str, ...] = ()


def load_demo(*, now: dt.datetime) -> Loaded:
    """Make the demo where it is not there yet; what is there stays as people have changed it meanwhile."""
    world_plan = read_file("world.toml")
    if Group.objects.filter(slug=world_plan["group"][0]["slug"]).exists():
        return Loaded(moved=tuple(_move_what_is_over(read_file("upcoming.toml")["event"], now)))
    return _make_all(world_plan, read_file("past.toml"), read_file("upcoming.toml"), now)


@transaction.atomic
def _make_all(world_plan: dict[str, Any], past: dict[str, Any], upcoming: dict[str, Any], now: dt.datetime) -> Loaded:
    world = make_world(world_plan)
    make_series(upcoming, world)
    for spec in past["event"]:
        make_event(spec, fixed_window(spec, world.zone(spec["group"])), world, now=now)
    for spec in upcoming["event"]:
        zone = world.zone(spec["group"])
        make_event(spec, coming_window(spec, zone, now=now, taken=_taken_days(spec)), world, now=now)
    tag_speakers(now=now)
    names = dict.fromkeys(spec["text"] for spec in past["event"] if "text" in spec)
    return Loaded(texts=tuple(count_text(name) for name in names))


def _taken_days(spec: dict[str, Any]) -> set[dt.date]:
    """Days on which another event of the same series is."""
    others = Event.objects.filter(series__slug=spec.get("series", "")).exclude(slug=spec["slug"])
    return {event.starts_at.astimezone(event.zone).date() for event in others}


@transaction.atomic
def _move_what_is_over(specs: Iterable[dict[str, Any]], now: dt.datetime) -> list[str]:
    by_slug = {spec["slug"]: spec for spec in specs}
    over = list(Event.objects.filter(slug__in=by_slug).past(now=now).order_by("starts_at"))
    for event in over:
        spec = by_slug[event.slug]
        _move(event, coming_window(spec, event.zone, now=now, taken=_taken_days(spec)), now)
    return [event.slug for event in over]


def _move(event: Event, window: Window, now: dt.datetime) -> None:
    """The event and its sessions, each by the same time on the clock of its zone."""
    revise_event(event=event, now=now, starts_at=window[0], ends_at=window[1])
    for session in event.sessions.all():
        if session.starts_at:
            starts_at = moved(session.starts_at, event.starts_at, window[0], event.zone)
            revise_session(session=session, now=now, starts_at=starts_at)
