"""Long statements are planned once per connection, inside Django's transaction, and counted like any other."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from core.prepared import prepared_cursor

pytestmark = pytest.mark.django_db

STATEMENT = "SELECT %(number)s::integer + 40"


def ask(number):
    with prepared_cursor() as cursor:
        cursor.execute(STATEMENT, {"number": number})
        return cursor.fetchone()[0]


def times_planned():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%integer + 40%"])
        return cursor.fetchone()[0]


def test_repetition_is_planned_once_and_answered_the_same():
    answers = {ask(2) for _ in range(10)}
    assert (answers, times_planned()) == ({42}, 1)


def test_nothing_is_prepared_where_a_pooler_would_lose_it():
    connection.ensure_connection()
    threshold, connection.connection.prepare_threshold = connection.connection.prepare_threshold, None
    before = times_planned()
    try:
        answers = {ask(2) for _ in range(10)}
    finally:
        connection.connection.prepare_threshold = threshold
    assert (answers, times_planned()) == ({42}, before)


def test_the_setting_is_on_unless_it_is_switched_off():
    assert settings.DATABASES["default"]["OPTIONS"]["prepare_threshold"] == 5


def test_it_counts_as_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        ask(1)


def test_errors_are_djangos():
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute("INSERT INTO outbox_attempt (message_id) VALUES (NULL)")


def test_what_it_writes_is_undone_with_the_transaction():
    with transaction.atomic():
        with prepared_cursor() as cursor:
            cursor.execute("CREATE TABLE made_in_between (n integer)")
        transaction.set_rollback(True)
    assert "made_in_between" not in connection.introspection.table_names()
