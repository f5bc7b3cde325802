"""Builds the stage document: what the projector, the remote, the speaker's clock and the audience's page draw.

It holds no time of day: the same rows give the same bytes. Addresses are paths on this site.
"""

import datetime as dt
import json

from django.urls import reverse

from core.fingerprint import fingerprint
from lightning.links import propose_path
from lightning.models import Block
from lightning.models.talk import is_announced
from lightning.progress import Facts, Progress, Slot, progress
from lightning.selectors.stage import Row, StageRows, facts_of_stage, read_stage, stage_rows
from lightning.stage_round import OPEN, State
from lightning.stage_types import StageDocument, StageTalk

FORMAT = 2  # part of every ETag: raise it when the document's shape changes
NOT_YET = "…"  # instead of the title of a slot whose speaker does not know of it
MILLISECOND = dt.timedelta(milliseconds=1)
MINUTE_MS = 60_000


def stage_fingerprint(block: Block) -> str:
    """Changes whenever a row that the document shows is written, added or removed; one query."""
    return fingerprint(*stage_rows(block))


def build_stage_document(block: Block, *, for_hosts: bool = False) -> StageDocument:
    """Where the round stands in the database, whatever was loaded with the block; three queries.

    Who stands by is told to hosts alone: the schedule does not name them, either.
    """
    rows = read_stage(block.pk)
    session, stage, times = rows.block.session, rows.stage, rows.block.times
    event, is_on = session.event, stage.state in (State.ON.value, State.PAUSED.value)
    went = progress(facts_of(rows))
    return StageDocument(
        event=event.slug,
        event_title=event.title,
        event_url=event.get_absolute_url(),
        block=rows.block.pk,
        title=session.title,
        room=session.room.name if session.room else "",
        time_zone=event.time_zone,
        version=stage.version,
        state=stage.state,
        talk=_talk_in_question(rows),
        started_at=_text(stage.started_at),
        paused_at=_text(stage.paused_at),
        paused_ms=stage.paused_for // MILLISECOND if is_on else 0,
        extra_ms=stage.extra // MILLISECOND if is_on else 0,
        length_ms=times.talk_minutes * MINUTE_MS,
        question_ms=times.question_minutes * MINUTE_MS,
        changeover_ms=times.changeover_minutes * MINUTE_MS,
        slot_ms=times.slot_minutes * MINUTE_MS,
        late_ms=None if went.late is None else went.late // MILLISECOND,
        starts_at=_text(session.starts_at),
        slots=rows.block.slots,
        open_slots=_open_slots(rows),
        propose_url=_propose_url(rows.block),
        talks=[_talk(rows, talk if for_hosts else _shown(rows, talk), went) for talk in rows.lineup],
        stand_by=[_talk(rows, talk, went) for talk in rows.stand_by] if for_hosts else [],
    )


def stage_bytes(document: StageDocument) -> bytes:
    """The document as UTF-8 JSON without white space, keys in the order of the types."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def facts_of(rows: StageRows) -> Facts:
    """What of the rows says how the round goes."""
    columns = ("id", "position", "state", "started_at", "ended_at")
    return facts_of_stage(rows.stage, rows.block, [Slot(*(talk[name] for name in columns)) for talk in rows.lineup])


def _talk_in_question(rows: StageRows) -> int | None:
    """Who is on; else who comes next in the order of this moment, which may have changed since the last command."""
    state = State(rows.stage.state)
    if state in (State.ON, State.PAUSED):
        on: int | None = rows.stage.talk_id
        return on
    coming = [talk["id"] for talk in rows.lineup if talk["state"] in OPEN]
    return coming[0] if coming and state is not State.FINISHED else None


def _open_slots(rows: StageRows) -> int | None:
    """Slots that nobody has and that are not held for somebody who was offered one."""
    slots = rows.block.slots
    if slots is None:
        return None
    return max(0, slots - len(rows.lineup) - sum(talk["has_offer"] for talk in rows.stand_by))


def _propose_url(block: Block) -> str:
    """Where a talk is proposed; empty without a call."""
    if not hasattr(block, "call"):
        return ""
    return propose_path(block)


def _shown(rows: StageRows, talk: Row) -> Row:
    """Without whoever does not know yet that the slot is theirs, until the round begins."""
    if is_announced(talk["state"], talk["told_state"], rows.stage.state):
        return talk
    return talk | {"title": NOT_YET, "code": "", "is_first_talk": False}


def _talk(rows: StageRows, talk: Row, went: Progress) -> StageTalk:
    position, begins = talk["position"], rows.block.session.starts_at
    planned = None if position is None or begins is None else rows.block.times.planned_start(begins, position)
    return StageTalk(
        id=talk["id"],
        slot=None if position is None else position + 1,
        title=talk["title"],
        speakers=rows.speakers.get(talk["id"], []) if talk["code"] else [],
        state=talk["state"],
        starts_at=_text(planned),
        expected_at=_text(went.expected.get(talk["id"])),
        started_at=_text(talk["started_at"]),
        ended_at=_text(talk["ended_at"]),
        is_first=talk["is_first_talk"],
        is_here=talk["here_at"] is not None,
        url=reverse("talk", args=[talk["code"]]) if talk["code"] else rows.block.session.event.get_absolute_url(),
    )


def _text(instant: dt.datetime | None) -> str | None:
    """UTC with milliseconds and a Z, as JavaScript writes it."""
    if instant is None:
        return None
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
