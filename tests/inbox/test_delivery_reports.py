"""What servers send back is read as RFC 3464 has it, and whatever is not that says nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.delivery_reports import LONGEST_WORDS, Failure, failure_in
from inbox.mime import Unreadable, opened
from tests.inbox.returned import UNKNOWN, report

NO_REPORT = Unreadable("this is no delivery report")
NOBODY = Unreadable("the report says that nobody was given up on")


def read(raw: bytes) -> Failure | Unreadable:
    message = opened(raw)
    return message if isinstance(message, Unreadable) else failure_in(message)


@pytest.mark.parametrize(
    ("recipients", "status", "words"),
    [
        (
            UNKNOWN,
            "5.1.1",
            "550 5.1.1 <bo@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
        ),
        ("Action: failed\nStatus: 5.1.10 (null MX)\nDiagnostic-Code: smtp;550 no", "5.1.10", "550 no"),
        ("Action: FAILED\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.1.1 gone", "5.1.1", "550-5.1.1 gone"),
        ("Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.1.1 quoted", "5.2.2", "552 5.1.1 quoted"),
        ("Action: failed\nDiagnostic-Code: 550 5.7.1 spam", "5.7.1", "550 5.7.1 spam"),
        ("Action: failed\nStatus: 4.4.7", "4.4.7", ""),
        ("Action: failed\nStatus: broken", "", ""),
        ("Action: failed", "", ""),
        (f"Action: delayed\nStatus: 4.4.1\n\n{UNKNOWN}", "5.1.1", None),
    ],
)
def test_the_status_of_who_was_given_up_on(recipients: str, status: str, words: str | None) -> None:
    found = read(report(recipients))
    assert isinstance(found, Failure)
    assert (found.status, words if words is None else found.words) == (status, words)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (report("Action: delayed\nStatus: 4.4.1"), NOBODY),
        (report("Action: delivered\nStatus: 2.0.0"), NOBODY),
        (report("no fields at all"), NOBODY),
        (b"From: x@example.org\nSubject: Away\n\nStatus: 5.1.1\nAction: failed\n", NO_REPORT),
        (report().replace(b"message/delivery-status", b"text/plain"), NO_REPORT),
        (report().replace(b"multipart/report", b"multipart/mixed"), NO_REPORT),
        (b"Content-Type: multipart/report; boundary=b1\n\nno parts\n", NO_REPORT),
        (b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\n", NO_REPORT),
        (b"", NO_REPORT),
    ],
)
def test_whatever_else_comes_back_says_nothing(raw: bytes, reason: Unreadable) -> None:
    assert read(raw) == reason


def test_a_report_inside_a_forwarded_mail_is_not_this_mails_own() -> None:
    outer = b"Content-Type: multipart/report; boundary=b0\n\n--b0\nContent-Type: message/rfc822\n\n"
    assert read(outer + report() + b"\n--b0--\n") == NO_REPORT


def test_long_words_are_cut() -> None:
    found = read(report(f"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; {'no ' * 900}"))
    assert isinstance(found, Failure)
    assert len(found.words) == LONGEST_WORDS


@given(st.binary(max_size=300), st.integers(0, 1200))
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_written_into_one_raises(noise: bytes, place: int) -> None:
    raw = report()
    read(raw[:place] + noise + raw[place:])
