"""The schedule page: complete without script, cheap to ask again, strict about what may run in it."""

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.models import Event, Session
from tests.factories.events import EventFactory, RoomFactory, VenueFactory
from tests.factories.lightning import BlockFactory, StageFactory, TalkFactory, TalkResourceFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

Get = Callable[..., str]
PATH = "/events/evening/schedule/"


@pytest.fixture
def evening(db: None) -> Event:
    """A meetup in two rooms, in a week."""
    venue = VenueFactory(name="Google Singapore")
    event: Event = EventFactory(
        slug="evening", title="Evening", venue=venue, starts_at=TUESDAY_EVENING + dt.timedelta(weeks=1)
    )
    hall, lab = RoomFactory(venue=venue, name="Hall"), RoomFactory(venue=venue, name="Codelab room", capacity=40)
    SessionFactory(event=event, title="Spiking networks", room=hall, speakers=[SpeakerFactory(name="Cy", slug="cy")])
    SessionFactory(event=event, title="Build one", kind="codelab", room=lab, minutes=60)
    return event


def test_the_programme_is_complete_without_script(page: Get, evening: Event) -> None:
    text = page(PATH)
    for words in (
        "Spiking networks",
        "Build one",
        "Hall",
        "Codelab room",
        "40 seats",
        'href="/speakers/cy/"',
        "Codelab, 60 min",
    ):
        assert words in text


def test_a_round_of_23_talks_shows_each_of_them_and_the_open_slots(page: Get, evening: Event) -> None:
    block = BlockFactory(session__event=evening, session__minutes=27 * 5, changeover_minutes=0)
    for number in range(23):
        TalkFactory(block=block, title=f"Talk number {number}", speakers=[SpeakerFactory(name=f"Speaker {number}")])
    text = page(PATH)
    assert text.count('class="slot"') == 23
    assert text.count('class="slot is-open"') == 4
    assert "27 × 5 min" in text
    assert "4 slots are open." in text
    assert "Talk number 22" in text


def test_a_cancelled_session_stays_visible_as_cancelled(page: Get, evening: Event) -> None:
    Session.objects.filter(title="Build one").update(status="cancelled")
    text = page(PATH)
    assert "<s>Build one</s>" in text
    assert "is-cancelled" in text


def test_now_and_next_are_there_while_it_runs(page: Get, evening: Event, clock: time_machine.Traveller) -> None:
    assert '<section class="nn" aria-labelledby="nn-h" hidden>' in page(PATH)
    clock.move_to(evening.starts_at + dt.timedelta(minutes=10))
    text = page(PATH)
    assert '<section class="nn" aria-labelledby="nn-h">' in text
    assert ".nowline { grid-area:" in text
    assert text.count("is-now") == 2


def test_nothing_in_the_page_is_inline_but_what_the_policy_names(dee: Client, evening: Event) -> None:
    response = dee.get(PATH)
    text = response.content.decode()
    assert re.findall(r"<script(?![^>]*(?:src=|application/(?:ld\+)?json))", text) == []
    assert re.findall(r"""\s(?:style|on\w+)=['"]""", text.replace("data-", "")) == []
    (rules,) = re.findall(r"<style[^>]*>(.*?)</style>", text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}'" in response["Content-Security-Policy"]
    assert "unsafe-inline" not in response["Content-Security-Policy"]


def test_an_unchanged_page_costs_four_queries_and_no_bytes(
    dee: Client, evening: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    etag = dee.get(PATH)["ETag"]
    with django_assert_num_queries(4):
        response = dee.get(PATH, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert "Content-Security-Policy" not in response
    Session.objects.filter(title="Build one").update(title="Build two")
    assert dee.get(PATH, headers={"If-None-Match": etag}).status_code == 200


def test_a_remembered_page_carries_the_same_policy(dee: Client, evening: Event) -> None:
    first, second = dee.get(PATH), dee.get(PATH)
    assert first.content == second.content
    assert first["Content-Security-Policy"] == second["Content-Security-Policy"]
    assert "sha256-" in second["Content-Security-Policy"]


def test_each_language_and_each_minute_of_the_evening_has_a_tag_of_its_own(
    dee: Client, evening: Event, clock: time_machine.Traveller
) -> None:
    tags = [dee.get(PATH)["ETag"], dee.get(PATH, headers={"Accept-Language": "zh-Hans"})["ETag"]]
    for minutes in (1, 2):
        clock.move_to(evening.starts_at + dt.timedelta(minutes=minutes))
        tags.append(dee.get(PATH)["ETag"])
    assert len(set(tags)) == 4


def test_the_page_of_somebody_signed_in_is_nobody_elses(dee: Client, evening: Event) -> None:
    dee.force_login(get_user_model().objects.create_user(email="bo@example.org", name="Bo"))
    response = dee.get(PATH)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Bo" in response.content.decode()
    assert "Bo" not in Client().get(PATH).content.decode()


def test_it_speaks_chinese(page: Get, evening: Event) -> None:
    text = page(PATH, **{"Accept-Language": "zh-Hans"})
    assert '<html lang="zh-Hans"' in text
    assert "编程实验" in text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/plain", "text/plain"),
        ("*/*", "text/html"),
        ("text/html", "text/html"),
        ("", "text/html"),
        ("image/png", "text/html"),
    ],
)
def test_plain_text_goes_to_who_prefers_it(dee: Client, evening: Event, accept: str, kind: str) -> None:
    response = dee.get(PATH, headers={"Accept": accept} if accept else {})
    assert response["Content-Type"] == f"{kind}; charset=utf-8"
    assert "Accept" in response["Vary"]


