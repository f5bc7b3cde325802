"""A mail server, a Redis and a site of its own for each scenario; /proc tells who is whose child."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.faults.figures import say
from tests.faults.sink import Sink, listening_sink
from tests.faults.site import Site, Valkey, url_of_test_database
from tests.outages import redis_at

__all__ = ("say",)

if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def sink() -> Iterator[Sink]:
    """The mail server of the site."""
    with listening_sink() as sink:
        yield sink


@pytest.fixture
def valkey(tmp_path: Path, settings: Settings) -> Iterator[Valkey]:
    """The Redis of the site, and of the test's own process."""
    valkey = Valkey(tmp_path)
    with redis_at(valkey.url, settings):
        yield valkey
    valkey.stop()


@pytest.fixture
def site(transactional_db: None, tmp_path: Path, valkey: Valkey, sink: Sink) -> Iterator[Site]:
    """Nothing runs yet; whatever the test starts ends with it, and what it said is shown when the test fails."""
    site = Site(tmp_path, database=url_of_test_database(), redis=valkey.url, mail_port=sink.port)
    yield site
    site.stop()
    print(site.said())  # noqa: T201 - captured, and shown with a failure
