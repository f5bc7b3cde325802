"""The outbox's door for a caller whose whole change is one statement: the same INSERT, as a part of theirs."""

from typing import Any, Unpack

from core.inserts import Insertion
from outbox.models import Message
from outbox.services import MessageFields, message_row

# What becomes of a message, which nobody knows when it is written.
_LATER = (
    "payload_version",
    "state",
    "attempts",
    "crashes",
    "max_attempts",
    "lease_token",
    "lease_until",
    "last_error",
    "bounce",
    "finished_at",
)
_MESSAGE = Insertion(Message, "message", at_default=_LATER)


def insert_message_for_each(source: str) -> str:
    """SQL that writes one message for each row of `source`, a name in the caller's statement.

    Its placeholders get their values from `message_values`. A message with the same key stays as it is: no index is
    named, or two who write one at the same moment could meet at the Message-ID's first, which would be an error.
    """
    return (
        f"INSERT INTO outbox_message ({_MESSAGE.columns}) SELECT {_MESSAGE.placeholders} FROM {source}"  # noqa: S608
        " ON CONFLICT DO NOTHING"
    )


def message_values(**fields: Unpack[MessageFields]) -> dict[str, Any]:
    """What the placeholders stand for, from what enqueue_message takes; ring (outbox.services) after the commit."""
    return _MESSAGE.values(message_row(**fields))
