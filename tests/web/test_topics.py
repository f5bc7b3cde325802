"""The vocabulary and one topic."""

import datetime as dt
from collections.abc import Callable

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from speakers.models import Topic
from tests.factories.events import EventFactory, GroupFactory
from tests.factories.lightning import BlockFactory, TalkFactory
from tests.factories.programme import SessionFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

Get = Callable[..., str]
WEEK = dt.timedelta(weeks=1)


def test_a_topic_gathers_what_is_below_it(page: Get) -> None:
    learning = TopicFactory(name="Machine learning", slug="ml", description="It *learns*.")
    xla = TopicFactory(name="XLA", slug="xla", parent=learning)
    EventFactory(title="Coming", topics=[xla], starts_at=TUESDAY_EVENING + WEEK)
    past = EventFactory(title="Gone", starts_at=TUESDAY_EVENING - WEEK)
    TalkFactory(block=BlockFactory(session__event=past), topics=[xla])
    EventFactory(title="Elsewhere", starts_at=TUESDAY_EVENING + WEEK)
    SpeakerFactory(name="Cy", topics=[xla])
    GroupFactory(name="Compilers SG", topics=[learning])
    text = page("/topics/ml/")
    for words in ("Coming", "Gone", ">Cy</a>", "Compilers SG", "<em>learns</em>", 'href="/topics/xla/"'):
        assert words in text, words
    assert "Elsewhere" not in text


def test_a_topic_nobody_speaks_about_says_so(page: Get) -> None:
    TopicFactory(slug="lonely")
    assert "Nothing is planned right now." in page("/topics/lonely/")


def test_all_topics_stand_with_their_parts(page: Get) -> None:
    assert "No topics yet." in page("/topics/")
    TopicFactory(name="XLA", parent=TopicFactory(name="Machine learning"))
    text = page("/topics/")
    assert "Machine learning" in text
    assert "XLA" in text


def test_the_list_counts_what_the_topics_own_page_shows(page: Get) -> None:
    learning = TopicFactory(name="Machine learning", slug="ml")
    xla = TopicFactory(name="XLA", slug="xla", parent=learning)
    event = EventFactory(topics=[learning])
    SessionFactory(event=event, topics=[xla])
    TalkFactory(block=BlockFactory(session__event=EventFactory()), topics=[xla])
    EventFactory(topics=[xla], status="draft")
    EventFactory(topics=[xla], group__is_listed=False)
    SpeakerFactory(topics=[learning, xla])
    SpeakerFactory(topics=[xla])
    SpeakerFactory(topics=[xla], is_listed=False)
    assert '<span class="part">2 meetups</span><span class="part">2 speakers</span>' in page("/topics/")


def test_a_topic_without_anything_counts_no_noughts(page: Get) -> None:
    TopicFactory(name="Lonely")
    text = page("/topics/")
    assert "0 meetups" not in text
    assert "0 speakers" not in text


def test_topics_tied_into_a_ring_are_still_read(page: Get) -> None:
    first, second = TopicFactory(slug="a"), TopicFactory(slug="b")
    Topic.objects.filter(pk=first.pk).update(parent=second)
    Topic.objects.filter(pk=second.pk).update(parent=first)
    page("/topics/a/")
    page("/topics/")
    page("/speakers/?topic=b")


def test_an_unknown_topic_is_not_found(dee: Client) -> None:
    assert dee.get("/topics/none/").status_code == 404


def test_the_same_queries_for_one_event_and_for_three(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    learning = TopicFactory(slug="ml")

    def more() -> None:
        child = TopicFactory(parent=learning)
        EventFactory(topics=[child], starts_at=TUESDAY_EVENING + WEEK)
        EventFactory(topics=[child], starts_at=TUESDAY_EVENING - WEEK)
        SpeakerFactory(topics=[child])
        GroupFactory(topics=[child])

    more()
    with django_assert_num_queries(12):
        dee.get("/topics/ml/")
    with django_assert_num_queries(4):
        dee.get("/topics/")
    more()
    more()
    with django_assert_num_queries(12):
        dee.get("/topics/ml/")
    with django_assert_num_queries(4):
        dee.get("/topics/")
