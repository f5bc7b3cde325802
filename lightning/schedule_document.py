"""Builds the schedule document: one tree of plain values that the API returns and the schedule page draws.

It holds neither a version nor the time of day: the same rows give the same bytes.
"""

import datetime as dt
import json
from zoneinfo import ZoneInfo

from django.urls import reverse

from core.fingerprint import fingerprint
from core.zones import local_text
from events.models import Event
from lightning.block_times import BlockTimes
from lightning.models import Talk
from lightning.models.talk import is_announced
from lightning.progress import Facts, Progress, Slot, progress, to_the_minute
from lightning.schedule_types import (
    BlockItem,
    EventItem,
    GroupItem,
    RoundItem,
    ScheduleDocument,
    SessionItem,
    TalkItem,
    VenueItem,
)
from lightning.selectors.schedule import Owner, Row, ScheduleRows, read_schedule, schedule_rows
from lightning.stage_round import State

FORMAT = 2  # part of every ETag: raise it when the document's shape changes

MINUTE = dt.timedelta(minutes=1)


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
    facts = _facts(session, times, talks)
    went = progress(facts) if facts else Progress({}, None)
    return BlockItem(
        id=session["block__id"],
        talk_minutes=times.talk_minutes,
        changeover_minutes=times.changeover_minutes,
        question_minutes=times.question_minutes,
        slots=slots,
        open_slots=None if slots is None else max(0, slots - len(talks) - session["held"]),
        stage=_round(event, facts, went) if facts else None,
        talks=[
            _talk(event, shown(talk, session), talk_times(times, session["starts_at"], talk), went, rows)
            for talk in talks
        ],
    )


def _facts(session: Row, times: BlockTimes, talks: list[Row]) -> Facts | None:
    """What was recorded of a round that has begun."""
    if session["block__stage__state"] in (None, State.READY.value):
        return None
    columns = ("started_at", "paused_at", "paused_for", "extra")
    slots = [Slot(*(talk[name] for name in ("id", "position", "state", "started_at", "ended_at"))) for talk in talks]
    return Facts(
        times=times,
        starts_at=session["starts_at"],
        slots=slots,
        state=State(session["block__stage__state"]),
        talk=session["block__stage__talk_id"],
        **{name: session[f"block__stage__{name}"] for name in columns},
    )


def _round(event: Event, facts: Facts, went: Progress) -> RoundItem:
    coming = next(iter(facts.coming), None)
    is_on = facts.state in (State.ON, State.PAUSED)
    return RoundItem(
        state=facts.state.value,
        talk=facts.talk if is_on else coming.id if coming and facts.state is not State.FINISHED else None,
        started_at=_text(facts.started_at, event.zone) if is_on else None,
        ends_at=_text(facts.ends_at, event.zone) if is_on else None,
        late_minutes=None if went.late is None else (went.late + MINUTE / 2) // MINUTE,
    )


def shown(talk: Row, session: Row) -> Row:
    """A slot whose speaker does not know yet that it is theirs is there, and says nothing about them."""
    if is_announced(talk["state"], talk["told_state"], session["block__stage__state"]):
        return talk
    return talk | {"title": "", "notes": "", "language": "", "code": ""}


def _talk(
    event: Event, row: Row, planned: tuple[dt.datetime | None, ...], went: Progress, rows: ScheduleRows
) -> TalkItem:
    owner: Owner = ("talk", row["id"])
    expected = went.expected.get(row["id"])
    return TalkItem(
        id=row["id"],
        uid=str(row["ical_uid"]),
        slot=row["position"] + 1,
        title=row["title"],
        state=row["state"],
        starts_at=_text(planned[0], event.zone),
        ends_at=_text(planned[1], event.zone),
        expected_at=_text(expected and to_the_minute(expected), event.zone),
        notes=row["notes"],
        language=row["language"],
        topics=rows.topics.get(owner, []),
        speakers=rows.speakers.get(owner, []),
        resources=rows.resources.get(owner, []),
        url=_anchor(event, *owner),
        permalink=reverse("talk", args=[row["code"]]) if row["code"] else _anchor(event, *owner),
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
