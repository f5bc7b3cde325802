"""The arithmetic of a block."""

import datetime as dt

import pytest

from lightning.block_times import BlockTimes

START = dt.datetime(2026, 3, 19, 5, 15, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("talk", "changeover", "questions", "length", "slots"),
    [
        (5, 0, 0, 135, 27),  # the Expert Day
        (5, 1, 0, 135, 22),  # 22 x 6 = 132, and nobody changes over after the last
        (5, 1, 0, 131, 22),
        (5, 1, 0, 130, 21),
        (5, 1, 2, 40, 5),  # 5 x 7 + 4 x 1 = 39
        (5, 1, 0, 5, 1),
        (5, 1, 0, 4, 0),
        (10, 0, 0, 5, 0),
        (5, 1, 0, None, None),
    ],
)
def test_slots_that_fit(talk, changeover, questions, length, slots):
    assert BlockTimes(talk, changeover, questions).slots(length) == slots


def test_planned_times_of_each_talk():
    times = BlockTimes(talk_minutes=5, changeover_minutes=1, question_minutes=2)
    planned = [(times.planned_start(START, i), times.planned_end(START, i)) for i in range(3)]
    minutes = [tuple((when - START).seconds // 60 for when in pair) for pair in planned]
    assert minutes == [(0, 7), (8, 15), (16, 23)]


@pytest.mark.parametrize(("minutes", "spare"), [(0, 0), (4, 4), (5, 0), (10, 5), (11, 0), (164, 3), (161, 0)])
def test_what_is_left_behind_the_last_slot_is_too_short_for_another(minutes, spare):
    assert BlockTimes(5, 1, 0).spare_minutes(minutes) == spare
