"""Still coming? Asked once, kept with one click, given to the queue when nobody answers."""

import datetime as dt

import pytest

from core.errors import RuleViolation
from events.models import Event
from outbox.models import Message
from registrations.models import Registration, RegistrationChange, RegistrationPlan, Seats
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.reconfirming import ask_to_reconfirm, reconfirm, release_silent_seats
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def plan(now):
    """Ten seats in ten days; asks three days before, gives silent seats away a day before."""
    event = EventFactory(starts_at=now + 10 * DAY)
    made = PlanFactory(event=event, room=10, reconfirm_days=3, releases_silent_seats=True, max_guests=3)
    return plan_of_event(made.event_id)


@pytest.fixture
def asking(plan):
    """The asking date."""
    return plan.event.starts_at - 3 * DAY


@pytest.fixture
def releasing(plan):
    """When silent seats go."""
    return plan.event.starts_at - DAY


def rsvp(plan, name: str, at: dt.datetime, guests: int = 0) -> Registration:
    """Somebody's registration."""
    user = UserFactory(name=name)
    wish = Wish(name, guests=guests)
    return register(plan=plan, user=user, wish=wish, is_proven=True, now=at).registration


def states() -> dict[str, str]:
    """By name."""
    return dict(Registration.objects.values_list("name", "state"))


def asked() -> list[str]:
    """Who was written to, each time."""
    rows = Message.objects.filter(kind="registration_reconfirm").order_by("pk")
    return [row.recipient.name for row in rows]


def test_people_with_a_seat_are_asked_once_when_the_day_has_come(plan, now, asking):
    rsvp(plan, "Bo", now)
    assert [ask_to_reconfirm(now=at) for at in (asking - HOUR, asking, asking + HOUR)] == [0, 1, 0]
    assert asked() == ["Bo"]
    assert Registration.objects.get().reconfirm_asked_at == asking


def test_who_registered_after_the_asking_date_is_not_asked_and_keeps_the_seat(plan, asking, releasing):
    rsvp(plan, "Bo", asking + HOUR)
    assert (ask_to_reconfirm(now=asking + 2 * HOUR), release_silent_seats(now=releasing)) == (0, 0)
    assert states() == {"Bo": "going"}


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_nobody_is_asked_or_released_while_the_event_is_not_on(plan, now, asking, releasing, status):
    rsvp(plan, "Bo", now)
    rsvp(plan, "Cy", now)
    Registration.objects.filter(name="Cy").update(reconfirm_asked_at=asking)
    Event.objects.update(status=status)
    assert (ask_to_reconfirm(now=asking), release_silent_seats(now=releasing)) == (0, 0)


def test_nobody_is_asked_without_a_day_or_after_the_start(plan, now, asking):
    rsvp(plan, "Bo", now)
    assert ask_to_reconfirm(now=plan.event.starts_at) == 0
    RegistrationPlan.objects.update(reconfirm_days=None)
    assert ask_to_reconfirm(now=asking) == 0


def test_the_queue_is_not_asked_and_deleted_people_neither(plan, now, asking):
    Seats.objects.update(capacity=1)
    gone = rsvp(plan, "Gone", now)
    rsvp(plan, "Waits", now)
    gone.user.delete()
    assert ask_to_reconfirm(now=asking) == 0


def test_one_click_keeps_the_seat_and_two_are_one(plan, now, asking, releasing):
    bo = rsvp(plan, "Bo", now)
    ask_to_reconfirm(now=asking)
    kept = reconfirm(registration=bo, now=asking + HOUR, by=bo.user)
    again = reconfirm(registration=bo, now=asking + 2 * HOUR, by=bo.user)
    assert kept.reconfirmed_at == again.reconfirmed_at == asking + HOUR
    notes = RegistrationChange.objects.filter(reason="reconfirmed").values_list("before", "after", "by")
    assert list(notes) == [("going", "going", bo.user.pk)]
    assert (release_silent_seats(now=releasing), states()) == (0, {"Bo": "going"})


def test_who_has_no_seat_cannot_keep_it(plan, now, asking):
    bo = rsvp(plan, "Bo", now)
    leave(registration=bo, now=now)
    with pytest.raises(RuleViolation) as refused:
        reconfirm(registration=bo, now=asking)
    assert refused.value.code == "wrong_state"