def test_the_text_has_an_address_of_its_own(page: Get, evening: Event) -> None:
    text = page("/events/evening/schedule.txt")
    assert "19:00–19:30    Spiking networks" in text
    assert text.endswith("https://lectern.example/events/evening/schedule/\n")


@pytest.mark.parametrize("path", [PATH, "/events/evening/schedule.txt"])
def test_head_answers_like_get_without_a_body(dee: Client, evening: Event, path: str) -> None:
    get, head = dee.get(path), dee.head(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", get["ETag"])


def test_an_event_without_a_programme_says_so(page: Get, db: None) -> None:
    EventFactory(slug="empty")
    assert "No programme yet." in page("/events/empty/schedule/")
    assert "No programme yet." in page("/events/empty/schedule.txt")


def test_a_session_without_room_and_end_is_drawn(page: Get, db: None) -> None:
    event = EventFactory(slug="loose")
    SessionFactory(event=event, title="Someday", starts_at=None, minutes=None)
    SessionFactory(event=event, title="Open end", minutes=None)
    text = page("/events/loose/schedule/")
    assert "Someday" in text
    assert "Not timed yet" in text
    assert "Open end" in text


def test_a_programme_without_times_says_so_once_and_keeps_its_filters(page: Get, db: None) -> None:
    event = EventFactory(slug="loose", starts_at=TUESDAY_EVENING - dt.timedelta(weeks=1))
    SessionFactory.create_batch(2, event=event, starts_at=None, minutes=None)
    text = page("/events/loose/schedule/")
    assert text.count("Programme, without times") == 1
    assert "No time yet" not in text
    assert 'name="q"' in text


def test_a_cancelled_event_promises_no_programme(page: Get, db: None) -> None:
    EventFactory(slug="off", status="cancelled")
    text = page("/events/off/schedule/")
    assert "There was no programme." in text
    assert "programme below" not in text


def test_long_notes_are_folded_and_short_ones_are_not(page: Get, evening: Event) -> None:
    lines = "\n".join(f"- Point {number}" for number in range(12))
    SessionFactory(event=evening, title="XLA", abstract=lines)
    SessionFactory(event=evening, title="Cats", abstract="One line.")
    for path in (PATH, "/events/evening/"):
        text = page(path)
        assert text.count('<details class="notes') == 1, path
        assert 'Notes<span class="vh"> for XLA</span></summary>' in text
        assert "<li>Point 11</li>" in text
        assert "<p>One line.</p>" in text


def test_what_is_over_is_dimmed_only_while_it_runs(page: Get, evening: Event, clock: time_machine.Traveller) -> None:
    assert 'class="sched"' in page(PATH)
    clock.move_to(evening.starts_at + dt.timedelta(minutes=10))
    assert 'class="sched is-running"' in page(PATH)
    clock.move_to(evening.starts_at + dt.timedelta(days=1))
    assert 'class="sched"' in page(PATH)


def test_a_room_stands_beside_what_spans_the_columns(page: Get, evening: Event) -> None:
    hall = Session.objects.get(title="Spiking networks").room
    SessionFactory(event=evening, title="Keynote", starts_at=evening.starts_at - dt.timedelta(hours=1), room=hall)
    text = page(PATH)
    assert text.count('class="band"') == 1
    assert text.count('class="band band--rooms"') == 1
    assert text.count('<span class="room">Hall</span>') == 2


def test_a_talk_nobody_is_named_for_is_called_by_its_title(page: Get, evening: Event) -> None:
    block = BlockFactory(session__event=evening)
    TalkFactory(block=block, title="Ultrasound", speakers=[])
    TalkFactory(block=block, title="", speakers=[SpeakerFactory(name="Ada")])
    text = page(PATH)
    assert "<b>Ultrasound</b>" in text
    assert text.count("Speaker to follow") == 1
    assert text.count("Title to follow") == 1
    Event.objects.update(starts_at=TUESDAY_EVENING - dt.timedelta(weeks=2), ends_at=TUESDAY_EVENING)
    Session.objects.update(starts_at=TUESDAY_EVENING - dt.timedelta(weeks=2))
    assert "to follow" not in page(PATH)


def test_what_people_wrote_stays_text(page: Get, evening: Event) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    SessionFactory(event=evening, title=hostile, abstract=hostile, speakers=[SpeakerFactory(name=hostile)])
    assert "<img" not in page(PATH)


def test_the_same_queries_for_one_session_and_for_three(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = EventFactory(slug="evening", starts_at=TUESDAY_EVENING + dt.timedelta(weeks=1))

    def more() -> None:
        session = SessionFactory(event=event, speakers=[SpeakerFactory()], topics=[TopicFactory()])
        SessionResourceFactory(session=session)
        talk = TalkFactory(
            block=BlockFactory(session__event=event), speakers=[SpeakerFactory()], topics=[TopicFactory()]
        )
        TalkResourceFactory(talk=talk)
        StageFactory(block=talk.block, state="on", version=1)

    more()
    with django_assert_num_queries(11):
        dee.get(PATH)
    more()
    more()
    with django_assert_num_queries(11):
        dee.get(PATH)


def test_the_service_worker_may_look_after_the_whole_site(dee: Client) -> None:
    response = dee.get("/service-worker.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cache-Control"] == "no-cache"
    assert "caches.open" in response.content.decode()
