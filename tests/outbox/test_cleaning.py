"""What ends without being sent, and what is forgotten."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from outbox import writers
from outbox.delivery import cleaning, sweep
from outbox.models import Attempt, Message, State
from outbox.writers import Letter
from tests.factories import MessageFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_too_late_ends_in_one_statement_and_keeps_what_went_wrong(
    count: int, now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        MessageFactory(expires_at=now, created_at=now - DAY, last_error="451 Not now")
    MessageFactory(expires_at=now + DAY)

    with django_assert_num_queries(1):
        assert cleaning.expire_outlived(now=now) == count
    ended = Message.objects.filter(state=State.EXPIRED)
    assert (
        list(ended.values_list("finished_at", "last_error", "text")) == [(now, "451 Not now", "Come early.\n")] * count
    )


@pytest.mark.parametrize(("is_written_later", "payload"), [(True, {"code": 7}), (False, {})])
def test_a_secret_that_is_too_late_is_erased_but_what_its_writer_needs(
    is_written_later: bool, payload: dict[str, int], now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_written_later:
        monkeypatch.setitem(writers._writers, "note", lambda message, at: Letter("", ""))
    MessageFactory(expires_at=now, created_at=now - DAY, is_secret=True, html="<b>1</b>", payload={"code": 7})

    cleaning.expire_outlived(now=now)

    assert Message.objects.values_list("text", "html", "payload").get() == ("", "", payload)


def test_no_more_at_once_than_asked_for(now: dt.datetime) -> None:
    MessageFactory.create_batch(3, expires_at=now, created_at=now - DAY)
    MessageFactory.create_batch(3, state=State.SENT, finished_at=now - 91 * DAY)

    assert (cleaning.expire_outlived(now=now, limit=2), cleaning.forget_finished(now=now, limit=2)) == (2, 2)


def test_what_is_long_over_goes_with_its_attempts_and_what_lies_ahead_stays(
    now: dt.datetime, settings: Settings
) -> None:
    settings.OUTBOX_KEEP_DAYS = 30
    long_ago = now - 30 * DAY
    gone = MessageFactory(state=State.SENT, finished_at=long_ago - DAY, created_at=long_ago - DAY, expires_at=now)
    Attempt.objects.create(message=gone, started_at=long_ago, finished_at=long_ago, outcome="sent")
    MessageFactory(state=State.DEAD, finished_at=long_ago - DAY, created_at=long_ago - DAY)
    kept = [
        MessageFactory(state=State.SENT, finished_at=long_ago),
        MessageFactory(state=State.SENT, finished_at=long_ago - DAY, expires_at=now + DAY),
        MessageFactory(available_at=long_ago - DAY, created_at=long_ago - DAY),
    ]

    sweep(now=now)

    assert list(Message.objects.order_by("id")) == kept
    assert Attempt.objects.count() == 0
