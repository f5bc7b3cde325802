"""Coming to every event of a series, until one leaves it."""

import datetime as dt

import pytest

from core.errors import RuleViolation
from events.models import Event
from outbox.models import Message
from registrations.models import Invitation, Registration, RegistrationPlan, SeriesRegistration
from registrations.selectors.plans import plan_of_event
from registrations.services import series as services
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.series import join_series, leave_series, register_series_members
from registrations.services.wishes import Wish
from registrations.states import State
from tests.factories import EventFactory, SeriesFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def series():
    """Every third Thursday."""
    return SeriesFactory()


@pytest.fixture
def bo():
    """Who comes each time."""
    return UserFactory(name="Bo", email="bo@example.org")


@pytest.fixture
def evening(series, now):
    """Makes an event of the series that takes RSVPs, so many weeks from now."""

    def make(weeks: int, *, room: int | None = 10, status: str = "published", **plan):
        event = EventFactory(
            series=series, group=series.group, starts_at=now + dt.timedelta(weeks=weeks), status=status
        )
        PlanFactory(event=event, room=room, **plan)
        return event

    return make


def standing(user) -> list[tuple[str, str]]:
    """Event and state, in the order of events."""
    rows = Registration.objects.filter(user=user).order_by("event__starts_at")
    return [(row.event.title, row.state) for row in rows]


def test_who_joins_a_series_comes_to_all_that_is_published_and_still_to_come(series, evening, bo, now):
    past, first, second = evening(-1), evening(1), evening(2)
    evening(3, status="draft")
    evening(4, status="postponed")
    member = join_series(series=series, user=bo, name="  Bo\tLi ", now=now)
    assert standing(bo) == [(first.title, "going"), (second.title, "going")]
    assert (member.name, member.place, member.since, member.left_at) == ("Bo Li", "room", now, None)
    assert set(Registration.objects.values_list("name", "source")) == {("Bo Li", "series")}
    assert Message.objects.count() == 2
    assert not Registration.objects.filter(event=past).exists()


def test_joining_twice_is_joining_once(series, evening, bo, now):
    evening(1)
    join_series(series=series, user=bo, name="Bo", now=now)
    again = join_series(series=series, user=bo, name="Bo Li", now=now + dt.timedelta(hours=1))
    assert (again.since, again.name) == (now, "Bo Li")
    counted = (SeriesRegistration.objects.count(), Registration.objects.count(), Message.objects.count())
    assert counted == (1, 1, 1)


def test_a_name_is_one_line_of_letters(series, bo, now):
    with pytest.raises(RuleViolation) as refused:
        join_series(series=series, user=bo, name=" \x00 ", now=now)
    assert (refused.value.field, SeriesRegistration.objects.count()) == ("name", 0)


def test_a_full_event_gives_a_place_in_the_queue(series, evening, bo, now):
    full, free = evening(1, room=0), evening(2)
    join_series(series=series, user=bo, name="Bo", now=now)
    assert standing(bo) == [(full.title, "waiting"), (free.title, "going")]


def test_an_event_that_somebody_left_stays_left(series, evening, bo, now):
    left, other = evening(1), evening(2)
    outcome = register(plan=plan_of_event(left.pk), user=bo, wish=Wish("Bo"), is_proven=True, now=now)
    leave(registration=outcome.registration, now=now)
    join_series(series=series, user=bo, name="Bo", now=now)
    register_series_members(now=now)
    assert standing(bo) == [(left.title, "cancelled"), (other.title, "going")]


def test_an_event_published_later_is_joined_by_the_sweep_once(series, evening, bo, now):
    join_series(series=series, user=bo, name="Bo", now=now)
    new = evening(3)
    assert [register_series_members(now=now) for _ in range(3)] == [1, 0, 0]
    assert standing(bo) == [(new.title, "going")]
    leave(registration=Registration.objects.get(), now=now)
    assert (register_series_members(now=now), standing(bo)) == (0, [(new.title, "cancelled")])


def test_who_joined_the_series_first_gets_the_last_seat(series, evening, now):
    late, early = UserFactory(), UserFactory()
    join_series(series=series, user=late, name="Late", now=now)
    join_series(series=series, user=early, name="Early", now=now - dt.timedelta(days=1))
    evening(1, room=1)
    register_series_members(now=now)
    assert dict(Registration.objects.values_list("name", "state")) == {"Early": "going", "Late": "waiting"}


def test_what_would_be_refused_is_left_alone_and_tried_when_it_opens(series, evening, bo, now):
    unopened = evening(1, opens_at=now + dt.timedelta(hours=1))
    evening(2, closes_at=now - dt.timedelta(hours=1))
    QuestionFactory(plan=evening(3).registration_plan, is_required=True)
    evening(4, admission=RegistrationPlan.Admission.INVITATION)
    asks = evening(5, admission=RegistrationPlan.Admission.APPROVAL)
    join_series(series=series, user=bo, name="Bo", now=now)
    assert standing(bo) == [(asks.title, "requested")]
    register_series_members(now=now + dt.timedelta(hours=1))
    assert standing(bo) == [(unopened.title, "going"), (asks.title, "requested")]


