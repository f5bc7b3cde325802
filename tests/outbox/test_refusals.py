"""What a mail server says about us rather than about a mail, and what no longer waits for a better answer."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from outbox.delivery import deliver, drain, pauses, sweep, tempo
from outbox.delivery.lanes import side_by_side
from outbox.models import Message, State
from tests.factories import MessageFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
TERMINATE_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _no_pause_from_elsewhere() -> Iterator[None]:
    pauses._silences.clear()
    yield
    pauses._silences.clear()


def refuse_senders(mail_server: MailServer, answer: str) -> None:
    async def handle_mail(server: object, session: object, envelope: object, address: str, options: object) -> str:
        return answer

    mail_server.handle_MAIL = handle_mail  # type: ignore[attr-defined]


@pytest.mark.parametrize("where", ["sender", "recipient"])
def test_a_refused_account_costs_no_attempt_and_stops_the_line_until_it_is_mended(
    where: str, mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    messages = MessageFactory.create_batch(3)
    answer = "530 5.7.0 Authentication required"
    if where == "sender":
        refuse_senders(mail_server, answer)
    mail_server.on_rcpt = lambda address: answer

    assert drain_now() is False

    assert list(Message.objects.values_list("state", "attempts", "available_at")) == [
        (State.PENDING, 0, row.available_at) for row in messages
    ]
    first = Message.objects.get(pk=messages[0].pk)
    assert first.last_error == "530 5.7.0 Authentication required"
    assert (first.tries.count(), mail_server.connections, pauses.is_paused()) == (1, 1, True)
    assert drain_now() is False
    assert mail_server.connections == 1  # nobody asks again so soon


def test_a_sender_that_is_refused_for_good_waits_for_somebody_to_mend_it(
    mail_server: MailServer, drain_now: Callable[[], bool], now: dt.datetime
) -> None:
    message = MessageFactory()
    refuse_senders(mail_server, "550 5.7.1 Not your address")

    drain_now()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (State.PENDING, 1, "550 5.7.1 Not your address")
    assert 5 * MINUTE <= message.available_at - now <= 10 * MINUTE


def test_a_mail_that_is_too_large_is_dead(mail_server: MailServer, drain_now: Callable[[], bool]) -> None:
    message = MessageFactory()
    refuse_senders(mail_server, "552 5.3.4 Message size exceeds fixed limit")

    drain_now()

    message.refresh_from_db()
    assert message.state == State.DEAD


@pytest.mark.parametrize(
    ("useful_for", "state"), [(dt.timedelta(seconds=14), State.EXPIRED), (dt.timedelta(seconds=31), State.PENDING)]
)
def test_nothing_is_tried_again_after_its_use_is_over(
    useful_for: dt.timedelta,
    state: State,
    mail_server: MailServer,
    drain_now: Callable[[], bool],
    now: dt.datetime,
) -> None:
    message = MessageFactory(expires_at=now + useful_for)
    mail_server.on_rcpt = lambda address: "451 Not now"

    drain_now()

    message.refresh_from_db()
    assert (message.state, message.last_error) == (state, "451 Not now")


def test_a_server_that_is_away_is_asked_once_and_then_left_alone(
    mail_server: MailServer, drain_now: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail_server.stop()
    MessageFactory()
    waits = []
    monkeypatch.setattr(pauses, "pause_after", lambda failures: waits.append(failures) or 60)

    drain_now()
    drain_now()
    assert waits == [1]
    pauses._silence().until = 0.0
    drain_now()
    assert waits == [1, 2]


def test_a_server_that_is_back_is_trusted_at_once(mail_server: MailServer, drain_now: Callable[[], bool]) -> None:
    message = MessageFactory()
    pauses.failed()
    pauses._silence().until = 0.0

    drain_now()

    message.refresh_from_db()
    assert (message.state, pauses._silences) == (State.SENT, {})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("seconds", "lanes"), [(0.0, 2), (1.0, 3)])
def test_much_goes_over_several_lines_and_little_over_one(
    seconds: float,
    lanes: int,
    mail_server: MailServer,
    now: dt.datetime,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.OUTBOX_LANES = 3
    monkeypatch.setattr(tempo, "_seconds", seconds)
    monkeypatch.setattr(tempo, "SHARE_OF_THE_LATEST", 0.0)
    few = MessageFactory.create_batch(5)
    deliver(clock=lambda: now, keep_going=lambda: True)
    assert mail_server.connections == 1

    many = MessageFactory.create_batch(70, priority=20)
    deliver(clock=lambda: now, keep_going=lambda: True)

    assert 2 <= mail_server.connections - 1 <= lanes
    assert mail_server.copies() == dict.fromkeys((message.message_id for message in few + many), 1)


def test_a_server_is_quick_until_it_takes_its_time_and_again_when_it_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempo, "_seconds", 0.0)
    answers = [tempo.is_quick()]
    for seconds in (0.02, 0.02, *[0.001] * 20):
        tempo.note(seconds)
        answers.append(tempo.is_quick())

    assert answers == [True, True, *[False] * 4, *[True] * 17]


@pytest.mark.django_db(transaction=True)
def test_lanes_are_threads_that_end_and_what_one_of_them_trips_over_is_heard() -> None:
    here = threading.current_thread()
    used: set[object] = set()
    gate = threading.Barrier(3, timeout=5)

    def work() -> bool:
        gate.wait()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            used.add(cursor.fetchone())
        return threading.current_thread() is here

    assert side_by_side(work, lanes=3) is True
    assert len(used) == 3

    def trip() -> bool:
        if threading.current_thread() is not here:
            raise ZeroDivisionError
        return False

    with pytest.raises(ZeroDivisionError):
        side_by_side(trip, lanes=2)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_meanwhile_costs_no_second_copy(mail_server: MailServer, now: dt.datetime) -> None:
    messages = MessageFactory.create_batch(3)

    async def cut_off_the_worker(server: object, mail: object) -> None:
        if not mail_server.mails:
            with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
                other.execute(TERMINATE_THE_OTHERS)

    mail_server.on_data = cut_off_the_worker
    drain(clock=lambda: now, keep_going=lambda: True)

    assert Message.objects.get(pk=messages[0].pk).state == State.SENT
    Message.objects.exclude(lease_until=None).update(lease_until=now - dt.timedelta(days=365))
    sweep(now=now)
    drain(clock=lambda: now, keep_going=lambda: True)
    assert mail_server.copies() == dict.fromkeys((message.message_id for message in messages), 1)
