"""Clocks that are an hour wrong, and beats that tick twice: every mail leaves once, some late, none never."""

import uuid
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from outbox.models import Attempt, Message, State
from tests.factories import MessageFactory
from tests.faults import letters
from tests.faults.audiences import event_in, fill, remind
from tests.faults.figures import Say
from tests.faults.sink import Sink
from tests.faults.site import Site, wait_for

HOUR = 3600.0
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def in_somebodys_hands(seconds: int) -> Message:
    """A mail that a worker began to send; its lease is that long on the database's clock."""
    now = timezone.now()
    message = MessageFactory(state=State.SENDING, lease_token=uuid.uuid4(), lease_until=now, attempts=1, created_at=now)
    Message.objects.filter(pk=message.pk).update(lease_until=Now() + timedelta(seconds=seconds))
    return message


def states(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("state", flat=True))


def test_a_worker_an_hour_ahead_or_behind_doubles_nothing_and_loses_nothing(site: Site, sink: Sink, say: Say) -> None:
    site.start_beat()
    held = in_somebodys_hands(600)
    early = event_in(DAY + 30 * MINUTE)
    fill(early, range(3))
    remind(early, days=1)  # due in half an hour; by a clock that is ahead, half an hour ago

    site.start_worker("ahead", ahead=HOUR)
    letters.write(range(20))
    wait_for(lambda: (states("note"), states("reminder")) == ([State.SENDING] + [State.SENT] * 20, [State.SENT] * 3))
    site.kill("ahead")

    late = event_in(DAY - MINUTE)
    fill(late, range(3, 6))
    remind(late, days=1)  # due a minute ago; by a clock that is behind, not yet
    letters.write(range(20, 40))
    MessageFactory(kind="overdue", available_at=timezone.now() - 180 * MINUTE)
    site.start_worker("behind", ahead=-HOUR)
    wait_for(lambda: states("overdue") == [State.SENT] and len(states("reminder")) == 6)
    assert states("reminder") == [State.PENDING] * 3 + [State.SENT] * 3
    assert states("note") == [State.PENDING] * 20 + [State.SENDING] + [State.SENT] * 20
    site.kill("behind")

    Message.objects.filter(pk=held.pk).update(lease_until=Now())
    site.start_worker("right")
    wait_for(lambda: states("reminder") == [State.SENT] * 6 and letters.all_ended())
    assert letters.states() == {State.SENT: Message.objects.count()}
    assert (set(sink.copies().values()), letters.lost(sink.copies())) == ({1}, set())
    assert list(held.tries.values_list("outcome", flat=True)) == [Attempt.Outcome.CRASHED, Attempt.Outcome.SENT]
    say(
        "clocks: a worker an hour ahead, one an hour behind, one right;"
        f" {Message.objects.count()} mails, 6 reminders among them: lost 0, duplicates 0"
    )


def test_two_beats_and_two_workers_send_each_reminder_and_free_each_lease_once(
    site: Site, sink: Sink, say: Say
) -> None:
    event = event_in(DAY - MINUTE)
    fill(event, range(20))
    remind(event, days=1)
    held = [in_somebodys_hands(-1) for _ in range(5)]
    MessageFactory(kind="overdue", created_at=event.created_at, expires_at=timezone.now())
    for name in ("one", "two"):
        site.start_beat(f"beat {name}", tick=0.2)
        site.start_worker(name)
    wait_for(lambda: states("reminder") == [State.SENT] * 20 and letters.all_ended())

    assert (states("note"), states("overdue")) == ([State.SENT] * 5, [State.EXPIRED])
    assert set(sink.copies().values()) == {1}
    assert [(message.tries.count(), message.tries.first().outcome) for message in held] == [
        (2, Attempt.Outcome.CRASHED)
    ] * 5
    assert set(Message.objects.filter(pk__in=[one.pk for one in held]).values_list("crashes", flat=True)) == {1}
    say("beats: two beats and two workers; 20 reminders sent once each, 5 lapsed leases freed once each, duplicates 0")
