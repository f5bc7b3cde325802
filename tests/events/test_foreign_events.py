"""Invitations of other calendars: what each says, and what hostile ones are turned into."""

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.foreign_events import CalledOff, ForeignEvent, plain, read_event
from events.foreign_times import known_zone
from inbox.mime import Unreadable, opened

CORPUS = Path(__file__).parents[1] / "golden" / "inbound"
UTC = dt.UTC
FINE = {"UID": "UID:1@x", "DTSTAMP": "DTSTAMP:20261117T120000Z", "DTSTART": "DTSTART:20261208T110000Z"}


def read(raw: bytes) -> ForeignEvent | CalledOff | Unreadable:
    message = opened(raw)
    return message if isinstance(message, Unreadable) else read_event(message, home_zone="Asia/Singapore")


def event(*lines: str, method: str = "REQUEST", before: str = "") -> ForeignEvent | CalledOff | Unreadable:
    """An invitation with these lines instead of, or beside, those that are fine."""
    given_names = {line.split(":")[0].split(";")[0] for line in lines}
    fine = [line for name, line in FINE.items() if name not in given_names]
    calendar = ["BEGIN:VCALENDAR", f"METHOD:{method}", before, "BEGIN:VEVENT", *fine, *lines, "END:VEVENT"]
    return read(b"Content-Type: text/calendar\r\n\r\n" + "\r\n".join([*calendar, "END:VCALENDAR"]).encode())


def fine(*lines: str, method: str = "REQUEST", before: str = "") -> ForeignEvent:
    found = event(*lines, method=method, before=before)
    assert isinstance(found, ForeignEvent)
    return found


GOOGLE = ForeignEvent(
    method="REQUEST",
    uid="2v8ks6m4tq@google.com",
    sequence=0,
    stamped_at=dt.datetime(2026, 11, 17, 12, tzinfo=UTC),
    organizer="cy@example.org",
    title="Paper club, December",
    starts_at=dt.datetime(2026, 12, 8, 11, tzinfo=UTC),
    ends_at=dt.datetime(2026, 12, 8, 13, tzinfo=UTC),
    zone="Asia/Singapore",
    description="We read Attention is all you need.\nBring questions & snacks.",
    location="NUS, 1 Example Street, Singapore 117371",
    online_url="https://meet.google.com/abc-defg-hij",
    remarks=(),
)
EXPECTED: dict[str, ForeignEvent | CalledOff] = {
    "plan-google": GOOGLE,
    "plan-google-update": replace(
        GOOGLE,
        sequence=1,
        stamped_at=dt.datetime(2026, 11, 17, 13, tzinfo=UTC),
        title="Paper club, 8 December",
        starts_at=dt.datetime(2026, 12, 8, 11, 30, tzinfo=UTC),
        ends_at=dt.datetime(2026, 12, 8, 13, 30, tzinfo=UTC),
    ),
    "plan-google-cancel": CalledOff("2v8ks6m4tq@google.com", 2, dt.datetime(2026, 11, 17, 14, tzinfo=UTC)),
    "plan-outlook": replace(
        GOOGLE,
        uid="040000008200E00074C5B7101A82E00800000000",
        title="Paper club",
        starts_at=dt.datetime(2026, 12, 8, 18, tzinfo=UTC),
        ends_at=dt.datetime(2026, 12, 8, 20, tzinfo=UTC),
        zone="Europe/Berlin",
        description="We read one paper.\n\n________________\nMicrosoft Teams meeting\n"
        "Join: https://teams.microsoft.com/l/meetup-join/19%3ameeting",
        location="",
        online_url="https://teams.microsoft.com/l/meetup-join/19%3ameeting",
    ),
}


def test_the_invitations_of_the_corpus_are_read_as_expected() -> None:
    assert {path.stem: read(path.read_bytes()) for path in CORPUS.glob("plan-*.eml")} == EXPECTED


