"""Feed keys: one a person, replaced and taken back at once, remembered for as long as calendars come with them."""

import datetime as dt

import pytest
from allauth.account.signals import password_reset
from django.http import HttpRequest
from pytest_django import DjangoAssertNumQueries

from accounts.feed_keys import (
    RETIRED_ARE_KEPT,
    forget_retired_keys,
    make_feed_key,
    owner_of_feed,
    revoke_feed_key,
    was_replaced,
)
from accounts.models import FeedKey, RetiredFeedKey, User
from accounts.services import delete_account
from tests.factories import UserFactory
from tests.races import at_once

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
GOOGLE, BROWSER = "Google-Calendar-Importer", "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"


@pytest.fixture
def bo(db: None) -> User:
    return UserFactory(name="Bo")


def test_a_key_is_known_by_its_secret_which_is_not_stored(bo: User, now: dt.datetime) -> None:
    secret = make_feed_key(user=bo, now=now)

    assert (owner_of_feed(secret, now=now), was_replaced(secret, now=now)) == (bo, False)
    assert secret not in [str(value) for value in FeedKey.objects.values_list().get()]


def test_a_replaced_key_opens_nothing_and_is_remembered(bo: User, now: dt.datetime) -> None:
    old = make_feed_key(user=bo, now=now)
    fresh = make_feed_key(user=bo, now=now + DAY)

    assert [owner_of_feed(key, now=now) for key in (old, fresh)] == [None, bo]
    assert [was_replaced(key, now=now) for key in (old, fresh, "unknown")] == [True, False, False]


def test_who_takes_the_key_back_has_no_feed(bo: User, now: dt.datetime) -> None:
    secret = make_feed_key(user=bo, now=now)

    assert [revoke_feed_key(user=bo, now=now) for _again in range(2)] == [True, False]
    assert (owner_of_feed(secret, now=now), was_replaced(secret, now=now)) == (None, True)
    assert FeedKey.objects.count() == 0


def test_a_deleted_and_a_barred_persons_keys_are_as_if_they_had_never_been(bo: User, now: dt.datetime) -> None:
    old, fresh = make_feed_key(user=bo, now=now), make_feed_key(user=bo, now=now)
    User.objects.update(is_active=False)
    barred = [owner_of_feed(fresh, now=now), was_replaced(old, now=now)]
    delete_account(user=bo)

    assert barred == [owner_of_feed(fresh, now=now), was_replaced(old, now=now)] == [None, False]


def test_a_visit_is_kept_to_ten_minutes_with_the_family_of_the_program(bo: User, now: dt.datetime) -> None:
    secret, seen = make_feed_key(user=bo, now=now), []
    for minutes, agent in ((0, GOOGLE), (9, "iOS/17.4 (21E219) dataaccessd/1.0"), (10, "khal"), (30, BROWSER)):
        owner_of_feed(secret, now=now + minutes * MINUTE, agent=agent)
        key = FeedKey.objects.get()
        seen.append((key.last_fetched_at, key.client))

    assert seen == [(now, "google"), (now, "google"), (now + 10 * MINUTE, "other"), (now + 10 * MINUTE, "other")]


def test_a_new_key_was_fetched_by_nobody(bo: User, now: dt.datetime) -> None:
    owner_of_feed(make_feed_key(user=bo, now=now), now=now, agent=GOOGLE)
    make_feed_key(user=bo, now=now)
    key = FeedKey.objects.get()

    assert (key.last_fetched_at, key.client) == (None, "")


@pytest.mark.parametrize(("retired", "asked", "left"), [(89, None, 1), (91, None, 0), (200, 89, 1), (200, 91, 0)])
def test_replaced_keys_are_forgotten_once_no_calendar_comes(
    bo: User, now: dt.datetime, retired: int, asked: int | None, left: int
) -> None:
    old = make_feed_key(user=bo, now=now - retired * DAY)
    revoke_feed_key(user=bo, now=now - retired * DAY)
    if asked is not None:
        was_replaced(old, now=now - asked * DAY)

    assert forget_retired_keys(now=now) == 1 - left
    assert RetiredFeedKey.objects.count() == left


def test_asking_with_a_replaced_key_writes_once_a_day(
    bo: User, now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    old = make_feed_key(user=bo, now=now)
    revoke_feed_key(user=bo, now=now)
    was_replaced(old, now=now)

    with django_assert_num_queries(1):
        was_replaced(old, now=now + DAY - MINUTE)
    with django_assert_num_queries(2):
        was_replaced(old, now=now + DAY)


def test_of_many_replaced_keys_the_latest_are_kept(bo: User, now: dt.datetime) -> None:
    keys = [make_feed_key(user=bo, now=now) for _time in range(RETIRED_ARE_KEPT + 3)]

    assert [was_replaced(key, now=now) for key in keys] == [False] * 2 + [True] * RETIRED_ARE_KEPT + [False]


def test_resetting_a_password_takes_the_feed_back(bo: User) -> None:
    make_feed_key(user=bo, now=dt.datetime.now(dt.UTC))

    password_reset.send(sender=User, request=HttpRequest(), user=bo)

    assert (FeedKey.objects.count(), RetiredFeedKey.objects.count()) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_that_ask_at_once_leave_one_key(now: dt.datetime) -> None:
    bo = UserFactory()
    keys: list[str] = []
    at_once(*[lambda: keys.append(make_feed_key(user=bo, now=now))] * 2)

    assert sorted(owner_of_feed(key, now=now) is not None for key in keys) == [False, True]
    assert sorted(was_replaced(key, now=now) for key in keys) == [False, True]
