"""What strangers share: one answer for everybody while nothing changes, and never anybody else's."""

import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.answer_memory import answers
from core.http_cache import rendered
from events.models import Event
from speakers.models import Topic
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, RecapFactory
from tests.factories.programme import SessionFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

PAGES = [
    "/",
    "/groups/",
    "/groups/robots/",
    "/events/evening/",
    "/events/evening/schedule/",
    "/events/evening/recap/",
    "/speakers/",
    "/speakers/cy/",
    "/topics/",
    "/topics/xla/",
]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dee(client: Client, clock: time_machine.Traveller) -> Client:
    """A stranger's browser on a site with a meetup in an hour, whose data is committed."""
    rendered.clear()
    answers.clear()
    topic = TopicFactory(name="XLA", slug="xla")
    event = EventFactory(
        slug="evening",
        title="Evening",
        group__name="Robots",
        group__slug="robots",
        starts_at=TUESDAY_EVENING + dt.timedelta(hours=1),
        topics=[topic],
    )
    SessionFactory(event=event, speakers=[SpeakerFactory(name="Cy", slug="cy", topics=[topic])])
    RecapFactory(event=event)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_a_page_comes_from_memory_while_nothing_changes(
    dee: Client, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = dee.get(path)
    with django_assert_num_queries(1):
        second = dee.get(path)
    assert (second.content, dict(second.headers)) == (first.content, dict(first.headers))
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert {"Accept-Language", "Cookie"} <= set(first["Vary"].split(", "))


@pytest.mark.parametrize("path", PAGES)
def test_who_holds_the_page_gets_no_bytes(dee: Client, path: str) -> None:
    etag = dee.get(path)["ETag"]
    response = dee.get(path, headers={"If-None-Match": etag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert "Content-Security-Policy" not in response
    assert not etag.startswith("W/")


@pytest.mark.parametrize("path", PAGES)
def test_each_language_has_a_page_of_its_own(dee: Client, path: str) -> None:
    english = dee.get(path)
    chinese = dee.get(path, headers={"Accept-Language": "zh-Hans", "If-None-Match": english["ETag"]})
    assert '<html lang="en"' in english.content.decode()
    assert '<html lang="zh-Hans"' in chinese.content.decode()
    assert dee.get(path).content == english.content


def test_a_language_that_was_chosen_counts_more_than_the_browsers(dee: Client) -> None:
    dee.get("/")
    dee.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert '<html lang="zh-Hans"' in dee.get("/").content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_who_is_signed_in_is_never_answered_from_memory(dee: Client, path: str) -> None:
    bo = Client()
    bo.force_login(UserFactory(name="Bo Larsen"))
    dee.get(path)
    own = bo.get(path)
    assert "Bo Larsen" in own.content.decode()
    assert own["Cache-Control"] == "private, no-cache"
    assert "ETag" not in own
    assert "Bo Larsen" not in dee.get(path).content.decode()


@pytest.mark.parametrize("path", ["/", "/groups/robots/", "/events/evening/", "/events/evening/schedule/"])
def test_a_change_shows_at_once(dee: Client, path: str) -> None:
    etag = dee.get(path)["ETag"]
    Event.objects.filter(slug="evening").update(title="Night")
    response = dee.get(path, headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "Night" in response.content.decode()


def test_a_renamed_topic_shows_on_every_page_that_names_it(dee: Client) -> None:
    for path in ("/topics/", "/topics/xla/", "/speakers/", "/speakers/cy/"):
        dee.get(path)
    Topic.objects.filter(slug="xla").update(name="Compilers")
    for path in ("/topics/", "/topics/xla/", "/speakers/", "/speakers/cy/"):
        assert "Compilers" in dee.get(path).content.decode(), path


def test_an_event_begins_on_the_page_at_its_minute(dee: Client, clock: time_machine.Traveller) -> None:
    assert "Open to anyone" in dee.get("/events/evening/").content.decode()
    clock.move_to(TUESDAY_EVENING + dt.timedelta(hours=1))
    assert "It is on" in dee.get("/events/evening/").content.decode()
    clock.move_to(TUESDAY_EVENING + dt.timedelta(days=1))
    assert "This meetup is over" in dee.get("/events/evening/").content.decode()
    assert "Evening" not in dee.get("/").content.decode()


def test_head_comes_from_memory_too(dee: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    page = dee.get("/speakers/")
    with django_assert_num_queries(1):
        head = dee.head("/speakers/")
    assert (head.content, head["ETag"]) == (b"", page["ETag"])
    assert head["Content-Length"] == str(len(page.content))
