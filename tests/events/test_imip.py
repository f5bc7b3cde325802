"""iTIP messages: exactly the properties calendars need, one attendee, nothing secret, whatever people type."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.calendar_values import CalendarEntry, Conference, EntryStatus, Words
from events.imip import CalendarMessage, Method, Party, render_message
from tests.events.calendar_samples import MEETUP

STAMP = dt.datetime(2026, 11, 17, 18, 0, 0, 654321, tzinfo=dt.UTC)
REQUEST = CalendarMessage(
    method=Method.REQUEST,
    entry=replace(MEETUP, transparent=False),
    organizer=Party("TensorFlow, Singapore", "rsvp+k7m2q9x4c3v8b5n1@meet.example"),
    attendee=Party("Bo", "bo@example.org"),
    sequence=3,
    stamped_at=STAMP,
)


def read(message: CalendarMessage, words: Words | None = None) -> tuple[icalendar.Calendar, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(render_message(message, words or Words()))
    (event,) = calendar.walk("VEVENT")
    assert isinstance(calendar, icalendar.Calendar)
    assert isinstance(event, icalendar.Event)
    return calendar, event


def test_a_request_holds_these_properties_and_no_other() -> None:
    calendar, event = read(REQUEST)
    assert sorted(calendar) == ["CALSCALE", "METHOD", "PRODID", "VERSION"]
    assert calendar["METHOD"] == "REQUEST"
    assert sorted(event) == [
        "ATTENDEE",
        "CLASS",
        "DESCRIPTION",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "LOCATION",
        "ORGANIZER",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "UID",
        "URL",
        "X-MICROSOFT-CDO-BUSYSTATUS",
    ]


def test_a_request_says_when_where_and_who_asks_whom() -> None:
    calendar, event = read(REQUEST)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Singapore"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (MEETUP.starts_at, MEETUP.ends_at)
    assert event["DTSTART"].params == {"TZID": "Asia/Singapore"}
    assert event["DTSTAMP"].dt == STAMP.replace(microsecond=0)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"], event["TRANSP"]) == (MEETUP.uid, 3, "CONFIRMED", "OPAQUE")
    assert event["ORGANIZER"] == "mailto:rsvp+k7m2q9x4c3v8b5n1@meet.example"
    assert dict(event["ORGANIZER"].params) == {"CN": "TensorFlow, Singapore"}
    assert event["ATTENDEE"] == "mailto:bo@example.org"
    assert dict(event["ATTENDEE"].params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
        "CN": "Bo",
    }


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_who_has_answered_is_not_asked_to(partstat: str) -> None:
    _calendar, event = read(replace(REQUEST, partstat=partstat))
    assert dict(event["ATTENDEE"].params) == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": partstat,
        "CN": "Bo",
    }


def test_a_cancel_says_which_entry_goes_and_no_more() -> None:
    calendar, event = read(replace(REQUEST, method=Method.CANCEL, sequence=4, partstat="ACCEPTED"))
    assert calendar["METHOD"] == "CANCEL"
    assert sorted(event) == [
        "ATTENDEE",
        "DTEND",
        "DTSTAMP",
        "DTSTART",
        "ORGANIZER",
        "SEQUENCE",
        "STATUS",
        "SUMMARY",
        "TRANSP",
        "UID",
    ]
    assert (event["STATUS"], event["SEQUENCE"], event["SUMMARY"]) == ("CANCELLED", 4, MEETUP.summary)
    assert dict(event["ATTENDEE"].params)["PARTSTAT"] == "ACCEPTED"


def test_what_is_off_for_everybody_is_said_in_front_of_the_title_of_a_cancel_and_never_requested() -> None:
    off = replace(REQUEST, entry=replace(MEETUP, status=EntryStatus.CANCELLED))
    _calendar, event = read(replace(off, method=Method.CANCEL), Words(cancelled="已取消"))
    assert event["SUMMARY"] == f"已取消: {MEETUP.summary}"
    with pytest.raises(ValueError, match="what is cancelled is not requested"):
        render_message(off, Words())


def test_what_is_postponed_is_tentative_and_blocks_no_time() -> None:
    _calendar, event = read(replace(REQUEST, entry=replace(REQUEST.entry, status=EntryStatus.POSTPONED)))
    assert (event["STATUS"], event["TRANSP"]) == ("TENTATIVE", "TRANSPARENT")
    assert event["SUMMARY"] == f"Postponed: {MEETUP.summary}"


def test_an_unlisted_groups_event_is_private() -> None:
    _calendar, event = read(replace(REQUEST, entry=replace(REQUEST.entry, private=True)))
    assert event["CLASS"] == "PRIVATE"


def test_where_no_zone_rule_is_safe_the_times_are_in_utc_without_a_zone() -> None:
    starts = dt.datetime(2026, 7, 15, 18, 30, tzinfo=ZoneInfo("America/Santiago"))
    entry = replace(REQUEST.entry, zone="America/Santiago", starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    calendar, event = read(replace(REQUEST, entry=entry))
    assert calendar.walk("VTIMEZONE") == []
    assert event["DTSTART"].dt == starts.astimezone(dt.UTC)


def test_the_way_in_and_other_secrets_of_the_own_feed_do_not_go_by_mail() -> None:
    entry = replace(REQUEST.entry, conference=Conference("https://video.example/j/123?pwd=secret", "Join online"))
    assert b"secret" not in render_message(replace(REQUEST, entry=entry), Words()).replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("name", "written"),
    [('Ada "the Countess" ^_^', "Ada 'the Countess' '_'"), ("李; 茵:\r\nX-EVIL", "李; 茵:, X-EVIL")],
)
def test_a_name_is_one_parameter_that_old_calendars_read(name: str, written: str) -> None:
    message = replace(REQUEST, attendee=Party(name, "bo@example.org"))
    assert read(message)[1]["ATTENDEE"].params["CN"] == written
    assert b"^" not in render_message(message, Words())


def test_nobody_is_named_who_has_no_name() -> None:
    _calendar, event = read(replace(REQUEST, attendee=Party("\x00 ", "bo@example.org")))
    assert "CN" not in event["ATTENDEE"].params


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.sampled_from(Method))
def test_whatever_people_type_it_is_one_event_in_lines_of_75_octets(title: str, name: str, method: Method) -> None:
    entry: CalendarEntry = replace(REQUEST.entry, summary=title, description=title, location=name)
    message = replace(REQUEST, method=method, entry=entry, attendee=Party(name, "bo@example.org"))
    body = render_message(message, Words())
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:bo@example.org"
    assert event.errors == []
