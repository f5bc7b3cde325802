"""Local times of a pasted agenda become instants within the event, and lengths only where the timetable says them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from events.agenda_text.result import Item
from lightning.agenda_plan import Hours, Plan, block_times, plan
from lightning.block_times import BlockTimes

SINGAPORE, BERLIN = ZoneInfo("Asia/Singapore"), ZoneInfo("Europe/Berlin")


def hours(starts: str, ends: str, zone: ZoneInfo = SINGAPORE) -> Hours:
    """An event from one local time to another, "YYYY-MM-DDTHH:MM"."""
    instants = [dt.datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(dt.UTC) for text in (starts, ends)]
    return Hours(*instants, zone)


EVENING = hours("2026-03-19T19:00", "2026-03-19T21:15")


def items(*starts: str | None, minutes: int | None = None) -> list[Item]:
    return [Item(line=i, title=f"Item {i}", starts=at, minutes=minutes) for i, at in enumerate(starts, 1)]


def local(result: Plan, zone: ZoneInfo = SINGAPORE) -> list[tuple[str | None, int | None]]:
    """Local starts and lengths, as a reader would say them."""
    return [(p.starts_at and p.starts_at.astimezone(zone).strftime("%d %H:%M"), p.minutes) for p in result.placed]


def test_an_item_lasts_up_to_the_next_and_the_last_up_to_the_end() -> None:
    assert local(plan(items("19:00", "19:20", "20:30"), EVENING)) == [
        ("19 19:00", 20),
        ("19 19:20", 70),
        ("19 20:30", 45),
    ]


def test_a_length_in_the_text_wins() -> None:
    assert local(plan(items("19:00", "20:00", minutes=30), EVENING)) == [("19 19:00", 30), ("19 20:00", 30)]


def test_items_that_begin_together_last_up_to_the_next_later_one() -> None:
    assert local(plan(items("19:00", "19:00", "20:00"), EVENING)) == [
        ("19 19:00", 60),
        ("19 19:00", 60),
        ("19 20:00", 75),
    ]


def test_without_a_time_there_is_neither_start_nor_length() -> None:
    assert local(plan(items("19:00", None), EVENING)) == [("19 19:00", 135), (None, None)]


def test_an_item_at_the_very_end_has_no_length() -> None:
    assert local(plan(items("21:15"), EVENING)) == [("19 21:15", None)]


@pytest.mark.parametrize("at", ["18:59", "21:16", "07:00"])
def test_a_time_outside_the_event_is_misplaced(at: str) -> None:
    assert [item.starts for item in plan(items("19:00", at), EVENING).misplaced] == [at]


def test_an_item_that_would_end_after_the_event_is_misplaced() -> None:
    assert [item.starts for item in plan(items("21:00", minutes=30), EVENING).misplaced] == ["21:00"]


def test_a_misplaced_item_does_not_end_the_one_before() -> None:
    assert local(plan(items("19:00", "23:00", "20:00"), EVENING)) == [("19 19:00", 60), ("19 20:00", 75)]


def test_after_midnight_is_the_next_day() -> None:
    night = hours("2026-12-31T20:00", "2027-01-01T02:00")
    assert local(plan(items("20:00", "23:30", "00:15"), night)) == [
        ("31 20:00", 210),
        ("31 23:30", 45),
        ("01 00:15", 105),
    ]


def test_a_second_day_begins_anew_and_no_session_lasts_all_night() -> None:
    summit = hours("2026-03-19T09:00", "2026-03-20T18:00")
    assert local(plan(items("09:00", "17:00", "09:00"), summit)) == [
        ("19 09:00", 480),
        ("19 17:00", None),
        ("20 09:00", None),
    ]


def test_a_second_column_of_times_may_begin_anew_on_the_same_day() -> None:
    assert local(plan(items("19:00", "20:00", "19:30"), EVENING)) == [
        ("19 19:00", 30),
        ("19 20:00", 75),
        ("19 19:30", 30),
    ]


def test_a_time_that_the_clocks_skip_is_misplaced() -> None:
    night = hours("2026-03-29T00:00", "2026-03-29T06:00", BERLIN)
    result = plan(items("01:30", "02:30", "03:30"), night)
    assert [item.starts for item in result.misplaced] == ["02:30"]
    assert local(result, BERLIN) == [("29 01:30", 60), ("29 03:30", 150)]


def test_a_time_that_comes_twice_is_the_later_one_after_the_earlier_one() -> None:
    night = hours("2026-10-25T00:00", "2026-10-25T06:00", BERLIN)
    result = plan(items("02:30", "02:15", "03:00"), night)
    assert [p.starts_at and p.starts_at.strftime("%H:%M") for p in result.placed] == ["00:30", "01:15", "02:00"]
    assert local(result, BERLIN) == [("25 02:30", 45), ("25 02:15", 45), ("25 03:00", 180)]


def test_a_round_without_a_time_begins_with_its_first_talk() -> None:
    round_ = Item(line=1, kind="lightning", talks=tuple(items("20:00", "20:05")))
    assert local(plan([round_], EVENING)) == [("19 20:00", 75)]


def round_of(*talks: tuple[str | None, int | None]) -> Item:
    made = tuple(Item(line=i, starts=at, minutes=minutes) for i, (at, minutes) in enumerate(talks))
    return Item(line=0, kind="lightning", talks=made)


@pytest.mark.parametrize(
    ("talks", "cut"),
    [
        ([], (5, 0)),
        ([(None, None), (None, None)], (5, 0)),
        ([(None, 7), (None, None)], (7, 0)),
        ([(None, 5), (None, 10)], (10, 0)),
        ([("20:00", 5), ("20:06", 5), ("20:12", 5)], (5, 1)),
        ([("20:00", None), ("20:06", None)], (6, 0)),
        ([("20:00", None), ("20:06", None), ("20:20", None)], (5, 0)),
        ([("20:00", None), (None, None), ("20:20", None)], (5, 0)),
        ([("23:58", None), ("00:02", None)], (4, 0)),
        ([("20:00", 10), ("20:06", 10)], (10, 0)),
        ([("20:00", None)], (5, 0)),
    ],
)
def test_a_round_is_cut_by_what_its_talks_say(talks: list[tuple[str | None, int | None]], cut: tuple[int, int]) -> None:
    assert block_times(round_of(*talks)) == BlockTimes(*cut, 0)
