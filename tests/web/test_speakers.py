"""The directory and one speaker's profile."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lightning.stage_round import Command
from speakers.models import Speaker
from tests.factories.events import EventFactory, GroupFactory
from tests.factories.lightning import BlockFactory, DeckFactory, TalkFactory, TalkResourceFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import AffiliationFactory, SpeakerFactory, SpeakerLinkFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import a_round, press, talk_by

Get = Callable[..., str]


@pytest.fixture
def cy(db: None) -> Speaker:
    """A speaker with all there is to know, and an e-mail nobody may see."""
    speaker: Speaker = SpeakerFactory(
        name="Cy Coleman",
        slug="cy",
        email="cy@secret.example",
        town="Tokyo",
        languages=["en", "zh-Hans"],
        takes_remote=True,
        biography="Builds *robots*.",
        topics=[TopicFactory(name="Robots", slug="robots")],
    )
    AffiliationFactory(speaker=speaker, organisation="Red Cat Labs", role="CTO")
    AffiliationFactory(speaker=speaker, organisation="Old Corp", until_date=dt.date(2020, 1, 1))
    SpeakerLinkFactory(speaker=speaker, title="", url="https://github.com/cy")
    return speaker


def names(text: str) -> list[str]:
    """Who is on the page, of the cast."""
    return [name for name in ("Ada", "Bo", "Cy Coleman") if f">{name}</a></h3>" in text]


def test_facets_combine_and_every_list_has_an_address(page: Get, cy: Speaker) -> None:
    robots = cy.topics.get()
    SpeakerFactory(name="Ada", town="Singapore", topics=[robots])
    SpeakerFactory(name="Bo", town="Tokyo")
    assert names(page("/speakers/")) == ["Ada", "Bo", "Cy Coleman"]
    assert names(page("/speakers/?topic=robots")) == ["Ada", "Cy Coleman"]
    assert names(page("/speakers/?topic=robots&town=Tokyo")) == ["Cy Coleman"]
    assert names(page("/speakers/?town=Tokyo&town=Singapore")) == ["Ada", "Bo", "Cy Coleman"]
    assert names(page("/speakers/?remote=1")) == ["Cy Coleman"]
    assert names(page("/speakers/?language=zh-Hans")) == ["Cy Coleman"]
    assert names(page("/speakers/?affiliation=Red+Cat+Labs")) == ["Cy Coleman"]


def test_a_topic_holds_what_is_below_it(page: Get, cy: Speaker) -> None:
    cy.topics.add(TopicFactory(name="Grippers", slug="grippers", parent=TopicFactory(name="Hardware", slug="hardware")))
    assert names(page("/speakers/?topic=hardware")) == ["Cy Coleman"]


def test_a_search_finds_names_companies_and_talks(page: Get, cy: Speaker) -> None:
    SpeakerFactory(name="Bo")
    TalkFactory(block=BlockFactory(session__event=EventFactory()), title="Cats on the moon", speakers=[cy])
    for words in ("coleman", "red cat", "cats moon", "robots"):
        assert names(page(f"/speakers/?q={words}")) == ["Cy Coleman"], words


def test_new_on_stage_are_those_who_spoke_once_at_most(page: Get, cy: Speaker) -> None:
    ada = SpeakerFactory(name="Ada")
    event = EventFactory()
    SessionFactory(event=event, speakers=[ada])
    SessionFactory(event=event, speakers=[ada])
    SessionFactory(event=event, speakers=[cy])
    assert names(page("/speakers/?first=1")) == ["Cy Coleman"]


def test_who_is_not_listed_is_nowhere(dee: Client, page: Get) -> None:
    SpeakerFactory(name="Hidden", slug="hidden", is_listed=False)
    assert "Hidden" not in page("/speakers/")
    assert dee.get("/speakers/hidden/").status_code == 404
    assert dee.get("/speakers/hidden/card.vcf").status_code == 404


def test_nobody_fits_is_said(page: Get, cy: Speaker) -> None:
    assert "Nobody fits these filters." in page("/speakers/?town=Atlantis")
    Speaker.objects.all().delete()
    assert "No speakers yet." in page("/speakers/")


def test_a_profile_shows_appearances_across_groups_with_slides(page: Get, cy: Speaker) -> None:
    event = EventFactory(title="Evening", group=GroupFactory(name="AI"), starts_at=TUESDAY_EVENING)
    SessionResourceFactory(
        session=SessionFactory(event=event, title="Spiking", speakers=[cy]), url="https://s.example/1"
    )
    other = EventFactory(title="Round", group=GroupFactory(name="Robots SG"))
    talk = TalkFactory(block=BlockFactory(session__event=other), title="Cats", speakers=[cy])
    TalkResourceFactory(talk=talk, url="https://s.example/2")
    draft = EventFactory(title="Draft", status="draft")
    SessionFactory(event=draft, title="Not yet public", speakers=[cy])
    text = page("/speakers/cy/")
    for words in (
        "Spiking",
        "Cats",
        "AI",
        "Robots SG",
        "https://s.example/1",
        "https://s.example/2",
        "slot 1",
        "2 at 2 groups",
    ):
        assert words in text, words
    assert "Not yet public" not in text


def test_a_profile_says_who_somebody_is_and_never_their_email(page: Get, cy: Speaker) -> None:
    text = page("/speakers/cy/")
    for words in ("CTO, Red Cat Labs", "Tokyo", "Old Corp", "2020", "github.com/cy", "<em>robots</em>", "简体中文"):
        assert words in text, words
    assert "secret.example" not in text
    assert "secret.example" not in page("/speakers/")


def test_a_card_can_be_taken_along(dee: Client, cy: Speaker) -> None:
    response = dee.get("/speakers/cy/card.vcf")
    assert response["Content-Type"] == "text/vcard; charset=utf-8"
    assert response.content.decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "FN:Cy Coleman",
        "ORG:Red Cat Labs",
        "TITLE:CTO",
        "ADR:;;;Tokyo;;;",
        "LANG:en",
        "LANG:zh-Hans",
        "URL:https://lectern.example/speakers/cy/",
        "URL:https://github.com/cy",
        "END:VCARD",
        "",
    ]


def test_a_card_folds_long_lines_between_characters_and_escapes_its_signs(dee: Client) -> None:
    SpeakerFactory(name="李茵;,\\" + "长" * 60, slug="long")
    lines = dee.get("/speakers/long/card.vcf").content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    unfolded = b"\r\n".join(lines).replace(b"\r\n ", b"").decode()
    assert "FN:李茵\\;\\,\\\\" + "长" * 60 in unfolded


def test_the_same_queries_for_one_speaker_and_for_three(
    dee: Client, cy: Speaker, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def more() -> None:
        event = EventFactory()
        speaker = SpeakerFactory(topics=[TopicFactory()])
        AffiliationFactory(speaker=speaker)
        SessionResourceFactory(session=SessionFactory(event=event, speakers=[speaker, cy]))
        TalkFactory(block=BlockFactory(session__event=event), speakers=[speaker, cy])

    more()
    with django_assert_num_queries(14):
        dee.get("/speakers/")
    with django_assert_num_queries(10):
        dee.get("/speakers/cy/")
    more()
    more()
    with django_assert_num_queries(14):
        dee.get("/speakers/")
    with django_assert_num_queries(10):
        dee.get("/speakers/cy/")


@pytest.mark.parametrize(
    "query", ["topic=none", "remote=yes", "page=x", "town=" + "x" * 201, "&".join(f"town={n}" for n in range(41))]
)
def test_a_query_nobody_can_mean_is_refused(dee: Client, query: str) -> None:
    assert dee.get(f"/speakers/?{query}").status_code == 400


def test_the_history_names_talks_that_were_given_with_their_slides_and_no_others(page, clock):
    block = a_round(3)
    cy = talk_by(block, "Cy")
    for name in ("Eve", "Flo"):
        talk_by(block, name).talk_speakers.update(speaker=cy.speakers.get())
    DeckFactory(talk=cy)
    before = page(cy.speakers.get().get_absolute_url())
    press(block, Command.START, Command.NEXT, Command.SKIP)
    after = page(cy.speakers.get().get_absolute_url())
    assert [title in after for title in ("On Cy", "On Eve", "On Flo")] == [True, False, True]
    slides = f'href="/t/{cy.code}/slides/"'
    assert (slides in before, slides in after, f'href="/t/{cy.code}/"' in after) == (False, True, True)
