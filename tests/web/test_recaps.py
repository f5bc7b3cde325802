"""The page after the event."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, EventResourceFactory, RecapFactory
from tests.factories.lightning import BlockFactory, TalkFactory, TalkResourceFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import SpeakerFactory

Get = Callable[..., str]


def test_notes_highlights_and_slides_are_there(page: Get) -> None:
    event = EventFactory(slug="evening", title="Evening")
    RecapFactory(
        event=event, notes="It was *good*.", highlights=["有价值的应用才是王道！"], author=UserFactory(name="Ada")
    )
    SessionResourceFactory(session=SessionFactory(event=event, title="Spiking"), url="https://s.example/1")
    talk = TalkFactory(block=BlockFactory(session__event=event), title="Cats", speakers=[SpeakerFactory(name="Cy")])
    TalkResourceFactory(talk=talk, url="https://s.example/2")
    EventResourceFactory(event=event, title="Photos of the evening")
    text = page("/events/evening/recap/")
    for words in (
        "<em>good</em>",
        "有价值的应用才是王道！",
        "by Ada",
        "https://s.example/1",
        "Cy: Cats",
        "Photos of the evening",
    ):
        assert words in text, words


def test_a_recap_of_somebody_elses_event_shows_what_was_picked(page: Get) -> None:
    summit = EventFactory(title="The summit", slug="summit")
    event = EventFactory(slug="evening", related_event=summit, relation="recap")
    RecapFactory(event=event)
    SessionFactory(event=event, title="XLA", number="11.", abstract="From 200 to **5** µs.")
    text = page("/events/evening/recap/")
    for words in ("What we picked", "11.", "<strong>5</strong>", 'href="/events/summit/"'):
        assert words in text, words


@pytest.mark.parametrize("published", [True, False])
def test_only_a_published_recap_of_a_published_event_is_found(dee: Client, published: bool) -> None:
    assert dee.get("/events/none/recap/").status_code == 404
    event = EventFactory(slug="evening", status="draft" if published else "published")
    RecapFactory(event=event, **({} if published else {"published_at": None}))
    assert dee.get("/events/evening/recap/").status_code == 404


def test_the_same_queries_for_one_session_and_for_three(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = EventFactory(slug="evening")
    RecapFactory(event=event)

    def more() -> None:
        SessionResourceFactory(session=SessionFactory(event=event, speakers=[SpeakerFactory()]))
        TalkResourceFactory(talk=TalkFactory(block=BlockFactory(session__event=event), speakers=[SpeakerFactory()]))
        EventResourceFactory(event=event)

    more()
    with django_assert_num_queries(14):
        dee.get("/events/evening/recap/")
    more()
    more()
    with django_assert_num_queries(14):
        dee.get("/events/evening/recap/")
