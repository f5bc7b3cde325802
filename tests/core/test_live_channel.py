"""Announcing a change to open pages."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from pytest_django.fixtures import Settings

from core.live_channel import Message, Said, announce, channel, finish, last_known_key, publish
from tests.outages import at_most

CHANGE = {"type": "schedule", "event": "meetup-22", "version": 3}


def published(client: "redis.Redis", redis_url: str, count: int) -> list[Message]:
    """What two announcements put on the channel."""
    with client.pubsub(ignore_subscribe_messages=True) as subscription:
        subscription.subscribe(channel(redis_url))
        subscription.get_message(timeout=1)
        for version in range(count):
            announce("meetup-22", CHANGE | {"version": version})
        received = [subscription.get_message(timeout=1) for _ in range(count)]
    return [Message.parse(message["data"]) for message in received if message]


def test_an_announcement_names_the_event_and_carries_the_payload(
    redis_client: "redis.Redis", settings: Settings
) -> None:
    (message,) = published(redis_client, settings.REDIS_URL, 1)

    assert message.event == "meetup-22"
    assert json.loads(message.data) == CHANGE | {"version": 0}


def test_ids_grow(redis_client: "redis.Redis", settings: Settings) -> None:
    messages = published(redis_client, settings.REDIS_URL, 3)

    assert [json.loads(message.data)["version"] for message in messages] == [0, 1, 2]
    assert sorted({message.id for message in messages}) == [message.id for message in messages]


def test_the_last_message_of_each_type_is_kept_for_a_day(redis_client: "redis.Redis") -> None:
    announce("meetup-22", CHANGE)
    announce("meetup-22", CHANGE | {"version": 4})
    announce("meetup-22", {"type": "stage", "version": 1})

    kept = redis_client.hgetall(last_known_key("meetup-22"))

    versions = {kind: json.loads(Message.parse(line).data)["version"] for kind, line in kept.items()}
    assert versions == {b"schedule": 4, b"stage": 1}
    assert 86_390 <= redis_client.ttl(last_known_key("meetup-22")) <= 86_400


def test_things_of_one_type_are_kept_by_topic(redis_client: "redis.Redis") -> None:
    announce("meetup-22", {"type": "stage", "block": 12, "version": 1}, topic="stage:12")
    announce("meetup-22", {"type": "stage", "block": 13, "version": 5}, topic="stage:13")
    announce("meetup-22", {"type": "stage", "block": 12, "version": 2}, topic="stage:12")

    kept = redis_client.hgetall(last_known_key("meetup-22"))

    versions = {topic: json.loads(Message.parse(line).data)["version"] for topic, line in kept.items()}
    assert versions == {b"stage:12": 2, b"stage:13": 5}


def test_slugs_that_differ_in_case_are_one_event(redis_client: "redis.Redis") -> None:
    announce("Meetup-22", CHANGE)

    assert redis_client.exists(last_known_key("meetup-22")) == 1


def test_a_slug_may_be_written_in_any_script(redis_client: "redis.Redis") -> None:
    announce("轻量化", CHANGE)

    assert redis_client.exists(last_known_key("轻量化")) == 1


@pytest.mark.parametrize("slug", ["", "a b", "a/b", "é!", "x" * 101, "a\n"])
def test_a_slug_that_no_stream_can_be_asked_for_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="not an event's slug"):
        announce(slug, CHANGE)


@contextmanager
def redis_away(settings: Settings, *, listens: bool) -> Iterator[None]:
    """Nobody listens, or somebody who never answers; what is late is told when it ends."""
    address = settings.REDIS_URL
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if listens:
            silent.listen()
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        yield
        settings.REDIS_URL = address
    finish()


@pytest.mark.parametrize("listens", [False, True], ids=["refused", "frozen"])
def test_a_redis_that_is_away_holds_nobody_up_and_is_told_the_newest_of_each_topic_later(
    settings: Settings, caplog: pytest.LogCaptureFixture, redis_client: "redis.Redis", listens: bool
) -> None:
    with redis_away(settings, listens=listens), at_most(5):
        for version in range(5):
            announce("meetup-22", CHANGE | {"version": version})
        announce("meetup-22", {"type": "stage", "version": 1}, topic="stage:12")

    kept = redis_client.hgetall(last_known_key("meetup-22"))
    versions = {topic: json.loads(Message.parse(line).data)["version"] for topic, line in kept.items()}
    assert versions == {b"schedule": 4, b"stage:12": 1}
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize(
    ("at", "is_late", "kept"),
    [(1, True, "known"), (2, True, "known"), (3, True, "new"), (1, False, "new")],
    ids=["said before", "the same", "said since", "not late, by a clock that is behind"],
)
def test_what_is_told_late_does_not_replace_what_was_said_since(
    redis_client: "redis.Redis", at: int, is_late: bool, kept: str
) -> None:
    subject = ("meetup-22", "schedule")
    publish(subject, Said("known", 2))
    publish(subject, Said("new", at), is_late=is_late)

    (line,) = redis_client.hvals(last_known_key("meetup-22"))
    assert Message.parse(line).data == kept


def test_databases_of_one_redis_have_channels_of_their_own() -> None:
    assert channel("redis://host:6379") == channel("redis://host:6379/0") == "lectern:live:0"
    assert channel("redis://:secret@host:6379/3") == "lectern:live:3"
