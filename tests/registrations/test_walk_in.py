"""Who comes to the door without a seat: a free one for them, never one too many, and never past those who wait."""

import datetime as dt
import uuid

import pytest
from django.core.cache import cache

from accounts.models import User
from core.errors import RuleViolation
from registrations.models import Registration, Seats
from registrations.selectors.door import door_list
from registrations.selectors.plans import plan_of_event
from registrations.services.door import Result, Scan, record_scan
from registrations.services.queue import change_capacity
from registrations.services.registering import register
from registrations.services.walk_in import Arrival, walk_in
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def evening(db, now):
    """An event that begins in half an hour, with ten seats in the room and five online."""
    cache.clear()
    event = EventFactory(starts_at=now + 30 * MINUTE, group__is_listed=True)
    PlanFactory(event=event, room=10, online=5, max_guests=2)
    return event


@pytest.fixture
def ada(evening):
    """She organises, and stands at the door."""
    return MembershipFactory(group=evening.group, user=UserFactory(name="Ada"), role="organiser").user


@pytest.fixture
def host(evening):
    """He helps at the door."""
    return MembershipFactory(group=evening.group, user=UserFactory(name="Hal"), role="host").user


def rsvp(event, now, *, name="Bo", **wish) -> Registration:
    """Somebody with a confirmed address."""
    plan, user = plan_of_event(event.pk), UserFactory(name=name)
    return register(plan=plan, user=user, wish=Wish(name=name, **wish), is_proven=True, now=now).registration


def act(event, by, now, *, of=None, action="in", at=None, act_id=None, door_name="", ticket=""):
    """One act, by default of a whole ticket, at this moment."""
    code = ticket or ticket_code(of)
    scan = Scan(id=act_id or uuid.uuid4(), action=action, at=at or now, ticket=code, door=door_name)
    return record_scan(event=event, scan=scan, by=by, now=now)


def taken(event, place="room") -> int:
    return Seats.objects.get(plan__event=event, place=place).taken


def state_of(registration) -> str:
    return Registration.objects.get(pk=registration.pk).state


def test_a_walk_in_takes_a_seat(evening, host, now):
    answer = walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim", door="Side"), by=host, now=now)
    row = answer.registration
    assert (answer.result, row.name, row.user, row.source) == (Result.CHECKED_IN, "Kim", None, "walk_in")
    assert (taken(evening), door_list(evening).walk_in_count, answer.since.door) == (1, 1, "Side")
    assert [(c.before, c.after) for c in row.changes.all()] == [("pending", "going"), ("going", "checked_in")]


def test_the_same_arrival_twice_is_one(evening, host, now):
    arrival = Arrival(uuid.uuid4(), "Kim")
    results = [walk_in(event=evening, arrival=arrival, by=host, now=now).result for _ in range(2)]
    assert (results, Registration.objects.count(), taken(evening)) == ([Result.CHECKED_IN] * 2, 1, 1)


def test_nobody_walks_in_beyond_the_capacity(evening, ada, now):
    change_capacity(event=evening, place="room", capacity=1, now=now)
    rsvp(evening, now)
    with pytest.raises(RuleViolation, match=r"Every seat is taken: 1 of 1\. An organiser can raise the capacity\."):
        walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim", "kim@example.org"), by=ada, now=now)
    assert (Registration.objects.count(), User.objects.filter(email="kim@example.org").count()) == (1, 0)


def test_nobody_walks_past_those_who_wait_until_the_event_has_begun(evening, ada, now):
    Seats.objects.filter(plan__event=evening, place="room").update(waiting=2)
    with pytest.raises(RuleViolation, match="2 people wait for a free seat"):
        walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim"), by=ada, now=now)
    arrival = Arrival(uuid.uuid4(), "Kim")
    assert walk_in(event=evening, arrival=arrival, by=ada, now=evening.starts_at).result == Result.CHECKED_IN


def test_where_organisers_choose_a_host_lets_nobody_in(evening, ada, host, now):
    evening.registration_plan.admission = "approval"
    evening.registration_plan.save()
    with pytest.raises(RuleViolation, match="The organisers choose who comes"):
        walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim"), by=host, now=now)
    assert walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim"), by=ada, now=now).result == Result.CHECKED_IN


