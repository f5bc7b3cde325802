"""What each room has now and next, beside the rounds that have a clock of their own on the page; pure."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from lightning.now_and_next import OnStage, RoomNow, now_and_next
from lightning.schedule_types import ScheduleDocument


@dataclass(frozen=True)
class LiveRoom:
    """A room, or what is in none: then `name` is empty."""

    name: str
    now: list[dict[str, Any]]
    next: list[dict[str, Any]]
    is_held: bool  # a round is on in this room, with a clock of its own


@dataclass(frozen=True)
class LiveRooms:
    """Rooms with something to say, and when the clock alone changes that."""

    rooms: list[LiveRoom]
    changes_at: dt.datetime | None


def live_rooms(document: ScheduleDocument, shown: Collection[int], *, now: dt.datetime) -> LiveRooms:
    """`shown` are the sessions of the rounds with a clock: the rooms say what is on beside them, and what follows."""
    answer = now_and_next(document, now)
    others = [session for session in document["sessions"] if session["id"] not in shown]
    rest = now_and_next(document | {"sessions": others}, now)
    beside = {_key(room): room for room in rest["rooms"]}
    rooms = [_room(room, beside.get(_key(room)), shown) for room in answer["rooms"]]
    changes_at = answer["changes_at"]
    return LiveRooms(
        rooms=[room for room in rooms if room.now or room.next],
        changes_at=dt.datetime.fromisoformat(changes_at) if changes_at else None,
    )


def _key(room: RoomNow) -> int | None:
    return room["room"]["id"] if room["room"] else None


def _room(room: RoomNow, beside: RoomNow | None, shown: Collection[int]) -> LiveRoom:
    following = room["next"]
    if following and following["session"] in shown:
        following = _after_the_round(room, beside)
    return LiveRoom(
        name=room["room"]["name"] if room["room"] else "",
        now=_timed(item for item in room["now"] if item["session"] not in shown),
        next=_timed([following] if following else []),
        is_held=room["late_minutes"] is not None or any(item["session"] in shown for item in room["now"]),
    )


def _after_the_round(room: RoomNow, beside: RoomNow | None) -> OnStage | None:
    """What was planned for now and waits for the round's end, else what is planned after it."""
    if beside is None:
        return None
    waiting = [item for item in beside["now"] if item not in room["now"]]
    return waiting[0] if waiting else beside["next"]


def _timed(items: Iterable[OnStage]) -> list[dict[str, Any]]:
    return [
        item
        | {"starts": dt.datetime.fromisoformat(item["starts_at"]), "ends": dt.datetime.fromisoformat(item["ends_at"])}
        for item in items
    ]
