"""Mail servers that say no, say nothing, or vanish: each mail ends where it should, and none costs another its turn."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from django.utils import timezone

from outbox.models import Attempt, Message, State
from outbox.services import enqueue_messages
from outbox.writers import Letter
from tests.faults import letters
from tests.faults.figures import Say
from tests.faults.sink import Conversation, Hangs, Sink
from tests.faults.site import Site, wait_for

SENT, TEMPORARY, PERMANENT = Attempt.Outcome.SENT, Attempt.Outcome.TEMPORARY, Attempt.Outcome.PERMANENT
AMBIGUOUS = Attempt.Outcome.AMBIGUOUS
Manner = Callable[[Conversation], Awaitable[str | None]]


def says(answer: str) -> Manner:
    async def manner(conversation: Conversation) -> str | None:
        return answer

    return manner


async def hangs(conversation: Conversation) -> str | None:
    """Neither answers nor hangs up."""
    await asyncio.sleep(3600)
    return None


async def drips(conversation: Conversation) -> str | None:
    """One byte now and then, so that no single silence is ever too long."""
    conversation.writer.write(b"250-")
    while True:
        conversation.writer.write(b"x")
        await conversation.writer.drain()
        await asyncio.sleep(0.2)


async def drops(conversation: Conversation) -> str | None:
    raise Hangs


# At which word the server does what, by the name in the address: how the first try ends, and the copies it leaves.
MANNERS: dict[str, tuple[str, Manner, State, Attempt.Outcome, int]] = {
    "rcpt-450": ("rcpt", says("450 4.2.1 Busy"), State.PENDING, TEMPORARY, 0),
    "rcpt-421": ("rcpt", says("421 4.3.2 Going down"), State.PENDING, TEMPORARY, 0),
    "rcpt-550": ("rcpt", says("550 5.1.1 Nobody here"), State.DEAD, PERMANENT, 0),
    "rcpt-full": ("rcpt", says("552 5.2.2 Mailbox full"), State.PENDING, TEMPORARY, 0),
    "rcpt-hangs": ("rcpt", hangs, State.PENDING, TEMPORARY, 0),
    "rcpt-drops": ("rcpt", drops, State.PENDING, TEMPORARY, 0),
    "data-451": ("data", says("451 4.7.1 Greylisted"), State.PENDING, TEMPORARY, 0),
    "data-421": ("data", says("421 4.4.2 Too slow"), State.PENDING, TEMPORARY, 0),
    "data-554": ("data", says("554 5.7.1 Spam"), State.DEAD, PERMANENT, 0),
    "data-552": ("data", says("552 5.3.4 Too large"), State.DEAD, PERMANENT, 0),
    "data-nonsense": ("data", says("999 ?"), State.PENDING, AMBIGUOUS, 0),
    "data-drops": ("data", drops, State.PENDING, AMBIGUOUS, 0),
    "taken-drops": ("taken", drops, State.PENDING, AMBIGUOUS, 1),
    "taken-hangs": ("taken", hangs, State.PENDING, AMBIGUOUS, 1),
    "taken-drips": ("taken", drips, State.PENDING, AMBIGUOUS, 1),
    "fine": ("never", drops, State.SENT, SENT, 1),
}


def manners_at(word: str) -> Manner:
    """What the sink does at this word, by the name in the address."""

    async def manner(conversation: Conversation) -> str | None:
        at, does, *_ = MANNERS[conversation.recipient.partition("@")[0]]
        return await does(conversation) if at == word else None

    return manner


def write_one_each() -> None:
    enqueue_messages(
        {
            "kind": "note",
            "dedupe_key": f"note:{name}",
            "address": f"{name}@example.org",
            "letter": Letter("Doors open at seven", "Come early.\n"),
            "now": timezone.now(),
        }
        for name in MANNERS
    )


def outcomes() -> dict[str, tuple[str, int, list[str]]]:
    """By the name in the address: state, attempts that count, how each try ended."""
    return {
        message.address.partition("@")[0]: (
            message.state,
            message.attempts,
            list(message.tries.values_list("outcome", flat=True)),
        )
        for message in Message.objects.all()
    }


def copies(sink: Sink) -> dict[str, int]:
    arrived = Counter(mail.recipient.partition("@")[0] for mail in sink.mails)
    assert set(sink.copies().values()) == set(arrived.values())  # the second copy has the first one's Message-ID
    return {name: arrived[name] for name in MANNERS}


def test_every_answer_leads_to_the_right_state_and_at_most_one_flagged_duplicate(
    site: Site, sink: Sink, say: Say
) -> None:
    sink.at_rcpt, sink.at_data, sink.when_taken = (manners_at(word) for word in ("rcpt", "data", "taken"))
    site.start_worker()
    write_one_each()
    wait_for(lambda: Attempt.objects.count() == len(MANNERS))

    assert outcomes() == {name: (state, 1, [outcome]) for name, (_, _, state, outcome, _) in MANNERS.items()}
    assert copies(sink) == {name: count for name, (*_, count) in MANNERS.items()}
    waiting = Message.objects.filter(state=State.PENDING)
    assert not waiting.filter(available_at__lte=timezone.now()).exists()  # nobody is asked again at once

    sink.at_rcpt = sink.at_data = sink.when_taken = None  # half a minute later all is well
    waiting.update(available_at=timezone.now())
    letters.ring()
    wait_for(letters.all_ended)

    again = {name for name, (_, _, state, _, _) in MANNERS.items() if state == State.PENDING}
    ended = {
        name: (State.SENT, 2, [outcome, SENT]) if name in again else (state, 1, [outcome])
        for name, (_, _, state, outcome, _) in MANNERS.items()
    }
    assert outcomes() == ended
    assert copies(sink) == {name: count + (name in again) for name, (*_, count) in MANNERS.items()}
    flagged = Message.objects.filter(address__startswith="taken-").values_list("message_id", flat=True)
    assert letters.duplicates(sink.copies()) == dict.fromkeys(flagged, 1)
    say(
        f"mail server: {len(MANNERS)} manners; {len(again)} tried again and sent, {len(ended) - len(again) - 1} dead,"
        f" duplicates {len(flagged)}, each flagged as connection lost before the answer"
    )


def test_a_server_that_cannot_be_reached_costs_no_attempt(site: Site, sink: Sink, say: Say) -> None:
    sink.refuse()
    site.start_worker()
    site.start_beat()
    letters.write(range(50))
    unreachable = Message.objects.filter(last_error__startswith="Mail server unreachable.")
    wait_for(unreachable.exists)

    sink.at_greeting = says("421 4.3.2 Not now")
    sink.listen()
    wait_for(unreachable.filter(last_error__contains="421").exists)
    assert set(Message.objects.exclude(state=State.LEASED).values_list("state", "attempts")) == {(State.PENDING, 0)}

    sink.at_greeting = None
    wait_for(letters.all_ended)
    assert set(Message.objects.values_list("state", "attempts", "crashes")) == {(State.SENT, 1, 0)}
    assert set(sink.copies().values()) == {1}
    say("mail server: refused, then 421 at the greeting; 50 mails waited, 0 attempts burnt, 50 sent, duplicates 0")
