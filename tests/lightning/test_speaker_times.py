"""When speakers are asked and told: near and far, early and late, and across the change of clocks."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from lightning.speaker_times import chase_times, chases_due, is_asked_again, order_due_at

UTC, SINGAPORE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Asia/Singapore"), ZoneInfo("Europe/Berlin")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TOLD = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("left", "hours"),
    [
        (30 * DAY, [72, 168, 192]),
        (8 * DAY, [72, 168, 180]),  # organisers hear halfway from the second to the round
        (8 * DAY - HOUR, [191 / 3, 382 / 3, 382 / 3 + 24]),
        (6 * DAY, [48, 96, 120]),
        (2 * DAY, [16, 32, 40]),
        (3 * HOUR, [1, 2, 2.5]),
        (3 * HOUR - dt.timedelta(seconds=1), []),
        (-DAY, []),
    ],
)
def test_three_and_seven_days_or_thirds_of_what_is_left(left, hours):
    assert chase_times(TOLD, TOLD + left, SINGAPORE) == [TOLD + dt.timedelta(hours=number) for number in hours]


@pytest.mark.parametrize(
    ("told", "first"),
    [
        (dt.datetime(2026, 10, 23, 19, 0, tzinfo=BERLIN), dt.datetime(2026, 10, 26, 19, 0, tzinfo=BERLIN)),
        (dt.datetime(2027, 3, 26, 19, 0, tzinfo=BERLIN), dt.datetime(2027, 3, 29, 19, 0, tzinfo=BERLIN)),
        (dt.datetime(2027, 3, 25, 2, 30, tzinfo=BERLIN), dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC)),  # skipped
    ],
)
def test_days_are_counted_on_the_events_clock(told, first):
    assert chase_times(told, told + 30 * DAY, BERLIN)[0] == first


@pytest.mark.parametrize(
    ("after", "count"), [(72 * HOUR - dt.timedelta(seconds=1), 0), (72 * HOUR, 1), (7 * DAY, 2), (8 * DAY, 3)]
)
def test_what_is_due_is_counted(after, count):
    assert chases_due(TOLD, TOLD + 30 * DAY, UTC, TOLD + after) == count


@pytest.mark.parametrize(("left", "is_asked"), [(9 * HOUR, False), (9.1 * HOUR, True), (8 * DAY, True)])
def test_in_the_last_hours_nobody_is_asked_twice(left, is_asked):
    assert is_asked_again(TOLD, TOLD + left, UTC) is is_asked


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        (dt.datetime(2026, 11, 17, 19, 0, tzinfo=SINGAPORE), dt.datetime(2026, 11, 17, 8, 0, tzinfo=SINGAPORE)),
        (dt.datetime(2026, 11, 17, 11, 0, tzinfo=SINGAPORE), dt.datetime(2026, 11, 17, 8, 0, tzinfo=SINGAPORE)),
        (dt.datetime(2026, 11, 17, 9, 0, tzinfo=SINGAPORE), dt.datetime(2026, 11, 17, 6, 0, tzinfo=SINGAPORE)),
        (dt.datetime(2026, 11, 17, 0, 30, tzinfo=SINGAPORE), dt.datetime(2026, 11, 16, 21, 30, tzinfo=SINGAPORE)),
        (dt.datetime(2026, 10, 25, 19, 0, tzinfo=BERLIN), dt.datetime(2026, 10, 25, 7, 0, tzinfo=dt.UTC)),
        (dt.datetime(2027, 3, 28, 19, 0, tzinfo=BERLIN), dt.datetime(2027, 3, 28, 6, 0, tzinfo=dt.UTC)),
    ],
)
def test_the_running_order_is_told_in_the_morning(begins, due):
    assert order_due_at(begins, begins.tzinfo) == due
