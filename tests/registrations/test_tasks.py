"""What happens because time passes: offers, confirmations, queues; twice or at once without harm."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from config.celery import app
from events.models import Event
from outbox.models import Message
from registrations import tasks
from registrations.models import Registration, RegistrationChange, Seats
from registrations.selectors.plans import plan_of_event
from registrations.services import clockwork
from registrations.services.clockwork import expire_offers, expire_unconfirmed, promote_queues, sweep_registrations
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NOTHING = {
    "expire_offers": 0,
    "expire_unconfirmed": 0,
    "release_silent_seats": 0,
    "promote_queues": 0,
    "register_series_members": 0,
    "ask_to_reconfirm": 0,
    "mark_no_shows": 0,
}


@pytest.fixture
def event(now):
    """In three days."""
    return EventFactory(starts_at=now + 72 * HOUR)


def rsvp(event: Event, name: str, now: dt.datetime, *, is_proven: bool = True, guests: int = 0) -> Registration:
    """Somebody's registration."""
    plan, user = plan_of_event(event.pk), UserFactory(name=name)
    return register(plan=plan, user=user, wish=Wish(name, guests=guests), is_proven=is_proven, now=now).registration


def states() -> dict[str, str]:
    """By name."""
    return dict(Registration.objects.values_list("name", "state"))


def test_an_offer_nobody_took_goes_to_the_next_in_line(event, now):
    PlanFactory(event=event, room=1, waiting_list="timed_offer", offer_hours=12)
    first = rsvp(event, "First", now)
    rsvp(event, "Second", now)
    rsvp(event, "Third", now)
    leave(registration=first, now=now)
    assert [expire_offers(now=now + hours * HOUR) for hours in (11, 12, 12)] == [0, 1, 0]
    assert states() == {"First": "cancelled", "Second": "cancelled", "Third": "offered"}
    assert Seats.objects.values("taken", "waiting").get() == {"taken": 1, "waiting": 0}


def test_a_wish_nobody_confirmed_ends_after_a_day_without_a_mail(event, now):
    PlanFactory(event=event)
    rsvp(event, "Bo", now, is_proven=False)
    mails = Message.objects.count()
    assert [expire_unconfirmed(now=now + hours * HOUR) for hours in (23, 24, 25)] == [0, 1, 0]
    change = RegistrationChange.objects.get()
    assert (states(), change.command, change.reason) == ({"Bo": "cancelled"}, "expire", "not confirmed")
    assert Message.objects.count() == mails


def test_who_asks_again_has_another_day(event, now):
    PlanFactory(event=event)
    bo = rsvp(event, "Bo", now, is_proven=False)
    plan = plan_of_event(event.pk)
    register(plan=plan, user=bo.user, wish=Wish("Bo"), is_proven=False, now=now + 20 * HOUR)
    assert [expire_unconfirmed(now=now + hours * HOUR) for hours in (30, 44)] == [0, 1]


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_nobody_moves_up_while_the_event_is_not_on_and_the_queue_moves_when_it_is_again(event, now, status):
    PlanFactory(event=event, room=1)
    first = rsvp(event, "First", now)
    rsvp(event, "Second", now)
    Event.objects.update(status=status)
    leave(registration=first, now=now)
    assert (promote_queues(now=now), states()) == (0, {"First": "cancelled", "Second": "waiting"})
    Event.objects.update(status="published")
    assert [promote_queues(now=now) for _ in range(2)] == [1, 0]
    assert states() == {"First": "cancelled", "Second": "going"}


def test_in_the_last_hour_nobody_is_asked_any_more(event, now):
    PlanFactory(event=event, room=1, waiting_list="timed_offer")
    rsvp(event, "First", now)
    rsvp(event, "Second", now)
    Seats.objects.update(capacity=2)
    promote_queues(now=event.starts_at - HOUR)
    assert states() == {"First": "going", "Second": "going"}


def test_in_the_last_twelve_hours_offers_are_shorter(event, now):
    PlanFactory(event=event, room=1, waiting_list="timed_offer", offer_hours=12)
    rsvp(event, "First", now)
    rsvp(event, "Second", now)
    Seats.objects.update(capacity=2)
    at = event.starts_at - 8 * HOUR
    promote_queues(now=at)
    assert Registration.objects.get(state="offered").offer_until == at + 2 * HOUR


@pytest.mark.parametrize("change", [{"waiting_list": "manual"}, {}])
def test_a_manual_queue_and_a_begun_event_are_left_alone(event, now, change):
    PlanFactory(event=event, room=1, **change)
    rsvp(event, "First", now)
    rsvp(event, "Second", now)
    Seats.objects.update(capacity=2)
    assert promote_queues(now=now if change else event.starts_at) == 0