def test_who_is_in_has_nothing_to_keep(plan, now, asking):
    bo = rsvp(plan, "Bo", now)
    Registration.objects.update(state="checked_in")
    assert reconfirm(registration=bo, now=asking).reconfirmed_at is None


def test_silent_seats_go_to_the_queue_in_the_same_breath(plan, now, asking, releasing):
    Seats.objects.update(capacity=2)
    silent, keen = rsvp(plan, "Silent", now), rsvp(plan, "Keen", now)
    rsvp(plan, "Next", now)
    ask_to_reconfirm(now=asking)
    reconfirm(registration=keen, now=asking)
    assert [release_silent_seats(now=at) for at in (releasing - HOUR, releasing, releasing + HOUR)] == [0, 1, 0]
    assert states() == {"Silent": "cancelled", "Keen": "going", "Next": "going"}
    change = RegistrationChange.objects.filter(registration=silent).last()
    assert (change.command, change.after, change.reason) == ("expire", "cancelled", "not reconfirmed")
    assert Seats.objects.values("taken", "waiting").get() == {"taken": 2, "waiting": 0}
    told = Message.objects.filter(kind="registration_cancelled").values_list("recipient", flat=True)
    assert list(told) == [silent.user_id]


def test_a_party_gets_the_seats_of_two_silent_people_before_smaller_ones(plan, now, asking, releasing):
    Seats.objects.update(capacity=2)
    rsvp(plan, "Silent", now)
    rsvp(plan, "Mute", now)
    rsvp(plan, "Party", now, guests=1)
    rsvp(plan, "Single", now)
    ask_to_reconfirm(now=asking)
    release_silent_seats(now=releasing)
    assert states() == {"Silent": "cancelled", "Mute": "cancelled", "Party": "going", "Single": "waiting"}


def test_seats_stay_with_their_people_unless_the_organiser_says_otherwise(plan, now, asking, releasing):
    rsvp(plan, "Bo", now)
    RegistrationPlan.objects.update(releases_silent_seats=False)
    ask_to_reconfirm(now=asking)
    assert release_silent_seats(now=releasing) == 0


def test_where_there_is_no_limit_there_is_nothing_to_give_away(plan, now, asking, releasing):
    rsvp(plan, "Bo", now)
    Seats.objects.update(capacity=None)
    ask_to_reconfirm(now=asking)
    assert release_silent_seats(now=releasing) == 0


def test_nobody_loses_a_seat_sooner_than_twelve_hours_after_the_question(plan, now, releasing):
    rsvp(plan, "Bo", now)
    ask_to_reconfirm(now=releasing - HOUR)
    late = [releasing, releasing + 10 * HOUR, releasing + 11 * HOUR]
    assert [release_silent_seats(now=at) for at in late] == [0, 0, 1]


def test_an_event_that_moves_asks_again(plan, now, asking):
    bo = rsvp(plan, "Bo", now)
    ask_to_reconfirm(now=asking)
    reconfirm(registration=bo, now=asking)
    moved = plan.event.starts_at + 30 * DAY
    Event.objects.update(starts_at=moved, ends_at=moved + HOUR)
    assert [ask_to_reconfirm(now=at) for at in (asking + HOUR, moved - 3 * DAY)] == [0, 1]
    assert (asked(), Registration.objects.get().reconfirmed_at) == (["Bo", "Bo"], None)


def test_who_is_asked_on_another_day_is_written_to_again_and_loses_no_seat_without_a_mail(plan, now, asking, releasing):
    bo = rsvp(plan, "Bo", now)
    ask_to_reconfirm(now=asking)
    reconfirm(registration=bo, now=asking)
    RegistrationPlan.objects.update(reconfirm_days=2)
    ask_to_reconfirm(now=asking + DAY)
    assert asked() == ["Bo", "Bo"]
    reconfirm(registration=bo, now=asking + DAY)
    assert (release_silent_seats(now=releasing), states()) == (0, {"Bo": "going"})


@pytest.mark.parametrize("people", [1, 3])
def test_looking_for_work_is_one_query(plan, now, asking, releasing, people, django_assert_num_queries):
    for number in range(people):
        rsvp(plan, f"Bo {number}", now)
    ask_to_reconfirm(now=asking)
    with django_assert_num_queries(1):
        ask_to_reconfirm(now=releasing)
    for row in Registration.objects.all():
        reconfirm(registration=row, now=releasing)
    with django_assert_num_queries(1):
        release_silent_seats(now=releasing)