def test_invited_members_come_to_events_for_invited_people(series, evening, bo, now):
    closed = evening(1, admission=RegistrationPlan.Admission.INVITATION)
    Invitation.objects.create(plan=closed.registration_plan, email="BO@example.org", invited_at=now)
    join_series(series=series, user=bo, name="Bo", now=now)
    assert standing(bo) == [(closed.title, "going")]


def test_a_place_that_an_event_does_not_have_is_skipped(series, evening, bo, now):
    evening(1)
    both = EventFactory(series=series, group=series.group, starts_at=now + dt.timedelta(weeks=2))
    PlanFactory(event=both, room=10, online=5)
    join_series(series=series, user=bo, name="Bo", place="online", now=now)
    assert standing(bo) == [(both.title, "going")]
    assert Registration.objects.get().place == "online"


def test_an_unproven_wish_is_proven_by_joining_the_series(series, evening, bo, now):
    event = evening(1)
    register(plan=plan_of_event(event.pk), user=bo, wish=Wish("B"), is_proven=False, now=now)
    join_series(series=series, user=bo, name="Bo", now=now)
    assert standing(bo) == [(event.title, "going")]


def test_leaving_a_series_leaves_what_came_by_it_and_is_still_to_come(series, evening, bo, now):
    begun, chosen, coming = evening(1), evening(2), evening(3)
    register(plan=plan_of_event(chosen.pk), user=bo, wish=Wish("Bo"), is_proven=True, now=now)
    join_series(series=series, user=bo, name="Bo", now=now)
    later = begun.starts_at + dt.timedelta(minutes=5)
    assert [leave_series(series=series, user=bo, now=later) for _ in range(2)] == [1, 0]
    assert standing(bo) == [(begun.title, "going"), (chosen.title, "going"), (coming.title, "cancelled")]
    assert SeriesRegistration.objects.get().left_at == later
    evening(4)
    assert register_series_members(now=later) == 0


def test_leaving_gives_the_seat_to_the_next_in_line(series, evening, bo, now):
    event = evening(1, room=1)
    join_series(series=series, user=bo, name="Bo", now=now)
    cy = UserFactory(name="Cy")
    register(plan=plan_of_event(event.pk), user=cy, wish=Wish("Cy"), is_proven=True, now=now)
    leave_series(series=series, user=bo, now=now)
    assert standing(cy) == [(event.title, "going")]


def test_who_comes_back_to_the_series_gets_back_what_was_left_with_it(series, evening, bo, now):
    kept, left = evening(1), evening(2)
    join_series(series=series, user=bo, name="Bo", now=now)
    leave(registration=Registration.objects.get(event=left), now=now)
    leave_series(series=series, user=bo, now=now)
    later = now + dt.timedelta(hours=1)
    member = join_series(series=series, user=bo, name="Bo", now=later)
    assert standing(bo) == [(kept.title, "going"), (left.title, "cancelled")]
    assert (member.since, member.left_at) == (later, None)


def test_a_deactivated_person_is_not_registered(series, evening, bo, now):
    join_series(series=series, user=bo, name="Bo", now=now)
    bo.is_active = False
    bo.save()
    evening(1)
    assert register_series_members(now=now) == 0


def test_a_row_that_fails_does_not_stop_the_others(series, evening, now, monkeypatch, caplog):
    for name in ("Bo", "Cy", "Dee"):
        join_series(series=series, user=UserFactory(name=name), name=name, now=now)
    evening(1)
    really = services.register

    def unlucky(*, user, **rest):
        if user.name == "Cy":
            raise ValueError("no luck")
        return really(user=user, **rest)

    monkeypatch.setattr(services, "register", unlucky)
    assert register_series_members(now=now) == 2
    assert sorted(Registration.objects.values_list("name", flat=True)) == ["Bo", "Dee"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_who_left_between_the_look_and_the_lock_is_not_brought_back(series, evening, bo, now):
    event = evening(1)
    join_series(series=series, user=bo, name="Bo", now=now)
    leave(registration=Registration.objects.get(), now=now)
    member = SeriesRegistration.objects.get()
    assert services._register((event.pk, member.pk), now) is False
    assert standing(bo) == [(event.title, "cancelled")]


@pytest.mark.parametrize("people", [1, 3])
def test_looking_for_work_is_one_query(series, evening, now, people, django_assert_num_queries):
    evening(1)
    for _ in range(people):
        join_series(series=series, user=UserFactory(), name="Bo", now=now)
    with django_assert_num_queries(1):
        register_series_members(now=now)


def test_postponed_events_are_joined_when_they_are_published_again(series, evening, bo, now):
    event = evening(1, status="postponed")
    join_series(series=series, user=bo, name="Bo", now=now)
    Event.objects.update(status="published")
    register_series_members(now=now)
    assert standing(bo) == [(event.title, State.GOING)]
