"""Who writes the words of a mail when its turn comes: what was true when it was queued may not be true any more."""

import dataclasses
from collections.abc import Callable
from datetime import datetime

from core.text import clean_line
from outbox.models import Message


@dataclasses.dataclass(frozen=True)
class CalendarPart:
    """An iMIP body (RFC 6047): `method` in upper case, the same as METHOD in `body`, whose lines end in CRLF."""

    method: str
    body: bytes


@dataclasses.dataclass(frozen=True)
class Letter:
    """The words of a mail, written out: the text first, the HTML as an extra, a calendar part for invitations."""

    subject: str
    text: str
    html: str = ""
    calendar: CalendarPart | None = None

    def put_on(self, message: Message) -> None:
        """Make these the words of the message, in memory; a subject is one line."""
        message.subject, message.text, message.html = one_line(self.subject), self.text, self.html
        message.calendar_method = self.calendar.method if self.calendar else ""
        message.calendar = self.calendar.body.decode() if self.calendar else ""


def one_line(subject: str) -> str:
    """A subject as it fits into the row and into a mail's header."""
    return clean_line(subject)[: Message._meta.get_field("subject").max_length]


@dataclasses.dataclass(frozen=True)
class Skip:
    """Why a mail is not sent after all; kept beside it for who asks."""

    reason: str


Writer = Callable[[Message, datetime], Letter | Skip]
_writers: dict[str, Writer] = {}


def register_writer(kind: str, writer: Writer) -> None:
    """From now on `writer(message, now)` gives the words of this kind, at every attempt; apps call it when ready."""
    _writers[kind] = writer


def has_writer(kind: str) -> bool:
    """Whether mails of this kind are written when they are sent."""
    return kind in _writers


def words_of(message: Message, *, now: datetime) -> Letter | Skip:
    """What to send now: what its writer says, or the words it was queued with."""
    writer = _writers.get(message.kind)
    return writer(message, now) if writer else Letter(message.subject, message.text, message.html)
