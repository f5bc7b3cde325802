"""When reminders are due: on the event's clock, across summer time, around quiet hours, in digests."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.reminder_times import (
    Distance,
    Lead,
    Quiet,
    Rhythm,
    Sort,
    digest_name,
    digest_slot,
    distance,
    due_at,
    outside_quiet_hours,
    sort_of,
    start_version,
    useful_until,
)

BERLIN, SINGAPORE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Singapore")
ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Beirut", "America/Santiago", "Asia/Kolkata"]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def wall(zone: str | ZoneInfo, text: str, *, fold: int = 0) -> dt.datetime:
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)


def local(instant: dt.datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "anchor", "lead", "expected"),
    [
        # summer time begins between: 19:00 stays 19:00, which is 167 hours
        ("Europe/Berlin", "2026-04-02 19:00", Lead(days=7), "2026-03-26 19:00"),
        ("Europe/Berlin", "2026-03-29 19:00", Lead(days=1), "2026-03-28 19:00"),
        # 02:30 does not exist that night: as much later as the clock skips
        ("Europe/Berlin", "2026-03-30 02:30", Lead(days=1), "2026-03-29 03:30"),
        # 02:30 comes twice that night: the first
        ("Europe/Berlin", "2026-10-26 02:30", Lead(days=1), "2026-10-25 02:30"),
        ("Australia/Lord_Howe", "2026-10-05 02:15", Lead(days=1), "2026-10-04 02:45"),  # skips half an hour
        ("Australia/Lord_Howe", "2026-04-06 01:45", Lead(days=1), "2026-04-05 01:45"),
        ("Africa/Casablanca", "2026-02-16 19:00", Lead(days=7), "2026-02-09 19:00"),  # Ramadan: back to UTC
        ("Africa/Casablanca", "2026-03-23 02:30", Lead(days=1), "2026-03-22 03:30"),
        ("Asia/Beirut", "2026-03-30 00:30", Lead(days=1), "2026-03-29 01:30"),  # skips midnight
        ("Asia/Beirut", "2026-10-26 19:00", Lead(days=1), "2026-10-25 19:00"),
        # minutes pass, whatever the clock does
        ("Europe/Berlin", "2026-03-29 03:30", Lead(minutes=60), "2026-03-29 01:30"),
        ("Europe/Berlin", "2026-03-30 19:00", Lead(days=1, minutes=30), "2026-03-29 18:30"),
        # that day at a time
        ("Asia/Singapore", "2026-11-19 19:00", Lead(days=1, at_time=dt.time(18)), "2026-11-18 18:00"),
        ("Asia/Singapore", "2026-11-19 19:00", Lead(at_time=dt.time(9)), "2026-11-19 09:00"),
        ("Europe/Berlin", "2026-03-30 19:00", Lead(days=1, at_time=dt.time(2, 30)), "2026-03-29 03:30"),
    ],
)
def test_due_on_the_events_clock(zone, anchor, lead, expected):
    assert local(due_at(lead, wall(zone, anchor), ZoneInfo(zone)), zone) == expected


def test_a_time_that_comes_twice_is_the_first_and_one_without_days_is_exact():
    second = wall(BERLIN, "2026-10-25 02:30", fold=1)
    assert due_at(Lead(days=1), wall(BERLIN, "2026-10-26 02:30"), BERLIN) == second - HOUR
    assert due_at(Lead(minutes=15), second, BERLIN) == second - dt.timedelta(minutes=15)


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2029, 1, 1)),
    days=st.integers(1, 90),
    at=st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_the_wall_clock_shows_the_time_that_was_asked_for(zone, start, days, at):
    clock = ZoneInfo(zone)
    anchor = start.replace(second=0, microsecond=0, tzinfo=clock).astimezone(dt.UTC)
    begins = anchor.astimezone(clock)
    wanted = dt.datetime.combine(begins.date() - days * DAY, at or begins.time())
    due = due_at(Lead(days=days, at_time=at), anchor, clock)
    shown = due.astimezone(clock)
    before, after = (wanted.replace(tzinfo=clock, fold=fold).utcoffset() for fold in (0, 1))
    skipped = max(after - before, dt.timedelta())
    assert shown.replace(tzinfo=None, fold=0) == wanted + skipped
    assert shown.fold == 0


def test_useful_until_halfway_to_the_next_one():
    anchor = wall(SINGAPORE, "2026-11-19 19:00")
    dues = [anchor - 7 * DAY, anchor - DAY, anchor - HOUR]
    assert [useful_until(due, anchor, dues) for due in dues] == [
        anchor - 4 * DAY,
        anchor - dt.timedelta(hours=12, minutes=30),
        anchor - HOUR / 2,
    ]
    assert useful_until(dues[1], anchor, []) == anchor - DAY / 2


@pytest.mark.parametrize(
    ("lead", "sort"),
    [
        (Lead(days=7), Sort.WEEK),
        (Lead(days=2), Sort.WEEK),
        (Lead(days=1, minutes=1439), Sort.DAY),
        (Lead(days=1), Sort.DAY),
        (Lead(minutes=180), Sort.DAY),
        (Lead(minutes=179), Sort.HOUR),
        (Lead(days=2, at_time=dt.time(20)), Sort.DAY),  # 47 hours
        (Lead(days=2, at_time=dt.time(19)), Sort.WEEK),
        (Lead(at_time=dt.time(18)), Sort.HOUR),
    ],
)
def test_sorts_of_reminders(lead, sort):
    assert sort_of(lead, wall(SINGAPORE, "2026-11-19 19:00"), SINGAPORE) == sort


def test_two_days_are_days_before_also_when_they_have_47_hours():
    assert sort_of(Lead(days=2), wall(BERLIN, "2026-03-30 19:00"), BERLIN) == Sort.WEEK


NIGHT, NOON = Quiet(dt.time(22), dt.time(8)), Quiet(dt.time(12), dt.time(14))


@pytest.mark.parametrize(
    ("due", "anchor", "quiet", "expected"),
    [
        ("2026-11-18 19:00", "2026-11-19 19:00", NIGHT, "2026-11-18 19:00"),
        ("2026-11-18 23:00", "2026-11-19 23:00", NIGHT, "2026-11-19 08:00"),
        ("2026-11-19 07:00", "2026-11-20 07:00", NIGHT, "2026-11-19 08:00"),
        ("2026-11-19 07:30", "2026-11-19 08:30", NIGHT, "2026-11-19 08:00"),  # 30 minutes are enough
        ("2026-11-19 07:29", "2026-11-19 08:29", NIGHT, "2026-11-18 22:00"),  # 29 are not
        ("2026-11-19 08:00", "2026-11-19 09:00", NIGHT, "2026-11-19 08:00"),  # the end is not quiet
        ("2026-11-18 22:00", "2026-11-19 22:00", NIGHT, "2026-11-19 08:00"),  # the beginning is
        ("2026-11-19 13:00", "2026-11-19 19:00", NOON, "2026-11-19 14:00"),
        ("2026-11-19 13:00", "2026-11-19 14:00", NOON, "2026-11-19 12:00"),
        ("2026-11-19 13:00", "2026-11-19 14:00", None, "2026-11-19 13:00"),
        ("2026-11-19 13:00", "2026-11-19 14:00", Quiet(dt.time(9), dt.time(9)), "2026-11-19 13:00"),
    ],
)
def test_quiet_hours(due, anchor, quiet, expected):
    shifted = outside_quiet_hours(wall(SINGAPORE, due), wall(SINGAPORE, anchor), quiet, SINGAPORE)
    assert local(shifted, "Asia/Singapore") == expected


def test_quiet_hours_run_on_the_readers_clock():
    due, anchor = wall(SINGAPORE, "2026-11-19 05:00"), wall(SINGAPORE, "2026-11-20 05:00")
    assert outside_quiet_hours(due, anchor, NIGHT, BERLIN) == wall(BERLIN, "2026-11-19 08:00")


@pytest.mark.parametrize(
    ("due", "anchor", "rhythm", "now", "expected"),
    [
        # on the day it is due, whatever the hour
        ("2026-11-18 19:00", "2026-11-19 19:00", Rhythm.DAILY, "2026-11-17 07:00", "2026-11-18 08:00"),
        ("2026-11-18 06:00", "2026-11-19 06:00", Rhythm.DAILY, "2026-11-17 07:00", "2026-11-18 08:00"),
        # that day's is gone: the next morning, if that is before the event
        ("2026-11-18 19:00", "2026-11-19 19:00", Rhythm.DAILY, "2026-11-18 12:00", "2026-11-19 08:00"),
        ("2026-11-18 07:30", "2026-11-19 07:30", Rhythm.DAILY, "2026-11-18 12:00", None),
        # that day's comes after the event: the morning before
        ("2026-11-19 01:00", "2026-11-19 06:00", Rhythm.DAILY, "2026-11-17 13:00", "2026-11-18 08:00"),
        # Monday of the week; what is due on a Thursday for a Friday waits for no Monday
        ("2026-11-14 19:00", "2026-11-21 19:00", Rhythm.WEEKLY, "2026-11-13 07:00", "2026-11-16 08:00"),
        ("2026-11-16 19:00", "2026-11-23 19:00", Rhythm.WEEKLY, "2026-11-15 07:00", "2026-11-16 08:00"),
        ("2026-11-19 19:00", "2026-11-20 19:00", Rhythm.WEEKLY, "2026-11-18 07:00", None),
        # so far ahead that a digest would not tell of it
        ("2026-10-20 19:00", "2026-11-19 19:00", Rhythm.DAILY, "2026-10-19 07:00", None),
    ],
)
def test_digests(due, anchor, rhythm, now, expected):
    due, anchor, now = (wall(SINGAPORE, text) for text in (due, anchor, now))
    slot = digest_slot(due, anchor, rhythm=rhythm, at=dt.time(8), zone=SINGAPORE, now=now)
    assert (slot and local(slot, "Asia/Singapore")) == expected


def test_digests_are_named_after_day_and_week():
    slot = wall(SINGAPORE, "2027-01-01 08:00")
    assert [digest_name(slot, rhythm, SINGAPORE) for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY)] == [
        "2027-01-01",
        "2026-W53",
    ]


def test_a_start_is_named_by_its_instant():
    assert start_version(wall(SINGAPORE, "2026-11-18 02:00")) == "20261117T1800Z"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-19 18:30", Distance("minutes", 30)),
        ("2026-11-19 19:05", Distance("minutes", 0)),
        ("2026-11-19 18:10", Distance("hour")),
        ("2026-11-19 17:31", Distance("hour")),
        ("2026-11-19 17:30", Distance("today")),
        ("2026-11-19 00:00", Distance("today")),
        ("2026-11-18 23:59", Distance("tomorrow", 1)),
        ("2026-11-17 23:59", Distance("days", 2)),
        ("2026-11-12 19:00", Distance("days", 7)),
    ],
)
def test_how_far_it_is(now, expected):
    assert distance(wall(SINGAPORE, now), wall(SINGAPORE, "2026-11-19 19:00"), SINGAPORE) == expected
