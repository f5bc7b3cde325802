"""Moving up: when somebody leaves, an offer runs out, the capacity changes, an organiser chooses."""

import datetime as dt

import pytest

from core.errors import RuleViolation
from outbox.models import Message
from registrations.models import Registration, RegistrationChange, Seats
from registrations.selectors.people import place_in_queue
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.queue import (
    accept_offer,
    change_capacity,
    change_priority,
    expire_offer,
    promote_by_hand,
)
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import Command, State
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


class Evening:
    """One event with its queue; people are told by a letter."""

    def __init__(self, now: dt.datetime, *, in_hours: int = 72, **rules) -> None:
        self.now = now
        self.event = EventFactory(starts_at=now + in_hours * HOUR, ends_at=now + (in_hours + 2) * HOUR)
        PlanFactory(event=self.event, **{"max_guests": 2} | rules)
        self.ada = UserFactory(name="Ada")

    def come(self, letter: str, guests: int = 0) -> str:
        user = UserFactory(name=letter)
        self.now += dt.timedelta(seconds=1)
        plan = plan_of_event(self.event.pk)
        register(plan=plan, user=user, wish=Wish(letter, guests=guests), is_proven=True, now=self.now)
        return self.row(letter).state

    def row(self, letter: str) -> Registration:
        return Registration.objects.get(event=self.event, name=letter)

    def states(self) -> dict[str, str]:
        return dict(Registration.objects.order_by("name").values_list("name", "state"))

    def kinds(self, letter: str) -> list[str]:
        mails = Message.objects.filter(recipient__name=letter).order_by("id")
        return [kind.removeprefix("registration_") for kind in mails.values_list("kind", flat=True)]


def test_the_next_in_line_moves_up_in_the_same_transaction(now):
    evening = Evening(now, room=1)
    evening.come("A"), evening.come("B"), evening.come("C")
    leave(registration=evening.row("A"), now=evening.now, by=evening.row("A").user)
    assert evening.states() == {"A": State.CANCELLED, "B": State.GOING, "C": State.WAITING}
    assert (evening.kinds("A"), evening.kinds("B")) == (["admitted", "cancelled"], ["admitted", "promoted"])
    assert place_in_queue(evening.row("C")) == 1


def test_leaving_twice_is_leaving_once(now):
    evening = Evening(now, room=1)
    evening.come("A")
    for _ in range(2):
        leave(registration=evening.row("A"), now=evening.now)
    assert (evening.kinds("A"), Seats.objects.get().taken) == (["admitted", "cancelled"], 0)


@pytest.mark.parametrize(
    ("command", "state"),
    [(Command.DECLINE, State.DECLINED), (Command.REFUSE, State.DECLINED)],
    ids=["reply", "organiser"],
)
def test_a_no_by_calendar_or_by_an_organiser_starts_the_queue_again_too(now, command, state):
    evening = Evening(now, room=1)
    evening.come("A"), evening.come("B")
    leave(registration=evening.row("A"), now=evening.now, command=command, reason="said so")
    assert evening.states() == {"A": state, "B": State.GOING}
    assert RegistrationChange.objects.get(command=command).reason == "said so"


def test_guests_are_taken_only_when_all_fit_and_the_place_is_kept(now):
    evening = Evening(now, room=3)
    evening.come("A"), evening.come("B"), evening.come("C")
    evening.come("D", guests=2), evening.come("E")
    leave(registration=evening.row("A"), now=evening.now)
    assert (evening.row("D").state, evening.row("E").state) == (State.WAITING, State.GOING)
    assert place_in_queue(evening.row("D")) == 1
    for letter in "BCE":
        leave(registration=evening.row(letter), now=evening.now)
    assert (evening.row("D").state, Seats.objects.get().taken) == (State.GOING, 3)


def test_an_offer_holds_the_seat_until_it_is_taken(now):
    evening = Evening(now, room=1, waiting_list="timed_offer", offer_hours=12)
    evening.come("A"), evening.come("B")
    leave(registration=evening.row("A"), now=evening.now)
    offered = evening.row("B")
    assert (offered.state, offered.offer_until) == (State.OFFERED, evening.now + 12 * HOUR)
    assert evening.come("C") == State.WAITING
    for _ in range(2):
        accept_offer(registration=offered, now=evening.now, by=offered.user)
    assert evening.states() == {"A": State.CANCELLED, "B": State.GOING, "C": State.WAITING}
    assert evening.kinds("B") == ["admitted", "promoted", "admitted"]


