"""Who turns what is true into messages before each delivery."""

import datetime as dt

import pytest
from django.core.management import call_command

from outbox import feeders, tasks
from outbox.delivery import deliver
from outbox.models import Message, Priority
from outbox.services import enqueue_message
from outbox.writers import Letter
from tests.factories import MessageFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
LETTER = Letter("Doors open at seven", "Come early.\n")


@pytest.fixture(autouse=True)
def _feeders_of_this_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeders, "_feeders", {})


def reminder(number: int, now: dt.datetime) -> None:
    enqueue_message(
        kind="note", dedupe_key=f"r:{number}", address="bo@example.org", letter=LETTER, priority=Priority.BULK, now=now
    )


def test_every_feeder_is_asked_whatever_the_others_do(now: dt.datetime, caplog: pytest.LogCaptureFixture) -> None:
    asked: list[str] = []

    def broken(at: dt.datetime) -> bool:
        asked.append("broken")
        raise ZeroDivisionError

    def has_more(at: dt.datetime) -> bool:
        asked.append(f"more {at:%H:%M}")
        return True

    feeders.register_feeder("broken", broken)
    assert feeders.feed(now) is False
    feeders.register_feeder("more", has_more)
    feeders.register_feeder("done", lambda at: bool(asked.append("done")))

    assert feeders.feed(now) is True
    assert asked == ["broken", "broken", "more 18:00", "done"]
    assert "feeder broken failed" in caplog.text


def test_what_feeders_write_leaves_in_the_same_round_and_what_somebody_waits_for_before_it(
    mail_server: MailServer, now: dt.datetime
) -> None:
    seen: list[int] = []

    def plan(at: dt.datetime) -> bool:
        seen.append(len(mail_server.mails))
        reminder(len(seen), at)
        return len(seen) < 3

    feeders.register_feeder("reminders", plan)
    MessageFactory(subject="Your sign-in code", priority=Priority.NOW)
    MessageFactory(subject="A notice", priority=Priority.BULK)

    assert deliver(clock=lambda: now, keep_going=lambda: True) is False
    assert seen == [1, 1, 1]
    assert [str(mail["Subject"]) for mail in mail_server.mails] == [
        "Your sign-in code",
        "A notice",
        *["Doors open at seven"] * 3,
    ]


def test_a_feeder_that_never_ends_starves_nobody(mail_server: MailServer, now: dt.datetime) -> None:
    feeders.register_feeder("endless", lambda at: True)
    MessageFactory(priority=Priority.BULK)

    assert deliver(clock=lambda: now, keep_going=lambda: True) is True
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize("start", [tasks.deliver_due, tasks.sweep_outbox, lambda: call_command("run_outbox", "--once")])
def test_each_trigger_of_delivery_feeds(start: "object", mail_server: MailServer, now: dt.datetime) -> None:
    feeders.register_feeder("reminders", lambda at: reminder(1, at) is not None)

    start()

    assert Message.objects.count() == 1
