"""What is on and what comes next, room by room, read off a schedule document; pure.

A round that is on stage goes by the stage, whatever the clock says: who is on stays on, the others are expected, and
what was planned for now in its room waits.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypedDict

from lightning.schedule_types import RoomItem, RoundItem, ScheduleDocument, SessionItem, TalkItem

OVERRUN = dt.timedelta(hours=6)  # after the event, when a round that nobody finished has no say any more


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
    """One room; `room` is null for what is not in any, `late_minutes` is of the round that is on stage there."""

    room: RoomItem | None
    now: list[OnStage]
    next: OnStage | None
    late_minutes: int | None


class NowAndNext(TypedDict):
    """All rooms in column order; `changes_at` is when to ask again, null once nothing more comes."""

    event: str
    changes_at: str | None
    rooms: list[RoomNow]


@dataclass(frozen=True)
class _Piece:
    """What can be on: by the clock, or where `is_on` says so by the stage."""

    item: OnStage
    is_on: bool | None = None
    is_parallel: bool = False
    is_held: bool = False

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.item["starts_at"])

    @property
    def end(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.item["ends_at"])

    def runs(self, at: dt.datetime) -> bool:
        return self.start <= at < self.end if self.is_on is None else self.is_on

    def comes(self, at: dt.datetime) -> bool:
        return self.start > at if self.is_on is None else not self.is_on


def now_and_next(document: ScheduleDocument, at: dt.datetime) -> NowAndNext:
    """The answer at an instant; it stays the same until `changes_at`, or until the stage moves on."""
    rooms = []
    moments: list[dt.datetime] = []
    for room in [*document["rooms"], None]:
        sessions = [session for session in document["sessions"] if _is_in(session, room)]
        stages = {session["id"]: round_on_stage(document, session, at) for session in sessions}
        pieces = [piece for session in sessions for piece in _pieces(session, stages[session["id"]])]
        clocked = [piece for piece in pieces if piece.is_on is None]
        moments += [moment for piece in clocked for moment in (piece.start, piece.end) if moment > at]
        on_stage = next(filter(None, stages.values()), None)
        if pieces or room:
            rooms.append(_room_now(room, pieces, on_stage, at))
    zone = dt.datetime.fromisoformat(document["event"]["starts_at"]).tzinfo
    changes_at = min(moments).astimezone(zone).isoformat(timespec="seconds") if moments else None
    return NowAndNext(event=document["event"]["slug"], changes_at=changes_at, rooms=rooms)


def is_finished(session: SessionItem) -> bool:
    """Whether it is a round that its host has finished: then nobody of it is on or comes, whatever was planned."""
    stage = session["block"]["stage"] if session["block"] else None
    return stage is not None and stage["state"] == "finished" and session["status"] != "cancelled"


def round_on_stage(document: ScheduleDocument, session: SessionItem, at: dt.datetime) -> RoundItem | None:
    """The session's round while it is on stage."""
    stage = session["block"]["stage"] if session["block"] else None
    if stage is None or stage["state"] == "finished" or session["status"] == "cancelled":
        return None
    is_forgotten = at - OVERRUN > dt.datetime.fromisoformat(document["event"]["ends_at"])
    return None if is_forgotten else stage


def _room_now(room: RoomItem | None, pieces: list[_Piece], on_stage: RoundItem | None, at: dt.datetime) -> RoomNow:
    if on_stage and room:
        pieces = [_held(piece, at) for piece in pieces]
    on = [piece.item for piece in pieces if piece.runs(at)]
    coming = sorted((piece for piece in pieces if piece.comes(at)), key=lambda piece: (piece.is_held, piece.start))
    return RoomNow(
        room=room,
        now=on,
        next=coming[0].item if coming else None,
        late_minutes=on_stage["late_minutes"] if on_stage else None,
    )


def _held(piece: _Piece, at: dt.datetime) -> _Piece:
    """What was planned for now waits until the round in its room is over."""
    is_held = piece.is_on is None and not piece.is_parallel and piece.runs(at)
    return replace(piece, is_on=False, is_held=True) if is_held else piece


def _is_in(session: SessionItem, room: RoomItem | None) -> bool:
    return session["room"] == (room["id"] if room else None)


def _pieces(session: SessionItem, stage: RoundItem | None) -> Iterator[_Piece]:
    """The talks of a round, or the session itself; nothing for what is called off or finished, or has no time."""
    if session["status"] == "cancelled" or is_finished(session) or not session["starts_at"] or not session["ends_at"]:
        return
    block = session["block"]
    talks = block["talks"] if block else []
    for talk in talks:
        piece = _by_stage(session, talk, stage) if stage else _by_clock(session, talk)
        if piece:
            yield piece
    if not talks:
        yield _Piece(
            OnStage(
                session=session["id"],
                talk=None,
                title=session["title"],
                speakers=[speaker["name"] for speaker in session["speakers"]],
                starts_at=session["starts_at"],
                ends_at=session["ends_at"],
                url=session["url"],
            ),
            is_parallel=session["parallel"],
        )


def _by_clock(session: SessionItem, talk: TalkItem) -> _Piece | None:
    if talk["state"] == "no_show" or not talk["starts_at"] or not talk["ends_at"]:
        return None
    return _Piece(_talk(session, talk, talk["starts_at"], talk["ends_at"]))


def _by_stage(session: SessionItem, talk: TalkItem, stage: RoundItem) -> _Piece | None:
    """Who is on, and who is still expected; who has been on is neither."""
    if stage["talk"] == talk["id"] and stage["started_at"] and stage["ends_at"]:
        return _Piece(_talk(session, talk, stage["started_at"], stage["ends_at"]), is_on=True)
    if not talk["expected_at"] or not talk["starts_at"] or not talk["ends_at"]:
        return None
    length = dt.datetime.fromisoformat(talk["ends_at"]) - dt.datetime.fromisoformat(talk["starts_at"])
    ends_at = dt.datetime.fromisoformat(talk["expected_at"]) + length
    return _Piece(_talk(session, talk, talk["expected_at"], ends_at.isoformat(timespec="seconds")), is_on=False)


def _talk(session: SessionItem, talk: TalkItem, starts_at: str, ends_at: str) -> OnStage:
    return OnStage(
        session=session["id"],
        talk=talk["id"],
        title=talk["title"],
        speakers=[speaker["name"] for speaker in talk["speakers"]],
        starts_at=starts_at,
        ends_at=ends_at,
        url=talk["url"],
    )
