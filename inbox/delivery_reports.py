"""Reads what mail servers send back when they cannot deliver (RFC 3464), whoever may have written it; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from inbox.mime import Unreadable, one_line

LONGEST_WORDS = 200
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b", re.ASCII)


@dataclass(frozen=True)
class Failure:
    """One recipient a server gave up on: `status` as RFC 3463 has it, such as 5.1.1, and the server's own words."""

    status: str
    words: str


def failure_in(message: Message) -> Failure | Unreadable:
    """The first recipient that was given up on; what only warns of a delay is not one.

    Where a server's own status says nothing (5.0.0), the one that it quotes does.
    """
    reports = [part for part in _children(message) if part.get_content_type() == "message/delivery-status"]
    if message.get_content_type() != "multipart/report" or not reports:
        return Unreadable("this is no delivery report")
    for fields in _children(reports[0]):
        if _field(fields, "Action").lower() == "failed":
            return _failure(fields)
    return Unreadable("the report says that nobody was given up on")


def _failure(fields: Message) -> Failure:
    kind, _semicolon, words = _field(fields, "Diagnostic-Code").partition(";")
    words = words.strip() or kind
    said, quoted = _STATUS.search(_field(fields, "Status")), _STATUS.search(words)
    status = said[0] if said else ""
    if quoted and (not status or status.endswith(".0.0")):
        status = quoted[0]
    return Failure(status, words[:LONGEST_WORDS])


def _children(part: Message) -> Iterator[Message]:
    """The parts of a container, or the blocks of fields of a report; those of anything deeper are not its own."""
    inner = part.get_payload()
    return iter(inner if isinstance(inner, list) else [])


def _field(fields: Message, name: str) -> str:
    return one_line(str(fields.get(name, "")))
