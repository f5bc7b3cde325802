"""Pytest fixtures: a real SMTP server on the loopback that keeps what it takes and misbehaves when told to."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings


class MailServer:
    """What it took is in `mails`, the envelopes' senders in `senders`; `connections` counts greetings.

    `on_rcpt` and `on_data` may answer otherwise.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.connections = 0
        self.extensions = ["250-PIPELINING"]
        self.on_rcpt: Callable[[str], str] | None = None
        self.on_data: Callable[[SMTP, EmailMessage], Awaitable[str | None]] | None = None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)

    def letters(self) -> list[EmailMessage]:
        """What people read: all but what goes into their calendars, which comes from addresses of its own."""
        return [mail for mail in self.mails if "rsvp+" not in str(mail["From"])]

    def copies(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *self.extensions, responses[-1]]

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.on_rcpt and (answer := self.on_rcpt(address)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(mail, EmailMessage)
        if self.on_data and (answer := await self.on_data(server, mail)):
            return answer
        self.mails.append(mail)
        self.senders.append(envelope.mail_from or "")
        return "250 OK"

    def _protocol(self) -> SMTP:
        self.connections += 1
        return SMTP(self, hostname="mail.example", loop=self._loop)

    async def _serve(self) -> None:
        server = await self._loop.create_server(self._protocol, sock=self.socket)
        await self._stop.wait()
        server.close()

    def start(self) -> None:
        """Listen, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse further connections."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.01))
        self._loop.close()


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """The mail server the site delivers to."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    yield server
    server.stop()