def test_a_party_that_does_not_fit_keeps_waiting_through_every_sweep(event, now):
    PlanFactory(event=event, room=2, max_guests=2)
    rsvp(event, "First", now)
    rsvp(event, "Party", now, guests=1)
    assert [promote_queues(now=now) for _ in range(2)] == [0, 0]
    assert states()["Party"] == "waiting"


def test_one_sweep_does_everything_and_a_second_one_nothing(event, now):
    PlanFactory(event=event, room=1, waiting_list="timed_offer")
    first = rsvp(event, "First", now)
    rsvp(event, "Second", now)
    rsvp(event, "Third", now, is_proven=False)
    leave(registration=first, now=now)
    later = now + 24 * HOUR
    assert sweep_registrations(now=later) == NOTHING | {"expire_offers": 1, "expire_unconfirmed": 1}
    assert sweep_registrations(now=later) == NOTHING


def test_a_step_that_fails_does_not_stop_the_others(event, now, monkeypatch, caplog):
    def broken(*, now):
        raise ValueError("no luck")

    monkeypatch.setattr(clockwork, "STEPS", (broken, expire_unconfirmed))
    assert sweep_registrations(now=now) == {"expire_unconfirmed": 0}
    assert [record.message for record in caplog.records] == ["broken failed"]


def test_a_row_that_fails_does_not_stop_the_others(event, now, monkeypatch, caplog):
    PlanFactory(event=event)
    for name in ("Bo", "Cy", "Dee"):
        rsvp(event, name, now, is_proven=False)
    really = clockwork.move

    def unlucky(registration, *rest, **values):
        if registration.name == "Cy":
            raise ValueError("no luck")
        return really(registration, *rest, **values)

    monkeypatch.setattr(clockwork, "move", unlucky)
    assert expire_unconfirmed(now=now + 24 * HOUR) == 2
    assert (states(), len(caplog.records)) == ({"Bo": "cancelled", "Cy": "pending", "Dee": "cancelled"}, 1)


def test_a_sweep_takes_a_bounded_number_of_rows(event, now, monkeypatch):
    monkeypatch.setattr(clockwork, "AT_ONCE", 2)
    PlanFactory(event=event)
    for name in ("Bo", "Cy", "Dee"):
        rsvp(event, name, now, is_proven=False)
    assert [expire_unconfirmed(now=now + 24 * HOUR) for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_do_everything_once(event, now):
    PlanFactory(event=event, room=3, waiting_list="timed_offer", offer_hours=1)
    going = [rsvp(event, f"Going {n}", now) for n in range(3)]
    for number in range(6):
        rsvp(event, f"Waiting {number}", now + number * dt.timedelta(seconds=1))
    for number in range(6):
        rsvp(event, f"Unproven {number}", now, is_proven=False)
    for registration in going:
        leave(registration=registration, now=now)
    gate = Barrier(4)

    def run(_):
        try:
            gate.wait(30)
            return sweep_registrations(now=now + 25 * HOUR)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(run, range(4)))
    assert sum(one["expire_offers"] for one in done) == 3
    assert sum(one["expire_unconfirmed"] for one in done) == 6
    counted = [RegistrationChange.objects.filter(command="expire").count(), Seats.objects.get().taken]
    assert counted == [9, 3]
    assert Registration.objects.filter(state="offered").count() == 3


def test_the_beat_rings_a_task_that_exists(event, now):
    entry = settings.CELERY_BEAT_SCHEDULE["sweep-registrations"]
    assert entry["task"] in app.tasks
    assert entry["options"]["expires"] > 3600  # a worker whose clock is ahead would drop what expires sooner


def test_the_task_and_the_command_let_time_pass(event, now, capsys):
    PlanFactory(event=event)
    for name in ("Bo", "Cy"):
        rsvp(event, name, now - 1000 * 24 * HOUR, is_proven=False)
    tasks.sweep()
    Registration.objects.filter(name="Cy").update(state="pending")
    call_command("sweep_registrations")
    assert set(states().values()) <= {"cancelled", "pending"}
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == list(NOTHING)


@pytest.mark.parametrize("people", [1, 3])
def test_looking_for_work_is_a_query_a_step(event, now, people, django_assert_num_queries):
    PlanFactory(event=event, room=people)
    for number in range(people):
        rsvp(event, f"Bo {number}", now)
    with django_assert_num_queries(7):
        assert sweep_registrations(now=now) == NOTHING