@pytest.mark.parametrize(
    ("lines", "starts", "ends", "zone"),
    [
        (["DTSTART:20261208T110000Z"], "2026-12-08T11:00", "2026-12-08T13:00", "Asia/Singapore"),
        (["DTSTART:20261208T190000"], "2026-12-08T11:00", "2026-12-08T13:00", "Asia/Singapore"),
        (
            ["DTSTART;TZID=Europe/Berlin:20261208T190000", "DURATION:PT90M"],
            "2026-12-08T18:00",
            "2026-12-08T19:30",
            "Europe/Berlin",
        ),
        (['DTSTART;TZID="Europe/Berlin":20261208T190000'], "2026-12-08T18:00", "2026-12-08T20:00", "Europe/Berlin"),
        (
            ["DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261208T190000"],
            "2026-12-08T18:00",
            "2026-12-08T20:00",
            "Europe/Berlin",
        ),
        (
            ["DTSTART;TZID=Singapore Standard Time:20261208T190000"],
            "2026-12-08T11:00",
            "2026-12-08T13:00",
            "Asia/Singapore",
        ),
        (
            ["DTSTART;VALUE=DATE:20261208", "DTEND;VALUE=DATE:20261210"],
            "2026-12-07T16:00",
            "2026-12-09T16:00",
            "Asia/Singapore",
        ),
        (["DTSTART;VALUE=DATE:20261208"], "2026-12-07T16:00", "2026-12-08T16:00", "Asia/Singapore"),
        (
            ["DTSTART;TZID=Europe/Berlin:20270327T190000", "DURATION:P1D"],
            "2027-03-27T18:00",
            "2027-03-28T17:00",
            "Europe/Berlin",
        ),
        (["DTSTART;TZID=Europe/Berlin:20270328T023000"], "2027-03-28T01:30", "2027-03-28T03:30", "Europe/Berlin"),
        (
            ["DTSTART;TZID=Asia/Tokyo:20261208T190000", "DTEND;TZID=Asia/Singapore:20261208T190000"],
            "2026-12-08T10:00",
            "2026-12-08T11:00",
            "Asia/Tokyo",
        ),
        (["DTSTART:20261208T110000Z", "DURATION:P1W"], "2026-12-08T11:00", "2026-12-15T11:00", "Asia/Singapore"),
    ],
)
def test_times_are_read_on_the_clock_they_name(lines: list[str], starts: str, ends: str, zone: str) -> None:
    found = fine(*lines)

    assert (f"{found.starts_at:%Y-%m-%dT%H:%M}", f"{found.ends_at:%Y-%m-%dT%H:%M}", found.zone) == (starts, ends, zone)


def test_the_calendars_own_zone_counts_before_the_groups() -> None:
    assert fine("DTSTART:20261208T190000", before="X-WR-TIMEZONE:Asia/Tokyo").zone == "Asia/Tokyo"


@pytest.mark.parametrize("tzid", ["Customized Time Zone", "../../etc/passwd", "Local", ""])
def test_a_zone_nobody_knows_is_the_groups_and_it_is_said(tzid: str) -> None:
    found = fine(f"DTSTART;TZID={tzid}:20261208T190000")

    said = (f"the time zone “{tzid}” is unknown, so the group’s clock counts",) if tzid else ()
    assert (found.zone, found.remarks) == ("Asia/Singapore", said)


def test_a_zone_of_their_own_is_known_by_the_place_it_names() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nX-LIC-LOCATION:Europe/Berlin\r\nEND:VTIMEZONE"

    assert fine("DTSTART;TZID=Mine:20261208T190000", before=zone).zone == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("x/UTC", ""),
        ("(UTC+01:00) Amsterdam, Berlin", ""),
        ("", ""),
    ],
)
def test_zones_are_known_by_any_of_their_names(name: str, zone: str) -> None:
    assert known_zone(name) == zone


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["DTSTART:tomorrow"], "its DTSTART is no time that anybody could meet at: tomorrow"),
        (["DTSTART:20260230T110000Z"], "its DTSTART is no time that anybody could meet at: 20260230T110000Z"),
        (["DTSTART:00000101T110000Z"], "its DTSTART is no time that anybody could meet at: 00000101T110000Z"),
        (["DTSTART:99991231T235959Z"], "its DTSTART is no time that anybody could meet at: 99991231T235959Z"),
        (["DTEND:20261208T110000Z"], "it ends before it starts, or more than sixty days later"),
        (["DTEND:20261208T100000Z"], "it ends before it starts, or more than sixty days later"),
        (["DTEND:20280101T000000Z"], "it ends before it starts, or more than sixty days later"),
        (["DTEND:later"], "its end is no time"),
        (["DURATION:-PT1H"], "its end is no time"),
        (["DURATION:P"], "its end is no time"),
        (["DURATION:P99999D"], "its end is no time"),
        (["DTSTAMP:today"], "its DTSTAMP is no moment in UTC"),
        (["UID:"], "it names no UID"),
        (["UID:" + "x" * 256], "its UID has more than 255 characters"),
        (["RECURRENCE-ID:20261208T110000Z"], "it changes one date of a series; only the first date became a draft"),
        (["END:VEVENT", "BEGIN:VEVENT"], "it holds several VEVENTs"),
    ],
)
def test_what_cannot_become_a_draft_says_why(lines: list[str], reason: str) -> None:
    assert event(*lines) == Unreadable(reason)


