"""Reading what anybody may have written: never long, never an exception."""

import time
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.mime import (
    LARGEST_CALENDAR,
    Head,
    Unreadable,
    calendar_text,
    head_of,
    headers_shown,
    opened,
    parts_of,
    plain_texts,
    recipients_of,
)

CALENDAR = "BEGIN:VCALENDAR\nEND:VCALENDAR\n"


def mail(header: str, body: str = "") -> bytes:
    return (header.strip() + "\n\n" + body).encode()


def calendar_of(raw: bytes) -> str | Unreadable:
    message = opened(raw)
    return message if isinstance(message, Unreadable) else calendar_text(message)


def head(raw: bytes) -> Head:
    message = opened(raw)
    assert not isinstance(message, Unreadable)
    return head_of(message)


def nested(levels: int) -> bytes:
    """A calendar inside so many containers."""
    text = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(levels))
    return mail("From: bo@example.org\n" + text + "Content-Type: text/calendar", CALENDAR)


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Subject: Hi", False),
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: Auto-Generated; owner=x", True),
        ("Precedence: bulk", True),
        ("Precedence: List", True),
        ("Precedence: junk", True),
        ("Precedence: first-class", False),
        ("Return-Path: <>", True),
        ("Return-Path: <bo@example.org>", False),
        ("List-Id: <meet.example>", True),
        ("X-Autoreply: yes", True),
    ],
)
def test_programs_are_told_from_people(header: str, automatic: bool) -> None:
    assert head(mail(f"From: bo@example.org\n{header}")).is_automatic is automatic


@pytest.mark.parametrize(
    ("header", "senders", "sender"),
    [
        ("From: Bo <BO@example.org>", ("bo@example.org",), "bo@example.org"),
        ('From: "ada@example.org" <dee@example.org>', ("dee@example.org",), "dee@example.org"),
        ("From: bo@example.org\nFrom: dee@example.org", ("bo@example.org", "dee@example.org"), ""),
        ("From: bo@example.org, dee@example.org", ("bo@example.org", "dee@example.org"), ""),
        ("From: =?utf-8?Q?M=C3=BCller=2C_Hans?= <Hans@Example.org>", ("hans@example.org",), "hans@example.org"),
        ("From: =?utf-8?Q?Hans_=28Labs=3B_=3C?= <hans@example.org>", ("hans@example.org",), "hans@example.org"),
        ("From: =?utf-8?Q?ada=40example.org=2C?= <dee@example.org>", ("dee@example.org",), "dee@example.org"),
        ("From: undisclosed", ("undisclosed",), "undisclosed"),
        ("Subject: nobody", (), ""),
    ],
)
def test_a_mail_has_one_sender_or_none(header: str, senders: tuple[str, ...], sender: str) -> None:
    read = head(mail(header))

    assert (read.senders, read.sender) == (senders, sender)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Accepted:\n  Meetup", "Accepted: Meetup"),
        ("=?utf-8?q?Zusage=3A_K=C3=A4se?=", "Zusage: Käse"),
        ("=?klingon?q?Zusage?=", "=?klingon?q?Zusage?="),
        ("=?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("=?utf-8?q?a=00b=0D=0AX=3A_y?=", "ab X: y"),
    ],
)
def test_subjects_are_read_on_one_line_as_far_as_they_can_be(written: str, read: str) -> None:
    assert head(mail(f"Subject: {written}")).subject == read


def test_the_mail_server_says_best_whom_a_mail_was_for() -> None:
    message = opened(mail("To: List <all@example.org>\nDelivered-To: RSVP+abc@meet.example\nCc: cy@example.org"))

    assert not isinstance(message, Unreadable)
    assert recipients_of(message) == ["rsvp+abc@meet.example", "all@example.org", "cy@example.org"]


