"""Pytest fixtures: Redis gone, and Redis frozen, for everything that would talk to it."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from config.celery import app
from outbox import bell


@contextmanager
def redis_at(url: str, settings: Settings) -> Iterator[None]:
    """Cache and doorbell look for Redis at this address."""
    before = app.conf.broker_url
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": url}}
    app.conf.broker_url = url
    app._after_fork()  # type: ignore[attr-defined]  # forgets its connections, as in a fresh process
    yield
    bell.finish()  # a ring on its way would build the pool anew with this address
    app.conf.broker_url = before
    app._after_fork()  # type: ignore[attr-defined]


@pytest.fixture
def redis_is_away(settings: Settings) -> Iterator[None]:
    """Nobody listens: connections are refused."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with redis_at(f"redis://127.0.0.1:{port}/0", settings):
        yield


@pytest.fixture
def redis_is_frozen(settings: Settings) -> Iterator[None]:
    """Somebody listens and never answers, as a stopped process or a full network does."""
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, redis_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", settings):
        yield


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail when the block takes longer."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds
