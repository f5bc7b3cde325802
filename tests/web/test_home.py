"""What is on: months, filters, the past, and as many queries however much there is."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.events import EventFactory, GroupFactory, RecapFactory, VenueFactory
from tests.factories.lightning import BlockFactory, TalkFactory
from tests.factories.programme import SessionFactory
from tests.factories.registrations import PlanFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

Get = Callable[..., str]
IN_A_WEEK = TUESDAY_EVENING + dt.timedelta(weeks=1)


def test_upcoming_events_stand_under_their_months(page: Get) -> None:
    EventFactory(title="In March", starts_at=IN_A_WEEK)
    EventFactory(title="In April", starts_at=IN_A_WEEK + dt.timedelta(weeks=2))
    EventFactory(title="Long ago", starts_at=TUESDAY_EVENING - dt.timedelta(weeks=2))
    text = page("/").split("<main")[1]
    places = [text.index(words) for words in ("March 2026", "In March", "April 2026", "In April")]
    assert places == sorted(places)
    assert "Long ago" not in text


def test_the_past_is_one_link_away(page: Get) -> None:
    event = EventFactory(title="Long ago", starts_at=TUESDAY_EVENING - dt.timedelta(weeks=2))
    RecapFactory(event=event)
    assert "?when=past" in page("/")
    text = page("/?when=past")
    assert "Long ago" in text
    assert f"/events/{event.slug}/recap/" in text


def test_drafts_and_events_of_unlisted_groups_are_not_found(page: Get) -> None:
    EventFactory(title="A draft", status="draft", starts_at=IN_A_WEEK)
    EventFactory(title="A secret", group=GroupFactory(is_listed=False), starts_at=IN_A_WEEK)
    text = page("/")
    assert "A draft" not in text
    assert "A secret" not in text


def test_cancelled_and_postponed_events_say_so(page: Get) -> None:
    EventFactory(title="Off", status="cancelled", starts_at=IN_A_WEEK)
    EventFactory(title="Later", status="postponed", starts_at=IN_A_WEEK)
    text = page("/")
    assert "<s>Off</s>" in text
    assert "Cancelled" in text
    assert "Postponed" in text


def test_a_search_finds_groups_speakers_and_lightning_talks(page: Get) -> None:
    evening = EventFactory(title="Spring evening", group__name="Robots", starts_at=IN_A_WEEK)
    block = BlockFactory(session__event=evening)
    TalkFactory(block=block, title="Cats on the moon", speakers=[SpeakerFactory(name="Cy Coleman")])
    EventFactory(title="Another evening", starts_at=IN_A_WEEK)
    for words in ("spring", "robots evening", "cats moon", "coleman"):
        text = page(f"/?q={words}")
        assert "Spring evening" in text, words
        assert "Another evening" not in text, words


def test_a_place_is_the_venues_town_or_else_the_groups(page: Get) -> None:
    EventFactory(title="At a venue", venue=VenueFactory(town="Tokyo"), starts_at=IN_A_WEEK)
    EventFactory(title="At home", venue=None, group=GroupFactory(town="天津"), starts_at=IN_A_WEEK)
    assert "At home" not in page("/?city=Tokyo")
    assert "At venue" not in page("/?city=天津")
    assert "At home" in page("/?city=天津")


def test_a_topic_holds_what_is_below_it(page: Get) -> None:
    learning = TopicFactory(name="Machine learning", slug="ml")
    compiler = TopicFactory(name="XLA", slug="xla", parent=learning)
    SessionFactory(event=EventFactory(title="About compilers", starts_at=IN_A_WEEK), topics=[compiler])
    EventFactory(title="About nothing", starts_at=IN_A_WEEK)
    text = page("/?topic=ml")
    assert "About compilers" in text
    assert "About nothing" not in text


def test_only_rounds_with_an_open_slot_are_found(page: Get) -> None:
    full = BlockFactory(session__event=EventFactory(title="Full round", starts_at=IN_A_WEEK), session__minutes=11)
    TalkFactory.create_batch(2, block=full)
    free = BlockFactory(session__event=EventFactory(title="Free round", starts_at=IN_A_WEEK), session__minutes=11)
    TalkFactory(block=free)
    text = page("/?open=1")
    assert "Full round" not in text
    assert "Free round" in text
    assert "1 of 2 slots open" in text


def test_nothing_planned_says_what_to_do_next(page: Get) -> None:
    assert "Nothing is planned right now." in page("/")
    EventFactory(starts_at=IN_A_WEEK)
    assert "Nothing fits these filters." in page("/?q=elephants")


def test_the_same_queries_for_one_event_and_for_three(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def more() -> None:
        event = EventFactory(starts_at=IN_A_WEEK, topics=[TopicFactory()])
        TalkFactory(block=BlockFactory(session__event=event))
        PlanFactory(event=event, room=10)

    more()
    with django_assert_num_queries(9):
        dee.get("/")
    more()
    more()
    with django_assert_num_queries(9):
        dee.get("/")


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=x",
        "page=²",
        "topic=none",
        "city=Atlantis",
        "open=yes",
        "when=later",
        "q=%00",
        "q=" + "x" * 201,
    ],
)
def test_a_query_nobody_can_mean_is_refused_with_a_page(dee: Client, query: str) -> None:
    response = dee.get(f"/?{query}")
    assert response.status_code == 400
    assert "We could not read this request" in response.content.decode()


@pytest.mark.parametrize("number", ["0", "2", "999999"])
def test_there_is_no_page_nought_and_none_after_the_last(dee: Client, number: str) -> None:
    assert dee.get(f"/?page={number}").status_code == 404


def test_filters_stay_in_the_links_to_other_pages(page: Get) -> None:
    EventFactory.create_batch(31, title="Evening", starts_at=IN_A_WEEK)
    assert 'href="?q=evening&amp;page=2"' in page("/?q=evening")
    assert 'href="?q=evening&amp;page=1"' in page("/?q=evening&page=2")


def test_a_filtered_list_can_be_subscribed_to(page: Get) -> None:
    EventFactory(starts_at=IN_A_WEEK, title="Robots")
    assert "https://lectern.example/calendars/all.ics" in page("/")
    assert "https://lectern.example/calendars/search.ics?search=robots" in page("/?q=robots")
