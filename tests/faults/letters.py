"""Plain mails for the outbox, and what became of them."""

from collections import Counter
from collections.abc import Iterable

from django.utils import timezone

from config.celery import app
from outbox.models import AT_WORK, FINAL, Attempt, Message, Policy, State
from outbox.services import MessageFields, enqueue_messages
from outbox.writers import Letter


def write(numbers: Iterable[int], *, policy: Policy = Policy.AT_LEAST_ONCE) -> None:
    """One mail each to bo<number>@example.org, due now; the bell rings."""
    enqueue_messages(fields(number, policy) for number in numbers)


def fields(number: int, policy: Policy) -> MessageFields:
    return {
        "kind": "note",
        "dedupe_key": f"faults:{number}",
        "address": f"bo{number}@example.org",
        "letter": Letter("Doors open at seven", "Come early.\n"),
        "policy": policy,
        "now": timezone.now(),
    }


def ring() -> None:
    """What one more web process would do after a commit."""
    app.send_task("outbox.tasks.deliver_due", expires=30, ignore_result=True)


def states() -> Counter[str]:
    """How many messages stand where."""
    return Counter(Message.objects.values_list("state", flat=True))


def all_ended() -> bool:
    """Whether nothing waits and nobody is at work."""
    return not Message.objects.exclude(state__in=FINAL).exists()


def nothing_to_do() -> bool:
    """Whether nothing is due and nobody is at work; what is due later may wait."""
    due = Message.objects.due(now=timezone.now())
    return not due.exists() and not Message.objects.filter(state__in=AT_WORK).exists()


def lost(copies: Counter[str]) -> set[str]:
    """The Message-IDs of what was written, never arrived, and is not shown as perhaps sent."""
    expected = Message.objects.exclude(state=State.UNCERTAIN).values_list("message_id", flat=True)
    return {message_id for message_id in expected if not copies[message_id]}


def duplicates(copies: Counter[str]) -> dict[str, int]:
    """How often each Message-ID arrived once too often."""
    return {message_id: count - 1 for message_id, count in copies.items() if count > 1}


def explained() -> dict[str, int]:
    """By Message-ID: how many tries ended in the dark, so that as many duplicates may be."""
    dark = Attempt.objects.filter(outcome__in=[Attempt.Outcome.CRASHED, Attempt.Outcome.AMBIGUOUS])
    return Counter(dark.values_list("message__message_id", flat=True))
