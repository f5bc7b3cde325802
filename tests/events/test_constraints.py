"""What must never be true is refused by PostgreSQL itself, whoever writes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from events.models import Event, EventRoom, Group, Room, Session, Venue
from tests.factories import (
    EventFactory,
    EventRoomFactory,
    GroupFactory,
    MembershipFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def refusal(write) -> str | None:
    """The name of the constraint that refused the write, None when nothing did."""
    try:
        with transaction.atomic():
            write()
            connection.check_constraints()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return None


def evening() -> tuple[Event, Room]:
    """An event with one room."""
    event_room = EventRoomFactory()
    return event_room.event, event_room.room


def test_an_event_ends_after_it_starts():
    event = EventFactory()
    same = Event.objects.filter(pk=event.pk)
    assert refusal(lambda: same.update(ends_at=event.starts_at)) == "event_ends_after_it_starts"
    assert refusal(lambda: same.update(ends_at=event.starts_at + MINUTE)) is None


@pytest.mark.parametrize(
    ("model", "factory", "constraint"),
    [
        (Group, GroupFactory, "group_slug_is_unique_without_regard_to_case"),
        (Event, EventFactory, "event_slug_is_unique_without_regard_to_case"),
        (Venue, VenueFactory, "venue_slug_is_unique_without_regard_to_case"),
    ],
)
def test_slugs_are_unique_without_regard_to_case(model, factory, constraint):
    factory(slug="Third-Thursday")
    assert refusal(lambda: factory(slug="third-thursday")) == constraint
    assert model.objects.count() == 1


def test_a_session_lies_in_one_of_its_events_rooms():
    event, room = evening()
    foreign = RoomFactory(venue=event.venue)
    session = Session.objects.filter(pk=SessionFactory(event=event, room=room).pk)
    assert refusal(lambda: session.update(room=foreign)) == "session_lies_in_its_events_rooms"
    assert refusal(lambda: session.update(room=None)) is None


def test_a_room_in_use_cannot_be_taken_from_the_event():
    event, room = evening()
    SessionFactory(event=event, room=room)
    rooms = EventRoom.objects.filter(event=event)
    assert refusal(rooms.delete) == "session_lies_in_its_events_rooms"


def test_two_sessions_share_a_room_at_one_time_only_when_marked_parallel():
    event, room = evening()
    shared = {"event": event, "room": room, "minutes": 30}
    SessionFactory(starts_at=event.starts_at, **shared)
    later = event.starts_at + 15 * MINUTE
    constraint = "sessions_share_a_room_only_when_marked_parallel"
    assert refusal(lambda: SessionFactory(starts_at=later, **shared)) == constraint
    assert refusal(lambda: SessionFactory(starts_at=later, parallel=True, **shared)) is None
    assert refusal(lambda: SessionFactory(starts_at=later, status=Session.Status.CANCELLED, **shared)) is None


def test_sessions_may_follow_each_other_without_a_gap_and_other_events_may_use_the_room():
    event, room = evening()
    SessionFactory(event=event, room=room, starts_at=event.starts_at, minutes=30)
    assert refusal(lambda: SessionFactory(event=event, room=room, starts_at=event.starts_at + 30 * MINUTE)) is None
    other = EventFactory(venue=event.venue, rooms=[room], starts_at=event.starts_at)
    assert refusal(lambda: SessionFactory(event=other, room=room, starts_at=event.starts_at, minutes=30)) is None


def test_a_shared_room_is_explained_to_whoever_fills_in_the_form():
    event, room = evening()
    SessionFactory(event=event, room=room, starts_at=event.starts_at, minutes=30)
    clash = Session(event=event, room=room, title="Clash", starts_at=event.starts_at, minutes=5)
    with pytest.raises(ValidationError) as caught:
        clash.full_clean()
    assert caught.value.messages == [
        "Another session is in this room at that time. Move one, or mark one as running in parallel."
    ]


def test_the_end_of_a_session_follows_from_start_and_length_also_across_daylight_saving():
    before_the_change = dt.datetime(2026, 3, 29, 0, 30, tzinfo=dt.UTC)  # Berlin leaps from 2:00 to 3:00 at 1:00 UTC
    session = SessionFactory(starts_at=before_the_change, minutes=90)
    session.refresh_from_db()
    assert session.ends_at == before_the_change + 90 * MINUTE


def test_a_session_without_length_or_start_has_no_end():
    event, _ = evening()
    assert SessionFactory(event=event, starts_at=event.starts_at, minutes=None).ends_at is None
    assert SessionFactory(event=event, starts_at=None, minutes=55).ends_at is None


def test_a_session_of_no_length_is_refused():
    event, _ = evening()
    assert refusal(lambda: SessionFactory(event=event, minutes=0)) == "session_lasts_at_least_a_minute"


def test_a_person_belongs_to_a_group_once():
    membership = MembershipFactory()
    twice = {"group": membership.group, "user": membership.user, "role": "organiser"}
    assert refusal(lambda: MembershipFactory(**twice)) == "person_belongs_to_a_group_once"


def test_room_names_are_unique_in_their_venue_only():
    room = RoomFactory(name="Hall")
    assert refusal(lambda: RoomFactory(name="HALL", venue=room.venue)) == "room_name_is_unique_in_its_venue"
    assert refusal(lambda: RoomFactory(name="Hall")) is None


def test_a_venue_has_both_coordinates_or_neither():
    assert refusal(lambda: VenueFactory(latitude=1)) == "venue_lies_on_earth"
    assert refusal(lambda: VenueFactory(latitude=91, longitude=0)) == "venue_lies_on_earth"
    assert refusal(lambda: VenueFactory(latitude=1, longitude=103)) is None
