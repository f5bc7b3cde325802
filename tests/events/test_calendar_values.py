"""What a feed keeps on a given UTC day."""

import datetime as dt
from dataclasses import replace

import pytest

from events.calendar_values import CalendarEntry, EntryStatus, Window
from tests.events.calendar_samples import MEETUP

WINDOW = Window(dt.date(2026, 6, 16))
DAY = dt.timedelta(days=1)


def entry(days: float, *, uid: str = "e", status: EntryStatus = EntryStatus.CONFIRMED) -> CalendarEntry:
    """An entry of two hours that ends `days` after the window's midnight."""
    end = WINDOW.midnight + days * DAY
    return replace(MEETUP, uid=uid, starts_at=end - dt.timedelta(hours=2), ends_at=end, status=status)


@pytest.mark.parametrize(
    ("status", "last_days"),
    [
        (EntryStatus.CONFIRMED, -60),
        (EntryStatus.TENTATIVE, -60),
        (EntryStatus.POSTPONED, 0),
        (EntryStatus.CANCELLED, -7),
    ],
)
def test_the_past_a_feed_keeps_depends_on_the_status(status: EntryStatus, last_days: int) -> None:
    minute = 1 / 24 / 60
    ends = [last_days - minute, last_days, last_days + minute]
    assert [WINDOW.includes(entry(end, status=status)) for end in ends] == [False, False, True]


def test_the_future_ends_after_four_hundred_days() -> None:
    assert [WINDOW.includes(entry(end)) for end in (399, 400, 400 + 2 / 24, 401)] == [True, True, False, False]


def test_the_nearest_come_first_and_the_rest_is_left_out() -> None:
    entries = [
        entry(300, uid="far"),
        entry(-3, uid="past"),
        entry(2, uid="b"),
        entry(2, uid="a"),
        entry(500, uid="out"),
    ]
    assert [kept.uid for kept in WINDOW.nearest_first(entries)] == ["a", "b", "past", "far"]
