"""When one person gets one reminder: what they wish, when they joined, and what comes next."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from events.reminder_slots import Person, Slot, Timing, Wishes
from events.reminder_times import Lead

SINGAPORE = ZoneInfo("Asia/Singapore")
START = dt.datetime(2026, 11, 19, 19, 0, tzinfo=SINGAPORE)
WEEK, DAY, HOUR = Lead(days=7), Lead(days=1), Lead(minutes=60)
PLAN = (WEEK, DAY, HOUR)
LONG_AGO = START - dt.timedelta(days=30)


def at(text: str) -> dt.datetime:
    """A day of November and a time, in Singapore."""
    day, _, time = text.partition(" ")
    return dt.datetime.fromisoformat(f"2026-11-{day} {time}").replace(tzinfo=SINGAPORE)


def slot(lead: Lead, *, now: str, since: dt.datetime | None = LONG_AGO, zone: str = "", **wishes) -> str | None:
    person = Person(1, 1, 2, "bo@example.org", since=since, zone=zone, wishes=Wishes(**wishes) if wishes else None)
    found = Timing(lead, START, SINGAPORE, PLAN).slot_for(person, at(now))
    return found and f"{found.at.astimezone(SINGAPORE):%d %H:%M} {found.digest}".strip()


@pytest.mark.parametrize(
    ("lead", "now", "expected"),
    [
        (WEEK, "11 08:00", "12 19:00"),
        (DAY, "17 08:00", "18 19:00"),
        (HOUR, "18 08:00", "19 18:00"),
        # the site was down when it was due: at once, as long as it is of use
        (WEEK, "13 08:00", "13 08:00"),
        (WEEK, "15 19:00", "15 19:00"),
        (WEEK, "15 19:01", None),
        (DAY, "19 06:31", None),
    ],
)
def test_who_wishes_nothing_else_gets_it_when_it_is_due(lead, now, expected):
    assert slot(lead, now=now) == expected


@pytest.mark.parametrize(
    ("lead", "since", "expected"),
    [
        (WEEK, "13 10:00", "13 11:00"),  # missed it, and gets it an hour after joining
        (WEEK, "15 18:00", "15 19:00"),
        (WEEK, "15 18:01", None),  # nearer to the next one
        (DAY, "18 18:30", "18 19:30"),  # has just read the confirmation
        (DAY, "19 05:00", "19 06:00"),
        (DAY, "19 06:00", None),
        (HOUR, "19 17:00", "19 18:00"),
        (HOUR, "19 17:30", "19 18:30"),
        (HOUR, "19 17:31", None),
    ],
)
def test_who_joins_late_gets_what_is_still_of_use_and_not_at_once(lead, since, expected):
    assert slot(lead, now=since, since=at(since)) == expected


def test_nobody_who_joins_late_gets_two_at_once():
    for minute in range(0, 8 * 24 * 60, 7):
        since = START - dt.timedelta(minutes=minute)
        person = Person(1, 1, 2, "bo@example.org", since=since)
        slots = [Timing(lead, START, SINGAPORE, PLAN).slot_for(person, since) for lead in PLAN]
        times = sorted(slot.at for slot in slots if slot)
        assert all(later - earlier >= dt.timedelta(hours=11) for earlier, later in pairwise(times))


def test_an_unknown_time_of_joining_counts_from_when_they_are_first_seen():
    assert slot(WEEK, now="13 10:00", since=None) == "13 11:00"
    assert slot(WEEK, now="11 08:00", since=None) == "12 19:00"


@pytest.mark.parametrize(
    ("switch", "left"),
    [("week_before", [DAY, HOUR]), ("day_before", [WEEK, HOUR]), ("hour_before", [WEEK, DAY])],
)
def test_each_sort_can_be_switched_off(switch, left):
    assert [lead for lead in PLAN if slot(lead, now="11 08:00", **{switch: False})] == left


NIGHT = {"quiet_from": dt.time(17, 30), "quiet_until": dt.time(9)}


def test_quiet_hours_move_it_to_their_end_and_the_last_one_before_them():
    assert slot(WEEK, now="11 08:00", **NIGHT) == "13 09:00"
    assert slot(DAY, now="17 08:00", **NIGHT) == "19 09:00"
    assert slot(HOUR, now="18 08:00", **NIGHT) == "19 17:30"
    assert slot(HOUR, now="19 17:45", **NIGHT) is None  # quiet already, and after them it is too late


def test_quiet_hours_are_those_of_the_readers_own_zone():
    night = {"quiet_from": dt.time(11), "quiet_until": dt.time(13)}
    assert slot(DAY, now="17 08:00", zone="Europe/Berlin", **night) == "18 20:00"  # 13:00 in Berlin


def test_two_that_quiet_hours_would_bring_together_are_one():
    leads = (Lead(minutes=180), Lead(minutes=120))
    quiet = {"quiet_from": dt.time(15), "quiet_until": dt.time(18)}
    person = Person(1, 1, 2, "bo@example.org", since=LONG_AGO, wishes=Wishes(**quiet))
    slots = [Timing(lead, START, SINGAPORE, leads).slot_for(person, at("18 08:00")) for lead in leads]
    assert slots == [None, Slot(at("19 18:00"))]


@pytest.mark.parametrize(
    ("lead", "now", "digest", "expected"),
    [
        (WEEK, "11 08:00", "daily", "12 07:00 2026-11-12"),
        (DAY, "17 08:00", "daily", "18 07:00 2026-11-18"),
        (HOUR, "18 08:00", "daily", None),
        (WEEK, "11 08:00", "weekly", "16 07:00 2026-W47"),
        (DAY, "17 08:00", "weekly", None),
    ],
)
def test_a_digest_takes_the_place_of_single_reminders(lead, now, digest, expected):
    assert slot(lead, now=now, digest=digest, digest_time=dt.time(7)) == expected


def test_who_joins_late_is_in_the_next_digest():
    assert slot(WEEK, now="13 10:00", since=at("13 10:00"), digest="daily") == "14 08:00 2026-11-14"


def test_what_would_come_after_the_start_does_not_come():
    late = Timing(Lead(at_time=dt.time(20)), START, SINGAPORE, ())
    assert late.slot_for(Person(1, 1, 2, "bo@example.org"), at("18 08:00")) is None
