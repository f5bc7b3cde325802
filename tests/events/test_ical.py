"""The iCalendar renderer: valid, deterministic bytes, whatever people type."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from events.calendar_values import CalendarEntry, EntryStatus, Feed
from events.ical import MAX_BYTES, MAX_ENTRIES, render_feed
from tests.events.calendar_samples import (
    MEETUP,
    chinese_feed,
    empty_feed,
    group_feed,
    programme_feed,
    world_feed,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "calendars"
SAMPLES = {
    "group": group_feed,
    "chinese": chinese_feed,
    "empty": empty_feed,
    "programme": programme_feed,
    "world": world_feed,
}


def feed_of(*entries: CalendarEntry, **values: str) -> Feed:
    return Feed(**{"name": "Ada's group", "zone": "Asia/Singapore", **values}, entries=entries)  # type: ignore[arg-type]


def only_event(body: bytes) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def lines_of(body: bytes) -> list[str]:
    """Unfolded content lines (RFC 5545 section 3.1)."""
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_feed_has_exactly_the_bytes_of_its_golden_file(name: str) -> None:
    """Run with UPDATE_GOLDEN=1 to accept new bytes; raise ical.FORMAT_VERSION with them."""
    made, path = render_feed(SAMPLES[name]()), GOLDEN / f"{name}.ics"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(made)
    assert made == path.read_bytes()


@pytest.mark.parametrize("name", SAMPLES)
def test_lines_end_in_crlf_and_hold_at_most_75_octets(name: str) -> None:
    body = render_feed(SAMPLES[name]())
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    assert [line.decode() for line in lines]  # no line ends inside a character
    assert not body.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", SAMPLES)
def test_two_independent_readers_see_every_entry_at_its_instant(name: str) -> None:
    feed = SAMPLES[name]()
    calendar = icalendar.Calendar.from_ical(render_feed(feed))
    expected = {(entry.uid, entry.starts_at, entry.ends_at) for entry in feed.entries}
    assert {(str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt) for e in calendar.walk("VEVENT")} == expected
    occurrences = recurring_ical_events.of(calendar).between(dt.date(2025, 12, 1), dt.date(2027, 1, 1))
    assert {(str(e["UID"]), e.start, e.end) for e in occurrences} == expected


@pytest.mark.parametrize("name", SAMPLES)
def test_every_tzid_is_defined_once_before_the_events_and_home_is_always_there(name: str) -> None:
    lines = lines_of(render_feed(SAMPLES[name]()))
    defined = [line.removeprefix("TZID:") for line in lines if line.startswith("TZID:")]
    used = {line.split("TZID=")[1].split(":")[0] for line in lines if ";TZID=" in line}
    assert len(defined) == len(set(defined)) >= 1
    assert used <= set(defined)
    assert all(lines.index("BEGIN:VEVENT") > lines.index(f"TZID:{zone}") for zone in used)


def test_entries_are_ordered_by_start_and_uid_whatever_their_order_in_the_feed() -> None:
    feed = group_feed()
    backwards = replace(feed, entries=tuple(reversed(feed.entries)))
    assert render_feed(backwards) == render_feed(feed)


def test_a_feed_is_a_snapshot_without_method_and_without_properties_of_meetings() -> None:
    calendar = icalendar.Calendar.from_ical(render_feed(programme_feed()))
    names = {line.split(":")[0].split(";")[0] for line in lines_of(calendar.to_ical())}
    assert names & {"METHOD", "ORGANIZER", "ATTENDEE", "VALARM", "RRULE", "DURATION", "RDATE"} == set()


def test_the_calendar_says_how_often_to_come_back_and_where_it_is() -> None:
    lines = lines_of(render_feed(group_feed()))
    assert lines[: lines.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Lectern//Lectern 1//EN",
        "CALSCALE:GREGORIAN",
        "DESCRIPTION:Talks\\; hacking\\, pizza\\nEvery month",
        "X-WR-CALDESC:Talks\\; hacking\\, pizza\\nEvery month",
        "NAME:TensorFlow and Deep Learning\\, Singapore",
        "X-WR-CALNAME:TensorFlow and Deep Learning\\, Singapore",
        "COLOR:steelblue",
        "REFRESH-INTERVAL;VALUE=DURATION:PT4H",
        "SOURCE;VALUE=URI:https://meet.example/calendars/groups/tfdl.ics",
        "URL:https://meet.example/groups/tfdl/",
        "X-PUBLISHED-TTL:PT4H",
        "X-WR-TIMEZONE:Asia/Singapore",
    ]


def test_stamps_are_the_revision_in_whole_utc_seconds() -> None:
    event = only_event(render_feed(feed_of(MEETUP)))
    revised = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt, event["SEQUENCE"]) == (revised, revised, 2)
    assert event["CREATED"].dt == MEETUP.created_at


def test_sequence_zero_is_written() -> None:
    assert "SEQUENCE:0" in lines_of(render_feed(feed_of(replace(MEETUP, sequence=0))))


@pytest.mark.parametrize(
    ("status", "transparent", "expected"),
    [
        (EntryStatus.CONFIRMED, True, ("CONFIRMED", "TRANSPARENT", "FREE", "Night")),
        (EntryStatus.CONFIRMED, False, ("CONFIRMED", "OPAQUE", "BUSY", "Night")),
        (EntryStatus.TENTATIVE, False, ("TENTATIVE", "OPAQUE", "BUSY", "Night")),
        (EntryStatus.POSTPONED, False, ("TENTATIVE", "TRANSPARENT", "FREE", "Postponed: Night")),
        (EntryStatus.CANCELLED, False, ("CANCELLED", "TRANSPARENT", "FREE", "Cancelled: Night")),
    ],
)
def test_standing_is_said_in_status_title_and_free_busy(
    status: EntryStatus, transparent: bool, expected: tuple[str, str, str, str]
) -> None:
    entry = replace(MEETUP, summary="Night", status=status, transparent=transparent)
    event = only_event(render_feed(feed_of(entry)))
    assert (event["STATUS"], event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"], event["SUMMARY"]) == expected


def test_description_ends_with_the_page_and_stays_within_two_thousand_characters() -> None:
    event = only_event(render_feed(feed_of(replace(MEETUP, description="x" * 5000))))
    description = str(event["DESCRIPTION"])
    assert len(description) == 2000
    assert description.endswith("…\n\n" + MEETUP.url)


def test_apple_draws_a_map_because_the_title_equals_the_location() -> None:
    event = only_event(render_feed(feed_of(MEETUP)))
    place = event["X-APPLE-STRUCTURED-LOCATION"]
    assert place.params["X-TITLE"] == event["LOCATION"] == MEETUP.location
    assert (place.to_ical().decode(), event["GEO"].to_ical()) == ("geo:1.276634,103.7993", "1.276634;103.7993")


@pytest.mark.parametrize("location", ['The "Hub"', "C:\\Room", "Room ^ 2"])
def test_a_location_that_no_parameter_can_hold_has_no_map(location: str) -> None:
    event = only_event(render_feed(feed_of(replace(MEETUP, location=location))))
    assert (str(event["LOCATION"]), "X-APPLE-STRUCTURED-LOCATION" in event) == (location, False)


def test_location_is_one_line() -> None:
    event = only_event(render_feed(feed_of(replace(MEETUP, location="Hub\r\n 2nd  floor\n\nSingapore"))))
    assert event["LOCATION"] == "Hub, 2nd floor, Singapore"


def test_sessions_point_to_their_event_and_events_to_their_series() -> None:
    lines = lines_of(render_feed(programme_feed()))
    assert [line for line in lines if line.startswith("RELATED-TO")] == [
        f"RELATED-TO;RELTYPE=SIBLING:{MEETUP.series_uid}",
        f"RELATED-TO;RELTYPE=PARENT:{MEETUP.uid}",
        f"RELATED-TO;RELTYPE=PARENT:{MEETUP.uid}",
    ]


def test_a_conference_lists_its_features_separately() -> None:
    lines = lines_of(render_feed(programme_feed()))
    assert [line for line in lines if line.startswith("CONFERENCE")] == [
        'CONFERENCE;FEATURE=VIDEO,AUDIO;LABEL="Join online: room 1";VALUE=URI:https://video.example/j/123?pwd=a,b'
    ]


@pytest.mark.parametrize("zone", ["America/Santiago", "UTC", "CET", "Mars/Olympus"])
def test_an_empty_feed_in_a_zone_without_plain_rules_still_holds_one_component(zone: str) -> None:
    calendar = icalendar.Calendar.from_ical(render_feed(feed_of(zone=zone)))
    assert [part["TZID"] for part in calendar.subcomponents] == ["Etc/UTC"]
    assert calendar["X-WR-TIMEZONE"] == zone


def test_a_time_our_vtimezone_would_move_is_written_in_utc_at_both_ends() -> None:
    start = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)  # 02:30 for the first time in Berlin
    entry = replace(MEETUP, zone="Europe/Berlin", starts_at=start, ends_at=start + dt.timedelta(hours=5))
    lines = lines_of(render_feed(feed_of(entry)))
    assert "DTSTART:20261025T003000Z" in lines
    assert "DTEND:20261025T053000Z" in lines


def bad(**change: object) -> CalendarEntry:
    return replace(MEETUP, uid="bad", **change) if "uid" not in change else replace(MEETUP, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "entry",
    [
        bad(starts_at=dt.datetime(2026, 6, 16, 19)),
        bad(revised_at=dt.datetime(2026, 6, 16, 19)),
        bad(ends_at=MEETUP.starts_at),
        bad(ends_at=MEETUP.starts_at + dt.timedelta(milliseconds=5)),
        bad(uid=""),
        bad(uid="a\r\nb"),
        bad(uid="spa ce"),
        bad(summary=None),
        bad(geo=("north", "east")),
        bad(ends_at=None),
    ],
)
def test_an_impossible_entry_is_left_out_and_reported_and_the_others_stay(entry: CalendarEntry) -> None:
    reported: list[tuple[str, str]] = []
    body = render_feed(feed_of(entry, MEETUP), report=lambda entry, error: reported.append((entry.uid, str(error))))
    assert str(only_event(body)["UID"]) == MEETUP.uid
    assert [uid for uid, _ in reported] == [entry.uid]


def test_a_uid_met_twice_is_written_once_and_reported() -> None:
    reported: list[str] = []
    twin = replace(MEETUP, summary="Twin")
    body = render_feed(feed_of(MEETUP, twin), report=lambda entry, _: reported.append(entry.summary))
    assert (only_event(body)["SUMMARY"], reported) == (MEETUP.summary, ["Twin"])


def test_a_skipped_entry_is_logged_when_nobody_asks(caplog: pytest.LogCaptureFixture) -> None:
    render_feed(feed_of(replace(MEETUP, ends_at=MEETUP.starts_at)))
    assert [record.getMessage() for record in caplog.records] == [
        f"calendar entry '{MEETUP.uid}' is left out of a feed: it does not end after it starts"
    ]


def many(count: int, **change: str) -> tuple[CalendarEntry, ...]:
    return tuple(replace(MEETUP, uid=f"n-{n:04}", **change) for n in range(count))  # type: ignore[arg-type]


def uids(body: bytes) -> list[str]:
    return [line.removeprefix("UID:") for line in lines_of(body) if line.startswith("UID:")]


def test_at_most_five_hundred_entries_those_in_front() -> None:
    body = render_feed(feed_of(*many(MAX_ENTRIES + 1, description="")))
    assert uids(body) == [f"n-{n:04}" for n in range(MAX_ENTRIES)]


def test_at_most_seven_hundred_kilobytes_those_in_front() -> None:
    body = render_feed(feed_of(*many(300, description="说" * 1900)))
    kept = uids(body)
    assert MAX_BYTES * 0.95 < len(body) <= MAX_BYTES + 2000
    assert kept == [f"n-{n:04}" for n in range(len(kept))]


HOSTILE = [
    "a\r\nBEGIN:VEVENT\r\nUID:x",
    "C:\\New\\n;,:",
    "nul\x00bell\x07escape\x1bdel\x7fc1\x9b",
    "🎉" * 5000,
    "👩‍👩‍👧‍👦" * 500,
    "\ud800 lone \udfff",
    "\u2028line\u2029paragraph\x85next\x0bvertical\x0cfeed",
    "\ufeffbom",
    '"quoted" ^n ^^ ^\'',
    "",
    " \n ",
    "END:VCALENDAR\r\n",
    "\u202eright to left",
    "ä" * 400,
    "\\" * 300,
]


def hostile_entry(text: str) -> CalendarEntry:
    return replace(
        MEETUP,
        summary=text,
        description=text,
        location=text,
        contact=text,
        categories=(text, "Topic"),
        url="https://meet.example/" + text,
        status=EntryStatus.CANCELLED,
    )


def assert_one_valid_event(body: bytes) -> None:
    assert only_event(body).errors == []
    text = body.decode()
    forbidden = {character for character in text if ord(character) < 32 or 127 <= ord(character) < 160}
    assert forbidden <= {"\r", "\n", "\t"}
    assert {"\u2028", "\u2029"} & set(text) == set()
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert all(line[:1] not in {"", ":", ";"} for line in lines_of(body))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_one_valid_event(text: str) -> None:
    assert_one_valid_event(render_feed(feed_of(hostile_entry(text), name=text, description=text, color=text)))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(categories=None), max_size=400))  # every code point, surrogates too
def test_any_text_gives_one_valid_event(text: str) -> None:
    assert_one_valid_event(render_feed(feed_of(hostile_entry(text), name=text, description=text, url=text, zone=text)))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=100))
def test_a_title_is_read_back_as_it_was_typed(text: str) -> None:
    expected = " ".join(text.split())
    assert str(only_event(render_feed(feed_of(replace(MEETUP, summary=text))))["SUMMARY"]) == expected


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(dt.datetime(1971, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)),
    st.timezone_keys(),
    st.integers(1, 60 * 72),
)
def test_any_instant_in_any_zone_is_read_back_exactly(start: dt.datetime, zone: str, minutes: int) -> None:
    start = start.replace(microsecond=0)
    end = start + dt.timedelta(minutes=minutes)
    event = only_event(render_feed(feed_of(replace(MEETUP, starts_at=start, ends_at=end, zone=zone))))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (start, end)
