"""Speakers and topics over the API."""

import datetime as dt

import pytest

from tests.api.conftest import Read
from tests.factories import (
    AffiliationFactory,
    BlockFactory,
    EventFactory,
    SessionFactory,
    SessionResourceFactory,
    SpeakerFactory,
    SpeakerLinkFactory,
    TalkFactory,
    TalkResourceFactory,
    TopicFactory,
)
from tests.factories.lightning import DeckFactory

pytestmark = pytest.mark.django_db


def slugs(page: dict) -> list[str]:
    return [item["slug"] for item in page["results"]]


def test_a_speaker_is_shown_without_the_private_address(read: Read) -> None:
    cy = SpeakerFactory(
        name="Cy", slug="cy", email="cy@secret.example", town="Singapore", languages=["en"], takes_remote=True,
        topics=[TopicFactory(name="XLA", slug="xla")], biography="Writes *compilers*.",
    )  # fmt: skip
    AffiliationFactory(speaker=cy, organisation="Example Labs", role="Engineer")
    SpeakerLinkFactory(speaker=cy, title="Code", url="https://code.example/cy")

    found = read("speakers/CY/")

    assert found == {
        "slug": "cy",
        "name": "Cy",
        "tagline": "",
        "town": "Singapore",
        "languages": ["en"],
        "takes_remote": True,
        "photo": None,
        "topics": [{"slug": "xla", "name": "XLA"}],
        "affiliations": [{"organisation": "Example Labs", "role": "Engineer", "since_date": None, "until_date": None}],
        "links": [{"title": "Code", "url": "https://code.example/cy"}],
        "url": "https://lectern.example/speakers/cy/",
        "biography": "Writes *compilers*.",
        "sessions": [],
        "talks": [],
    }
    assert "secret" not in str(read("speakers/"))


def test_a_photo_has_a_full_address(read: Read) -> None:
    SpeakerFactory(slug="cy", photo="speakers/cy.jpg")

    assert read("speakers/cy/")["photo"] == "https://lectern.example/media/speakers/cy.jpg"


def test_appearances_are_those_at_events_anybody_finds(read: Read) -> None:
    cy = SpeakerFactory(slug="cy")
    event = EventFactory(slug="open")
    session = SessionFactory(event=event, title="On stage", speakers=[cy])
    SessionResourceFactory(session=session, url="https://slides.example/1")
    talk = TalkFactory(block=BlockFactory(session__event=event), title="Fast", speakers=[cy])
    TalkResourceFactory(talk=talk, url="https://slides.example/2")
    TalkFactory(block=talk.block, state="submitted", title="Secret wish", speakers=[cy])
    for hidden in (EventFactory(status="draft"), EventFactory(group__is_listed=False)):
        SessionFactory(event=hidden, title="Secret", speakers=[cy])
        TalkFactory(block=BlockFactory(session__event=hidden), title="Secret", speakers=[cy])

    found = read("speakers/cy/")

    assert [(s["title"], s["event"]["slug"], s["resources"][0]["url"], s["url"]) for s in found["sessions"]] == [
        ("On stage", "open", "https://slides.example/1", _place(f"session-{session.pk}"))
    ]
    assert [(t["title"], t["event"]["slug"], t["resources"][0]["url"], t["url"]) for t in found["talks"]] == [
        ("Fast", "open", "https://slides.example/2", _place(f"talk-{talk.pk}"))
    ]


def _place(anchor: str) -> str:
    return f"https://lectern.example/events/open/schedule/#{anchor}"


