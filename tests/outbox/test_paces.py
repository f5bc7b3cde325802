"""How many mails to many people a mail domain gets in a minute."""

import datetime as dt

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from outbox.delivery import drain, leases
from outbox.delivery.paces import domain_of, hold_back
from outbox.models import Message, Priority, State
from tests.factories import MessageFactory
from tests.mail_server import MailServer
from tests.races import at_once

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _two_a_minute(settings: Settings) -> None:
    settings.MAIL_PER_DOMAIN_A_MINUTE = 2


def bulk(count: int, domain: str = "example.org") -> list[Message]:
    return [MessageFactory(address=f"p{n}@{domain}", priority=Priority.BULK) for n in range(count)]


def claim_and_hold(now: dt.datetime) -> list[str]:
    return [message.address for message in hold_back(leases.claim(now=now, limit=100), now=now)]


@pytest.mark.django_db
def test_a_domain_at_its_limit_delays_its_own_bulk_mail_by_whole_minutes(now: dt.datetime) -> None:
    later = bulk(7)
    bulk(2, "example.net")
    now = now.replace(second=40)

    assert claim_and_hold(now) == ["p0@example.org", "p1@example.org", "p0@example.net", "p1@example.net"]

    waiting = Message.objects.filter(state=State.PENDING).order_by("id")
    minute = now.replace(second=0)
    assert list(waiting.values_list("address", "available_at", "attempts", "lease_token")) == [
        (f"p{number}@example.org", minute + minutes * MINUTE, 0, None)
        for number, minutes in ((2, 1), (3, 1), (4, 2), (5, 2), (6, 3))
    ]
    assert {message.pk for message in waiting} < {message.pk for message in later}


@pytest.mark.django_db
def test_the_next_minute_begins_anew(now: dt.datetime) -> None:
    bulk(5)

    assert [claim_and_hold(now + minutes * MINUTE) for minutes in range(4)] == [
        ["p0@example.org", "p1@example.org"],
        ["p2@example.org", "p3@example.org"],
        ["p4@example.org"],
        [],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("priority", [Priority.NOW, Priority.NORMAL])
def test_what_somebody_waits_for_is_never_held_back_nor_counted(priority: Priority, now: dt.datetime) -> None:
    for _ in range(5):
        MessageFactory(priority=priority)
    bulk(2)

    assert len(claim_and_hold(now)) == 7


@pytest.mark.django_db
def test_nobody_waits_longer_than_ten_minutes_before_they_are_asked_again(now: dt.datetime) -> None:
    bulk(30)
    claim_and_hold(now)

    latest = Message.objects.order_by("available_at").last()
    assert latest is not None
    assert latest.available_at == now + 10 * MINUTE


@pytest.mark.django_db
def test_zero_means_no_limit(now: dt.datetime, settings: Settings) -> None:
    settings.MAIL_PER_DOMAIN_A_MINUTE = 0
    bulk(5)

    assert len(claim_and_hold(now)) == 5


@pytest.mark.django_db
@pytest.mark.parametrize("domains", [1, 3])
def test_all_domains_of_a_batch_cost_one_statement(
    domains: int, now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(domains):
        bulk(2, f"{number}.example.org")
    batch = leases.claim(now=now, limit=100)

    with django_assert_num_queries(1):
        assert hold_back(batch, now=now) == batch


@pytest.mark.django_db
def test_the_loop_sends_what_may_go_and_leaves_the_rest_for_later(mail_server: MailServer, now: dt.datetime) -> None:
    bulk(3)
    confirmation = MessageFactory()

    assert drain(clock=lambda: now, keep_going=lambda: True) is False

    assert [str(mail["To"]) for mail in mail_server.mails] == [confirmation.address, "p0@example.org", "p1@example.org"]
    assert Message.objects.get(state=State.PENDING).last_error == (
        "Waits: its mail domain gets no more mails in this minute."
    )


@pytest.mark.django_db(transaction=True)
def test_workers_keep_the_limit_together(now: dt.datetime, settings: Settings) -> None:
    settings.MAIL_PER_DOMAIN_A_MINUTE = 10
    for number in range(3):
        bulk(20, f"{number}.example.org")
    allowed: list[Message] = []

    def work() -> None:
        for _ in range(5):
            allowed.extend(hold_back(leases.claim(now=now, limit=5), now=now))
        connection.close()

    at_once(*[work] * 4)

    by_domain = [domain_of(message.address) for message in allowed]
    assert {domain: by_domain.count(domain) for domain in by_domain} == {f"{n}.example.org": 10 for n in range(3)}
