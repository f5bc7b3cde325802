"""The two triggers of delivery."""

import time

import pytest
from redis import Redis

from outbox import tasks
from outbox.models import State
from tests.factories import MessageFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db


def rings(redis_client: "Redis", *, expected: int) -> int:
    """How many rings wait for a worker, as soon as it is the expected number, or after a while."""
    deadline = time.monotonic() + (5 if expected else 0.3)
    while redis_client.llen("celery") != expected and time.monotonic() < deadline:
        time.sleep(0.02)
    if not expected:
        time.sleep(0.3)
    return int(redis_client.llen("celery"))


def test_the_sweep_rings_for_what_no_bell_rang_for(redis_client: "Redis") -> None:
    MessageFactory()

    tasks.sweep_outbox()

    assert rings(redis_client, expected=1) == 1


def test_the_sweep_is_silent_when_nothing_is_due(redis_client: "Redis") -> None:
    tasks.sweep_outbox()

    assert rings(redis_client, expected=0) == 0


def test_who_runs_out_of_time_rings_for_the_rest(
    redis_client: "Redis", mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "WORK_SECONDS", 0.0)
    MessageFactory()

    tasks.deliver_due()

    assert (rings(redis_client, expected=1), mail_server.mails) == (1, [])


def test_who_sent_everything_rings_for_nobody(redis_client: "Redis", mail_server: MailServer) -> None:
    message = MessageFactory()

    tasks.deliver_due()
    tasks.deliver_due()

    message.refresh_from_db()
    assert (message.state, rings(redis_client, expected=0)) == (State.SENT, 0)
    assert mail_server.copies() == {message.message_id: 1}
