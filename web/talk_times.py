"""What a talk's page says about time: planned, expected as the round goes, and what it was."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from lightning.models import Talk
from lightning.progress import to_the_minute
from lightning.round_times import slot_ends_at, slot_starts_at
from lightning.stage_document import build_stage_document
from lightning.stage_round import RUNNING, State
from web.stage_words import late_words

MINUTE = dt.timedelta(minutes=1)
ON_STAGE = (State.ON.value, State.PAUSED.value)


@dataclass(frozen=True)
class TalkTimes:
    """`expected` while the round is on and the talk is still to come; `began` and `ended` as recorded."""

    starts: dt.datetime | None
    ends: dt.datetime | None
    began: dt.datetime | None
    ended: dt.datetime | None
    expected: dt.datetime | None
    is_on: bool
    length: str
    planned_length: str

    @property
    def late_minutes(self) -> int:
        """How much later than planned it is expected; negative when earlier."""
        if self.expected is None or self.starts is None:
            return 0
        return round((self.expected - self.starts) / MINUTE)

    @property
    def lateness(self) -> str:
        """Running 7 min late; empty when the round is on time."""
        return late_words(self.late_minutes) if self.late_minutes else ""


def times_of(talk: Talk) -> TalkTimes:
    """Three queries while the round is on, none before and after; reads the block with stage, session and event."""
    stage = getattr(talk.block, "stage", None)
    is_running = bool(stage and stage.state in RUNNING)
    is_on = bool(stage and stage.talk_id == talk.pk and stage.state in ON_STAGE)
    is_to_come = is_running and not is_on and talk.started_at is None
    length = talk.ended_at - talk.started_at if talk.started_at and talk.ended_at else None
    return TalkTimes(
        starts=slot_starts_at(talk),
        ends=slot_ends_at(talk),
        began=talk.started_at,
        ended=talk.ended_at,
        expected=_expected(talk) if is_to_come else None,
        is_on=is_on,
        length=clock_length(length) if length is not None else "",
        planned_length=clock_length(talk.block.talk_minutes * MINUTE),
    )


def clock_length(length: dt.timedelta) -> str:
    """5:12, 1:02:30."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def length_words(times: TalkTimes) -> str:
    """5:12 of 5:00."""
    return gettext("%(length)s of %(planned)s") % {"length": times.length, "planned": times.planned_length}


def _expected(talk: Talk) -> dt.datetime | None:
    for item in build_stage_document(talk.block)["talks"]:
        if item["id"] == talk.pk and item["expected_at"]:
            return to_the_minute(dt.datetime.fromisoformat(item["expected_at"]))
    return None