def test_talks_that_were_given_have_their_times_and_slides_and_no_shows_are_left_out(read: Read) -> None:
    cy = SpeakerFactory(slug="cy")
    block = BlockFactory(session__event=EventFactory(time_zone="Asia/Singapore"))
    minute = dt.datetime(2026, 11, 17, 11, 30, tzinfo=dt.UTC)
    times = {"started_at": minute, "ended_at": minute + dt.timedelta(seconds=312)}
    given = TalkFactory(block=block, code="given", title="Was", state="given", speakers=[cy], **times)
    TalkResourceFactory(talk=given, url="https://slides.example/2")
    kept = TalkFactory(block=block, code="kept", state="given", is_deck_public=False, speakers=[cy], **times)
    coming = TalkFactory(block=block, code="coming", title="To be", speakers=[cy])
    TalkFactory(block=block, state="no_show", speakers=[cy])
    for talk in (given, kept, coming):
        DeckFactory(talk=talk)

    found = [
        (
            talk["permalink"].removeprefix("https://lectern.example"),
            talk["started_at"],
            talk["ended_at"],
            [(one["kind"], one["url"].removeprefix("https://")) for one in talk["resources"]],
        )
        for talk in read("speakers/cy/")["talks"]
    ]

    was = ("2026-11-17T19:30:00+08:00", "2026-11-17T19:35:12+08:00")
    assert found == [
        ("/t/given/", *was, [("slides", "lectern.example/t/given/slides/"), ("slides", "slides.example/2")]),
        ("/t/kept/", *was, []),
        ("/t/coming/", None, None, []),
    ]


def test_who_is_not_in_the_directory_is_not_found(read: Read) -> None:
    SpeakerFactory(slug="ta", is_listed=False)

    assert slugs(read("speakers/")) == []
    read("speakers/ta/", status=404)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["cy", "luke"]),
        ("topic=ml", ["cy"]),
        ("language=en", ["cy", "luke"]),
        ("language=zh-Hans&language=fr", ["luke"]),
        ("town=SINGAPORE", ["cy"]),
        ("affiliation=example%20labs", ["cy"]),
        ("takes_remote=true", ["luke"]),
        ("takes_remote=true&takes_remote=false", ["cy", "luke"]),
        ("search=labs", ["cy"]),
        ("search=LUKE", ["luke"]),
        ("search=labs%20luke", []),
        ("topic=ml&takes_remote=true", []),
    ],
)
def test_facets_narrow_each_other_and_values_of_one_widen_it(read: Read, query: str, expected: list[str]) -> None:
    xla = TopicFactory(slug="xla", parent=TopicFactory(slug="ml"))
    cy = SpeakerFactory(slug="cy", topics=[xla], languages=["en"], town="Singapore")
    AffiliationFactory(speaker=cy, organisation="Example Labs")
    SpeakerFactory(name="Luke", slug="luke", languages=["en", "zh-Hans"], takes_remote=True)

    assert slugs(read(f"speakers/?{query}")) == expected


@pytest.mark.parametrize(("query", "field"), [("topic=none", "topic"), ("takes_remote=maybe", "takes_remote")])
def test_an_impossible_facet_is_named(read: Read, query: str, field: str) -> None:
    assert read(f"speakers/?{query}", status=400)["errors"][0]["field"] == field


@pytest.mark.parametrize("count", [1, 3])
def test_speakers_take_five_queries_a_page_and_thirteen_of_their_own(
    read: Read, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        cy = SpeakerFactory(slug=f"s{number}", topics=[TopicFactory()])
        AffiliationFactory(speaker=cy)
        SpeakerLinkFactory(speaker=cy)
        for _ in range(count):
            SessionResourceFactory(session=SessionFactory(speakers=[cy]))
            TalkResourceFactory(talk=TalkFactory(speakers=[cy]))

    with django_assert_num_queries(5):
        read("speakers/")
    with django_assert_num_queries(13):
        read("speakers/s0/")


def test_topics_are_a_tree_listed_by_name(read: Read) -> None:
    ml = TopicFactory(name="Machine learning", slug="ml")
    TopicFactory(name="android", slug="android", description="Phones")
    TopicFactory(name="XLA", slug="xla", parent=ml)

    assert [(t["slug"], t["parent"]) for t in read("topics/")["results"]] == [
        ("android", None),
        ("ml", None),
        ("xla", "ml"),
    ]
    assert read("topics/?page_size=1")["results"][0] == {
        "slug": "android",
        "name": "android",
        "description": "Phones",
        "parent": None,
        "url": "https://lectern.example/topics/android/",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_topics_takes_two_queries(read: Read, count: int, django_assert_num_queries) -> None:
    TopicFactory.create_batch(count, parent=TopicFactory())

    with django_assert_num_queries(2):
        read("topics/")
