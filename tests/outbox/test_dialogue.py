"""What is said to a mail server, word for word, and what follows a refusal."""

import smtplib
from collections.abc import Iterator

import pytest

from outbox.delivery.dialogue import hand_over
from outbox.delivery.letters import Mail
from tests.mail_server import MailServer

MAIL = Mail("hello@lectern.example", "bo@example.org", b"Message-ID: <1@x>\r\n\r\n.Come\r\n..early\r\n")
WORDS = f"MAIL FROM:<{MAIL.sender}> SIZE={len(MAIL.data)}\r\nRCPT TO:<{MAIL.recipient}>\r\nDATA\r\n"


class Listener(smtplib.SMTP):
    """Notes each write."""

    def __init__(self, port: int) -> None:
        self.writes: list[str] = []
        super().__init__("127.0.0.1", port, local_hostname="lectern.example", timeout=5)

    def send(self, s: "str | bytes") -> None:  # type: ignore[override]
        self.writes.append(s.decode() if isinstance(s, bytes) else s)
        super().send(s)


@pytest.fixture
def listener(mail_server: MailServer) -> Iterator[Listener]:
    talk = Listener(mail_server.port)
    yield talk
    talk.close()


def send(listener: Listener) -> int | None:
    """The code of the refusal; None when the mail was taken."""
    try:
        hand_over(listener, MAIL, at_data=lambda: listener.writes.append("(at data)"))
    except smtplib.SMTPResponseException as refusal:
        return refusal.smtp_code
    return None


@pytest.mark.parametrize("together", [True, False])
def test_envelope_and_data_leave_in_one_write_where_the_server_says_so(
    together: bool, listener: Listener, mail_server: MailServer
) -> None:
    mail_server.extensions = ["250-PIPELINING"] if together else []

    assert send(listener) is None

    said = [WORDS] if together else WORDS.splitlines(keepends=True)
    dotted = "Message-ID: <1@x>\r\n\r\n..Come\r\n...early\r\n.\r\n"
    assert listener.writes == ["ehlo lectern.example\r\n", *said, "(at data)", dotted]
    assert [mail.get_content() for mail in mail_server.mails] == [".Come\r\n..early\r\n"]


@pytest.mark.parametrize("extensions", [["250-PIPELINING"], []])
def test_after_a_refusal_the_same_connection_takes_the_next_mail(
    extensions: list[str], listener: Listener, mail_server: MailServer
) -> None:
    mail_server.extensions = extensions
    mail_server.on_rcpt = lambda address: "550 5.1.1 No such mailbox"
    assert send(listener) == 550
    assert listener.writes[-1] == "rset\r\n"

    mail_server.on_rcpt = None
    assert send(listener) is None
    assert (len(mail_server.mails), mail_server.connections) == (1, 1)


def test_a_server_that_goes_on_after_its_own_refusal_is_left(mail_server: MailServer) -> None:
    async def refuse_and_keep(server: object, session: object, envelope: object, address: str, options: object) -> str:
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return "550 5.1.1 No such mailbox"

    mail_server.handle_RCPT = refuse_and_keep  # type: ignore[method-assign]
    listener = Listener(mail_server.port)

    assert send(listener) == 550

    assert (listener.sock, "(at data)" in listener.writes, mail_server.mails) == (None, False, [])


def test_a_server_that_closes_with_421_is_not_asked_for_the_rest(listener: Listener, mail_server: MailServer) -> None:
    mail_server.on_rcpt = lambda address: "421 Too much for one connection"

    assert send(listener) == 421

    assert (listener.sock, listener.writes[-1]) == (None, WORDS)
