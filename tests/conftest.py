"""What every test may ask for: the fixed clock, the test Redis, a real Celery worker."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import redis
from celery.contrib.testing.worker import TestWorkController, start_worker
from django.utils import translation

from config.celery import app
from outbox import bell
from tests.faults.figures import pytest_terminal_summary

__all__ = ("pytest_terminal_summary",)

LONG = ("tests/faults/", "tests/dev/", "tests/browser/")  # few tests each, which wait for real processes


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, so that no worker is left alone with them at the end; their order stays drawn by lot."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def _no_language_is_left_behind() -> Iterator[None]:
    """A request leaves its language active in the thread; a command of the next test would speak it."""
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    """The fixed clock: a Tuesday, 18:00 in UTC."""
    return datetime(2026, 11, 17, 18, 0, tzinfo=UTC)


@pytest.fixture
def redis_client() -> Iterator["redis.Redis"]:
    """The test Redis, emptied, once the rings of the test before are through."""
    bell.finish()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()
        yield client


@pytest.fixture
def worker(transactional_db: None, redis_client: "redis.Redis") -> Iterator[TestWorkController]:
    """A real Celery worker in a thread, on the test database and the test Redis."""
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=15) as running:
        yield running
