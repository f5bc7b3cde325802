"""Counting strangers: so many in a while, each apart, and also while Redis is away."""

import pytest
import redis
from django.core.cache import cache
from django.test import RequestFactory

from tests.outages import redis_is_away
from web.rate_limits import Limit, network

__all__ = ("redis_is_away",)

TWICE = Limit("test", 2, 60)


def test_one_more_than_the_limit_is_too_many(redis_client: "redis.Redis") -> None:
    assert [TWICE.count("dee@example.org") for _time in range(4)] == [False, False, True, True]
    assert TWICE.count("bo@example.org") is False


def test_looking_does_not_count(redis_client: "redis.Redis") -> None:
    TWICE.count("dee")
    assert [TWICE.is_used_up("dee") for _look in range(3)] == [False] * 3
    TWICE.count("dee")
    assert TWICE.is_used_up("dee") is True


def test_the_count_ends_with_its_time_and_names_nobody(redis_client: "redis.Redis") -> None:
    TWICE.count("dee@example.org")
    (key,) = redis_client.keys("*limit:test:*")
    assert b"dee" not in key
    assert 0 < redis_client.ttl(key) <= 60
    redis_client.delete(key)
    assert TWICE.is_used_up("dee@example.org") is False


def test_a_count_that_ends_between_two_steps_lets_pass(redis_client: "redis.Redis", monkeypatch: object) -> None:
    forgetful = Limit("test", 0, 60)
    monkeypatch.setattr(cache, "add", lambda *key: None)  # type: ignore[attr-defined]
    assert forgetful.count("dee") is False


@pytest.mark.usefixtures("redis_is_away")
def test_without_redis_this_process_counts() -> None:
    assert TWICE.is_used_up("dee") is False
    assert [TWICE.count("dee") for _time in range(3)] == [False, False, True]


@pytest.mark.parametrize(("address", "counted"), [("2001:db8::1:2:3:4", "2001:db8::"), ("nonsense", "unknown")])
def test_a_request_counts_for_its_network(address: str, counted: str) -> None:
    assert network(RequestFactory(REMOTE_ADDR=address).get("/")) == counted
