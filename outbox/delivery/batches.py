"""A handful of claimed messages on their way to becoming mails: what is no longer worth sending ends here."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from outbox.delivery import leases
from outbox.delivery.letters import Mail, compose
from outbox.delivery.line import Verdict
from outbox.delivery.paces import hold_back
from outbox.delivery.rules import Meaning
from outbox.models import Attempt, Message
from outbox.selectors import suppressions_of
from outbox.writers import Later, Letter, Skip, prepare_writing, words_of

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Turn:
    """A message whose turn has come: the mail, or the trouble with it."""

    message: Message
    mail: Mail | Verdict


class Batch:
    """Messages in line; each is written when it is asked for."""

    def __init__(self, messages: list[Message], clock: Clock) -> None:
        now = clock()
        self._clock = clock
        self._line = deque(hold_back(messages, now=now))
        self._unwanted = suppressions_of(self._line)
        prepare_writing(self._line, now=now)

    def next_turn(self) -> Turn | None:
        """The next that is worth sending; None when there is none."""
        while self._line:
            if turn := self._written(self._line.popleft(), now=self._clock()):
                return turn
        return None

    def turn_beside(self, sending: Turn) -> Turn | None:
        """The next, written while another is marked as being sent: never one that may have killed a worker.

        Should writing it kill this one, both are suspects. From then on each is on its own, so the guilty one is found.
        """
        is_safe = self._line and not self._line[0].crashes and not sending.message.crashes
        return self._written(self._line.popleft(), now=self._clock()) if is_safe else None

    def _written(self, message: Message, *, now: datetime) -> Turn | None:
        """The mail in the words of now; None when it ends here."""
        if message.expires_at and message.expires_at <= now:
            leases.expire(message, now=now)
            return None
        unwanted = self._unwanted.get(message.pk)
        mail = Skip(f"{unwanted.reason}: {unwanted.scope or 'everything'}") if unwanted else _mail(message, now=now)
        if isinstance(mail, Skip):
            leases.skip(message, reason=mail.reason, now=now)
            return None
        if isinstance(mail, Later):
            leases.put_off([message], due=mail.due, reason=mail.reason)
            return None
        return Turn(message, mail)


def _mail(message: Message, *, now: datetime) -> Mail | Skip | Later | Verdict:
    """A writer that breaks costs its own message an attempt, nobody else's."""
    try:
        words = words_of(message, now=now)
    except Exception as error:
        log.exception("message %d (%s) could not be written", message.pk, message.kind)
        return Verdict(Attempt.Outcome.TEMPORARY, error=f"Could not be written. {type(error).__name__}: {error}")
    if not isinstance(words, Letter):
        return words
    words.put_on(message)
    try:
        return compose(message)
    except ValueError as error:  # a header or an address that no mail can have
        return Verdict(Attempt.Outcome.PERMANENT, error=str(error), meaning=Meaning.NEVER)
