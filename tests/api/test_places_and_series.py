"""Venues, series and the index over the API."""

import pytest

from tests.api.conftest import Read
from tests.factories import EventFactory, GroupFactory, RoomFactory, SeriesFactory, VenueFactory

pytestmark = pytest.mark.django_db


def test_a_venue_is_shown_with_rooms_and_how_to_get_in(read: Read) -> None:
    venue = VenueFactory(
        name="Google",
        slug="google",
        latitude="1.276",
        longitude="103.8",
        step_free=True,
        access_notes="Ask at the door",
    )
    room = RoomFactory(venue=venue, name="Hall", floor="3")
    EventFactory(venue=venue)

    assert read("venues/google/") == {
        "slug": "google",
        "name": "Google",
        "street": "1 Example Street",
        "postcode": "117371",
        "town": "Singapore",
        "country": "Singapore",
        "address": "1 Example Street, 117371 Singapore",
        "latitude": 1.276,
        "longitude": 103.8,
        "time_zone": "Asia/Singapore",
        "website": "",
        "directions": "",
        "step_free": True,
        "hearing_loop": False,
        "captions": False,
        "quiet_room": False,
        "access_notes": "Ask at the door",
        "rooms": [{"id": room.pk, "name": "Hall", "floor": "3", "capacity": 80}],
    }


def test_a_venue_where_nothing_public_takes_place_is_not_found(read: Read) -> None:
    VenueFactory(slug="empty")
    EventFactory(venue=VenueFactory(slug="drafted"), status="draft")

    read("venues/empty/", status=404)
    read("venues/drafted/", status=404)


def test_a_series_is_shown_with_its_published_events_the_latest_first(read: Read) -> None:
    series = SeriesFactory(slug="monthly", title="Monthly", group=GroupFactory(slug="dl", name="DL"))
    for slug in ("one", "two"):
        EventFactory(slug=slug, series=series, group=series.group)
    EventFactory(series=series, status="draft")

    found = read("series/monthly/")

    assert (found["title"], found["recurrence_rule"], found["starts_time"]) == (
        "Monthly",
        "FREQ=MONTHLY;BYDAY=3TH",
        "19:00:00",
    )
    assert (found["group"]["slug"], found["venue"]) == ("dl", None)
    assert [(event["slug"], event["number"]) for event in found["events"]] == [("two", 2), ("one", 1)]


@pytest.mark.parametrize("count", [1, 3])
def test_venues_take_three_queries_and_series_four(read: Read, count: int, django_assert_num_queries) -> None:
    venue, series = VenueFactory(slug="v"), SeriesFactory(slug="s")
    RoomFactory.create_batch(count, venue=venue)
    EventFactory.create_batch(count, venue=venue, series=series)

    with django_assert_num_queries(3):
        read("venues/v/")
    with django_assert_num_queries(4):
        read("series/s/")


def test_the_index_names_every_list_and_asks_the_database_nothing(read: Read, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        found = read("")

    names = ("groups", "events", "speakers", "topics", "me", "schema", "docs")
    assert found == {name: f"https://lectern.example/api/v1/{name}/" for name in names}
