"""When talks are expected: from the plan, from what was recorded, and from what runs on silently."""

import datetime as dt
from dataclasses import replace

import pytest

from lightning.block_times import BlockTimes
from lightning.progress import Facts, Progress, Slot, progress, progress_at
from lightning.stage_round import State

T = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
TIMES = BlockTimes(talk_minutes=5, changeover_minutes=1, question_minutes=2)  # a slot is eight minutes


def at(minutes: float) -> dt.datetime:
    return T + dt.timedelta(minutes=minutes)


def slot(number: int, state: str = "confirmed", start: float | None = None, end: float | None = None) -> Slot:
    """The talk `number` in the slot before it."""
    times = (None if minutes is None else at(minutes) for minutes in (start, end))
    return Slot(number, number - 1, state, *times)


def facts(*slots: Slot, state: State = State.READY, on: int | None = None, start: float | None = None) -> Facts:
    return Facts(TIMES, T, slots, state, on, None if start is None else at(start))


def shown(went: Progress) -> tuple[dict[int, float], float | None]:
    """In minutes from the planned beginning."""
    minute = dt.timedelta(minutes=1)
    expected = {talk: (start - T) / minute for talk, start in went.expected.items()}
    return expected, None if went.late is None else went.late / minute


GIVEN = slot(1, "given", start=3, end=12)  # three minutes late, one more than its seven with questions, one more again
ON_SECOND = facts(GIVEN, slot(2), slot(3), slot(4), state=State.ON, on=2, start=13)
BETWEEN = facts(GIVEN, slot(2), slot(3), state=State.BETWEEN, on=2)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        pytest.param(facts(slot(1), slot(2)), ({1: 0, 2: 8}, 0), id="as planned until it begins"),
        pytest.param(facts(slot(1), slot(4)), ({1: 0, 4: 24}, 0), id="open slots stay open until it begins"),
        pytest.param(facts(slot(1, "no_show"), slot(2)), ({2: 0}, -8), id="who does not come moves the others forward"),
        pytest.param(facts(slot(1, "no_show")), ({}, None), id="nobody left"),
        pytest.param(facts(), ({}, None), id="nobody at all"),
        pytest.param(ON_SECOND, ({3: 21, 4: 29}, 5), id="later, as who is on began later"),
        pytest.param(
            facts(slot(1), slot(4), state=State.ON, on=1, start=0), ({4: 8}, -16), id="an open slot is no pause"
        ),
        pytest.param(
            replace(ON_SECOND, extra=dt.timedelta(minutes=2), paused_for=dt.timedelta(minutes=1)),
            ({3: 24, 4: 32}, 8),
            id="extra time and pauses are added",
        ),
        pytest.param(
            replace(ON_SECOND, state=State.PAUSED, paused_at=at(15)), ({3: 21, 4: 29}, 5), id="a pause so far is not"
        ),
        pytest.param(BETWEEN, ({2: 13, 3: 21}, 5), id="after the change of speakers"),
        pytest.param(
            facts(slot(1), slot(2), state=State.BETWEEN, on=1), ({1: 0, 2: 8}, 0), id="back from the first talk"
        ),
        pytest.param(facts(GIVEN, slot(2), state=State.ON, on=2, start=13), ({}, 5), id="how late the last one ends"),
        pytest.param(
            facts(GIVEN, slot(3), state=State.ON, on=7, start=13), ({3: 21}, 5), id="who is on left the order"
        ),
        pytest.param(facts(GIVEN, state=State.ON, on=7, start=13), ({}, None), id="and nobody is left"),
        pytest.param(facts(GIVEN, slot(2), state=State.FINISHED), ({}, None), id="over"),
    ],
)
def test_as_things_went_so_far(recorded: Facts, expected: object) -> None:
    assert shown(progress(recorded)) == expected


@pytest.mark.parametrize(
    ("recorded", "now", "expected"),
    [
        pytest.param(facts(slot(1), slot(2)), -30, ({1: 0, 2: 8}, 0), id="long before"),
        pytest.param(facts(slot(1), slot(2)), 4, ({1: 4, 2: 12}, 4), id="it should have begun"),
        pytest.param(facts(), 4, ({}, None), id="nobody to wait for"),
        pytest.param(ON_SECOND, 19, ({3: 21, 4: 29}, 5), id="in time"),
        pytest.param(ON_SECOND, 23, ({3: 24, 4: 32}, 8), id="overtime runs on"),
        pytest.param(
            replace(ON_SECOND, state=State.PAUSED, paused_at=at(15)), 18, ({3: 24, 4: 32}, 8), id="a pause does"
        ),
        pytest.param(BETWEEN, 12, ({2: 13, 3: 21}, 5), id="they change over"),
        pytest.param(BETWEEN, 17, ({2: 17, 3: 25}, 9), id="it takes them long"),
        pytest.param(facts(GIVEN, state=State.FINISHED), 99, ({}, None), id="over"),
    ],
)
def test_with_what_runs_on_silently(recorded: Facts, now: float, expected: object) -> None:
    assert shown(progress_at(recorded, at(now))) == expected


def test_a_round_without_a_time_knows_what_follows_who_is_on_but_not_how_late() -> None:
    untimed = replace(ON_SECOND, starts_at=None)
    assert shown(progress(untimed)) == ({3: 21, 4: 29}, None)
    assert progress_at(replace(untimed, started_at=None, slots=[slot(1)], state=State.READY), T) == Progress({}, None)
