"""Builds the schedule document: one tree of plain values that the API returns and the schedule page draws.

It holds neither a version nor the time of day: the same rows give the same bytes.
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from core.fingerprint import fingerprint
from core.zones import local_text
from events.models import Event
from lightning.block_times import BlockTimes
from lightning.models import Talk
from lightning.schedule_types import (
    BlockItem,
    EventItem,
    GroupItem,
    ScheduleDocument,
    SessionItem,
    TalkItem,
    VenueItem,
)
from lightning.selectors.schedule import Owner, Row, ScheduleRows, read_schedule, schedule_rows

FORMAT = 1  # part of every ETag: raise it when the document's shape changes


def schedule_fingerprint(event: Event) -> str:
    """Changes whenever a row that the document shows is written, added or removed; one query."""
    return fingerprint(*schedule_rows(event))


def build_schedule_document(event: Event) -> ScheduleDocument:
    """The programme of an event whose group and venue are loaded; six queries, however long the programme."""
    rows = read_schedule(event)
    columns = {room["id"]: column for column, room in enumerate(rows.rooms)}
    # A session without a room is for everybody, so it stands before those that run beside each other
    order = sorted(
        rows.sessions,
        key=lambda row: (
            row["starts_at"] is None,
            row["starts_at"] or event.starts_at,
            columns.get(row["room_id"], -1),
            row["position"],
            row["id"],
        ),
    )
    return ScheduleDocument(
        event=_event(event),
        rooms=rows.rooms,
        tracks=rows.tracks,
        sessions=[_session(event, row, rows) for row in order],
    )


def schedule_bytes(document: ScheduleDocument) -> bytes:
    """The document as UTF-8 JSON without white space, keys in the order of the types."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _event(event: Event) -> EventItem:
    return EventItem(
        slug=event.slug,
        title=event.title,
        summary=event.summary,
        status=event.status,
        format=event.format,
        starts_at=local_text(event.starts_at, event.zone),
        ends_at=local_text(event.ends_at, event.zone),
        time_zone=event.time_zone,
        language=event.language,
        url=event.get_absolute_url(),
        group=GroupItem(slug=event.group.slug, name=event.group.name, url=event.group.get_absolute_url()),
        venue=_venue(event),
    )


def _venue(event: Event) -> VenueItem | None:
    venue = event.venue
    if venue is None:
        return None
    return VenueItem(
        slug=venue.slug,
        name=venue.name,
        address=venue.address,
        latitude=None if venue.latitude is None else float(venue.latitude),
        longitude=None if venue.longitude is None else float(venue.longitude),
    )


def _session(event: Event, row: Row, rows: ScheduleRows) -> SessionItem:
    owner: Owner = ("session", row["id"])
    return SessionItem(
        id=row["id"],
        uid=str(row["ical_uid"]),
        kind=row["kind"],
        title=row["title"],
        number=row["number"],
        status=row["status"],
        starts_at=_text(row["starts_at"], event.zone),
        ends_at=_text(row["ends_at"], event.zone),
        minutes=row["minutes"],
        room=row["room_id"],
        track=row["track_id"],
        parallel=row["parallel"],
        level=row["level"],
        language=row["language"],
        abstract=row["abstract"],
        url=_anchor(event, *owner),
        topics=rows.topics.get(owner, []),
        speakers=rows.speakers.get(owner, []),
        resources=rows.resources.get(owner, []),
        block=_block(event, row, rows) if row["block__id"] else None,
    )


def _block(event: Event, session: Row, rows: ScheduleRows) -> BlockItem:
    names = ("talk_minutes", "changeover_minutes", "question_minutes")
    times = BlockTimes(*(session[f"block__{name}"] for name in names))
    slots = times.slots(session["minutes"])
    talks = rows.talks.get(session["block__id"], [])
    return BlockItem(
        id=session["block__id"],
        talk_minutes=times.talk_minutes,
        changeover_minutes=times.changeover_minutes,
        question_minutes=times.question_minutes,
        slots=slots,
        open_slots=None if slots is None else slots - sum(talk["position"] < slots for talk in talks),
        talks=[_talk(event, session, times, talk, rows) for talk in talks],
    )


def _talk(event: Event, session: Row, times: BlockTimes, row: Row, rows: ScheduleRows) -> TalkItem:
    owner: Owner = ("talk", row["id"])
    starts_at, ends_at = talk_times(times, session["starts_at"], row)
    return TalkItem(
        id=row["id"],
        uid=str(row["ical_uid"]),
        slot=row["position"] + 1,
        title=row["title"],
        state=row["state"],
        starts_at=_text(starts_at, event.zone),
        ends_at=_text(ends_at, event.zone),
        notes=row["notes"],
        language=row["language"],
        topics=rows.topics.get(owner, []),
        speakers=rows.speakers.get(owner, []),
        resources=rows.resources.get(owner, []),
        url=_anchor(event, *owner),
    )


def talk_times(
    times: BlockTimes, block_starts_at: dt.datetime | None, talk: Row
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When the talk was given, where that was recorded; else when it is planned, where the block has a start."""
    length = dt.timedelta(minutes=times.talk_minutes + times.question_minutes)
    if talk["state"] == Talk.State.GIVEN and talk["started_at"]:
        return talk["started_at"], talk["ended_at"] or talk["started_at"] + length
    if block_starts_at is None:
        return None, None
    start = times.planned_start(block_starts_at, talk["position"])
    return start, start + length


def _text(instant: dt.datetime | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else local_text(instant, zone)


def _anchor(event: Event, what: str, pk: int) -> str:
    return f"{event.get_absolute_url()}schedule/#{what}-{pk}"
