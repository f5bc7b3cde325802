"""The shape of the stage document: what every screen of a round draws, from the API and from the stream alike.

Instants are ISO 8601 texts in UTC with milliseconds (`2026-11-27T11:00:00.000Z`), durations are whole milliseconds.
"""

from typing import TypedDict


class StageSpeaker(TypedDict):
    """Who gives a talk."""

    name: str
    affiliation: str


class StageTalk(TypedDict):
    """A talk of the running order, or of the stand-by queue: then `slot` is null.

    `expected_at` is when it begins as things went so far, null when it is over or has no time. `url` is its short link.
    """

    id: int
    slot: int | None
    title: str
    speakers: list[StageSpeaker]
    state: str
    starts_at: str | None
    expected_at: str | None
    started_at: str | None
    ended_at: str | None
    is_first: bool
    is_here: bool
    url: str


class StageDocument(TypedDict):
    """Everything public about a round on stage.

    `state` is ready, on, paused, between or finished. `talk` is the id of who is on stage (on, paused) or comes next
    (ready, between); null when nobody is left. Time left of who is on:
    `length_ms + extra_ms - ((paused_at or now) - started_at - paused_ms)`, negative once it is over: then `question_ms`
    are for questions, and what goes beyond them is overtime. `slot_ms` is from one talk's start to the next as planned,
    `changeover_ms` the last part of it. `late_ms` is how much later than planned the next talk begins, as things went
    so far; negative when early, null without a planned time. `stand_by` is empty but for who may command the stage.
    What depends on the clock alone (whether proposals are taken at this minute) is asked elsewhere: the same rows give
    the same bytes.
    """

    event: str
    event_title: str
    event_url: str
    block: int
    title: str
    room: str
    time_zone: str
    version: int
    state: str
    talk: int | None
    started_at: str | None
    paused_at: str | None
    paused_ms: int
    extra_ms: int
    length_ms: int
    question_ms: int
    changeover_ms: int
    slot_ms: int
    late_ms: int | None
    starts_at: str | None
    slots: int | None
    open_slots: int | None
    propose_url: str
    talks: list[StageTalk]
    stand_by: list[StageTalk]
