"""Stars: idempotent, bounded, each person's own."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts import stars
from accounts.models import Star, User
from accounts.stars import change_stars, stars_of
from core.errors import RuleViolation
from tests.factories import UserFactory
from tests.races import at_once

A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def bo(db: None) -> User:
    return UserFactory(name="Bo")


def marked(user: User) -> list[UUID]:
    return [star.uid for star in stars_of(user)]


def test_what_is_so_already_stays(bo: User, now: dt.datetime) -> None:
    other = UserFactory()
    change_stars(user=other, add=[A], now=now)
    for _again in range(2):
        change_stars(user=bo, add=[A, B, A], remove=[C], now=now)
    before = marked(bo)
    for _again in range(2):
        change_stars(user=bo, add=[C], remove=[A], now=now)

    assert (before, marked(bo), marked(other)) == ([A, B], [B, C], [A])


def test_beyond_the_bound_nothing_is_marked_and_what_is_marked_may_be_marked_again(
    bo: User, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stars, "MOST", 2)
    change_stars(user=bo, add=[A, B], now=now)

    with pytest.raises(RuleViolation) as refusal:
        change_stars(user=bo, add=[C], now=now)
    change_stars(user=bo, add=[A, B], now=now)
    assert (refusal.value.code, refusal.value.field, marked(bo)) == ("too_many_stars", "add", [A, B])

    change_stars(user=bo, add=[C], remove=[A], now=now)
    assert marked(bo) == [B, C]


@pytest.mark.parametrize("number", [1, 3])
def test_a_change_costs_the_same_however_many(
    bo: User, now: dt.datetime, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(6):  # a savepoint and its end among them
        change_stars(user=bo, add=[uuid4() for _one in range(number)], remove=[A], now=now)


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_mark_a_thing_once(now: dt.datetime) -> None:
    bo = UserFactory()
    at_once(*[lambda: change_stars(user=bo, add=[A, B], now=now)] * 2)

    assert Star.objects.count() == 2
