"""The outbox without Redis and Celery, in a process of its own that may be killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import SMTP
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from outbox.models import Message, State
from tests.factories import MessageFactory
from tests.mail_server import MailServer

ROOT = Path(__file__).parents[2]


@contextmanager
def run_outbox(mail_server: MailServer) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as an operator starts it, on the test's database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": database, "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"}
    with subprocess.Popen([sys.executable, "manage.py", "run_outbox"], cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db
def test_one_round_sends_what_is_due(mail_server: MailServer) -> None:
    message = MessageFactory()

    call_command("run_outbox", "--once")

    message.refresh_from_db()
    assert (message.state, mail_server.copies()) == (State.SENT, {message.message_id: 1})


@pytest.mark.django_db(transaction=True)
def test_it_ends_when_asked_to_and_only_after_the_message_at_hand(mail_server: MailServer) -> None:
    slow, next_one = MessageFactory(), MessageFactory()
    begun = []

    async def answer_slowly(server: SMTP, mail: EmailMessage) -> None:
        begun.append(mail)
        await asyncio.sleep(1)

    mail_server.on_data = answer_slowly
    with run_outbox(mail_server) as process:
        wait_for(lambda: bool(begun))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    assert mail_server.copies() == {slow.message_id: 1}
    assert dict(Message.objects.values_list("pk", "state")) == {slow.pk: State.SENT, next_one.pk: State.PENDING}


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_the_middle_loses_nothing(mail_server: MailServer) -> None:
    messages = MessageFactory.create_batch(3)
    begun = []

    async def never_answer(server: SMTP, mail: EmailMessage) -> None:
        begun.append(mail)
        await asyncio.sleep(60)

    mail_server.on_data = never_answer
    with run_outbox(mail_server) as process:
        wait_for(lambda: bool(begun))
        process.kill()
    assert sorted(Message.objects.values_list("state", flat=True)) == [State.LEASED, State.LEASED, State.SENDING]

    mail_server.on_data = None
    Message.objects.update(lease_until=Now() - timedelta(seconds=1))  # two minutes later
    call_command("run_outbox", "--once")

    assert mail_server.copies() == dict.fromkeys((message.message_id for message in messages), 1)
    assert sorted(Message.objects.values_list("state", "crashes")) == [
        (State.SENT, 0),
        (State.SENT, 1),  # perhaps its words had killed the worker
        (State.SENT, 1),
    ]
