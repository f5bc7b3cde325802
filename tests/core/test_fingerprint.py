"""Row versions: every write moves them, nothing else does."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.fingerprint import database_state, fingerprint
from speakers.models import Speaker, Topic
from tests.factories import SpeakerFactory, TopicFactory


def all_of_it() -> str:
    return fingerprint(Topic.objects.all(), Speaker.objects.filter(is_listed=True))


@pytest.mark.django_db
def test_nothing_has_a_fingerprint_too() -> None:
    assert all_of_it() == "0-0000000000000000"


@pytest.mark.django_db
def test_it_stays_while_nobody_writes() -> None:
    TopicFactory(), SpeakerFactory()

    assert all_of_it() == all_of_it()


@pytest.mark.django_db
def test_a_row_added_changed_or_removed_moves_it() -> None:
    topic = TopicFactory()
    seen = [all_of_it()]
    for write in (
        SpeakerFactory,
        lambda: Topic.objects.filter(pk=topic.pk).update(name="XLA"),
        lambda: Topic.objects.filter(pk=topic.pk).update(name="XLA"),
        topic.delete,
    ):
        write()
        seen.append(all_of_it())

    assert len(set(seen)) == 5


@pytest.mark.django_db
def test_rows_outside_the_querysets_do_not_move_it() -> None:
    before = all_of_it()
    SpeakerFactory(is_listed=False)

    assert all_of_it() == before


@pytest.mark.django_db
def test_a_queryset_that_nothing_can_pass_adds_nothing() -> None:
    TopicFactory()

    assert fingerprint(Topic.objects.filter(pk__in=[]), Topic.objects.all()) == fingerprint(Topic.objects.all())
    assert fingerprint(Topic.objects.none()) == "0-0000000000000000"


@pytest.mark.django_db
def test_the_same_row_twice_does_not_cancel_itself_out() -> None:
    TopicFactory()

    assert fingerprint(Topic.objects.all(), Topic.objects.all()) != fingerprint(Topic.objects.none())


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_one_query(rows: int) -> None:
    TopicFactory.create_batch(rows)
    with CaptureQueriesContext(connection) as queries:
        all_of_it()

    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_the_databases_state_moves_with_every_commit_and_only_then() -> None:
    before = database_state()
    assert database_state() == before

    TopicFactory()
    after = database_state()

    assert before != after
    assert database_state() == after


@pytest.mark.django_db
def test_there_is_no_such_state_inside_a_transaction_that_wrote() -> None:
    TopicFactory()

    assert database_state() is None


@pytest.mark.django_db(transaction=True)
def test_asking_for_the_state_is_also_the_check_of_a_kept_connection(django_assert_num_queries) -> None:
    database_state()
    connection.health_check_done = False

    with django_assert_num_queries(1):
        database_state()
    assert connection.health_check_done


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_that_the_server_has_ended_is_opened_again() -> None:
    before = database_state()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])
    other.close()
    connection.health_check_done = False

    assert database_state() == before