def test_an_offer_nobody_answers_goes_to_the_next_and_is_never_taken_late(now):
    evening = Evening(now, room=1, waiting_list="timed_offer", offer_hours=12)
    evening.come("A"), evening.come("B"), evening.come("C")
    leave(registration=evening.row("A"), now=evening.now)
    late = evening.row("B").offer_until
    assert not expire_offer(registration=evening.row("B"), now=late - dt.timedelta(seconds=1))
    with pytest.raises(RuleViolation) as refusal:
        accept_offer(registration=evening.row("B"), now=late)
    assert refusal.value.code == "offer_expired"
    assert [expire_offer(registration=evening.row("B"), now=late) for _ in range(2)] == [True, False]
    assert evening.states() == {"A": State.CANCELLED, "B": State.CANCELLED, "C": State.OFFERED}
    assert evening.kinds("B") == ["admitted", "promoted", "offer_expired"]


def test_in_the_last_hour_nobody_is_asked_any_more(now):
    evening = Evening(now, in_hours=1, room=1, waiting_list="timed_offer")
    evening.come("A"), evening.come("B")
    leave(registration=evening.row("A"), now=evening.now)
    assert evening.row("B").state == State.GOING


def test_an_organiser_chooses_where_the_list_is_run_by_hand(now):
    evening = Evening(now, room=1, waiting_list="manual")
    evening.come("A"), evening.come("B"), evening.come("C")
    with pytest.raises(RuleViolation) as refusal:
        promote_by_hand(registration=evening.row("C"), by=evening.ada, now=evening.now)
    assert refusal.value.code == "full"
    leave(registration=evening.row("A"), now=evening.now)
    assert evening.states() == {"A": State.CANCELLED, "B": State.WAITING, "C": State.WAITING}
    promote_by_hand(registration=evening.row("C"), by=evening.ada, now=evening.now)
    assert evening.states() == {"A": State.CANCELLED, "B": State.WAITING, "C": State.GOING}
    assert RegistrationChange.objects.latest("id").by == evening.ada


def test_lowering_the_capacity_sends_nobody_away_and_raising_it_moves_the_queue_up(now):
    evening = Evening(now, room=2)
    evening.come("A"), evening.come("B"), evening.come("C"), evening.come("D")
    change_capacity(event=evening.event, place="room", capacity=1, now=evening.now)
    leave(registration=evening.row("A"), now=evening.now)
    assert evening.states() == {"A": State.CANCELLED, "B": State.GOING, "C": State.WAITING, "D": State.WAITING}
    change_capacity(event=evening.event, place="room", capacity=None, now=evening.now)
    assert evening.states() == {"A": State.CANCELLED, "B": State.GOING, "C": State.GOING, "D": State.GOING}
    assert Seats.objects.values("taken", "waiting").get() == {"taken": 3, "waiting": 0}


def test_a_changed_priority_says_why_and_comes_first(now):
    evening = Evening(now, room=1)
    evening.come("A"), evening.come("B"), evening.come("C")
    with pytest.raises(RuleViolation) as refusal:
        change_priority(registration=evening.row("C"), priority=1, reason=" ", by=evening.ada, now=evening.now)
    assert refusal.value.field == "reason"
    change_priority(registration=evening.row("C"), priority=1, reason="speaks", by=evening.ada, now=evening.now)
    assert (place_in_queue(evening.row("C")), place_in_queue(evening.row("B"))) == (1, 2)
    change = RegistrationChange.objects.latest("id")
    assert (change.by, change.reason, change.after) == (evening.ada, "priority 1: speaks", State.WAITING)


def test_nobody_moves_up_while_the_event_is_not_on(now):
    evening = Evening(now, room=1)
    evening.come("A"), evening.come("B")
    evening.event.status = "postponed"
    evening.event.save()
    leave(registration=evening.row("A"), now=evening.now)
    assert evening.row("B").state == State.WAITING


@pytest.mark.parametrize("waiting", [1, 3, 30])
def test_no_more_of_the_queue_is_read_than_seats_are_free(now, django_assert_num_queries, waiting):
    evening = Evening(now, room=1)
    for number in range(waiting + 1):
        evening.come(f"{number:02}")
    row = evening.row("00")
    with django_assert_num_queries(13):
        leave(registration=row, now=evening.now)
    assert (evening.row("01").state, Seats.objects.get().waiting) == (State.GOING, waiting - 1)
