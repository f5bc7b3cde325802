"""What each room has now and next, beside the rounds that have a clock of their own on the page; pure."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from core.time_words import local
from lightning.now_and_next import OnStage, RoomNow, now_and_next
from lightning.schedule_types import ScheduleDocument


@dataclass(frozen=True)
class LiveRoom:
    """A room, or what is in none: then `name` is empty."""

    name: str
    now: list[dict[str, Any]]
    next: list[dict[str, Any]]
    is_held: bool  # a round is on in this room, with a clock of its own

    @property
    def says_nothing_is_on(self) -> bool:
        """What is in no room has no silence either."""
        return bool(self.name) and not self.is_held and not self.now


@dataclass(frozen=True)
class _Day:
    """The day on which the page is read, or before the event its first one."""

    zone: str
    at: dt.datetime

    def has(self, instant: dt.datetime) -> bool:
        return local(instant, self.zone).date() == local(self.at, self.zone).date()


@dataclass(frozen=True)
class LiveRooms:
    """Rooms with something to say, first what is for all of them, and when the clock alone changes that."""

    rooms: list[LiveRoom]
    changes_at: dt.datetime | None


def live_rooms(document: ScheduleDocument, shown: Collection[int], *, now: dt.datetime) -> LiveRooms:
    """`shown` are the sessions of the rounds with a clock: the rooms say what is on beside them, and what follows."""
    answer = now_and_next(document, now)
    others = [session for session in document["sessions"] if session["id"] not in shown]
    rest = now_and_next(document | {"sessions": others}, now)
    beside = {_key(room): room for room in rest["rooms"]}
    today = _Day(document["event"]["time_zone"], max(now, dt.datetime.fromisoformat(document["event"]["starts_at"])))
    rooms = [_room(room, beside.get(_key(room)), shown, today) for room in answer["rooms"]]
    changes_at = answer["changes_at"]
    return LiveRooms(
        rooms=sorted((room for room in rooms if room.now or room.next), key=lambda room: room.name != ""),
        changes_at=dt.datetime.fromisoformat(changes_at) if changes_at else None,
    )


def _key(room: RoomNow) -> int | None:
    return room["room"]["id"] if room["room"] else None


def _room(room: RoomNow, beside: RoomNow | None, shown: Collection[int], today: _Day) -> LiveRoom:
    following = room["next"]
    if following and following["session"] in shown:
        following = _after_the_round(room, beside)
    return LiveRoom(
        name=room["room"]["name"] if room["room"] else "",
        now=_timed((item for item in room["now"] if item["session"] not in shown), today),
        next=_timed([following] if following else [], today),
        is_held=room["late_minutes"] is not None or any(item["session"] in shown for item in room["now"]),
    )


def _after_the_round(room: RoomNow, beside: RoomNow | None) -> OnStage | None:
    """What was planned for now and waits for the round's end, else what is planned after it."""
    if beside is None:
        return None
    waiting = [item for item in beside["now"] if item not in room["now"]]
    return waiting[0] if waiting else beside["next"]


def _timed(items: Iterable[OnStage], today: _Day) -> list[dict[str, Any]]:
    """With instants; `is_other_day` where the time of day alone would mislead."""
    found = []
    for item in items:
        starts, ends = (dt.datetime.fromisoformat(text) for text in (item["starts_at"], item["ends_at"]))
        found.append({**item, "starts": starts, "ends": ends, "is_other_day": not today.has(starts)})
    return found
