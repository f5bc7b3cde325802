"""Bad input on every public address gets a clear 4xx, never a 5xx."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from tests.factories.events import EventFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from web.pages.errors import server_error

PLACES = ("/groups/{}/", "/events/{}/", "/events/{}/schedule/", "/events/{}/schedule.txt", "/events/{}/recap/")
PLACES += (
    "/events/{}/propose/",
    "/events/{}/draw/1/",
    "/events/{}/rsvp/",
    "/events/{}/rsvp/code/",
    "/events/{}/places/",
)
PLACES += ("/t/{}/", "/t/{}/slides/", "/t/{}/slides.webp")
PLACES += ("/speakers/{}/", "/speakers/{}/card.vcf", "/topics/{}/")
ODD_NAMES = (
    "none",
    "%00",
    "%FF%FE",
    "..%2F..%2Fetc%2Fpasswd",
    "a" * 81,
    "a" * 5000,
    "%E4%B8%AD%E6%96%87",
    "'%20OR%201=1",
    "%F0%9F%A6%84",
    "%0A",
)
LISTS = (
    "/",
    "/groups/",
    "/speakers/",
    "/topics/",
    "/groups/known/",
    "/topics/known/",
    "/events/known/",
    "/events/known/schedule/",
)
ODD_QUERIES = (
    "page=99999999999999999999",
    "page=%00",
    "q=%00",
    "q=%FF%FE",
    "topic=%E4%B8%AD",
    "topic=" + "x" * 5000,
    "%00=1",
    "page=1e9",
    "when=%0A",
    "city=" + "%F0%9F%A6%84" * 200,
)


@pytest.fixture
def known(db: None) -> None:
    """One of everything, at /…/known/."""
    EventFactory(slug="known", group__slug="known")
    SpeakerFactory(slug="known")
    TopicFactory(slug="known")


@pytest.mark.parametrize("place", PLACES)
def test_odd_names_are_not_found(dee: Client, known: None, place: str) -> None:
    for name in ODD_NAMES:
        response = dee.get(place.format(name))
        assert response.status_code in {400, 404}, name
        assert "text/html" in response["Content-Type"]


@pytest.mark.parametrize("place", LISTS)
def test_odd_queries_never_break_a_page(dee: Client, known: None, place: str) -> None:
    for query in ODD_QUERIES:
        assert dee.get(f"{place}?{query}").status_code in {200, 400, 404}, query


@pytest.mark.parametrize("place", ["/", "/events/known/", "/events/known/schedule/", "/speakers/"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_for_reading(dee: Client, known: None, place: str, method: str) -> None:
    assert getattr(dee, method)(place).status_code == 405


@pytest.mark.parametrize("header", ["'", '"', "W/", "*, *", '"' * 500, "\x7f"])
def test_odd_conditions_never_break_the_schedule(dee: Client, known: None, header: str) -> None:
    assert dee.get("/events/known/schedule/", headers={"If-None-Match": header}).status_code in {200, 304}


@pytest.mark.parametrize("language", ["xx-invalid", "*", "en;q=nan", "zh-Hans-CN-x-private" * 50, ""])
def test_odd_languages_get_a_page(dee: Client, known: None, language: str) -> None:
    assert dee.get("/", headers={"Accept-Language": language}).status_code == 200


def test_a_page_that_is_not_there_leads_on(dee: Client) -> None:
    response = dee.get("/nowhere/")
    assert response.status_code == 404
    assert "This page does not exist" in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_a_failure_of_ours_is_drawn_without_anything_that_may_have_failed() -> None:
    response = server_error(None)  # type: ignore[arg-type]
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_told_from_a_failure_of_ours(error: type[Exception]) -> None:
    def fail() -> None:
        raise error

    try:
        fail()
    except error:
        response = server_error(None)  # type: ignore[arg-type]
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "We cannot answer just now" in response.content.decode()


def test_the_language_is_chosen_without_a_token_and_only_for_this_site(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/language/", {"language": "zh-hans", "next": "https://evil.example/"})
    assert response.status_code == 302
    assert "evil" not in response["Location"]
    assert '<html lang="zh-Hans"' in strict.get("/").content.decode()
