"""The demo's coming events are always yet to come, by the clock of their zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from lightning.services.demo.dates import coming_window, fixed_window, moved, third_weekdays

SINGAPORE, BERLIN = ZoneInfo("Asia/Singapore"), ZoneInfo("Europe/Berlin")
TUESDAY = dt.datetime(2026, 11, 17, 18, 7, 5, tzinfo=dt.UTC)  # already Wednesday in Singapore


def local(window, zone=SINGAPORE):
    return [f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}" for at in window]


def test_a_date_of_its_own_is_kept():
    spec = {"date": dt.date(2019, 2, 26), "starts": "19:00", "ends": "21:15"}
    assert local(fixed_window(spec, SINGAPORE)) == ["Tue 2019-02-26 19:00", "Tue 2019-02-26 21:15"]


def test_an_end_before_the_start_is_on_the_next_day():
    spec = {"date": dt.date(2019, 2, 26), "starts": "22:00", "ends": "02:00"}
    assert local(fixed_window(spec, SINGAPORE))[1] == "Wed 2019-02-27 02:00"


@pytest.mark.parametrize(
    ("days", "weekday", "starts"),
    [(0, "wed", "Wed 2026-11-18 19:00"), (1, "wed", "Wed 2026-11-25 19:00"), (3, "sat", "Sat 2026-11-21 19:00")],
)
def test_so_many_days_from_today_there_and_then_on_to_the_weekday(days, weekday, starts):
    spec = {"in_days": days, "weekday": weekday, "starts": "19:00", "ends": "21:00"}
    assert local(coming_window(spec, SINGAPORE, now=TUESDAY, taken=()))[0] == starts


def test_the_next_third_thursday_that_is_free():
    spec = {"third": "thu", "starts": "19:00", "ends": "21:00"}
    first = coming_window(spec, SINGAPORE, now=TUESDAY, taken=())
    second = coming_window(spec, SINGAPORE, now=TUESDAY, taken={dt.date(2026, 11, 19)})
    assert [local(first)[0], local(second)[0]] == ["Thu 2026-11-19 19:00", "Thu 2026-12-17 19:00"]


def test_third_weekdays_go_on_over_the_year():
    days = third_weekdays(dt.date(2026, 11, 19), 3)
    assert [next(days) for _ in range(3)] == [dt.date(2026, 12, 17), dt.date(2027, 1, 21), dt.date(2027, 2, 18)]


@pytest.mark.parametrize("weekday", range(7))
def test_a_third_weekday_lies_between_the_15th_and_the_21st(weekday):
    days = third_weekdays(dt.date(2026, 1, 1), weekday)
    found = [next(days) for _ in range(24)]
    assert {day.weekday() for day in found} == {weekday}
    assert all(15 <= day.day <= 21 for day in found)


def test_what_is_under_way_began_on_a_quarter_of_an_hour():
    window = coming_window({"under_way": 180}, SINGAPORE, now=TUESDAY, taken=())
    assert window == (TUESDAY.replace(hour=17, minute=15, second=0), TUESDAY.replace(hour=20, minute=15, second=0))


def test_a_session_keeps_its_time_on_the_clock_when_its_event_moves_over_a_change_of_the_clocks():
    old, new = (dt.datetime(2026, month, 20, 19, tzinfo=BERLIN) for month in (10, 11))
    session = old.replace(hour=20).astimezone(dt.UTC)
    assert moved(session, old, new, BERLIN) == new.replace(hour=20).astimezone(dt.UTC)
