"""Who reads the mail that comes to which of our addresses: `prefix+token@` belongs to whoever registered the prefix."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from inbox.models import State


@dataclass(frozen=True)
class Incoming:
    """One message for one address of ours: `token` is what stands behind the prefix, in lower case."""

    id: int
    recipient: str
    token: str
    raw: bytes
    received_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of a message, and why, in one sentence for the keeper of the site."""

    state: State
    reason: str


Handler = Callable[[Incoming, datetime], Outcome]
_handlers: dict[str, Handler] = {}


def register_handler(prefix: str, handler: Handler) -> None:
    """From now on `handler(incoming, now)` reads mail to `prefix+…@`, in a transaction of its own.

    What it raises is tried again later, so it changes the database and nothing else; apps call this when ready.
    """
    _handlers[prefix] = handler


def address_parts(recipient: str) -> tuple[str, str]:
    """(`rsvp`, `abc`) of rsvp+abc@meet.example, in lower case; a mail server may write it in any."""
    local = recipient.lower().rpartition("@")[0] or recipient.lower()
    prefix, _plus, token = local.partition("+")
    return prefix, token


def is_ours(recipient: str) -> bool:
    """Whether somebody here reads mail to this address."""
    prefix, token = address_parts(recipient)
    return bool(token) and prefix in _handlers


def handled(incoming: Incoming, *, now: datetime) -> Outcome:
    """Ask the one whose prefix it is."""
    handler = _handlers.get(address_parts(incoming.recipient)[0])
    return handler(incoming, now) if handler else Outcome(State.IGNORED, "nobody reads mail to this address")
