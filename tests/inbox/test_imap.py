"""Fetching unread mail out of a real mailbox over a socket: once each, whatever breaks in between."""

from typing import Any

import pytest
from pytest_django import Settings

from inbox.imap import Mailbox, MailboxFailed, fetch_unread, mailbox_of
from inbox.models import InboundMail
from inbox.tasks import poll_mailbox
from tests.imap_server import ImapServer, StoredMail

RAW = b"Delivered-To: rsvp+abc@lectern.example\r\nFrom: bo@example.org\r\nSubject: Accepted\r\n\r\nYes\r\n"
ANOTHER = RAW.replace(b"Accepted", b"Declined")


@pytest.fixture
def mailbox(imap_server: ImapServer, settings: Settings) -> ImapServer:
    """The mailbox the site looks into, with two unread messages."""
    settings.INBOUND_IMAP_URL = imap_server.url
    imap_server.mails = {4: StoredMail(RAW), 7: StoredMail(ANOTHER), 9: StoredMail(RAW, {"\\Seen"})}
    return imap_server


def subjects() -> list[str]:
    return sorted(InboundMail.objects.values_list("subject", flat=True))


def flags(mailbox: ImapServer) -> dict[int, set[str]]:
    return {uid: mail.flags for uid, mail in mailbox.mails.items()}


@pytest.mark.django_db
def test_unread_mail_is_kept_and_marked(mailbox: ImapServer) -> None:
    poll_mailbox()

    assert subjects() == ["Accepted", "Declined"]
    assert flags(mailbox) == {4: {"\\Seen"}, 7: {"\\Seen"}, 9: {"\\Seen"}}
    row = InboundMail.objects.get(subject="Accepted")
    assert (row.recipient, row.source, bytes(row.raw)) == ("rsvp+abc@lectern.example", "imap", RAW)


@pytest.mark.django_db
def test_looking_does_not_mark_before_the_row_is_there(mailbox: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_given: Any) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("inbox.tasks.receive", fail)
    with pytest.raises(RuntimeError):
        poll_mailbox()
    assert flags(mailbox)[4] == set()

    monkeypatch.undo()
    poll_mailbox()

    assert subjects() == ["Accepted", "Declined"]


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "SEARCH", "RFC822.SIZE", "BODY.PEEK", "STORE 4", "STORE 7"])
def test_a_server_that_hangs_up_costs_a_minute_and_no_message(mailbox: ImapServer, command: str) -> None:
    mailbox.drops_at = command

    poll_mailbox()
    assert mailbox.drops_at == ""
    poll_mailbox()

    assert subjects() == ["Accepted", "Declined"]
    assert flags(mailbox) == {4: {"\\Seen"}, 7: {"\\Seen"}, 9: {"\\Seen"}}


@pytest.mark.django_db
def test_new_uids_after_a_rebuilt_mailbox_double_nothing(mailbox: ImapServer) -> None:
    poll_mailbox()
    mailbox.uid_validity, mailbox.mails = 2, {1: StoredMail(RAW), 2: StoredMail(RAW.replace(b"Accepted", b"Later"))}

    poll_mailbox()

    assert subjects() == ["Accepted", "Declined", "Later"]


@pytest.mark.django_db
def test_a_large_message_is_left_and_flagged_and_does_not_stop_the_next(mailbox: ImapServer) -> None:
    mailbox.mails[4].raw = RAW + b"x" * 1_000_000

    poll_mailbox()

    assert subjects() == ["Declined"]
    assert flags(mailbox)[4] == {"\\Seen", "\\Flagged"}
    assert "UID FETCH 4 (BODY.PEEK[])" not in mailbox.commands


@pytest.mark.django_db
def test_an_empty_message_is_passed_over(mailbox: ImapServer) -> None:
    mailbox.mails[4].raw = b"\r\n"

    poll_mailbox()

    assert (subjects(), flags(mailbox)[4]) == (["Declined"], {"\\Seen"})


def test_no_time_left_means_later(mailbox: ImapServer) -> None:
    kept: list[bytes] = []

    fetch_unread(mailbox_of(mailbox.url), kept.append, largest=1000, keep_going=lambda: not kept)

    assert (kept, flags(mailbox)[7]) == ([RAW], set())


@pytest.mark.parametrize("wrong", ["imap://bo:no@127.0.0.1:{}/Meet%20ups", "imap://bo:se%22cret@127.0.0.1:{}/Other"])
def test_a_refusal_is_a_failure_without_the_password(mailbox: ImapServer, wrong: str) -> None:
    with pytest.raises(MailboxFailed) as failure:
        fetch_unread(mailbox_of(wrong.format(mailbox.port)), lambda _raw: None, largest=9, keep_going=lambda: True)

    assert "se" + '"cret' not in str(failure.value)


def test_nobody_listening_is_a_failure(
    imap_server: ImapServer, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    imap_server.stop()
    settings.INBOUND_IMAP_URL = imap_server.url

    poll_mailbox()

    assert "mailbox: 127.0.0.1" in caplog.text


def test_without_a_mailbox_nothing_is_asked(imap_server: ImapServer, settings: Settings) -> None:
    settings.INBOUND_IMAP_URL = ""

    poll_mailbox()

    assert imap_server.commands == []


def test_an_encrypted_mailbox_wants_a_certificate_that_holds(imap_server: ImapServer) -> None:
    url = imap_server.url.replace("imap://", "imaps://")

    with pytest.raises(MailboxFailed):
        fetch_unread(mailbox_of(url), lambda _raw: None, largest=9, keep_going=lambda: True)


def test_an_address_is_read_with_its_defaults() -> None:
    assert mailbox_of("imaps://bo%40example.org:a%2Fb@mail.example") == Mailbox(
        "mail.example", 993, "bo@example.org", "a/b", "INBOX", is_encrypted=True
    )
    assert "a/b" not in repr(mailbox_of("imaps://bo:a%2Fb@mail.example"))


@pytest.mark.parametrize("url", ["https://bo:x@mail.example", "imaps://mail.example", "imaps://bo@mail.example/INBOX"])
def test_an_address_that_cannot_work_says_why(url: str) -> None:
    with pytest.raises(ValueError, match="imaps://"):
        mailbox_of(url)
