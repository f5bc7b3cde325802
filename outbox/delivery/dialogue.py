"""What is said to a mail server about one mail (RFC 5321): the envelope in one go where it allows that (RFC 2920)."""

import smtplib
from collections.abc import Callable

from outbox.delivery.letters import Mail
from outbox.delivery.rules import CLOSES_THE_LINE

YES = (250,)
YES_TO_A_RECIPIENT = (250, 251)
GO_ON = 354
WANTED = (YES, YES_TO_A_RECIPIENT, (GO_ON,))  # the answers to MAIL, RCPT and DATA


def hand_over(server: smtplib.SMTP, mail: Mail, *, at_data: Callable[[], None]) -> None:
    """Give the mail to the server, or raise smtplib's exception for what it says instead of yes.

    `at_data` is called when nothing but the mail itself is left to say. After a refusal `server` takes the next mail,
    unless it was closed.
    """
    server.ehlo_or_helo_if_needed()
    commands = _envelope(server, mail)
    in_one_go = server.has_extn("pipelining")
    if in_one_go:
        server.send("".join(commands))
    for number, (command, wanted) in enumerate(zip(commands, WANTED, strict=True)):
        if not in_one_go:
            server.send(command)
        code, words = server.getreply()
        if code not in wanted:
            _begin_anew(server, code, unread=len(commands) - 1 - number if in_one_go else 0)
            raise smtplib.SMTPResponseException(code, words) if number else _sender_refused(code, words, mail)
    at_data()
    server.send(_with_its_end(mail.data))
    code, words = server.getreply()
    if code not in YES:
        _begin_anew(server, code)
        raise smtplib.SMTPResponseException(code, words)


def _envelope(server: smtplib.SMTP, mail: Mail) -> list[str]:
    size = f" SIZE={len(mail.data)}" if server.has_extn("size") else ""
    return [f"MAIL FROM:<{mail.sender}>{size}\r\n", f"RCPT TO:<{mail.recipient}>\r\n", "DATA\r\n"]


def _sender_refused(code: int, words: bytes, mail: Mail) -> smtplib.SMTPSenderRefused:
    return smtplib.SMTPSenderRefused(code, words, mail.sender)


def _with_its_end(data: bytes) -> bytes:
    """The mail and the line with a dot that ends it (RFC 5321 section 4.5.2); its own lines end in CRLF."""
    dotted = (b"." if data.startswith(b".") else b"") + data.replace(b"\r\n.", b"\r\n..")
    return dotted + (b".\r\n" if dotted.endswith(b"\r\n") else b"\r\n.\r\n")


def _begin_anew(server: smtplib.SMTP, code: int, *, unread: int = 0) -> None:
    """After a refusal: read what the server says to the rest, and have it forget the mail.

    One that says "go on" all the same would take whatever we say next for a mail to nobody: it is left instead.
    """
    try:
        answers = [code] if code == CLOSES_THE_LINE else [server.getreply()[0] for _ in range(unread)]
        if CLOSES_THE_LINE in answers or GO_ON in answers:
            server.close()
        else:
            server.rset()
    except OSError:  # smtplib's exceptions are OSErrors, too
        server.close()
