"""Mail of ours that came back: noted beside the message, and an address that does not exist is not written to again."""

from datetime import datetime

from inbox.delivery_reports import failure_in
from inbox.handlers import Incoming, Outcome
from inbox.mime import Unreadable, opened
from inbox.models import State
from outbox.bouncing import message_behind
from outbox.services import note_bounce


def read_bounce(incoming: Incoming, now: datetime) -> Outcome:
    """The handler of mail to bounce+…@: what it changed, or why it changed nothing."""
    pk = message_behind(incoming.token)
    if pk is None:
        return Outcome(State.IGNORED, "this return address is not one of ours")
    message = opened(incoming.raw)
    failure = message if isinstance(message, Unreadable) else failure_in(message)
    if isinstance(failure, Unreadable):
        return Outcome(State.IGNORED, failure.reason)
    if not failure.status.startswith("5"):
        return Outcome(State.IGNORED, f"not for good: {failure.status or 'no status'} {failure.words}".strip())
    bounced = note_bounce(pk=pk, status=failure.status, words=failure.words, now=now)
    return Outcome(State.APPLIED if bounced.is_new else State.IGNORED, bounced.reason)
