"""VTIMEZONE: right for every zone and time we use it for, and refused where it would be wrong."""

import datetime as dt
import io
import zoneinfo
from collections.abc import Iterator
from functools import cache

import icalendar
import pytest
from dateutil.tz import tzical

from events import vtimezone
from events.vtimezone import is_usable, vtimezone_bytes

ZONES = sorted(zoneinfo.available_timezones())
PLACES = [name for name in ZONES if "/" in name and not name.startswith("Etc/")]


def local(zone: str, *parts: int, fold: int = 0) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=zoneinfo.ZoneInfo(zone), fold=fold)


def test_berlin_is_two_yearly_rules_from_1970_with_onsets_in_the_time_that_ends() -> None:
    assert vtimezone_bytes("Europe/Berlin") == (
        b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nX-LIC-LOCATION:Europe/Berlin\r\n"
        b"BEGIN:DAYLIGHT\r\nDTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZNAME:CEST\r\n"
        b"TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\n"
        b"BEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZNAME:CET\r\n"
        b"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"
        b"END:VTIMEZONE\r\n"
    )


def test_a_zone_without_summer_time_is_one_standard_part_without_a_rule() -> None:
    zone = icalendar.Calendar.from_ical(vtimezone_bytes("Asia/Singapore") or b"")
    (part,) = zone.subcomponents
    assert (part.name, part["TZOFFSETTO"].to_ical(), "RRULE" in part) == ("STANDARD", "+0800", False)


def test_dublin_has_its_larger_offset_as_daylight() -> None:
    zone = icalendar.Calendar.from_ical(vtimezone_bytes("Europe/Dublin") or b"")
    assert [(part.name, part["TZOFFSETTO"].to_ical(), part["DTSTART"].dt.month) for part in zone.subcomponents] == [
        ("STANDARD", "+0000", 10),
        ("DAYLIGHT", "+0100", 3),
    ]


def test_lord_howe_moves_by_half_an_hour() -> None:
    zone = icalendar.Calendar.from_ical(vtimezone_bytes("Australia/Lord_Howe") or b"")
    assert [part["TZOFFSETTO"].to_ical() for part in zone.subcomponents] == ["+1100", "+1030"]


def test_few_places_keep_rules_that_one_yearly_weekday_cannot_say() -> None:
    unsayable = {place for place in PLACES if vtimezone_bytes(place) is None}
    assert unsayable >= {"America/Santiago", "Asia/Jerusalem", "Africa/Cairo", "Asia/Gaza", "America/Nuuk"}
    assert len(unsayable) < 20


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "Europe/Berlin\n", "right/Europe/Berlin", "/"]
)
def test_an_unknown_zone_has_no_vtimezone_and_is_not_usable(name: str) -> None:
    assert vtimezone_bytes(name) is None
    assert not is_usable(name, [dt.datetime(2026, 6, 1, tzinfo=dt.UTC)])


@pytest.mark.parametrize("name", ["CET", "EST5EDT", "UTC", "Etc/UTC", "Etc/GMT+8"])
def test_a_name_that_is_no_place_is_written_in_utc(name: str) -> None:
    assert not is_usable(name, [dt.datetime(2026, 6, 1, tzinfo=dt.UTC)])


@cache
def independent_reader(body: bytes) -> dt.tzinfo:
    lines = [line for line in body.decode().split("\r\n") if not line.startswith("X-LIC-LOCATION")]
    reader = tzical(io.StringIO("\n".join(lines))).get()
    assert isinstance(reader, dt.tzinfo)
    return reader


