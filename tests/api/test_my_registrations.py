"""What somebody goes to, over the API."""

import datetime as dt

import pytest
from django.test import Client

from events.models import Event
from tests.api.cast import NOW, Cast, bearer, comes
from tests.api.conftest import Read
from tests.factories import EventFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db

PATH = "me/registrations/"


def test_the_latest_event_comes_first_with_state_and_place_in_the_queue(cast: Cast, read: Read) -> None:
    comes(cast, "cy", guests=1)
    comes(cast, "bo")
    before = EventFactory(slug="before", starts_at=NOW - dt.timedelta(days=9))
    RegistrationFactory(event=before, user=cast.bo, state="checked_in")
    RegistrationFactory(event=before, user=cast.cy)

    page = read(PATH, **bearer(cast.bo, "read"))

    shown = [(one["event"]["slug"], one["state"], one["queue_position"]) for one in page["results"]]
    assert shown == [("neurips", "waiting", 1), ("before", "checked_in", None)]
    assert page["next"] is None


def test_it_comes_in_pages_and_is_narrowed_by_state(cast: Cast, read: Read) -> None:
    for number, state in enumerate(["going", "waiting", "cancelled"]):
        event = EventFactory(slug=f"e{number}", starts_at=NOW + dt.timedelta(days=number))
        RegistrationFactory(event=event, user=cast.bo, state=state)
    token = bearer(cast.bo, "read")

    first = read(f"{PATH}?page_size=2", **token)
    second = read(first["next"].removeprefix("https://lectern.example/api/v1/"), **token)
    going = read(f"{PATH}?state=going&state=waiting", **token)

    assert [one["event"]["slug"] for page in (first, second) for one in page["results"]] == ["e2", "e1", "e0"]
    assert [one["state"] for one in going["results"]] == ["waiting", "going"]


def test_what_went_back_to_a_draft_is_not_shown(cast: Cast, read: Read) -> None:
    comes(cast, "bo")
    Event.objects.update(status="draft")

    assert read(PATH, **bearer(cast.bo, "read"))["results"] == []


def test_a_signed_in_browser_sees_its_own(cast: Cast, client: Client, read: Read) -> None:
    comes(cast, "bo")
    client.force_login(cast.bo)

    assert [one["name"] for one in read(PATH)["results"]] == ["Bo"]


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_two_queries(cast: Cast, client: Client, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        RegistrationFactory(user=cast.bo, state="waiting")
    header = bearer(cast.bo, "read")
    client.get("/api/v1/me/", headers=header)

    with django_assert_num_queries(2):
        client.get(f"/api/v1/{PATH}", headers=header)
