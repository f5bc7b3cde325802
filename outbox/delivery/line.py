"""The line to the mail server: one connection for many mails, no mail without end, and what became of each."""

import contextlib
import email
import email.policy
import smtplib
import socket
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from outbox.delivery import dialogue, pauses, tempo
from outbox.delivery.deadline import Deadline
from outbox.delivery.letters import Mail
from outbox.delivery.rules import CLOSES_THE_LINE, Meaning, meaning_of
from outbox.models import Attempt

MAILS_PER_CONNECTION = 100

Outcome = Attempt.Outcome
OUTCOMES = {
    Meaning.SOON: Outcome.TEMPORARY,
    Meaning.LATER: Outcome.TEMPORARY,
    Meaning.ACCOUNT: Outcome.TEMPORARY,
    Meaning.NEVER: Outcome.PERMANENT,
}


class Unreachable(Exception):
    """The mail server cannot be talked to: no mail's fault, so no mail's attempt."""


@dataclass(frozen=True)
class Verdict:
    """What became of one mail; `code` is the server's SMTP reply code, when it gave one."""

    outcome: Attempt.Outcome
    code: int | None = None
    error: str = ""
    meaning: Meaning = Meaning.SOON  # of what was not sent


def deadline_seconds() -> float:
    """The whole conversation about one mail ends well within its lease; EMAIL_TIMEOUT bounds one silence only."""
    return settings.OUTBOX_LEASE_SECONDS / 3


class Hangable(EmailBackend):
    """Django's SMTP backend, which can be cut off from another thread and knows how far a mail got."""

    conversation: smtplib.SMTP | None = None
    handed_over = False
    hung_up = False

    @property
    def connection_class(self) -> Any:
        """The class Django would take, reporting to us before it waits for anything."""
        backend = self
        base: type[smtplib.SMTP] = super().connection_class

        class Conversation(base):  # type: ignore[misc, valid-type]
            def connect(self, *args: Any, **kwargs: Any) -> Any:
                backend.conversation = self
                return super().connect(*args, **kwargs)

        return Conversation

    @property
    def is_connected(self) -> bool:
        """Whether something can be said."""
        return self.connection is not None and self.connection.sock is not None

    def hand_over(self, mail: Mail) -> None:
        """Give the mail to the server; then `handed_over` says whether only the server knows what became of it."""
        self.handed_over = False
        if self.connection is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        dialogue.hand_over(self.connection, mail, at_data=self._at_data)

    def _at_data(self) -> None:
        self.handed_over = True

    def hang_up(self) -> None:
        """Make whoever waits on the socket stop waiting, with an error."""
        self.hung_up = True
        sock = getattr(self.conversation, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS, whose own shutdown would wait

    def drop(self) -> None:
        """Forget the connection without the courtesy of QUIT, which would wait on a dead line."""
        if self.conversation is not None:
            self.conversation.close()
        self.connection = self._partial_connection = self.conversation = None
        self.hung_up = False


class Written(EmailMessage):
    """A mail that is written already, for the backends that do not speak SMTP."""

    def __init__(self, mail: Mail) -> None:
        super().__init__(from_email=mail.sender, to=[mail.recipient])
        self.data = mail.data

    def message(self, *, policy: Any = email.policy.SMTP) -> Any:
        """The mail as an object, as Django's backends want it."""
        return email.message_from_bytes(self.data, policy=policy)


class Line:
    """A mail server as delivery sees it: `open()` or Unreachable, then `send()` gives a Verdict."""

    def __init__(self) -> None:
        speaks_smtp = f"{EmailBackend.__module__}.{EmailBackend.__name__}" == settings.EMAIL_BACKEND
        self.backend: BaseEmailBackend = Hangable() if speaks_smtp else get_connection()
        self.smtp = self.backend if isinstance(self.backend, Hangable) else None
        self.deadline = Deadline(deadline_seconds(), self.smtp.hang_up if self.smtp else lambda: None)
        self.mails = 0  # over this connection
        self.sent = 0  # over all of them, whatever became of it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether the next mail can go at once."""
        return self.smtp is None or (self.smtp.is_connected and self.mails < MAILS_PER_CONNECTION)

    def open(self) -> None:
        """Connect unless connected; a fresh connection after every MAILS_PER_CONNECTION mails."""
        if self.is_open or self.smtp is None:
            return
        if self.mails:
            self.close()
        try:
            with self.deadline.guard():
                self.smtp.open()
        except OSError as error:  # smtplib's exceptions are OSErrors, too
            self._drop()
            pauses.failed()
            raise Unreachable(f"{type(error).__name__}: {error}") from error
        pauses.worked()

    def send(self, mail: Mail) -> Verdict:
        """Hand over one mail; never raises for what a mail server may do or say."""
        self.mails += 1
        self.sent += 1
        began = time.monotonic()
        try:
            with self.deadline.guard():
                self._hand_over(mail)
            tempo.note(time.monotonic() - began)
        except smtplib.SMTPSenderRefused as error:
            return self._refused(error.smtp_code, error.smtp_error, about_sender=True)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except OSError as error:
            return self._broke_off(f"{type(error).__name__}: {error}")
        return Verdict(Outcome.SENT, code=250)

    def close(self) -> None:
        """Say goodbye; whatever the server answers is of no interest."""
        self.mails = 0
        with contextlib.suppress(OSError), self.deadline.guard():
            self.backend.close()
        self.deadline.stop()

    def _hand_over(self, mail: Mail) -> None:
        if self.smtp is None:
            self.backend.send_messages([Written(mail)])
        else:
            self.smtp.hand_over(mail)

    def _refused(self, code: int, words: bytes | str, *, about_sender: bool = False) -> Verdict:
        text = words.decode(errors="replace") if isinstance(words, bytes) else words
        if code == CLOSES_THE_LINE:
            self._drop()
        meaning = meaning_of(code, text, about_sender=about_sender)
        if meaning == Meaning.NONSENSE:
            return self._broke_off(f"Half an answer: {code} {text}")
        return Verdict(OUTCOMES[meaning], code, f"{code} {text}", meaning)

    def _broke_off(self, error: str) -> Verdict:
        """Before DATA the server cannot have taken the mail; after it, only the server knows."""
        handed_over, hung_up = (self.smtp.handed_over, self.smtp.hung_up) if self.smtp else (False, False)
        self._drop()
        if hung_up:
            error = f"Cut off after {self.deadline.seconds:g} seconds. {error}"
        return Verdict(Outcome.AMBIGUOUS if handed_over else Outcome.TEMPORARY, error=error)

    def _drop(self) -> None:
        self.mails = 0
        if self.smtp:
            self.smtp.drop()
