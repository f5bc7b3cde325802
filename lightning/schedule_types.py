"""The shape of the schedule document: what `/api/v1/events/<event>/schedule/` returns and the schedule page draws.

Instants are ISO 8601 texts in the event's own zone with their offset; addresses are paths on this site.
"""

from typing import TypedDict


class TopicItem(TypedDict):
    """A topic that a session or talk is about."""

    slug: str
    name: str


class SpeakerItem(TypedDict):
    """A speaker's part; `url` is null for somebody who is not in the public directory."""

    name: str
    slug: str
    url: str | None
    role: str
    affiliation: str


class ResourceItem(TypedDict):
    """Slides, video, code: a link, or the address of an uploaded file."""

    kind: str
    title: str
    url: str


class TalkItem(TypedDict):
    """A lightning talk with a slot; its times are planned ones until it has been given.

    `expected_at` is when it begins as the round goes, to the minute: null unless that is on stage and the talk still to
    come. `url` is its place in the schedule, `permalink` its own page.
    """

    id: int
    uid: str
    slot: int
    title: str
    state: str
    starts_at: str | None
    ends_at: str | None
    expected_at: str | None
    notes: str
    language: str
    topics: list[TopicItem]
    speakers: list[SpeakerItem]
    resources: list[ResourceItem]
    url: str
    permalink: str


class RoundItem(TypedDict):
    """A round that has begun: `talk` is who is on stage (on, paused) or comes next (between).

    `started_at` and `ends_at` are of who is on: recorded, and expected. `late_minutes` is how much later than planned
    the next talk begins, negative when early; null where that is not known.
    """

    state: str
    talk: int | None
    started_at: str | None
    ends_at: str | None
    late_minutes: int | None


class BlockItem(TypedDict):
    """How a lightning session is cut into slots; `slots` is null while the session's length is unknown.

    `stage` is null until the round begins.
    """

    id: int
    talk_minutes: int
    changeover_minutes: int
    question_minutes: int
    slots: int | None
    open_slots: int | None
    stage: RoundItem | None
    talks: list[TalkItem]


class SessionItem(TypedDict):
    """One item of the programme; `room` and `track` are ids of the lists at the top."""

    id: int
    uid: str
    kind: str
    title: str
    number: str
    status: str
    starts_at: str | None
    ends_at: str | None
    minutes: int | None
    room: int | None
    track: int | None
    parallel: bool
    level: str
    language: str
    abstract: str
    url: str
    topics: list[TopicItem]
    speakers: list[SpeakerItem]
    resources: list[ResourceItem]
    block: BlockItem | None


class RoomItem(TypedDict):
    """One of the event's rooms."""

    id: int
    name: str
    capacity: int | None


class TrackItem(TypedDict):
    """A thread through the programme."""

    id: int
    name: str


class GroupItem(TypedDict):
    """Who holds the event."""

    slug: str
    name: str
    url: str


class VenueItem(TypedDict):
    """Where it takes place."""

    slug: str
    name: str
    address: str
    latitude: float | None
    longitude: float | None


class EventItem(TypedDict):
    """The event itself."""

    slug: str
    title: str
    summary: str
    status: str
    format: str
    starts_at: str
    ends_at: str
    time_zone: str
    language: str
    url: str
    group: GroupItem
    venue: VenueItem | None


class ScheduleDocument(TypedDict):
    """A whole programme: rooms in column order, sessions by start, room and position, the untimed last."""

    event: EventItem
    rooms: list[RoomItem]
    tracks: list[TrackItem]
    sessions: list[SessionItem]
