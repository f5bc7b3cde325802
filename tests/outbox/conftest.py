"""A real mail server, a Redis that is not there, and the delivery loop, for the tests beside this file."""

import datetime as dt
from collections.abc import Callable

import pytest

from outbox.delivery import drain
from tests.mail_server import mail_server
from tests.outages import redis_is_away, redis_is_frozen

__all__ = ("mail_server", "redis_is_away", "redis_is_frozen")


@pytest.fixture
def drain_now(now: dt.datetime) -> Callable[[], bool]:
    """The delivery loop at the fixed clock."""
    return lambda: drain(clock=lambda: now, keep_going=lambda: True)
