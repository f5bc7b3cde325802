"""Digests and links that stand for an address."""

import datetime as dt
from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from core.tokens import sign
from outbox.delivery import drain
from outbox.models import State, Suppression
from outbox.selectors import suppressed_scopes, suppressions_of
from outbox.services import lift_suppression, suppress
from outbox.unsubscribing import Unsubscription, address_digest, read_token, unsubscribe_token, unsubscribe_url
from tests.factories import MessageFactory
from tests.mail_server import MailServer

BO = "bo@example.org"
GROUP, ALL = "reminders:group:7", "reminders"
Reason = Suppression.Reason


@pytest.fixture
def bo_is_out(now: dt.datetime) -> Callable[..., bool]:
    """Bo, who unsubscribes from a scope."""

    def leave(scope: str, reason: Reason = Reason.UNSUBSCRIBED) -> bool:
        return suppress(digest=address_digest(BO), scope=scope, reason=reason, now=now)

    return leave


def test_a_digest_is_the_same_for_any_case_and_names_nobody() -> None:
    assert address_digest("Bo@Example.org") == address_digest(" bo@example.org ")
    assert address_digest(BO) != address_digest("cy@example.org")
    assert "bo" not in address_digest(BO)[:3]
    assert len(address_digest(BO)) == 43


def test_a_link_says_what_to_end_and_never_for_whom() -> None:
    token = unsubscribe_token(BO, GROUP)

    assert read_token(token) == Unsubscription(address_digest(BO), GROUP)
    assert unsubscribe_url(BO, GROUP) == f"https://lectern.example/u/{token}/"
    assert "example.org" not in token


@pytest.mark.parametrize("token", ["", "x", "a:b:c", sign("unsubscribe", "without-scope"), sign("other", "a:b")])
def test_other_links_say_nothing(token: str) -> None:
    assert read_token(token) is None
    assert read_token(unsubscribe_token(BO, GROUP)[:-1]) is None


@pytest.mark.django_db
def test_leaving_twice_is_leaving_once_and_coming_back_twice_too(bo_is_out: Callable[..., bool]) -> None:
    assert [bo_is_out(GROUP), bo_is_out(GROUP)] == [True, False]
    assert suppressed_scopes("BO@example.org") == {GROUP}

    lifted = [lift_suppression(digest=address_digest(BO), scope=GROUP) for _ in range(2)]
    assert (lifted, suppressed_scopes(BO)) == ([True, False], set())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("left", "reason"),
    [(GROUP, "unsubscribed: reminders:group:7"), (ALL, "unsubscribed: reminders"), ("", "unsubscribed: everything")],
)
def test_what_somebody_left_between_queue_and_send_is_skipped_with_its_reason(
    left: str, reason: str, bo_is_out: Callable[..., bool], mail_server: MailServer, now: dt.datetime
) -> None:
    reminder, ticket = MessageFactory(scopes=[GROUP, ALL]), MessageFactory()
    other = MessageFactory(scopes=[GROUP, ALL], address="cy@example.org")
    bo_is_out(left)

    drain(clock=lambda: now, keep_going=lambda: True)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.last_error, reminder.attempts) == (State.SKIPPED, reason, 0)
    assert mail_server.copies() == {ticket.message_id: 1, other.message_id: 1}


@pytest.mark.django_db
@pytest.mark.parametrize("left", ["reminders:group:8", "digests"])
def test_what_somebody_left_elsewhere_keeps_nothing_back(
    left: str, bo_is_out: Callable[..., bool], mail_server: MailServer, now: dt.datetime
) -> None:
    MessageFactory(scopes=[GROUP, ALL])
    bo_is_out(left)

    drain(clock=lambda: now, keep_going=lambda: True)

    assert len(mail_server.mails) == 1


@pytest.mark.django_db
def test_the_narrowest_suppression_is_the_reason(bo_is_out: Callable[..., bool]) -> None:
    message = MessageFactory(scopes=[GROUP, ALL])
    for scope in ("", ALL, GROUP):
        bo_is_out(scope)

    assert {key: row.scope for key, row in suppressions_of([message]).items()} == {message.pk: GROUP}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_costs_one_look(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    batch = MessageFactory.create_batch(count, scopes=[ALL])
    without = MessageFactory.create_batch(count)

    with django_assert_num_queries(1):
        assert suppressions_of(batch) == {}
    with django_assert_num_queries(0):
        assert suppressions_of(without) == {}
