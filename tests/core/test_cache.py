"""A cache that never fails and hardly waits."""

import os
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from redis import Redis

from core import cache as cache_module
from tests.outages import at_most, redis_is_away, redis_is_frozen

__all__ = ("redis_is_away", "redis_is_frozen")


@pytest.fixture(autouse=True)
def no_memory_of_other_tests(redis_client: "Redis") -> Iterator[None]:
    """Neither in Redis nor in the stand-in."""
    yield
    cache.clear()


def use_every_operation() -> list[object]:
    return [
        cache.add("a", 1),
        cache.add("a", 2),
        cache.get("a"),
        cache.set("b", {"x": [1]}),
        cache.incr("a"),
        cache.decr("a", 5),
        cache.touch("b", 60),
        cache.has_key("b"),
        "c" in cache,
        cache.set_many({"d": 1, "e": 2}),
        cache.get_many(["b", "d", "e", "f"]),
        cache.delete_many(["d", "e"]),
        cache.get_or_set("g", 7),
        cache.delete("g"),
        cache.get("g", "gone"),
        cache.set("h", 1, timeout=0),
        cache.get("h"),
    ]


def test_everything_answers_the_same_without_redis(request: pytest.FixtureRequest) -> None:
    with_redis = use_every_operation()
    request.getfixturevalue("redis_is_away")

    assert use_every_operation() == with_redis


def test_a_frozen_redis_is_waited_for_once_and_not_by_every_question(redis_is_frozen: None) -> None:
    with at_most(8):
        for number in range(50):
            cache.set(f"key-{number}", number)
            cache.get(f"key-{number}")


def test_a_counter_that_the_outage_took_starts_again(redis_is_away: None) -> None:
    cache.get("anything")

    assert [cache.incr("visits"), cache.incr("visits")] == [1, 2]


def test_a_counter_that_was_never_there_is_an_error_as_ever() -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("visits")


def test_what_the_stand_in_learned_is_forgotten_when_redis_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def redis_is(*, away: bool) -> None:
        monkeypatch.setitem(cache_module._away_until, os.environ["REDIS_URL"], time.monotonic() + (60 if away else -1))

    redis_is(away=True)
    cache.set("word", "during")
    assert cache.get("word") == "during"

    redis_is(away=False)
    assert cache.get("word") is None

    redis_is(away=True)
    assert cache.get("word") is None
