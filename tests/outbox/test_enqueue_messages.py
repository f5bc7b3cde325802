"""Many messages at once."""

import datetime as dt
from collections.abc import Iterator

import pytest
from pytest_django import DjangoAssertNumQueries

from core.errors import RuleViolation
from outbox import bell
from outbox.models import Message, Priority, State
from outbox.services import MessageFields, enqueue_message, enqueue_messages
from outbox.writers import CalendarPart, Letter
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LETTER = Letter(
    "Türen öffnen", 'Come "early".\n\\o/\n', "<p>Come</p>\n", CalendarPart("REQUEST", b"BEGIN:X\r\nEND:X\r\n")
)


def rows(now: dt.datetime, *numbers: int) -> Iterator[MessageFields]:
    for number in numbers:
        yield {
            "kind": "note",
            "dedupe_key": f"note:{number}",
            "address": f"person-{number}@example.org",
            "letter": LETTER,
            "now": now,
        }


def test_a_row_of_many_is_the_same_as_one_alone(now: dt.datetime) -> None:
    precise = now + dt.timedelta(microseconds=123_456)
    fields: MessageFields = {
        **next(rows(precise, 1)),
        "recipient_id": UserFactory().pk,
        "language": "zh-hans",
        "payload": {"person": 1, "words": ["a", None]},
        "scopes": ["reminders:group:7", "reminders"],
        "group_id": 7,
        "event_id": 8,
        "priority": Priority.BULK,
        "available_at": precise + dt.timedelta(hours=1),
        "expires_at": precise + dt.timedelta(hours=2),
    }
    enqueue_message(**fields)
    [alone] = Message.objects.values()
    Message.objects.all().delete()

    assert enqueue_messages([fields]) == 1

    [among_many] = Message.objects.values()
    assert among_many | {"id": 0} == alone | {"id": 0}
    assert (alone["calendar_method"], alone["state"]) == ("REQUEST", State.PENDING)


def test_what_stands_already_stays_as_it_is(now: dt.datetime) -> None:
    enqueue_messages(rows(now, 1, 2))

    assert enqueue_messages(rows(now + dt.timedelta(hours=1), 1, 2, 3)) == 1
    assert list(Message.objects.order_by("id").values_list("created_at", flat=True)) == [
        now,
        now,
        now + dt.timedelta(hours=1),
    ]


def test_one_address_that_is_none_stops_the_thousand_beside_it(now: dt.datetime) -> None:
    bad = [*rows(now, 1, 2)]
    bad[1]["address"] = "nobody"

    with pytest.raises(RuleViolation, match="not an email address"):
        enqueue_messages(bad)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_many_cost_one_statement_and_one_ring(
    count: int,
    now: dt.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_capture_on_commit_callbacks: "object",
) -> None:
    with django_capture_on_commit_callbacks() as rings, django_assert_num_queries(1):
        assert enqueue_messages(rows(now, *range(count))) == count
    assert rings == [bell.ring]

    with django_capture_on_commit_callbacks() as none, django_assert_num_queries(1):
        assert enqueue_messages(rows(now, *range(count))) == 0
    assert none == []


def test_nothing_to_write_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert enqueue_messages([]) == 0


def test_an_event_is_never_without_its_group(now: dt.datetime) -> None:
    with pytest.raises(Exception, match="message_of_an_event_names_its_group"):
        enqueue_messages([{**next(rows(now, 1)), "event_id": 8}])
