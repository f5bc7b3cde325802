"""Who writes the words of a mail when its turn comes: what was true when it was queued may not be true any more.

Delivery takes a batch of messages (at most 20) and writes each just before it is sent, at most two seconds after it
took the batch. A kind that goes to many people registers a `prepare(messages, now)` beside its writer: it reads what
the writer needs for all messages of its kind in the batch, in a few queries, and leaves it on each as
`message.at_hand`. The writer takes it from there, and reads it itself when `at_hand` is None, as when a keeper looks
at one message.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from core.text import clean_line
from outbox.models import Message

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class CalendarPart:
    """An iMIP body (RFC 6047): `method` in upper case, the same as METHOD in `body`, whose lines end in CRLF."""

    method: str
    body: bytes


@dataclasses.dataclass(frozen=True)
class Letter:
    """The words of a mail, written out: the text first, the HTML as an extra, a calendar part for invitations.

    `sender` is `"Name" <address>` where the writer knows better than the row who says it.
    """

    subject: str
    text: str
    html: str = ""
    calendar: CalendarPart | None = None
    sender: str = ""

    def put_on(self, message: Message) -> None:
        """Make these the words of the message, in memory; a subject is one line."""
        message.subject, message.text, message.html = one_line(self.subject), self.text, self.html
        message.calendar_method = self.calendar.method if self.calendar else ""
        message.calendar = self.calendar.body.decode() if self.calendar else ""
        message.sender = self.sender or message.sender


def one_line(subject: str) -> str:
    """A subject as it fits into the row and into a mail's header."""
    return clean_line(subject)[: Message._meta.get_field("subject").max_length]


@dataclasses.dataclass(frozen=True)
class Skip:
    """Why a mail is not sent after all; kept beside it for who asks."""

    reason: str


@dataclasses.dataclass(frozen=True)
class Later:
    """When to ask again for a mail that would be wrong at this moment, and why."""

    due: datetime
    reason: str


Words = Letter | Skip | Later
Writer = Callable[[Message, datetime], Words]
Preparer = Callable[[list[Message], datetime], None]
_writers: dict[str, Writer] = {}
_preparers: dict[str, Preparer] = {}


def register_writer(kind: str, writer: Writer, prepare: Preparer | None = None) -> None:
    """From now on `writer(message, now)` gives the words of this kind, at every attempt; apps call it when ready."""
    _writers[kind] = writer
    if prepare:
        _preparers[kind] = prepare


def prepare_writing(messages: Iterable[Message], *, now: datetime) -> None:
    """Let those who can read for many messages at once do so; where it fails, writers read for themselves."""
    by_kind: dict[str, list[Message]] = {}
    for message in messages:
        if message.kind in _preparers:
            by_kind.setdefault(message.kind, []).append(message)
    for kind, theirs in by_kind.items():
        try:
            _preparers[kind](theirs, now)
        except Exception:
            log.exception("%d messages (%s) could not be prepared", len(theirs), kind)


def has_writer(kind: str) -> bool:
    """Whether mails of this kind are written when they are sent."""
    return kind in _writers


def written_kinds() -> frozenset[str]:
    """All kinds whose words are written when they are sent."""
    return frozenset(_writers)


def words_of(message: Message, *, now: datetime) -> Words:
    """What to send now: what its writer says, or the words it was queued with."""
    writer = _writers.get(message.kind)
    return writer(message, now) if writer else letter_in(message)


def letter_in(message: Message) -> Letter:
    """The words that stand in the row."""
    method = message.calendar_method
    calendar = CalendarPart(method, message.calendar.encode()) if method else None
    return Letter(message.subject, message.text, message.html, calendar)
