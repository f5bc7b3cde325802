"""The filters of event lists as values; what they find is told in tests/api/test_events.py."""

import datetime as dt

import pytest
from django.http import QueryDict

from core.query_values import QueryErrors
from events.event_filters import EventFilters
from events.models import Event
from tests.factories import EventFactory, GroupFactory, SessionFactory, SpeakerFactory, TopicFactory


def read(query: str) -> EventFilters:
    return EventFilters.from_query(QueryDict(query))


def test_nothing_asked_is_no_filter() -> None:
    assert not read("")
    assert not read("page=2&utm_source=x&search=%20")
    assert read("city=Singapore")


def test_the_query_string_is_the_same_for_the_same_filters() -> None:
    query = "search=lightning+talks&group=b&group=a&starts_after=2026-03-19T19:00:00+08:00"

    assert read(query).query_string() == (
        "group=b&group=a&starts_after=2026-03-19T11%3A00%3A00Z&search=lightning+talks"
    )


def test_the_query_string_reads_back() -> None:
    filters = read("search=lightning+talks&group=a&topic=xla&city=Singapore&format=online&starts_before=2026-01-01")

    assert read(filters.query_string()) == filters
    assert filters.starts_before == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_sessions_speakers_and_their_topics_count_as_the_events() -> None:
    xla = TopicFactory(slug="xla")
    event = SessionFactory(title="Compilers", topics=[xla], speakers=[SpeakerFactory(name="李茵")]).event
    EventFactory()

    for query in ("search=compilers", "search=李", "topic=xla"):
        assert list(read(query).apply(Event.objects.all())) == [event]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "name"), [("group=unknown", "group"), ("group=hidden", "group"), ("topic=x", "topic")]
)
def test_an_unknown_name_is_refused_and_a_hidden_one_as_if_it_were(query: str, name: str) -> None:
    GroupFactory(slug="hidden", is_listed=False)

    with pytest.raises(QueryErrors) as refusal:
        read(query).apply(Event.objects.all())

    assert list(refusal.value.errors) == [name]
