"""The bytes of a mail, read back by Python's own parser."""

import datetime as dt
import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from outbox.delivery import mime
from outbox.delivery.letters import compose
from outbox.models import Message
from outbox.unsubscribing import unsubscribe_url
from tests.factories import MessageFactory

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Fußball – 足球\r\nEND:VCALENDAR\r\n"


def message(**changes: object) -> Message:
    return MessageFactory.build(message_id="<m1@lectern.example>", **changes)


def parsed(row: Message) -> EmailMessage:
    mail = message_from_bytes(compose(row).data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert [part.defects for part in mail.walk()] == [[] for _ in mail.walk()]
    return mail


def structure(part: EmailMessage) -> object:
    if part.is_multipart():
        return [part.get_content_type(), *(structure(child) for child in part.iter_parts())]
    return part.get_content_type()


def test_an_invitation_stands_last_among_the_alternatives_and_once_more_as_a_file() -> None:
    mail = parsed(message(html="<p>Come</p>", calendar=CALENDAR, calendar_method="REQUEST"))

    assert structure(mail) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]
    *_, calendar, attached = (part for part in mail.walk() if not part.is_multipart())
    assert str(calendar["Content-Type"]) == 'text/calendar; charset="UTF-8"; method="REQUEST"; component="VEVENT"'
    assert (calendar["Content-Disposition"], calendar["Content-Transfer-Encoding"]) == (None, "base64")
    assert attached.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == CALENDAR.encode()


def test_what_is_called_off_is_a_file_of_another_name() -> None:
    mail = parsed(message(calendar=CALENDAR, calendar_method="CANCEL"))

    calendar, attached = [part for part in mail.walk() if not part.is_multipart()][-2:]
    assert calendar.get_param("method") == "CANCEL"
    assert attached.get_filename() == "cancel.ics"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Come early.\n", "7bit"),
        ("A line\nand\n\n.\n..dots\nFrom here\n", "7bit"),
        ("x" * 1200 + "\n", "quoted-printable"),
        ("Die Türen öffnen um sieben Uhr, bitte kommt etwas früher.\n", "quoted-printable"),
        ("trailing spaces in a Füllung   \n=20 stays\n", "quoted-printable"),
        ("大门七点打开。\n请早点来。\n", "base64"),
    ],
)
def test_every_text_arrives_as_it_was_in_seven_bits(text: str, encoding: str) -> None:
    row = message(text=text)
    mail = parsed(row)

    data = compose(row).data
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= mime.LONGEST_LINE
    assert mail.get_content() == text.replace("\n", "\r\n")
    assert mail["Content-Transfer-Encoding"] == encoding


@pytest.mark.parametrize(
    "subject", ["Doors open at seven", "Türen öffnen um sieben", "大门七点打开 " * 12, "Doors and windows " * 9 + "end"]
)
def test_every_subject_arrives_in_lines_that_mail_programs_show(subject: str) -> None:
    row = message(subject=subject.strip())

    head = compose(row).data.partition(b"\r\n\r\n")[0]
    assert parsed(row)["Subject"] == subject.strip()
    assert max(len(line) for line in head.split(b"\r\n") if b"essage" not in line) <= mime.SHORT_LINE


@pytest.mark.parametrize(
    ("given", "header", "envelope"),
    [
        ("bo@example.org", "bo@example.org", "bo@example.org"),
        ("Bo <bo@example.org>", "Bo <bo@example.org>", "bo@example.org"),
        ('"Bo, the one" <bo@example.org>', '"Bo, the one" <bo@example.org>', "bo@example.org"),
        ("博 <bo@example.org>", "=?utf-8?b?5Y2a?= <bo@example.org>", "bo@example.org"),
        ('"Bo \\"the\\" one" <bo@example.org>', '"Bo \\"the\\" one" <bo@example.org>', "bo@example.org"),
        ('"=?utf-8?q?Ada?=" <bo@example.org>', "=?utf-8?b?PT91dGYtOD9xP0FkYT89?= <bo@example.org>", "bo@example.org"),
        ("bo@bücher.example", "bo@xn--bcher-kva.example", "bo@xn--bcher-kva.example"),
        ("o'neil@example.org", "o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_an_address_as_header_and_as_envelope(given: str, header: str, envelope: str) -> None:
    assert (mime.mailbox(given), mime.envelope_address(given)) == (header, envelope)


@pytest.mark.parametrize(
    "name", ["深度学习" * 30, "TensorFlow & 深度学习 " * 8, 'Ada, "Bo" \\ Cy', "=?utf-8?q?Ada?=", "a" * 120]
)
def test_a_senders_name_arrives_as_it_was_in_words_that_mail_programs_decode(name: str) -> None:
    quoted = name.strip().replace("\\", "\\\\").replace('"', '\\"')
    row = message(sender=f'"{quoted}" <hello@lectern.example>')

    data = compose(row).data
    shown, address = parseaddr(message_from_bytes(data)["From"])
    assert (str(make_header(decode_header(shown))), address) == (name.strip(), "hello@lectern.example")
    encoded = re.findall(rb"=\?utf-8\?\S+", data.partition(b"\r\n\r\n")[0])
    assert max(map(len, encoded), default=0) <= mime.SHORT_LINE - 1


@pytest.mark.parametrize("given", ["bo", "", "@example.org", "bö@example.org", "a@b.example\r\nBcc: c@d.example"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"No mail can be sent|newlines"):
        mime.mailbox(given)


def test_a_header_cannot_smuggle_in_another() -> None:
    with pytest.raises(ValueError, match="A header holds newlines: Subject"):
        mime.header_lines({"Subject": "Doors\r\nBcc: all@example.org"})


def test_the_same_row_gives_the_same_bytes_and_nobody_outside_can_tell_the_boundary() -> None:
    row = message(html="<p>Come</p>")
    boundary = parsed(row).get_boundary()

    assert compose(row).data == compose(row).data
    assert parsed(message(html="<p>Come</p>", text=f"--{boundary}\n")).get_boundary() == boundary
    assert str(boundary).startswith("=_")


def test_a_mail_that_one_may_unsubscribe_from_says_how() -> None:
    row = message(scopes=["reminders:group:7", "reminders"])
    mail = parsed(row)

    assert mail["List-Unsubscribe"] == f"<{unsubscribe_url('bo@example.org', 'reminders:group:7')}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_date_is_when_it_was_written() -> None:
    row = message(created_at=dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC))

    assert parsed(row)["Date"] == "Tue, 17 Nov 2026 12:00:00 +0000"
