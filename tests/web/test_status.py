"""Health for machines."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from outbox.models import Priority
from tests.factories import MessageFactory


def test_a_living_process_asks_nobody(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/healthz")
    assert (response.status_code, response.content, len(queries)) == (200, b"ok\n", 0)


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_missing_migrations_are_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'lightning'")
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations are missing\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("priority", "minutes", "status"),
    [
        (Priority.NOW, 4, 200),
        (Priority.NOW, 6, 503),
        (Priority.NORMAL, 6, 503),
        (Priority.BULK, 59, 200),
        (Priority.BULK, 61, 503),
    ],
)
def test_mail_that_should_have_left_long_ago_is_an_alarm(
    client: Client, priority: Priority, minutes: int, status: int
) -> None:
    due = timezone.now() - dt.timedelta(minutes=minutes)
    MessageFactory(priority=priority, available_at=due)
    MessageFactory(available_at=due + dt.timedelta(days=1))

    response = client.get("/readyz")

    words = f"mail has been waiting since {due:%Y-%m-%d %H:%M} UTC\n" if status == 503 else "ok\n"
    assert (response.status_code, response.content.decode()) == (status, words)
