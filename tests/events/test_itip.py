"""What calendars answer: a corpus of mails as clients write them, and every way in which one may be wrong."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.itip import Reply, read_reply, utc_instant
from inbox.mime import Unreadable, opened

CORPUS = Path(__file__).parents[1] / "golden" / "inbound"
UID = "5a1f0f0e-0b7d-4b8e-9a53-1d2a3c4d5e6f"
STAMPED = dt.datetime(2026, 11, 17, 17, 55, tzinfo=dt.UTC)
MAIL = b"From: bo@example.org\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"


def reply(
    partstat: str,
    attendee: str = "bo@example.org",
    *,
    method: str = "REPLY",
    uid: str = UID,
    sequence: int = 1,
    stamped_at: dt.datetime = STAMPED,
    email: str = "",
    comment: str = "",
    has_recurrence: bool = False,
) -> Reply:
    return Reply(method, uid, sequence, stamped_at, attendee, email, partstat, comment, has_recurrence)


EXPECTED: dict[str, Reply | Unreadable] = {
    "alias-unknown": reply("DECLINED", "bo.meetups@alias.example"),
    "alias-with-email": reply("ACCEPTED", "bo.meetups@alias.example", email="bo@example.org"),
    "apple-mail-accepted": reply("ACCEPTED", email="bo@example.org"),
    "attachment-only": reply("ACCEPTED"),
    "auto-reply": Unreadable("there is no calendar part"),
    "broken-base64": Unreadable("the calendar part holds no VCALENDAR"),
    "broken-charset": reply("DECLINED", comment="Schöne Grüße"),
    "cancel-to-rsvp": reply("NEEDS-ACTION", method="CANCEL", sequence=9),
    "counter": reply("TENTATIVE", method="COUNTER", comment="An hour later?"),
    "cut-off": Unreadable("the calendar part is cut off"),
    "delegated": reply("DELEGATED"),
    "dsn": Unreadable("there is no calendar part"),
    "duplicate": reply("ACCEPTED"),
    "exchange-declined": reply("DECLINED", comment="Leider verhindert; schöne Grüße"),
    "forged-two-from": reply("DECLINED"),
    "forwarded-to-dee": reply("ACCEPTED", "dee@example.org"),
    "garbage-partstat": Unreadable("its PARTSTAT is PERHAPS-NOT"),
    "gmail-accepted": reply("ACCEPTED"),
    "gmail-declined": reply("DECLINED"),
    "gmail-tentative": reply("TENTATIVE", comment="If my train is on time, yes."),
    "html-only": Unreadable("there is no calendar part"),
    "latin-1-comment": reply("DECLINED", comment="Schöne Grüße"),
    "malformed": Unreadable("the calendar part is broken: its BEGIN and END lines do not match"),
    "needs-action": reply("NEEDS-ACTION"),
    "newer-declined": reply("DECLINED", stamped_at=STAMPED + dt.timedelta(minutes=3)),
    "no-dtstamp": Unreadable("its DTSTAMP is no moment in UTC"),
    "no-method": Unreadable("the calendar part has no METHOD"),
    "old-sequence": reply("ACCEPTED", sequence=0),
    "other-uid": reply("DECLINED", uid="00000000-0000-4000-8000-000000000000"),
    "outlook-com-accepted": reply("ACCEPTED"),
    "proton-accepted": reply("ACCEPTED"),
    "recurrence": reply("DECLINED", has_recurrence=True),
    "refresh": reply("NEEDS-ACTION", method="REFRESH", sequence=0),
    "request-to-rsvp": reply("NEEDS-ACTION", method="REQUEST", sequence=9),
    "text-only": Unreadable("there is no calendar part"),
    "thunderbird-tentative": reply("TENTATIVE"),
    "two-attendees": Unreadable("it names 2 ATTENDEEs"),
    "two-events": Unreadable("it holds several VEVENTs"),
}


def read(raw: bytes) -> Reply | Unreadable:
    message = opened(raw)
    return message if isinstance(message, Unreadable) else read_reply(message)


def with_lines(*lines: str, before: str = "METHOD:REPLY") -> Reply | Unreadable:
    """A reply with these lines in its VEVENT."""
    calendar = ("BEGIN:VCALENDAR", before, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")
    return read(MAIL + "\r\n".join(calendar).encode())


FINE = (f"UID:{UID}", "DTSTAMP:20261117T175500Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.org")


def test_every_mail_of_the_corpus_is_read_as_expected() -> None:
    names = {path.stem for path in CORPUS.glob("*.eml") if not path.stem.startswith("plan-")}

    assert {name: read((CORPUS / f"{name}.eml").read_bytes()) for name in names} == EXPECTED


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("ATTENDEE;PARTSTAT=declined:MAILTO:Bo@Example.org", reply("DECLINED", sequence=0)),
        ("ATTENDEE:mailto:bo@example.org", reply("NEEDS-ACTION", sequence=0)),
        ('ATTENDEE;CN="Bo: \\"x\\"; y";PARTSTAT=DECLINED:mailto:bo@example.org', reply("DECLINED", sequence=0)),
        ('ATTENDEE;CN="Bo; PARTSTAT=ACCEPTED";PARTSTAT=DECLINED:bo@example.org', reply("DECLINED", sequence=0)),
        ("ATTENDEE;PARTSTAT=DECLINED;PARTSTAT=ACCEPTED:mailto:bo@example.org", reply("DECLINED", sequence=0)),
        ("ATTENDEE ;PARTSTAT=DECLINED:mailto:bo@example.org", None),
        ("attendee;partstat=DECLINED:mail\r\n to:bo@example.org", reply("DECLINED", sequence=0)),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bo@\x00example.org", reply("DECLINED", sequence=0)),
    ],
)
def test_an_attendee_is_read_or_there_is_none(line: str, found: Reply | None) -> None:
    assert with_lines(*FINE[:2], line) == (found or Unreadable("it names 0 ATTENDEEs"))


@pytest.mark.parametrize(
    ("written", "sequence"),
    [("7", 7), (" 7 ", 7), ("-1", 0), ("1e3", 0), ("", 0), ("9" * 9, 999_999_999), ("9" * 400, 0)],
)
def test_what_is_no_number_is_the_first_sequence(written: str, sequence: int) -> None:
    assert with_lines(*FINE, f"SEQUENCE:{written}") == reply("DECLINED", sequence=sequence)


def test_a_comment_is_one_short_line() -> None:
    found = with_lines(*FINE, "COMMENT:first\\nsecond\\, \x07third " + "x" * 600)

    assert isinstance(found, Reply)
    assert (found.comment[:21], len(found.comment)) == ("first second, third x", 500)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("20261117T175500Z", STAMPED),
        ("20261117t175500z", STAMPED),
        ("20261117T175500", None),
        ("20261117", None),
        ("20261317T175500Z", None),
        ("00000101T000000Z", None),
        ("20261117T246060Z", None),
    ],
)
def test_a_moment_is_in_utc_or_none(written: str, instant: dt.datetime | None) -> None:
    assert utc_instant(written) == instant


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("DTSTAMP:20261117T175500Z", FINE[2]), "it names no UID"),
        ((f"UID:{UID}", "DTSTAMP:20261117T175500", FINE[2]), "its DTSTAMP is no moment in UTC"),
        (("BEGIN:A", "BEGIN:B", "BEGIN:C", "BEGIN:D", "BEGIN:E"), "the calendar part is nested too deeply"),
        (("X:\r\n" * 4_000,), "the calendar part has too many lines"),
        (("END:VEVENT", "END:VCALENDAR", "BEGIN:VCALENDAR", "BEGIN:VEVENT"), "it holds several VCALENDARs"),
        (("END:VEVENT", "END:VCALENDAR", "END:VCALENDAR"), None),
    ],
)
def test_what_cannot_be_acted_upon_says_why(lines: tuple[str, ...], reason: str | None) -> None:
    broken = "the calendar part is broken: its BEGIN and END lines do not match"

    assert with_lines(*lines) == Unreadable(reason or broken)


def test_a_calendar_without_an_event_says_so() -> None:
    raw = MAIL + b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VTODO\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"

    assert read(raw) == Unreadable("the calendar part has no VEVENT")


def test_several_dates_of_a_series_are_an_answer_to_a_series() -> None:
    again = ("RECURRENCE-ID:20261124T110000Z", "END:VEVENT", "BEGIN:VEVENT", *FINE, "RECURRENCE-ID:20261201T110000Z")

    assert with_lines(*FINE, *again) == reply("DECLINED", sequence=0, has_recurrence=True)


@pytest.mark.parametrize("name", sorted(EXPECTED))
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_mail_that_is_damaged_anywhere_is_read_or_has_a_reason(name: str, data: st.DataObject) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 200)))

    found = read(raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:])

    assert isinstance(found, (Reply, Unreadable))
    assert "\0" not in repr(found)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet='BEGIN:;="\\ATTENDEVCLR\n ,é\x00', max_size=30), max_size=12))
def test_no_lines_are_an_exception(lines: list[str]) -> None:
    assert isinstance(with_lines(*FINE, *lines), (Reply, Unreadable))
