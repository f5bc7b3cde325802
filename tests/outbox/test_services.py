"""The outbox's one door, and what its keeper may do."""

import datetime as dt
import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from core.errors import RuleViolation
from outbox.models import Message, State
from outbox.services import cancel_message, enqueue_message, resend_message
from outbox.writers import Letter
from tests.factories import MessageFactory, UserFactory
from tests.outages import at_most

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def enqueue(now: dt.datetime, **changes: Any) -> Message:
    wanted: dict[str, Any] = {
        "kind": "note",
        "dedupe_key": "doors:22:bo",
        "address": "bo@example.org",
        "letter": Letter("Doors open at seven", "Come early.\n"),
    }
    values = wanted | changes
    enqueue_message(**values, now=now)
    return Message.objects.get(dedupe_key=values["dedupe_key"])


def test_a_message_is_due_at_once_unless_it_says_otherwise(now: dt.datetime) -> None:
    message = enqueue(now)
    later = enqueue(now, dedupe_key="doors:22:cy", available_at=now + HOUR)

    assert (message.state, message.available_at, message.created_at) == (State.PENDING, now, now)
    assert list(Message.objects.due(now=now)) == [message]
    assert set(Message.objects.due(now=now + HOUR)) == {message, later}


def test_the_same_key_twice_is_one_message(now: dt.datetime) -> None:
    first = enqueue(now)
    second = enqueue(now + HOUR, letter=Letter("Doors open at eight", "Come late.\n"))

    assert (second, second.subject) == (first, "Doors open at seven")
    assert Message.objects.count() == 1


def test_the_same_key_gives_the_same_message_id_on_our_own_host(now: dt.datetime) -> None:
    message = enqueue(now)
    name, _, host = message.message_id.strip("<>").partition("@")

    assert (len(name), host) == (24, "lectern.example")
    Message.objects.all().delete()
    assert enqueue(now).message_id == message.message_id


def test_nothing_is_said_when_the_change_it_tells_of_is_undone(now: dt.datetime) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            enqueue(now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "address",
    ["", "bo", "bo@example.org, cy@example.org", "bo@example.org\r\nBcc: cy@example.org", "Bo <bo@example.org>"],
)
def test_an_address_that_is_not_exactly_one_mailbox_is_refused(address: str, now: dt.datetime) -> None:
    with pytest.raises(RuleViolation) as refusal:
        enqueue(now, address=address)

    assert (refusal.value.code, refusal.value.field) == ("address_is_not_valid", "email")


def test_a_subject_of_several_lines_becomes_one(now: dt.datetime) -> None:
    message = enqueue(now, letter=Letter("Doors\r\nBcc: cy@example.org", "Come early."))

    assert message.subject == "Doors Bcc: cy@example.org"


def test_a_message_costs_one_insert(now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    letter = Letter("Doors open at seven", "Come early.\n")
    with django_assert_num_queries(1):
        enqueue_message(kind="note", dedupe_key="doors", address="bo@example.org", letter=letter, now=now)


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_and_not_before(now: dt.datetime, redis_client: "Redis") -> None:
    with transaction.atomic():
        enqueue(now)
        time.sleep(0.3)
        assert redis_client.llen("celery") == 0

    deadline = time.monotonic() + 5
    while redis_client.llen("celery") == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert redis_client.llen("celery") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("outage", ["redis_is_away", "redis_is_frozen"])
def test_without_redis_a_message_is_written_all_the_same_and_at_once(
    outage: str, now: dt.datetime, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(outage)

    with at_most(3):
        enqueue(now)
        enqueue(now, dedupe_key="doors:22:cy")

    assert set(Message.objects.values_list("state", flat=True)) == {State.PENDING}


def test_the_mails_to_a_person_go_with_the_person(now: dt.datetime) -> None:
    bo = UserFactory()
    enqueue(now, recipient_id=bo.pk)

    bo.delete()

    assert Message.objects.count() == 0


def ended(state: State, now: dt.datetime, **changes: Any) -> Message:
    return MessageFactory(state=state, finished_at=now, attempts=3, crashes=1, last_error="550 No", **changes)


@pytest.mark.parametrize("state", [State.DEAD, State.UNCERTAIN, State.SKIPPED, State.EXPIRED])
def test_what_failed_goes_back_into_the_queue_with_a_clean_slate(state: State, now: dt.datetime) -> None:
    message = ended(state, now - HOUR)

    again = resend_message(message=message, now=now)

    assert again == message
    assert (again.state, again.attempts, again.crashes, again.last_error) == (State.PENDING, 0, 0, "")
    assert (again.available_at, again.finished_at, again.message_id) == (now, None, message.message_id)


def test_what_was_sent_leaves_once_more_as_a_new_mail(now: dt.datetime) -> None:
    message = ended(State.SENT, now - HOUR, dedupe_key="doors:22:bo")

    copies = [resend_message(message=message, now=now), resend_message(message=message, now=now)]

    assert [copy.dedupe_key for copy in copies] == ["doors:22:bo again 1", "doors:22:bo again 2"]
    assert [(copy.subject, copy.text, copy.address) for copy in copies] == [
        (message.subject, message.text, message.address)
    ] * 2
    assert len({message.message_id, *(copy.message_id for copy in copies)}) == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": State.PENDING, "finished_at": None}, "message_is_on_its_way"),
        ({"state": State.SENT, "is_secret": True, "text": ""}, "message_is_erased"),
        ({"state": State.DEAD, "expires_at": dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)}, "message_is_too_late"),
    ],
)
def test_what_cannot_be_sent_again_says_why(changes: dict[str, Any], code: str, now: dt.datetime) -> None:
    message = MessageFactory(**{"finished_at": now} | changes)

    with pytest.raises(RuleViolation) as refusal:
        resend_message(message=message, now=now)

    assert refusal.value.code == code


def test_a_waiting_message_can_be_cancelled_and_keeps_the_reason(now: dt.datetime) -> None:
    message = MessageFactory(is_secret=True, text="123456")

    cancel_message(message=message, reason="Cancelled by Ada", now=now)

    message.refresh_from_db()
    assert (message.state, message.last_error, message.text) == (State.SKIPPED, "Cancelled by Ada", "")


def test_a_message_on_its_way_cannot_be_cancelled(now: dt.datetime) -> None:
    message = ended(State.SENT, now)

    with pytest.raises(RuleViolation) as refusal:
        cancel_message(message=message, reason="Cancelled by Ada", now=now)

    assert refusal.value.code == "message_is_not_waiting"


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "lost"},
        {"policy": "exactly_once"},
        {"state": State.SENT},
        {"state": State.LEASED},
        {"state": State.PENDING, "lease_until": dt.datetime(2026, 11, 17, tzinfo=dt.UTC)},
        {"finished_at": dt.datetime(2026, 11, 17, tzinfo=dt.UTC)},
        {"state": State.SENT, "finished_at": dt.datetime(2026, 11, 17, tzinfo=dt.UTC), "is_secret": True},
        {"expires_at": dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)},
        {"subject": "Doors\nBcc: cy@example.org"},
        {"address": ""},
        {"dedupe_key": ""},
    ],
)
def test_the_database_refuses_what_must_never_be(impossible: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory(**impossible)
