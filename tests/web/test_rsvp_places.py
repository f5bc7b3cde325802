"""The numbers that open pages fetch, and what lists of events say of seats."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.answer_memory import answers
from core.http_cache import rendered
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import WEEK, browser_of, evening, going

Get = Callable[..., str]
PLACES = "/events/evening/places/"


def test_the_fragment_is_the_card_of_the_page(page: Get) -> None:
    going(evening())
    card = page("/events/evening/").split('<h2 class="rsvp__state"')[1].split("</div>")[0]
    assert '<h2 class="rsvp__state"' + card in page(PLACES)
    assert 'id="rsvp-dock"' in page(PLACES)
    assert '<meta name="robots" content="noindex">' in page(PLACES)


def test_who_is_signed_in_gets_their_own_and_nobody_keeps_it(dee: Client) -> None:
    plan, bo = evening(), UserFactory(name="Bo")
    going(plan, bo)
    response = browser_of(bo).get(PLACES)
    assert "You’re going" in response.content.decode()
    assert response["Cache-Control"] == "private, no-cache"
    assert "ETag" not in response
    assert "You’re going" not in dee.get(PLACES).content.decode()


def test_the_fragment_says_when_the_clock_will_change_it(page: Get, clock: time_machine.Traveller) -> None:
    opens, closes = TUESDAY_EVENING + dt.timedelta(days=1), TUESDAY_EVENING + dt.timedelta(days=2)
    evening(opens_at=opens, closes_at=closes)
    assert 'data-changes-at="2026-03-18T11:00:00+00:00"' in page(PLACES)
    clock.move_to(opens)
    assert 'data-changes-at="2026-03-19T11:00:00+00:00"' in page(PLACES)


@pytest.mark.parametrize("people", [1, 3])
def test_it_costs_the_same_however_many_come(
    dee: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan, bo = evening(online=5), UserFactory(name="Bo")
    for _person in range(people):
        going(plan)
    going(plan, bo)
    with django_assert_num_queries(5):
        dee.get(PLACES)
    browser = browser_of(bo)
    with django_assert_num_queries(7):
        browser.get(PLACES)


@pytest.mark.django_db(transaction=True)
def test_strangers_share_the_bytes_until_somebody_takes_a_seat(
    client: Client, clock: time_machine.Traveller, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rendered.clear()
    answers.clear()
    plan = evening()
    first = client.get(PLACES)
    with django_assert_num_queries(1):
        again = client.get(PLACES, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    going(plan)
    third = client.get(PLACES, headers={"If-None-Match": first["ETag"]})
    assert third.status_code == 200
    assert "9 places left" in third.content.decode()


def test_lists_say_what_is_left_and_who_waits(page: Get) -> None:
    plan = evening(room=2, of_event={"group__slug": "ai"})
    group = plan.event.group
    full = PlanFactory(event=EventFactory(group=group, starts_at=TUESDAY_EVENING + 2 * WEEK), room=1)
    for times in (plan, full, full, full):
        going(times)
    home, of_group = page("/").split("<main")[1], page("/groups/ai/").split("<main")[1]
    for words in ("1 place left", "Full", "2 waiting"):
        assert words in home
    for words in ("1 of 2 places left", "I’m going", "Full", "2 waiting"):
        assert words in of_group


@pytest.mark.parametrize(
    ("plan", "of_event"),
    [
        ({"room": None}, {}),
        ({"admission": "invitation"}, {}),
        ({"closes_at": TUESDAY_EVENING}, {}),
        ({"opens_at": TUESDAY_EVENING + dt.timedelta(days=1)}, {}),
        ({}, {"status": "postponed"}),
        ({}, {"status": "cancelled"}),
    ],
)
def test_lists_are_silent_where_numbers_would_mislead(
    page: Get, plan: dict[str, object], of_event: dict[str, object]
) -> None:
    evening(**plan, of_event=of_event)
    assert "left" not in page("/").split("<main")[1]


def test_room_and_online_count_together_in_lists(page: Get) -> None:
    plan = evening(room=1, online=5)
    going(plan)
    assert "5 places left" in page("/")
