"""Who had a seat and was not seen, and how many of a group's people come."""

import datetime as dt

import pytest

from events.models import Event
from registrations.models import Registration, RegistrationChange, Seats
from registrations.selectors.dashboard import ShowUp, event_numbers, show_up_rates
from registrations.services.no_show import mark_no_shows
from tests.factories import EventFactory, GroupFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def over(now):
    """Ended three hours ago."""
    event = EventFactory(starts_at=now - 5 * HOUR, ends_at=now - 3 * HOUR)
    PlanFactory(event=event, room=10, online=10)
    return event


def people(event: Event, **states: str) -> None:
    """Rows by name and state."""
    for name, state in states.items():
        RegistrationFactory(event=event, name=name, state=state)


def states() -> dict[str, str]:
    """By name."""
    return dict(Registration.objects.values_list("name", "state"))


def test_who_had_a_seat_and_was_not_seen_did_not_come(over, now):
    people(over, Bo="checked_in", Cy="going", Dee="waiting", Eve="cancelled", Fay="requested")
    assert [mark_no_shows(now=now) for _ in range(2)] == [1, 0]
    expected = {"Bo": "checked_in", "Cy": "no_show", "Dee": "waiting", "Eve": "cancelled", "Fay": "requested"}
    assert states() == expected
    change = RegistrationChange.objects.get()
    assert (change.command, change.before, change.after, change.by) == ("miss", "going", "no_show", None)


def test_nobody_is_missed_where_the_door_was_not_used(over, now):
    people(over, Bo="going", Cy="going")
    assert (mark_no_shows(now=now), states()) == (0, {"Bo": "going", "Cy": "going"})


def test_nobody_is_missed_online(over, now):
    people(over, Bo="checked_in")
    RegistrationFactory(event=over, name="Cy", place="online")
    assert (mark_no_shows(now=now), states()) == (0, {"Bo": "checked_in", "Cy": "going"})


@pytest.mark.parametrize(("hours", "marked"), [(2.99, 0), (3, 1), (24 * 29, 1), (24 * 31, 0)])
def test_it_waits_for_phones_without_network_and_forgets_the_distant_past(over, now, hours, marked):
    people(over, Bo="checked_in", Cy="going")
    Event.objects.update(starts_at=now - (hours + 2) * HOUR, ends_at=now - hours * HOUR)
    assert mark_no_shows(now=now) == marked


def test_a_cancelled_event_was_not_missed(over, now):
    people(over, Bo="checked_in", Cy="going")
    Event.objects.update(status="cancelled")
    assert mark_no_shows(now=now) == 0


def test_seats_stay_counted(over, now):
    people(over, Bo="checked_in", Cy="going")
    Seats.objects.filter(place="room").update(taken=2)
    mark_no_shows(now=now)
    assert Seats.objects.get(place="room").taken == 2


def test_the_show_up_rate_is_of_people_in_the_room_by_group(over, now):
    people(over, Bo="checked_in", Cy="checked_in", Dee="checked_in", Eve="no_show", Fay="cancelled")
    RegistrationFactory(event=over, place="online", state="no_show")
    people(EventFactory(), Other="checked_in")
    rates = show_up_rates([over.group_id])
    assert rates == {over.group_id: ShowUp(came=3, missed=1, events=1)}
    assert rates[over.group_id].percent == 75


def test_the_show_up_rate_looks_at_the_last_ten_events_with_numbers(now):
    group = GroupFactory()
    for day in range(12):
        event = EventFactory(group=group, starts_at=now - dt.timedelta(days=day + 1))
        people(event, Bo="checked_in", Cy="no_show" if day >= 10 else "checked_in")
    people(EventFactory(group=group, starts_at=now), Bo="going")
    assert show_up_rates([group.pk]) == {group.pk: ShowUp(came=20, missed=0, events=10)}


def test_groups_without_numbers_are_left_out(over):
    people(over, Bo="going")
    assert show_up_rates([over.group_id]) == {}


def test_numbers_of_events_count_seats_queue_requests_and_guests(over):
    Seats.objects.filter(place="room").update(taken=4, waiting=2)
    people(over, Cy="no_show", Dee="requested", Eve="requested")
    RegistrationFactory(event=over, state="checked_in", guests=2)
    numbers = event_numbers([over.pk, EventFactory().pk])
    assert list(numbers) == [over.pk]
    mine = numbers[over.pk]
    assert (mine.taken, mine.capacity, mine.waiting, mine.came, mine.missed, mine.asks) == (4, 20, 2, 3, 1, 2)


def test_without_a_limit_in_one_place_there_is_none(over):
    Seats.objects.filter(place="online").update(capacity=None)
    assert event_numbers([over.pk])[over.pk].capacity is None


@pytest.mark.parametrize("count", [1, 3])
def test_numbers_take_the_same_queries_for_one_and_for_three_events(count, now, django_assert_num_queries):
    group = GroupFactory()
    events = [EventFactory(group=group) for _ in range(count)]
    for event in events:
        PlanFactory(event=event)
        people(event, Bo="checked_in", Cy="no_show")
    with django_assert_num_queries(3):
        event_numbers([event.pk for event in events])
        show_up_rates([group.pk])
