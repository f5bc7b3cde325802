"""Delivery against a real SMTP server: what leaves, what waits, what is given up."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP
from django.db import close_old_connections, connection
from pytest_django import DjangoAssertNumQueries, Settings

from outbox.delivery import drain, line, sweep
from outbox.delivery.rules import LARGEST_BATCH
from outbox.models import Attempt, Message, Policy, Priority, State
from tests.factories import MessageFactory
from tests.mail_server import MailServer
from tests.outbox.tries import outcomes

pytestmark = pytest.mark.django_db


def always() -> bool:
    return True


def test_a_due_message_leaves_with_the_headers_of_a_machine(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    message = MessageFactory(html="<p>Come early.</p>", language="en", reply_to="Ada <ada@example.org>")

    assert drain_now() is False

    [mail] = mail_server.mails
    assert {name: mail[name] for name in mail if name not in ("MIME-Version", "Content-Type")} == {
        "Subject": "Doors open at seven",
        "From": "Lectern <hello@lectern.example>",
        "To": "bo@example.org",
        "Reply-To": "Ada <ada@example.org>",
        "Message-ID": message.message_id,
        "Date": "Tue, 17 Nov 2026 12:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "en",
    }
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.finished_at) == (State.SENT, 1, now)
    assert outcomes(message) == ["sent"]


def test_a_message_of_tomorrow_waits(mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime) -> None:
    MessageFactory(available_at=now + dt.timedelta(seconds=1))

    drain_now()

    assert mail_server.mails == []


def test_many_messages_share_one_connection_and_the_urgent_one_goes_first(
    mail_server: MailServer, drain_now: Callable[[], bool]
) -> None:
    for number in range(LARGEST_BATCH + 5):
        MessageFactory(subject=f"Reminder {number}", priority=Priority.BULK)
    MessageFactory(subject="Your sign-in code", priority=Priority.NOW)

    drain_now()

    assert mail_server.connections == 1
    assert [str(mail["Subject"]) for mail in mail_server.mails] == [
        "Your sign-in code",
        *(f"Reminder {number}" for number in range(LARGEST_BATCH + 5)),
    ]


def test_a_long_conversation_is_ended_after_so_many_mails(
    mail_server: MailServer, drain_now: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "MAILS_PER_CONNECTION", 2)
    MessageFactory.create_batch(5)

    drain_now()

    assert (mail_server.connections, len(mail_server.mails)) == (3, 5)


def test_refused_for_now_means_later_and_other_messages_are_not_held_up(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    busy, fine = MessageFactory(address="cy@example.org"), MessageFactory()
    mail_server.on_rcpt = lambda address: "451 4.7.1 Greylisted, come again" if address == "cy@example.org" else ""

    drain_now()

    busy.refresh_from_db()
    fine.refresh_from_db()
    assert (busy.state, busy.attempts, busy.last_error) == (State.PENDING, 1, "451 4.7.1 Greylisted, come again")
    assert dt.timedelta(seconds=15) <= busy.available_at - now <= dt.timedelta(seconds=30)
    assert [(str(a.outcome), a.smtp_code) for a in busy.tries.all()] == [("temporary", 451)]
    assert fine.state == State.SENT


def test_refused_for_good_is_dead_at_once(mail_server: MailServer, drain_now: Callable[[], bool]) -> None:
    message = MessageFactory()
    mail_server.on_rcpt = lambda address: "550 5.1.1 No such mailbox"

    drain_now()

    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.DEAD, "550 5.1.1 No such mailbox")
    assert outcomes(message) == ["permanent"]


def test_the_last_attempt_that_fails_is_the_last(mail_server: MailServer, drain_now: Callable[[], bool]) -> None:
    message = MessageFactory(attempts=29)
    mail_server.on_rcpt = lambda address: "451 Not now"

    drain_now()

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.DEAD, 30)


def test_a_server_that_hangs_up_with_421_gets_the_next_message_on_a_new_connection(
    mail_server: MailServer, drain_now: Callable[[], bool]
) -> None:
    MessageFactory(address="cy@example.org")
    MessageFactory()
    mail_server.on_rcpt = lambda address: "421 Too much for one connection" if address == "cy@example.org" else ""

    drain_now()

    assert (mail_server.connections, [str(mail["To"]) for mail in mail_server.mails]) == (2, ["bo@example.org"])


def test_an_unreachable_server_costs_no_message_an_attempt(
    mail_server: MailServer, drain_now: Callable[[], bool]
) -> None:
    mail_server.stop()
    messages = MessageFactory.create_batch(2)

    assert drain_now() is False

    for message in messages:
        message.refresh_from_db()
        assert (message.state, message.attempts, message.lease_token) == (State.PENDING, 0, None)
        assert message.last_error.startswith("Mail server unreachable. ConnectionRefusedError")
    assert Attempt.objects.count() == 0


def test_a_mail_that_cannot_be_written_is_dead_and_stops_nobody(
    mail_server: MailServer, drain_now: Callable[[], bool]
) -> None:
    broken, fine = MessageFactory(reply_to="Ada\n<ada@example.org>"), MessageFactory()

    drain_now()

    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == (State.DEAD, State.SENT)
    assert "newlines" in broken.last_error


async def take_it_and_vanish(server: SMTP, mail: EmailMessage) -> str:
    assert server.transport is not None
    server.transport.abort()
    return "250 OK"


def test_a_line_that_breaks_after_the_mail_was_handed_over_means_a_second_copy_with_the_same_id(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    message = MessageFactory()
    mail_server.on_data = take_it_and_vanish
    drain_now()
    message.refresh_from_db()
    assert (message.state, outcomes(message)) == (State.PENDING, ["ambiguous"])

    mail_server.on_data = None
    drain(clock=lambda: now + dt.timedelta(minutes=1), keep_going=always)

    assert mail_server.copies() == {message.message_id: 1}
    assert outcomes(message) == ["ambiguous", "sent"]


def test_what_must_not_come_twice_asks_a_person_when_the_line_breaks(
    mail_server: MailServer, drain_now: Callable[[], bool]
) -> None:
    message = MessageFactory(policy=Policy.AT_MOST_ONCE)
    mail_server.on_data = take_it_and_vanish

    drain_now()

    message.refresh_from_db()
    assert message.state == State.UNCERTAIN


def test_a_server_that_never_answers_is_cut_off_after_a_third_of_the_lease(
    mail_server: MailServer, drain_now: Callable[[], bool], settings: Settings
) -> None:
    async def drip(server: SMTP, mail: EmailMessage) -> str | None:
        assert server.transport is not None
        for _ in range(100):
            server.transport.write(b"2")  # a byte now and then, so that no socket timeout ever ends it
            await asyncio.sleep(0.1)
        return None

    settings.OUTBOX_LEASE_SECONDS = 1.5
    message = MessageFactory()
    mail_server.on_data = drip

    drain_now()

    message.refresh_from_db()
    assert (message.state, outcomes(message)) == (State.PENDING, ["ambiguous"])
    attempt = message.tries.get()
    assert attempt.error.startswith("Cut off after 0.5 seconds.")


def test_a_message_that_outlived_its_use_is_expired_and_never_sent(mail_server: MailServer, now: dt.datetime) -> None:
    late = MessageFactory(expires_at=now, is_secret=True, text="123456", html="<b>123456</b>")
    drain(clock=lambda: now, keep_going=always)

    assert sweep(now=now) is False

    late.refresh_from_db()
    assert (late.state, late.text, late.html, late.finished_at) == (State.EXPIRED, "", "", now)
    assert mail_server.mails == []


def test_a_message_whose_use_ends_while_it_is_claimed_is_not_sent_either(
    mail_server: MailServer, now: dt.datetime
) -> None:
    message = MessageFactory(expires_at=now)
    ticks = iter([now - dt.timedelta(seconds=1)])

    drain(clock=lambda: next(ticks, now), keep_going=always)

    message.refresh_from_db()
    assert (message.state, mail_server.mails) == (State.EXPIRED, [])


def test_a_secret_is_sent_and_then_forgotten(mail_server: MailServer, drain_now: Callable[[], bool]) -> None:
    message = MessageFactory(is_secret=True, text="123456\n", html="<b>123456</b>")

    drain_now()

    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (State.SENT, "", "")
    body = mail_server.mails[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "123456"


def test_time_that_is_up_gives_back_what_was_not_begun(mail_server: MailServer, now: dt.datetime) -> None:
    MessageFactory.create_batch(3)

    assert drain(clock=lambda: now, keep_going=lambda: not mail_server.mails) is True

    assert len(mail_server.mails) == 1
    assert list(Message.objects.order_by("id").values_list("state", "lease_token")) == [
        (State.SENT, None),
        (State.PENDING, None),
        (State.PENDING, None),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_message_costs_one_statement_but_the_first_and_the_last_of_a_batch(
    mail_server: MailServer,
    drain_now: Callable[[], bool],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    MessageFactory.create_batch(count)

    around = 2 + 2  # a SAVEPOINT and its RELEASE, twice claimed; nothing is left to give back
    first_fence = 1
    with django_assert_num_queries(around + first_fence + count):
        drain_now()


@pytest.mark.django_db(transaction=True)
def test_five_workers_at_once_send_every_message_once(mail_server: MailServer, now: dt.datetime) -> None:
    messages = MessageFactory.create_batch(100)
    start = threading.Barrier(5)

    def work() -> None:
        start.wait()
        try:
            drain(clock=lambda: now, keep_going=always)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    close_old_connections()

    assert mail_server.copies() == dict.fromkeys((message.message_id for message in messages), 1)
    assert set(Message.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_a_mail_server_that_asks_for_tls_it_cannot_do_gets_nothing_in_the_clear(
    mail_server: MailServer, drain_now: Callable[[], bool], settings: Settings
) -> None:
    settings.EMAIL_USE_TLS = True
    message = MessageFactory()

    drain_now()

    message.refresh_from_db()
    assert (message.state, mail_server.mails) == (State.PENDING, [])
    assert "STARTTLS" in message.last_error
