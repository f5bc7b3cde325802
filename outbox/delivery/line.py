"""The line to the mail server: the only module that talks SMTP. One connection for many mails, no mail without end."""

import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from outbox.delivery.rules import is_permanent, is_temporary
from outbox.models import Attempt

# The whole conversation about one mail. EMAIL_TIMEOUT bounds only the silence between two bytes.
DEADLINE_SECONDS = 40.0
MAILS_PER_CONNECTION = 100
CLOSES_THE_LINE = 421

Outcome = Attempt.Outcome


class Unreachable(Exception):
    """The mail server cannot be talked to: no mail's fault, so no mail's attempt."""


@dataclass(frozen=True)
class Verdict:
    """What became of one mail; `code` is the server's SMTP reply code, when it gave one."""

    outcome: Attempt.Outcome
    code: int | None = None
    error: str = ""


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

            def data(self, msg: Any) -> Any:
                backend.handed_over = True
                return super().data(msg)

        return Conversation

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


class Line:
    """A mail server as delivery sees it: `open()` or Unreachable, then `send()` gives a Verdict."""

    def __init__(self) -> None:
        speaks_smtp = f"{EmailBackend.__module__}.{EmailBackend.__name__}" == settings.EMAIL_BACKEND
        self.backend: BaseEmailBackend = Hangable() if speaks_smtp else get_connection()
        self.mails = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> None:
        """Connect unless connected; a fresh connection after every MAILS_PER_CONNECTION mails."""
        if self.mails >= MAILS_PER_CONNECTION:
            self.close()
        try:
            with self._deadline():
                self.backend.open()
        except OSError as error:  # smtplib's exceptions are OSErrors, too
            self._drop()
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    def send(self, mail: EmailMessage) -> Verdict:
        """Hand over one mail; never raises for what a mail server may do or say."""
        self.mails += 1
        if isinstance(self.backend, Hangable):
            self.backend.handed_over = False
        try:
            with self._deadline():
                self.backend.send_messages([mail])
        except ValueError as error:  # a header or an address that cannot be written
            return Verdict(Outcome.PERMANENT, error=str(error))
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return self._refused(code, words)
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Verdict(Outcome.PERMANENT, error=str(error))
        except OSError as error:
            return self._broke_off(f"{type(error).__name__}: {error}")
        return Verdict(Outcome.SENT, code=250)

    def close(self) -> None:
        """Say goodbye; whatever the server answers is of no interest."""
        self.mails = 0
        with contextlib.suppress(OSError), self._deadline():
            self.backend.close()

    def _refused(self, code: int, words: bytes | str) -> Verdict:
        text = words.decode(errors="replace") if isinstance(words, bytes) else words
        if code == CLOSES_THE_LINE:
            self._drop()
        if is_temporary(code) or is_permanent(code):
            return Verdict(Outcome.TEMPORARY if is_temporary(code) else Outcome.PERMANENT, code, f"{code} {text}")
        return self._broke_off(f"Half an answer: {code} {text}")

    def _broke_off(self, error: str) -> Verdict:
        """Before DATA the server cannot have taken the mail; after it, only the server knows."""
        backend = self.backend if isinstance(self.backend, Hangable) else None
        handed_over, hung_up = (backend.handed_over, backend.hung_up) if backend else (False, False)
        self._drop()
        if hung_up:
            error = f"Cut off after {DEADLINE_SECONDS:g} seconds. {error}"
        return Verdict(Outcome.AMBIGUOUS if handed_over else Outcome.TEMPORARY, error=error)

    def _drop(self) -> None:
        self.mails = 0
        if isinstance(self.backend, Hangable):
            self.backend.drop()

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[None]:
        """Cut the line when its time is up: a server that drips bytes never runs into a socket's timeout."""
        if not isinstance(self.backend, Hangable):
            yield
            return
        timer = threading.Timer(DEADLINE_SECONDS, self.backend.hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
