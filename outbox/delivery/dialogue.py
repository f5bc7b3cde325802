"""What is said to a mail server about one mail (RFC 5321): envelope and DATA in one write where it can (RFC 2920)."""

import contextlib
import smtplib
from collections.abc import Callable

from outbox.delivery.letters import Mail
from outbox.delivery.rules import CLOSES_THE_LINE

YES = (250,)
YES_TO_A_RECIPIENT = (250, 251)
GO_ON = 354


def hand_over(server: smtplib.SMTP, mail: Mail, *, at_data: Callable[[], None]) -> None:
    """Give the mail to the server, or raise smtplib's exception for what it says instead of yes.

    `at_data` is called when nothing but the mail itself is left to say. After a refusal the next mail can be handed
    over, unless `server` was closed.
    """
    server.ehlo_or_helo_if_needed()
    commands, answers_we_want = _commands(server, mail), (YES, YES_TO_A_RECIPIENT, (GO_ON,))
    in_one_go = server.has_extn("pipelining")
    if in_one_go:
        server.send("".join(commands))
    for number, (command, wanted) in enumerate(zip(commands, answers_we_want, strict=True)):
        is_last = number == len(commands) - 1
        if is_last:
            at_data()
        if not in_one_go:
            server.send(command)
        code, words = server.getreply()
        if code not in wanted:
            _begin_anew(server, code, unread=len(commands) - 1 - number if in_one_go else 0)
            raise smtplib.SMTPResponseException(code, words) if number else _sender_refused(code, words, mail)
    server.send(_with_its_end(mail.data))
    code, words = server.getreply()
    if code not in YES:
        _begin_anew(server, code)
        raise smtplib.SMTPResponseException(code, words)


def _commands(server: smtplib.SMTP, mail: Mail) -> list[str]:
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
        rest = [server.getreply()[0] for _ in range(unread)] if code != CLOSES_THE_LINE else [code]
        if CLOSES_THE_LINE in rest or GO_ON in rest:
            server.close()
        else:
            server.rset()
    except OSError:  # smtplib's exceptions are OSErrors, too
        server.close()
