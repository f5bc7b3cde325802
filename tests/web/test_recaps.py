"""The page after the event."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lightning.models import Applause
from lightning.stage_round import Command
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, EventResourceFactory, RecapFactory
from tests.factories.lightning import BlockFactory, DeckFactory, TalkFactory, TalkResourceFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import SpeakerFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import MINUTE, a_round, press, talk_by

Get = Callable[..., str]
START, NEXT, SKIP = Command.START, Command.NEXT, Command.SKIP


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


def test_a_round_is_told_as_it_was(page: Get) -> None:
    block = a_round(3)
    for at, commands in enumerate(((START, NEXT), (SKIP,), (START, NEXT))):
        press(block, *commands[:1], now=TUESDAY_EVENING + 10 * at * MINUTE)
        press(block, *commands[1:], now=TUESDAY_EVENING + (10 * at + 6.2) * MINUTE)
    cy = talk_by(block, "Cy")
    for number in range(2):
        Applause.objects.create(talk=cy, clapper=f"{number}", given_at=TUESDAY_EVENING)
    DeckFactory(talk=cy)
    RecapFactory(event=block.session.event)
    text = page("/events/evening/recap/")
    rows = text[text.index('class="given"') : text.index("</ol>", text.index('class="given"'))].split("<li>\n")[1:]
    assert [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows] == [
        "Cy: On Cy 6:12 min Slides 2 people applauded",
        "Flo: On Flo 6:12 min",
    ]
    assert re.findall(r'href="(/t/[^"]+)"', text) == ["/t/code0/", "/t/code0/slides/", "/t/code2/"]
