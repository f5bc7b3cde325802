"""The delivery loop: the same for a Celery worker and for `manage.py run_outbox`."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from outbox import feeders
from outbox.delivery import cleaning, leases, pauses, tempo
from outbox.delivery.batches import Batch, Clock, Turn
from outbox.delivery.lanes import side_by_side
from outbox.delivery.letters import Mail
from outbox.delivery.line import Line, Unreachable
from outbox.delivery.reaping import reap
from outbox.delivery.rules import BATCH_SECONDS, LARGEST_BATCH, Meaning, batch_size, lanes_for
from outbox.models import Message, Priority

log = logging.getLogger(__name__)

# How often, and for how long, feeders are asked for more before what they wrote is sent.
MOST_FEEDINGS = 10
FEEDING_SECONDS = 10.0


def deliver(*, clock: Clock, keep_going: Callable[[], bool]) -> bool:
    """One round: what somebody waits for, what the feeders add, then everything. True when more may be left."""

    def send_what_somebody_waits_for() -> None:
        drain(clock=clock, keep_going=keep_going, most=Priority.NORMAL)

    more, fed, stop = True, 0, time.monotonic() + FEEDING_SECONDS
    while more and fed < MOST_FEEDINGS and time.monotonic() < stop and keep_going():
        more, fed = feeders.feed(clock(), before_each=send_what_somebody_waits_for), fed + 1
    left = side_by_side(lambda: drain(clock=clock, keep_going=keep_going), lanes=_lanes(clock()))
    return left or more


def _lanes(now: datetime) -> int:
    most = settings.OUTBOX_LANES
    batches = -(-Message.objects.due(now=now)[: LARGEST_BATCH * most].count() // LARGEST_BATCH)
    return lanes_for(batches, most=most, is_quick=tempo.is_quick())


def drain(*, clock: Clock, keep_going: Callable[[], bool], most: Priority = Priority.BULK) -> bool:
    """Send what is due, over one connection, until nothing is or `keep_going()` says no.

    True when due messages may be left. An unreachable mail server ends it: the messages stay due for the sweep.
    """
    with transaction.atomic(durable=True):
        pass  # refuses to run inside somebody's transaction: what this loop commits must be committed
    if pauses.is_paused():
        return False
    size = LARGEST_BATCH
    with Line() as line:
        while keep_going():
            began = time.monotonic()
            messages = leases.claim(now=clock(), limit=size, most=most)
            if not messages:
                return False
            try:
                sent = _send_batch(Batch(messages, clock), line, clock=clock, keep_going=keep_going)
            except Unreachable as error:
                log.error("mail server unreachable, messages wait: %s", error)  # noqa: TRY400 - says it all
                leases.release(messages, error=f"{leases.UNREACHABLE} {error}")
                return False
            if sent < len(messages):
                leases.release(messages)
            size = batch_size(sent, time.monotonic() - began)
    return True


def _send_batch(batch: Batch, line: Line, *, clock: Clock, keep_going: Callable[[], bool]) -> int:
    """Each mail: connect, fence, send, settle; how many. The fence is committed before the first byte leaves."""
    stop = time.monotonic() + BATCH_SECONDS

    def goes_on() -> bool:
        return time.monotonic() < stop and keep_going()

    before = line.sent
    turn = batch.next_turn()
    while turn:
        line.open()
        is_fenced = leases.fence(turn.message)
        written = _send_in_a_row(turn, batch, line, clock=clock, goes_on=goes_on) if is_fenced else None
        turn = (written or batch.next_turn()) if goes_on() else None
    return line.sent - before


def _send_in_a_row(turn: Turn, batch: Batch, line: Line, *, clock: Clock, goes_on: Callable[[], bool]) -> Turn | None:
    """Send what is fenced, and the next as long as one commit can settle the one and fence the other.

    The next is written before this one is sent: nothing comes between a mail server's "250" and that commit. What was
    written and could not be fenced so is returned.
    """
    while True:
        following = batch.turn_beside(turn) if goes_on() else None
        result = _hand_over(turn, line, clock=clock)
        if following is None or not (result.is_plain and line.is_open and goes_on()):
            leases.settle(result)
            _note(result)
            return following
        is_fenced = leases.settle_and_fence(result, following.message)
        _note(result)
        if not is_fenced:
            return None
        turn = following


def _hand_over(turn: Turn, line: Line, *, clock: Clock) -> leases.Result:
    started_at = clock()
    verdict = line.send(turn.mail) if isinstance(turn.mail, Mail) else turn.mail
    return leases.Result(turn.message, verdict, started_at, clock())


def _note(result: leases.Result) -> None:
    """A line in the log. A server that refuses our account will refuse the next mail, too: that ends the round."""
    message, verdict = result.message, result.verdict
    log.info("message %d (%s): %s %s", message.pk, message.kind, verdict.outcome.value, verdict.error)
    if verdict.meaning == Meaning.ACCOUNT:
        pauses.failed()
        raise Unreachable(verdict.error)


def sweep(*, now: datetime) -> bool:
    """Free lapsed leases, end what outlived its use, forget what is long over; True when something is due."""
    freed, ended = reap(now=now), cleaning.expire_outlived(now=now)
    cleaning.forget_finished(now=now)
    if freed or ended:
        log.warning("sweep: %d lapsed leases, %d messages too late", freed, ended)
    return Message.objects.due(now=now).exists()
