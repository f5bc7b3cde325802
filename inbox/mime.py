"""Looks into a raw message (RFC 5322, MIME) that anybody may have written: it is never run, and never an exception."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses

LARGEST_MESSAGE = 1_000_000  # bytes
LARGEST_CALENDAR = 64 * 1024  # bytes, decoded
LONGEST_TEXT = 20_000  # characters of a text part that are shown
_MOST_LINES = 50_000
_MOST_CONTAINERS = 30  # the parser's work is lines times nested containers
_LONGEST_HEADER = 4_000
_HEADERS_SHOWN = 60
_CONTAINER = re.compile(rb"multipart/|message/", re.IGNORECASE)
# The parser's work on such a header is the square of its length.
_CONTENT_HEADER = re.compile(rb"^content-[a-z-]+[ \t]*:.*(?:\r?\n[ \t].*)*", re.IGNORECASE | re.MULTILINE)
_LINE_BREAK = re.compile("\r\n?|\n")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


@dataclass(frozen=True)
class Unreadable:
    """Why there is nothing here that could be acted upon, as a sentence without its full stop."""

    reason: str


@dataclass(frozen=True)
class Head:
    """What the header says: `senders` in lower case, one unless somebody plays tricks."""

    senders: tuple[str, ...]
    subject: str
    is_automatic: bool

    @property
    def sender(self) -> str:
        """The only sender, or nothing."""
        return self.senders[0] if len(self.senders) == 1 else ""


def opened(raw: bytes) -> Message | Unreadable:
    """The message as a tree of parts, unless reading it would take too long."""
    if len(raw) > LARGEST_MESSAGE:
        return Unreadable(f"the message has more than {LARGEST_MESSAGE} bytes")
    if raw.count(b"\n") + raw.count(b"\r") > 2 * _MOST_LINES:
        return Unreadable("the message has too many lines")
    if sum(1 for _found in _CONTAINER.finditer(raw)) > _MOST_CONTAINERS:
        return Unreadable("the message has too many parts inside each other")
    if any(len(header.group()) > _LONGEST_HEADER for header in _CONTENT_HEADER.finditer(raw)):
        return Unreadable("a header is too long")
    return BytesParser(policy=compat32).parsebytes(raw)


def head_of(message: Message) -> Head:
    """Who wrote it, about what, and whether a person or a program did."""
    return Head(
        senders=tuple(_addresses(message.get_all("From", [])[:2])),
        subject=one_line(_header(message, "Subject")),
        is_automatic=_is_automatic(message),
    )


def _is_automatic(message: Message) -> bool:
    """Marks of programs, lists and bounces (RFC 3834 section 2): nobody may write back to these."""
    auto = _header(message, "Auto-Submitted").split(";")[0].strip().lower()
    bulk = _header(message, "Precedence").strip().lower() in {"bulk", "list", "junk"}
    bounce = "Return-Path" in message and _header(message, "Return-Path").strip() in {"", "<>"}
    return auto not in {"", "no"} or bulk or bounce or "List-Id" in message or "X-Autoreply" in message


def recipients_of(message: Message) -> list[str]:
    """Whom the mail server says it delivered to, then whom the writer named; in lower case."""
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    return _addresses([message[name] for name in names if name in message])


def _addresses(headers: Iterable[object]) -> list[str]:
    """In lower case. Encoded words stay as they are: a comma or a bracket inside one is no delimiter (RFC 2047 5)."""
    found = getaddresses([one_line(str(header)[:_LONGEST_HEADER]) for header in headers])
    return [one_line(address).lower() for _name, address in found if address]


def calendar_text(message: Message) -> str | Unreadable:
    """The iCalendar object of a message: any text/calendar part, nested or not, else an attached file.

    What is inside a forwarded or returned message is not this message's own, and is not looked at.
    """
    for wanted in (_is_calendar, _is_calendar_file):
        for part in parts_of(message):
            if wanted(part):
                return _decoded_calendar(part)
    return Unreadable("there is no calendar part")


def parts_of(message: Message) -> Iterator[Message]:
    """The parts that are not containers, in order; none of an enclosed message."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if not isinstance(inner, list):
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting += reversed([one for one in inner if isinstance(one, Message)])


def plain_texts(message: Message) -> list[str]:
    """Its text parts as they are, HTML as its source: to be shown as plain text, and never as anything else."""
    texts = (part for part in parts_of(message) if part.get_content_maintype() == "text")
    return [printable(_text(_payload(part), part))[:LONGEST_TEXT] for part in texts]


def headers_shown(message: Message) -> list[tuple[str, str]]:
    """The first of its headers by name, each on one line."""
    return [(one_line(name), _value(value)) for name, value in message.items()[:_HEADERS_SHOWN]]


def printable(text: str) -> str:
    """Line breaks as newline, and without what PostgreSQL or a terminal could trip over."""
    return _UNPRINTABLE.sub("", _LINE_BREAK.sub("\n", text))


def one_line(text: str) -> str:
    """The same on one line, blanks folded."""
    return " ".join(printable(text).split())


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() == "text/calendar"


def _is_calendar_file(part: Message) -> bool:
    return part.get_content_type() == "application/ics" or (part.get_filename() or "").lower().endswith(".ics")


def _decoded_calendar(part: Message) -> str | Unreadable:
    content = _payload(part)
    if len(content) > LARGEST_CALENDAR:
        return Unreadable(f"the calendar part has more than {LARGEST_CALENDAR} bytes")
    return printable(_text(content, part))


def _payload(part: Message) -> bytes:
    """Base64, quoted-printable and the like taken off, as far as they are intact."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(content: bytes, part: Message) -> str:
    """UTF-8 is tried first, since only UTF-8 looks like it; then what the part says, then what always works."""
    said = str(part.get_content_charset() or "utf-8")
    for charset in (said, "utf-8") if said.startswith(("utf-16", "utf-32")) else ("utf-8", said):
        with suppress(LookupError, ValueError):
            return content.decode(charset)
    return content.decode("latin-1")


def _header(message: Message, name: str) -> str:
    return _value(message.get(name, ""))


def _value(value: object) -> str:
    """One header on one line, its encoded words (RFC 2047) read where they can be."""
    raw = one_line(str(value)[:_LONGEST_HEADER])
    try:
        return one_line(str(make_header(decode_header(raw))))
    except (LookupError, ValueError, MessageError):
        return raw