def test_a_walk_in_whose_email_is_registered_is_checked_in_as_that_person(evening, host, now):
    bo = rsvp(evening, now, guests=1)
    arrival = Arrival(uuid.uuid4(), "Robert", bo.user.email.upper())
    answer = walk_in(event=evening, arrival=arrival, by=host, now=now)
    again = walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "B", bo.user.email), by=host, now=now)
    assert (answer.registration, answer.registration.name, answer.registration.source) == (bo, "Bo", "web")
    assert (again.result, again.since, taken(evening)) == (Result.ALREADY_IN, answer.since, 2)


def test_an_unknown_email_becomes_an_unconfirmed_account(evening, host, now):
    row = walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim", "kim@example.org"), by=host, now=now).registration
    assert (row.user.email, row.user.name) == ("kim@example.org", "Kim")


@pytest.mark.parametrize(
    ("arrival", "code", "field"),
    [
        ({"name": ""}, "name_missing", "name"),
        ({"name": "\n\t\x00"}, "name_missing", "name"),
        ({"name": "x" * 121}, "name_too_long", "name"),
        ({"name": "Kim", "email": "kim"}, "email_invalid", "email"),
        ({"name": "Kim", "email": "kim@example.org\nBcc: all@example.org"}, "email_invalid", "email"),
        (
            {"name": "Kim", "email": f"{'k' * 64}@{'e' * 60}.{'f' * 60}.{'g' * 60}.{'h' * 60}.org"},
            "email_too_long",
            "email",
        ),
        ({"registration": uuid.uuid4()}, "registration_unknown", None),
    ],
)
def test_an_arrival_that_makes_no_sense_is_refused_on_its_field(evening, host, now, arrival, code, field):
    with pytest.raises(RuleViolation) as refusal:
        walk_in(event=evening, arrival=Arrival(uuid.uuid4(), **arrival), by=host, now=now)
    assert (refusal.value.code, refusal.value.field, Registration.objects.count()) == (code, field, 0)


@pytest.mark.parametrize("state", [State.PENDING, State.REQUESTED, State.WAITING, State.DECLINED, State.CANCELLED])
def test_who_has_no_seat_yet_can_be_let_in_when_one_is_free(evening, ada, now, state):
    row = RegistrationFactory(event=evening, state=state)
    Seats.objects.filter(plan__event=evening, place="room").update(waiting=int(state == State.WAITING))
    answer = walk_in(event=evening, arrival=Arrival(uuid.uuid4(), registration=row.public_id), by=ada, now=now)
    assert (answer.result, state_of(row), taken(evening)) == (Result.CHECKED_IN, State.CHECKED_IN, 1)
    assert Seats.objects.get(plan__event=evening, place="room").waiting == 0


def test_who_holds_an_offer_takes_it_by_coming(evening, host, now):
    row = RegistrationFactory(event=evening, state=State.OFFERED, offer_until=now + MINUTE)
    Seats.objects.filter(plan__event=evening, place="room").update(taken=1)
    walk_in(event=evening, arrival=Arrival(uuid.uuid4(), registration=row.public_id), by=host, now=now)
    assert (state_of(row), taken(evening)) == (State.CHECKED_IN, 1)


def test_who_wanted_to_watch_online_may_come_into_the_room(evening, host, now):
    row = rsvp(evening, now, place="online")
    walk_in(event=evening, arrival=Arrival(uuid.uuid4(), registration=row.public_id), by=host, now=now)
    assert (state_of(row), taken(evening, "online"), taken(evening)) == (State.CHECKED_IN, 0, 1)
    assert door_list(evening).here_count == 1


def test_undoing_a_walk_in_gives_the_seat_back_to_who_waits(evening, host, now):
    change_capacity(event=evening, place="room", capacity=1, now=now)
    kim = walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim"), by=host, now=now).registration
    cy = rsvp(evening, now, name="Cy")
    assert state_of(cy) == State.WAITING
    assert act(evening, host, now, of=kim, action="undo").result == Result.UNDONE
    assert (state_of(kim), state_of(cy), taken(evening)) == (State.CANCELLED, State.GOING, 1)
    assert [person.name for person in door_list(evening).people] == ["Cy"]


def test_nobody_walks_into_an_event_that_is_off(evening, ada, now):
    evening.status = "cancelled"
    with pytest.raises(RuleViolation, match="does not take place as planned"):
        walk_in(event=evening, arrival=Arrival(uuid.uuid4(), "Kim"), by=ada, now=now)


def test_nobody_walks_into_an_event_without_a_room(ada, now):
    online = EventFactory(starts_at=now)
    with pytest.raises(RuleViolation, match="no seats in a room"):
        walk_in(event=online, arrival=Arrival(uuid.uuid4(), "Kim"), by=ada, now=now)