@pytest.mark.parametrize(
    "raw",
    [
        mail("Content-Type: text/calendar; method=REPLY", CALENDAR),
        mail("Content-Type: TEXT/CALENDAR", CALENDAR),
        mail("Content-Type: application/ics; name=invite.ics", CALENDAR),
        mail('Content-Type: application/octet-stream; name="Reply.ICS"', CALENDAR),
        mail(
            "Content-Type: text/calendar\nContent-Transfer-Encoding: base64", "QkVHSU46VkNBTEVOREFSCkVORDpWQ0FMRU5EQVIK"
        ),
        mail("Content-Type: text/calendar\nContent-Transfer-Encoding: quoted-printable", CALENDAR.replace("E", "=45")),
        mail("Content-Type: text/calendar; charset=klingon", CALENDAR),
        mail("Content-Type: text/calendar; charset=utf-16\nContent-Transfer-Encoding: base64")
        + b64encode(CALENDAR.encode("utf-16")),
        nested(1),
        nested(30),
    ],
)
def test_the_calendar_part_is_found_wherever_it_is(raw: bytes) -> None:
    text = calendar_of(raw)

    assert isinstance(text, str)
    assert text.rstrip("\n") == CALENDAR.rstrip("\n")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (mail("Content-Type: text/html", "<b>Yes</b>"), "there is no calendar part"),
        (
            mail("Content-Type: message/rfc822", "Content-Type: text/calendar\n\n" + CALENDAR),
            "there is no calendar part",
        ),
        (nested(31), "the message has too many parts inside each other"),
        (nested(120), "the message has too many parts inside each other"),
        (
            mail("Content-Type: text/calendar", "X" * (LARGEST_CALENDAR + 1)),
            "the calendar part has more than 65536 bytes",
        ),
        (mail('Content-Type: text/plain; a="' + ";" * 5000 + '"'), "a header is too long"),
        (mail('Content-Type: text/plain;\n a="' + "\n ;" * 5000 + '"'), "a header is too long"),
        (b"\n" * 100_001, "the message has too many lines"),
        (b"x" * 1_000_001, "the message has more than 1000000 bytes"),
    ],
)
def test_what_cannot_be_read_has_a_reason(raw: bytes, reason: str) -> None:
    assert calendar_of(raw) == Unreadable(reason)


@pytest.mark.parametrize(
    "raw",
    [
        b"X-A: b\n" * 90_000,
        b"From: " + b"a@b.c," * 160_000,
        nested(30) + b"--\n" * 90_000,
        b'Content-Type: text/plain; a="' + b";" * 3_900 + b"\n\n",
    ],
    ids=["headers", "senders", "boundaries", "quotes"],
)
def test_a_bomb_costs_little(raw: bytes) -> None:
    before = time.process_time()

    message = opened(raw)

    assert not isinstance(message, Unreadable)
    assert (head_of(message).subject, len(headers_shown(message)) <= 60) == ("", True)
    assert isinstance(calendar_text(message), Unreadable)
    assert time.process_time() - before < 5


def test_text_is_shown_as_its_source_and_without_control_characters() -> None:
    message = opened(
        mail("Content-Type: text/html; charset=utf-8", "<script>alert(1)</script>\x00\x1b[2J\r\nend\u202e")
    )

    assert not isinstance(message, Unreadable)
    assert plain_texts(message) == ["<script>alert(1)</script>[2J\nend\u202e"]


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.builds(
            lambda kind, encoding, body: (
                b"From: "
                + kind
                + b"\nContent-Type: "
                + kind
                + b"\nContent-Transfer-Encoding: "
                + encoding
                + b"\n\n"
                + body
            ),
            st.one_of(
                st.binary(max_size=60),
                st.sampled_from([b"text/calendar; charset=x", b"multipart/mixed; boundary=b", b"message/rfc822"]),
            ),
            st.sampled_from([b"base64", b"quoted-printable", b"x-uuencode", b"\xff"]),
            st.binary(max_size=200),
        ),
    )
)
def test_no_bytes_are_an_exception(raw: bytes) -> None:
    message = opened(raw)

    assert not isinstance(message, Unreadable)
    assert isinstance(calendar_text(message), (str, Unreadable))
    found = [head_of(message).subject, *recipients_of(message), *plain_texts(message)]
    found += [text for header in headers_shown(message) for text in header]
    assert not [text for text in found if "\0" in text or text != text.encode("utf-8", "replace").decode()]
    assert list(parts_of(message)) == list(parts_of(message))
