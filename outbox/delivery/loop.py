"""The delivery loop: the same for a Celery worker and for `manage.py run_outbox`."""

import logging
from collections.abc import Callable
from datetime import datetime

from outbox.delivery import leases
from outbox.delivery.letters import compose
from outbox.delivery.line import Line, Unreachable, Verdict
from outbox.models import Attempt, Message
from outbox.writers import Skip, words_of

log = logging.getLogger(__name__)

# Small, since a claimed message waits for those before it, and something urgent may come meanwhile.
BATCH = 20
Clock = Callable[[], datetime]


def drain(*, clock: Clock, keep_going: Callable[[], bool]) -> bool:
    """Send what is due, over one connection, until nothing is or `keep_going()` says no.

    True when due messages may be left. An unreachable mail server ends it: the messages stay due for the sweep.
    """
    with Line() as line:
        while keep_going():
            batch = leases.claim(now=clock(), limit=BATCH)
            if not batch:
                return False
            try:
                for message in batch:
                    if not keep_going():
                        break
                    deliver(message, line, clock=clock)
            except Unreachable as error:
                log.error("mail server unreachable, messages wait: %s", error)  # noqa: TRY400 - says it all
                leases.release(batch, error=f"Mail server unreachable. {error}")
                return False
            leases.release(batch)
    return True


def deliver(message: Message, line: Line, *, clock: Clock) -> None:
    """One message: connect, fence, send, settle. The fence is committed before the first byte leaves."""
    started_at = clock()
    if message.expires_at and message.expires_at <= started_at:
        leases.expire(message, now=started_at)
        return
    trouble = _write(message, now=started_at)
    if isinstance(trouble, Skip):
        leases.skip(message, reason=trouble.reason, now=started_at)
        return
    line.open()
    if not leases.fence(message):
        return
    verdict = trouble or line.send(compose(message))
    leases.settle(message, verdict, started_at=started_at, now=clock())
    log.info("message %d (%s): %s %s", message.pk, message.kind, verdict.outcome.value, verdict.error)


def _write(message: Message, *, now: datetime) -> Skip | Verdict | None:
    """Put the words of now on the message; a writer that breaks costs its own message an attempt, nobody else's."""
    try:
        words = words_of(message, now=now)
    except Exception as error:
        log.exception("message %d (%s) could not be written", message.pk, message.kind)
        return Verdict(Attempt.Outcome.TEMPORARY, error=f"Could not be written. {type(error).__name__}: {error}")
    if isinstance(words, Skip):
        return words
    words.put_on(message)
    return None


def sweep(*, now: datetime) -> bool:
    """Free lapsed leases, end what outlived its use; True when something is due."""
    freed, ended = leases.reap(now=now), leases.expire_outlived(now=now)
    if freed or ended:
        log.warning("sweep: %d lapsed leases, %d messages too late", freed, ended)
    return Message.objects.due(now=now).exists()
