"""From rows to calendar values."""

import pytest
from django.utils import translation

from events.calendar_entries import (
    coordinates,
    event_entry,
    event_location,
    session_entry,
    session_location,
    session_status,
    words,
)
from events.calendar_values import EntryStatus, Words
from events.models import Event, Group, Room, Session, Venue


def an_event(**values: object) -> Event:
    venue = Venue(name="Hub", street="1 Road", town="Singapore", latitude="1.25", longitude="103.75")
    return Event(**{"group": Group(name="Ada's group"), "venue": venue, "status": "published", **values})


def test_a_session_without_a_time_has_no_entry() -> None:
    assert session_entry(Session(event=an_event()), site_url="") is None


@pytest.mark.parametrize(
    ("event", "session", "expected"),
    [
        ("published", "planned", EntryStatus.CONFIRMED),
        ("published", "cancelled", EntryStatus.CANCELLED),
        ("postponed", "planned", EntryStatus.POSTPONED),
        ("postponed", "cancelled", EntryStatus.CANCELLED),
        ("cancelled", "planned", EntryStatus.CANCELLED),
    ],
)
def test_a_session_shares_the_fate_of_its_event(event: str, session: str, expected: EntryStatus) -> None:
    assert session_status(Session(event=an_event(status=event), status=session)) is expected


@pytest.mark.parametrize(
    ("values", "place", "point"),
    [
        ({}, "Hub, 1 Road, Singapore", (1.25, 103.75)),
        ({"format": "hybrid"}, "Hub, 1 Road, Singapore", (1.25, 103.75)),
        ({"format": "online"}, "Online", None),
        ({"venue": None}, "", None),
        ({"venue": Venue(name="Hub")}, "Hub", None),
    ],
)
def test_a_place_is_where_people_meet(values: dict[str, object], place: str, point: tuple[float, float] | None) -> None:
    event = an_event(**values)
    assert (event_location(event), coordinates(event)) == (place, point)


@pytest.mark.django_db
def test_a_draft_can_become_no_entry() -> None:
    with pytest.raises(KeyError):
        event_entry(an_event(status="draft"), site_url="")


def test_the_words_are_those_of_the_active_language() -> None:
    with translation.override("en"):
        assert words() == Words(cancelled="Cancelled", postponed="Postponed")


def test_a_room_stands_in_front_of_its_venue() -> None:
    event = an_event()
    session = Session(event=event, room=Room(venue=event.venue, name="Hall"))
    assert session_location(session) == "Hall, Hub, 1 Road, Singapore"
