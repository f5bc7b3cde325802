"""How often somebody may ask."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from core.answer_memory import answers
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def low_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "3/min"})


@pytest.fixture
def no_redis(settings: Any) -> Iterator[None]:
    """A cache whose server is away."""
    settings.CACHES = {
        "default": {
            "BACKEND": "core.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
    yield
    del caches["default"]


def ask(client: Client, **extra: Any) -> Any:
    """For something that has to be worked out: nothing is remembered."""
    answers.clear()
    return client.get("/api/v1/topics/", **extra)


def statuses(client: Client, count: int, **extra: str) -> list[int]:
    return [ask(client, **extra).status_code for _ in range(count)]


def test_a_stranger_who_asks_too_often_is_told_how_long_to_wait(client: Client) -> None:
    assert statuses(client, 2) == [200, 200]

    response = ask(client)

    assert (response.status_code, response["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(response["Retry-After"]) <= 60
    assert response.json()["code"] == "throttled"


def test_what_is_remembered_is_answered_however_often(client: Client) -> None:
    assert statuses(client, 1) == [200]
    assert [client.get("/api/v1/topics/").status_code for _ in range(5)] == [200] * 5


def test_strangers_at_other_addresses_are_counted_apart(client: Client) -> None:
    assert statuses(client, 3, REMOTE_ADDR="192.0.2.1") == [200, 200, 429]
    assert statuses(client, 1, REMOTE_ADDR="192.0.2.2") == [200]


def test_all_addresses_of_an_ipv6_network_count_as_one(client: Client) -> None:
    assert statuses(client, 2, REMOTE_ADDR="2001:db8::1") == [200, 200]
    assert statuses(client, 1, REMOTE_ADDR="2001:db8::2") == [429]
    assert statuses(client, 1, REMOTE_ADDR="2001:db8:0:1::1") == [200]


def test_a_forwarded_address_that_no_proxy_of_ours_vouches_for_does_not_help(client: Client) -> None:
    asked = [ask(client, headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(3)]

    assert asked == [200, 200, 429]


def test_a_person_is_counted_by_name_and_has_a_share_of_their_own(client: Client) -> None:
    client.force_login(UserFactory())

    assert statuses(client, 4) == [200, 200, 200, 429]


def test_without_redis_reads_stay_open_and_are_counted_in_memory(client: Client, no_redis: None) -> None:
    assert statuses(client, 3, REMOTE_ADDR="192.0.2.77") == [200, 200, 429]
