"""When the talks to come are expected to begin, and how late a round runs: from what was recorded, without a clock.

Until a round begins, what is planned is expected; who does not come moves the others forward. From then on talks follow
each other as the block cuts them: neither an empty slot nor a no-show takes time. All instants are in UTC.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lightning.block_times import BlockTimes
from lightning.stage_round import NO_SHOW, OPEN, State

NONE = dt.timedelta(0)


@dataclass(frozen=True)
class Slot:
    """A talk of the running order, and when it was on."""

    id: int
    position: int
    state: str
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Facts:
    """A round as it was recorded: its plan, its running order, and the stage with who is on it."""

    times: BlockTimes
    starts_at: dt.datetime | None
    slots: Sequence[Slot]
    state: State = State.READY
    talk: int | None = None
    started_at: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    paused_for: dt.timedelta = NONE
    extra: dt.timedelta = NONE

    @property
    def coming(self) -> list[Slot]:
        """Who has not been on yet."""
        on = self.talk if self.state in (State.ON, State.PAUSED) else None
        return [slot for slot in self.slots if slot.state in OPEN and slot.id != on]

    @property
    def ends_at(self) -> dt.datetime | None:
        """When the time of who is on is over, as things went so far; None while nobody is."""
        if self.started_at is None:
            return None
        return self.started_at + self.extra + self.paused_for + dt.timedelta(minutes=self.times.talk_minutes)

    @property
    def last_end(self) -> dt.datetime | None:
        """When the last talk that was given came off."""
        return max((slot.ended_at for slot in self.slots if slot.ended_at), default=None)


@dataclass(frozen=True)
class Progress:
    """The expected start of every talk to come by its id, and how much later than planned the next one begins.

    `late` is negative when early; while the last talk is on it tells how late that ends. None where nothing is known.
    """

    expected: dict[int, dt.datetime]
    late: dt.timedelta | None


def to_the_minute(instant: dt.datetime) -> dt.datetime:
    """An expected time as people are told it: to the nearest minute, halves up."""
    return (instant + dt.timedelta(seconds=30)).replace(second=0, microsecond=0)


def progress(facts: Facts) -> Progress:
    """As things went so far: the same facts give the same answer at any time."""
    return _progress(facts, None)


def progress_at(facts: Facts, now: dt.datetime) -> Progress:
    """The same with what runs on silently: overtime, a pause, a round that should have begun, a long change."""
    return _progress(facts, now)


def _progress(facts: Facts, now: dt.datetime | None) -> Progress:
    if facts.state is State.FINISHED:
        return Progress({}, None)
    free_at = _free_at(facts, now)
    expected = _planned(facts, now) if free_at is None else _in_a_row(facts, free_at)
    return Progress(expected, _late(facts, expected, free_at))


def _free_at(facts: Facts, now: dt.datetime | None) -> dt.datetime | None:
    """When the next talk can begin; None while none has been on."""
    if facts.started_at is not None:
        end = facts.started_at + facts.extra + _paused(facts, now)
        end += dt.timedelta(minutes=facts.times.talk_minutes + facts.times.question_minutes)
        return _not_before(end, now) + dt.timedelta(minutes=facts.times.changeover_minutes)
    if facts.last_end is None:
        return None
    return _not_before(facts.last_end + dt.timedelta(minutes=facts.times.changeover_minutes), now)


def _paused(facts: Facts, now: dt.datetime | None) -> dt.timedelta:
    if now is None or facts.paused_at is None:
        return facts.paused_for
    return facts.paused_for + max(NONE, now - facts.paused_at)


def _planned(facts: Facts, now: dt.datetime | None) -> dict[int, dt.datetime]:
    """Before the round: the plan without those who do not come, and not in the past."""
    if facts.starts_at is None:
        return {}
    missing = [slot.position for slot in facts.slots if slot.state == NO_SHOW]
    expected = {}
    for slot in facts.coming:
        place = slot.position - sum(position < slot.position for position in missing)
        expected[slot.id] = facts.times.planned_start(facts.starts_at, place)
    if now is None or not expected:
        return expected
    waited = max(NONE, now - next(iter(expected.values())))
    return {talk: start + waited for talk, start in expected.items()}


def _in_a_row(facts: Facts, first: dt.datetime) -> dict[int, dt.datetime]:
    step = dt.timedelta(minutes=facts.times.slot_minutes)
    return {slot.id: first + step * number for number, slot in enumerate(facts.coming)}


def _late(facts: Facts, expected: dict[int, dt.datetime], free_at: dt.datetime | None) -> dt.timedelta | None:
    if facts.starts_at is None:
        return None
    if facts.coming:
        slot = facts.coming[0]
        return expected[slot.id] - facts.times.planned_start(facts.starts_at, slot.position)
    on = next((slot for slot in facts.slots if slot.id == facts.talk and facts.started_at), None)
    if on is None or free_at is None:
        return None
    return free_at - facts.times.planned_start(facts.starts_at, on.position + 1)


def _not_before(instant: dt.datetime, now: dt.datetime | None) -> dt.datetime:
    return instant if now is None else max(instant, now)
