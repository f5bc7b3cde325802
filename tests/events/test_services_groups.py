"""Who belongs to a group, and that it never loses its last organiser, whatever happens at the same moment."""

import pytest

from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events.models import Group, Membership, Organisation, Room, Venue
from events.services.groups import create_group, delete_group, remove_member, revise_group, set_role
from events.services.places import change_rooms, delete_organisation, delete_room, delete_venue, revise_venue
from events.services.series import delete_series, revise_series
from tests.factories import (
    EventFactory,
    EventHostFactory,
    EventRoomFactory,
    GroupFactory,
    MembershipFactory,
    RoomFactory,
    SeriesFactory,
    TopicFactory,
    UserFactory,
    VenueFactory,
)
from tests.races import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_two_organisers_who_leave_at_the_same_moment_do_not_both_get_away(round_):
    group = GroupFactory()
    ada, bo = (MembershipFactory(group=group, role="organiser") for _ in range(2))
    outcome = at_once(lambda: remove_member(membership=ada), lambda: set_role(group=group, user=bo.user, role="member"))
    assert outcome == ["done", "last_organiser"]
    assert group.memberships.filter(role="organiser").count() == 1


@pytest.mark.django_db(transaction=True)
def test_somebody_added_twice_at_the_same_moment_belongs_to_the_group_once():
    group, bo = GroupFactory(), UserFactory()
    assert at_once(*[lambda: set_role(group=group, user=bo, role="host")] * 3) == ["done"] * 3
    assert group.memberships.get().role == "host"


@pytest.mark.django_db
def test_a_group_begins_with_an_organiser_who_may_open_the_admin_site():
    ada = UserFactory()
    group = create_group(organiser=ada, name="G", slug="g", time_zone="Asia/Singapore")
    ada.refresh_from_db()
    assert (group.memberships.get().role, ada.is_staff) == ("organiser", True)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["host", "member"])
def test_host_and_member_do_not_become_staff(role):
    bo = UserFactory()
    set_role(group=GroupFactory(), user=bo, role=role)
    bo.refresh_from_db()
    assert bo.is_staff is False


@pytest.mark.django_db
def test_the_last_organiser_stays_and_others_go():
    ada = MembershipFactory(role="organiser")
    bo = MembershipFactory(group=ada.group)
    with pytest.raises(RuleViolation) as refused:
        remove_member(membership=ada)
    assert (refused.value.code, refused.value.field) == ("last_organiser", "role")
    remove_member(membership=bo)
    assert list(Membership.objects.all()) == [ada]


@pytest.mark.django_db
def test_a_revised_groups_topics_are_what_was_said(now):
    group, old, new = GroupFactory(), TopicFactory(), TopicFactory()
    group.topics.set([old])
    revise_group(group=group, name="Better", topics=[new])
    group.refresh_from_db()
    assert (group.name, list(group.topics.all())) == ("Better", [new])
    revise_group(group=group, name="Best")
    assert list(group.topics.all()) == [new]


@pytest.mark.django_db
def test_a_group_with_events_stays_and_an_empty_one_goes():
    event, empty = EventFactory(), GroupFactory()
    with pytest.raises(RuleViolation, match="unlisted"):
        delete_group(group=event.group)
    delete_group(group=empty)
    assert list(Group.objects.all()) == [event.group]


@pytest.mark.django_db
def test_a_series_with_events_stays_with_its_group_and_one_without_may_move(now):
    series, other = SeriesFactory(), GroupFactory()
    revise_series(series=series, group=other)
    series.refresh_from_db()
    assert series.group == other
    event = EventFactory(group=other, series=series)
    with pytest.raises(RuleViolation):
        revise_series(series=series, group=GroupFactory())
    delete_series(series=series)
    event.refresh_from_db()
    assert event.series is None


@pytest.mark.django_db
def test_a_renamed_venue_dates_its_events_anew(now):
    event, elsewhere = EventFactory(), EventFactory()
    revise_venue(venue=event.venue, now=now, name="Library")
    event.refresh_from_db()
    assert (event.revised_at, event.sequence) == (now, 1)
    elsewhere.refresh_from_db()
    assert elsewhere.revised_at != now


@pytest.mark.django_db
def test_what_events_use_is_not_deleted():
    event_room, host = EventRoomFactory(), EventHostFactory()
    for delete in (
        lambda: delete_room(room=event_room.room),
        lambda: delete_venue(venue=event_room.room.venue),
        lambda: delete_organisation(organisation=host.organisation),
    ):
        with pytest.raises(RuleViolation):
            delete()
    assert (Room.objects.count(), Organisation.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_what_nobody_uses_is_deleted():
    room, venue = RoomFactory(), VenueFactory()
    delete_room(room=room)
    delete_venue(venue=venue)
    assert (Room.objects.count(), list(Venue.objects.all())) == (0, [room.venue])


@pytest.mark.django_db
def test_a_refused_row_is_named_and_the_others_are_not_written():
    event_room = EventRoomFactory()
    changes = [RowChange(None, {"name": "Attic"}, "rooms-1"), RowChange(event_room.room, None, "rooms-0")]
    with pytest.raises(RowRefused) as refused:
        change_rooms(venue=event_room.room.venue, changes=changes)
    assert refused.value.key == "rooms-0"
    assert list(Room.objects.all()) == [event_room.room]


@pytest.mark.django_db
def test_a_row_of_another_parent_is_not_found():
    room, other = RoomFactory(), VenueFactory()
    with pytest.raises(Room.DoesNotExist):
        change_rooms(venue=other, changes=[RowChange(room, {"name": "Mine"})])