def instants_of_two_years(zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """Three instants a month, and a quarter of an hour before and after every change of offset."""
    first = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    regular = [first + dt.timedelta(days=10 * n) for n in range(73)]
    hours = [first + dt.timedelta(hours=n) for n in range(2 * 365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    changes = [hour for hour, now, then in zip(hours[1:], offsets, offsets[1:], strict=False) if now != then]
    quarter = dt.timedelta(minutes=15)
    return regular + [hour + n * quarter for hour in changes for n in range(-8, 9)]


def representative_zones() -> list[str]:
    """One name per distinct rule: the body of a VTIMEZONE is the same for all others of that rule."""
    by_rule: dict[bytes, str] = {}
    for name in PLACES:
        body = vtimezone_bytes(name)
        if body:
            by_rule.setdefault(body.split(b"\r\n", 3)[3], name)
    return sorted(by_rule.values())


@pytest.mark.parametrize("name", representative_zones())
def test_an_independent_reader_places_every_usable_time_of_2026_and_2027_where_zoneinfo_does(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    reader = independent_reader(vtimezone_bytes(name) or b"")
    usable = [instant for instant in instants_of_two_years(zone) if is_usable(name, [instant])]
    read = [instant.astimezone(zone).replace(tzinfo=reader).astimezone(dt.UTC) for instant in usable]
    assert read == usable
    assert len(usable) >= 73


def test_morocco_needs_utc_in_ramadan_only() -> None:
    ramadan, summer = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    assert [is_usable("Africa/Casablanca", [instant]) for instant in (ramadan, summer)] == [False, True]


def test_the_hour_that_happens_twice_needs_utc_and_its_neighbours_do_not() -> None:
    night = [
        (local("Europe/Berlin", 2026, 10, 25, 1, 59), True),
        (local("Europe/Berlin", 2026, 10, 25, 2, 30), False),
        (local("Europe/Berlin", 2026, 10, 25, 2, 30, fold=1), False),
        (local("Europe/Berlin", 2026, 10, 25, 3, 0), True),
    ]
    assert [is_usable("Europe/Berlin", [instant]) for instant, _ in night] == [usable for _, usable in night]


def test_the_minutes_around_the_spring_change_are_usable() -> None:
    before = dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC)
    assert is_usable("Europe/Berlin", [before, before + dt.timedelta(minutes=1)])


def test_one_wrong_end_makes_the_pair_unusable() -> None:
    good, ambiguous = local("Europe/Berlin", 2026, 10, 24, 22), local("Europe/Berlin", 2026, 10, 25, 2, 30)
    assert not is_usable("Europe/Berlin", [good, ambiguous])


@pytest.mark.parametrize(
    ("name", "instant"),
    [
        ("Asia/Singapore", dt.datetime(1969, 7, 1, tzinfo=dt.UTC)),
        ("America/New_York", dt.datetime(2000, 3, 20, tzinfo=dt.UTC)),
        ("Asia/Singapore", dt.datetime(9999, 12, 31, 23, 59, tzinfo=dt.UTC)),
        ("America/New_York", dt.datetime(1, 1, 1, tzinfo=dt.UTC)),
    ],
    ids=["before the first onset", "before the rule of 2007", "after the last year", "before the first year"],
)
def test_times_outside_the_rule_need_utc(name: str, instant: dt.datetime) -> None:
    assert not is_usable(name, [instant])


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing remembered of any zone, before and after."""
    for remembering in (vtimezone._observances, vtimezone.vtimezone_bytes):
        remembering.cache_clear()
    yield
    for remembering in (vtimezone._observances, vtimezone.vtimezone_bytes):
        remembering.cache_clear()
    zoneinfo.reset_tzpath()


@pytest.mark.usefixtures("fresh")
def test_without_a_zone_database_of_the_system_the_package_serves() -> None:
    before = vtimezone_bytes("Asia/Singapore")
    vtimezone.vtimezone_bytes.cache_clear()
    vtimezone._observances.cache_clear()
    zoneinfo.reset_tzpath(to=[])
    assert vtimezone_bytes("Asia/Singapore") == before


@pytest.mark.usefixtures("fresh")
def test_a_rule_by_day_of_the_year_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Iran kept such a rule until 2022."""
    footer = b"TZif\n<+0330>-3:30<+0430>,J79/24,J263/24\n"
    monkeypatch.setattr(vtimezone, "_zone_file", lambda tzid: footer)
    assert vtimezone_bytes("Asia/Tehran") is None
