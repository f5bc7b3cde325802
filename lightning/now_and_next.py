"""What is on and what comes next, room by room, read off a schedule document; pure, planned times only."""

import datetime as dt
from collections.abc import Iterator
from typing import TypedDict

from lightning.schedule_types import RoomItem, ScheduleDocument, SessionItem


class OnStage(TypedDict):
    """A session, or one talk of a lightning round: then `talk` is its id."""

    session: int
    talk: int | None
    title: str
    speakers: list[str]
    starts_at: str
    ends_at: str
    url: str


class RoomNow(TypedDict):
    """One room; `room` is null for what is not in any."""

    room: RoomItem | None
    now: list[OnStage]
    next: OnStage | None


class NowAndNext(TypedDict):
    """All rooms in column order; `changes_at` is when to ask again, null once nothing more comes."""

    event: str
    changes_at: str | None
    rooms: list[RoomNow]


def now_and_next(document: ScheduleDocument, at: dt.datetime) -> NowAndNext:
    """The answer at an instant; it stays the same until `changes_at`."""
    rooms = []
    moments: list[dt.datetime] = []
    for room in [*document["rooms"], None]:
        items = [item for session in document["sessions"] if _is_in(session, room) for item in _items(session)]
        moments += [moment for item in items for moment in (_start(item), _end(item)) if moment > at]
        if items or room:
            rooms.append(_room_now(room, items, at))
    zone = dt.datetime.fromisoformat(document["event"]["starts_at"]).tzinfo
    changes_at = min(moments).astimezone(zone).isoformat(timespec="seconds") if moments else None
    return NowAndNext(event=document["event"]["slug"], changes_at=changes_at, rooms=rooms)


def _room_now(room: RoomItem | None, items: list[OnStage], at: dt.datetime) -> RoomNow:
    on = [item for item in items if _start(item) <= at < _end(item)]
    coming = sorted((item for item in items if _start(item) > at), key=_start)
    return RoomNow(room=room, now=on, next=coming[0] if coming else None)


def _is_in(session: SessionItem, room: RoomItem | None) -> bool:
    return session["room"] == (room["id"] if room else None)


def _items(session: SessionItem) -> Iterator[OnStage]:
    """The talks of a round, or the session itself; nothing for what is called off or has no time."""
    if session["status"] == "cancelled" or not session["starts_at"] or not session["ends_at"]:
        return
    talks = session["block"]["talks"] if session["block"] else []
    for talk in talks:
        if talk["state"] != "no_show" and talk["starts_at"] and talk["ends_at"]:
            yield OnStage(
                session=session["id"],
                talk=talk["id"],
                title=talk["title"],
                speakers=[speaker["name"] for speaker in talk["speakers"]],
                starts_at=talk["starts_at"],
                ends_at=talk["ends_at"],
                url=talk["url"],
            )
    if not talks:
        yield OnStage(
            session=session["id"],
            talk=None,
            title=session["title"],
            speakers=[speaker["name"] for speaker in session["speakers"]],
            starts_at=session["starts_at"],
            ends_at=session["ends_at"],
            url=session["url"],
        )


def _start(item: OnStage) -> dt.datetime:
    return dt.datetime.fromisoformat(item["starts_at"])


def _end(item: OnStage) -> dt.datetime:
    return dt.datetime.fromisoformat(item["ends_at"])
