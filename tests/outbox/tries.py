"""What became of a message's tries, told in short."""

from outbox.models import Message


def outcomes(message: Message) -> list[str]:
    return [str(attempt.outcome) for attempt in message.tries.all()]
