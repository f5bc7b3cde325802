"""What anybody may know of an event's RSVP."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from events.models import Event
from registrations.models import RegistrationPlan, Seats
from registrations.services.leaving import leave
from tests.api.cast import NOW, Cast, comes
from tests.api.conftest import Read
from tests.factories import EventFactory
from tests.factories.registrations import QuestionFactory

pytestmark = pytest.mark.django_db

PATH = "events/neurips/"


def test_an_event_says_whether_it_is_open_what_it_asks_and_how_many_seats_are_left(cast: Cast, read: Read) -> None:
    plan = RegistrationPlan.objects.get()
    lunch = QuestionFactory(plan=plan, text="Lunch?", kind="choice", choices=["rice", "noodles"], is_required=True)
    comes(cast, "bo", answers={lunch.pk: "rice"})
    comes(cast, "cy", place="online", answers={lunch.pk: "rice"})
    comes(cast, "dee", place="online", answers={lunch.pk: "rice"})

    assert read(PATH)["rsvp"] == {
        "is_open": True,
        "closed_because": None,
        "closing_note": "",
        "opens_at": None,
        "closes_at": "2026-11-21T04:00:00+08:00",
        "admission": "open",
        "waiting_list": "automatic",
        "max_guests": 1,
        "places": {
            "room": {"capacity": 2, "left": 1, "waiting": 0},
            "online": {"capacity": 1, "left": 0, "waiting": 1},
        },
        "questions": [
            {
                "id": lunch.pk,
                "text": "Lunch?",
                "kind": "choice",
                "choices": ["rice", "noodles"],
                "is_required": True,
            }
        ],
        "url": "https://lectern.example/api/v1/events/neurips/registrations/",
    }


def test_nobody_who_comes_and_no_online_address_is_named(cast: Cast, client: Client) -> None:
    comes(cast, "bo", place="online")
    client.force_login(cast.bo)

    assert b"secret-room" not in client.get(f"/api/v1/{PATH}").content
    assert b"Bo" not in client.get(f"/api/v1/{PATH}").content


def test_an_event_without_rsvp_has_none(read: Read) -> None:
    EventFactory(slug="walk-by")

    assert read("events/walk-by/")["rsvp"] is None


def test_without_a_limit_nothing_is_ever_full(cast: Cast, read: Read) -> None:
    Seats.objects.filter(place="room").update(capacity=None)
    Seats.objects.filter(place="online").delete()

    assert read(PATH)["rsvp"]["places"] == {"room": {"capacity": None, "left": None, "waiting": 0}, "online": None}


def test_a_free_seat_that_somebody_waits_for_is_not_left(cast: Cast, read: Read) -> None:
    RegistrationPlan.objects.update(waiting_list="manual")
    going, _waiting = comes(cast, "bo", guests=1), comes(cast, "cy")
    leave(registration=going, now=NOW)

    assert read(PATH)["rsvp"]["places"]["room"] == {"capacity": 2, "left": 0, "waiting": 1}


@pytest.mark.parametrize(
    ("plan", "status", "closed"),
    [
        ({"opens_at": NOW + dt.timedelta(hours=1)}, "published", "not_yet"),
        ({"closes_at": NOW}, "published", "closed"),
        ({}, "cancelled", "cancelled"),
        ({}, "postponed", "postponed"),
    ],
)
def test_it_says_why_it_is_closed(cast: Cast, read: Read, plan: dict, status: str, closed: str) -> None:
    RegistrationPlan.objects.update(**plan)
    Event.objects.update(status=status)

    rsvp = read(PATH)["rsvp"]

    assert (rsvp["is_open"], rsvp["closed_because"]) == (False, closed)


def test_the_tag_changes_with_every_seat_and_the_schedules_does_not(cast: Cast, client: Client) -> None:
    def tags() -> list[str]:
        return [client.get(f"/api/v1/{path}")["ETag"] for path in (PATH, "events/neurips/schedule/")]

    before = tags()
    mine = comes(cast, "bo")
    taken = tags()
    leave(registration=mine, now=NOW)

    assert (before[0] == taken[0], before[1] == taken[1], tags()) == (False, True, before)


@pytest.mark.django_db(transaction=True)
def test_what_is_remembered_opens_on_the_minute(cast: Cast, client: Client) -> None:
    RegistrationPlan.objects.update(opens_at=NOW + dt.timedelta(minutes=1))
    shown = []
    for seconds in (0, 59, 60):
        with time_machine.travel(NOW + dt.timedelta(seconds=seconds), tick=False):
            shown.append(client.get(f"/api/v1/{PATH}").json()["rsvp"]["is_open"])

    assert shown == [False, False, True]
