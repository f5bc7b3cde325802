"""Health for machines."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


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