def test_an_invitation_without_a_start_says_so() -> None:
    raw = "METHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261117T120000Z\r\nEND:VEVENT"

    found = read(f"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n{raw}\r\nEND:VCALENDAR".encode())

    assert found == Unreadable("it has no DTSTART")


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("REPLY", "REPLY is no invitation"),
        ("COUNTER", "COUNTER is no invitation"),
        ("", "the calendar part has no METHOD"),
    ],
)
def test_only_invitations_make_drafts(method: str, reason: str) -> None:
    assert event(method=method) == Unreadable(reason)
    assert fine(method="PUBLISH").method == "PUBLISH"


def test_without_an_event_there_is_nothing() -> None:
    raw = b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR"

    assert read(raw) == Unreadable("the calendar part has no VEVENT")
    assert read(b"Subject: hi\r\n\r\nhi") == Unreadable("there is no calendar part")


def test_a_cancelled_request_calls_off() -> None:
    assert event("STATUS:CANCELLED") == CalledOff("1@x", 0, dt.datetime(2026, 11, 17, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    "rule", ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "RDATE:20261209T110000Z"]
)
def test_a_series_is_its_first_date_however_long_its_rule_runs(rule: str) -> None:
    before = time.process_time()

    assert fine(rule).remarks == ("it repeats: only its first date became a draft",)
    assert time.process_time() - before < 2


def test_changes_of_single_dates_beside_the_series_are_passed_over() -> None:
    single = ("END:VEVENT", "BEGIN:VEVENT", "RECURRENCE-ID:20261215T110000Z", "SUMMARY:Other")

    assert fine("SUMMARY:Weekly", "RRULE:FREQ=WEEKLY", *single).title == "Weekly"


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["LOCATION:NUS"], ("NUS", "")),
        (["LOCATION:NUS\\, 1 Example Street\\nSingapore"], ("NUS, 1 Example Street, Singapore", "")),
        (["LOCATION:https://zoom.example/j/1"], ("", "https://zoom.example/j/1")),
        (["LOCATION:NUS (https://zoom.example/j/1)"], ("NUS", "https://zoom.example/j/1")),
        (["CONFERENCE;VALUE=URI:https://meet.example/a", "LOCATION:Online"], ("", "https://meet.example/a")),
        (["LOCATION:Online"], ("Online", "")),
        (["X-GOOGLE-CONFERENCE:https://meet.example/a", "URL:https://page.example/"], ("", "https://meet.example/a")),
        (["URL:https://page.example/"], ("", "https://page.example/")),
        (["URL:https://page.example/", "LOCATION:NUS"], ("NUS", "")),
        (["CONFERENCE:javascript:alert(1)", "URL:tel:+49"], ("", "")),
        (["URL:https://page.example/" + "x" * 500], ("", "")),
    ],
)
def test_a_place_is_a_location_or_an_address_to_join(lines: list[str], place: tuple[str, str]) -> None:
    found = fine(*lines)

    assert (found.location, found.online_url) == place


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("One\n\nTwo & <three> 1 < 2", "One\n\nTwo & <three> 1 < 2"),
        ("<p>One</p><p>Two &amp; three</p>", "One\n\nTwo & three"),
        ("Come:<ul><li>early</li><li>late</li></ul>", "Come:\n\n- early\n- late"),
        ("<b>A</b><script>alert(1)</script><style>p{}</style>B", "AB"),
        ("<b>A</b></script>B", "AB"),
        ("<b>A</b><![foo[B", "A<![foo[B"),
        ("a\x00b\x1b[2J\r\nc\u2028d", "ab[2J\nc\nd"),
        ("x" * 20_000, "x" * 9_999 + "…"),
    ],
)
def test_descriptions_are_plain_text(written: str, words: str) -> None:
    assert plain(written) == words


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/!-[]&;\"'=apb \n", max_size=120))
def test_no_html_is_an_exception(written: str) -> None:
    assert isinstance(plain("<p>" + written), str)


@pytest.mark.parametrize("name", sorted(EXPECTED))
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_invitation_that_is_damaged_anywhere_is_read_or_has_a_reason(name: str, data: st.DataObject) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 200)))

    found = read(raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:])

    assert isinstance(found, (ForeignEvent, CalledOff, Unreadable))
    assert "\0" not in repr(found)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["DTSTART", "DTEND", "DURATION", "DTSTAMP", "LOCATION", "DTSTART;TZID=UTC", "URL"]),
            st.text(alphabet="0123456789TZPWDHMS-+:/", max_size=17),
        ),
        max_size=4,
    )
)
def test_no_values_are_an_exception(lines: list[tuple[str, str]]) -> None:
    found = event(*[f"{name}:{value}" for name, value in lines])

    assert isinstance(found, (ForeignEvent, CalledOff, Unreadable))
