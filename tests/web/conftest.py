"""The pages as a stranger sees them, at a fixed time."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.services import create_account
from core.answer_memory import answers
from core.http_cache import rendered

TUESDAY_EVENING = dt.datetime(2026, 3, 17, 11, 0, tzinfo=dt.UTC)  # 19:00 in Singapore


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Pages read the clock themselves, so here it stands still."""
    with time_machine.travel(TUESDAY_EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def dee(client: Client, clock: time_machine.Traveller, db: None) -> Client:
    """A stranger's browser; nothing is remembered from other tests."""
    rendered.clear()
    answers.clear()
    return client


@pytest.fixture
def bo(db: None) -> User:
    return create_account(email="bo@example.org", name="Bo", email_is_confirmed=True)


@pytest.fixture
def as_bo(dee: Client, bo: User) -> Client:
    """Bo's browser, signed in."""
    dee.force_login(bo)
    return dee


@pytest.fixture
def page(dee: Client) -> Callable[..., str]:
    """The text of a page that answers 200."""

    def get(path: str, **headers: str) -> str:
        response = dee.get(path, headers=headers)
        assert response.status_code == 200, (path, response.status_code)
        return str(response.content.decode())

    return get
