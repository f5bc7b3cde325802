"""The queue under whatever people do in whatever order: first the rules alone, then the services beside the rules."""

import datetime as dt
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registrations.models import Registration, RegistrationPlan, Seats
from registrations.rules import Seats as Count
from registrations.rules import Waiting, WaitingList, promotions
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.queue import accept_offer, change_capacity, change_priority, expire_offer
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import Command, State
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory
from tests.registrations import hall
from tests.registrations.hall import Hall

START = dt.datetime(2026, 9, 17, 11, 0, tzinfo=dt.UTC)
PEOPLE = st.integers(0, 5)
STEPS = st.sampled_from([dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(hours=9), dt.timedelta(days=1)])
CAPACITIES = st.none() | st.integers(0, 5)
ASKS_AGAIN = {None, State.CANCELLED, State.DECLINED}


class Evening(RuleBasedStateMachine):
    """Six people, three ways to run the queue, a clock that only goes forward."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START - dt.timedelta(days=3)
        self.held_before = 0

    @initialize(capacity=st.none() | st.integers(0, 4), policy=st.sampled_from(list(WaitingList)))
    def open(self, capacity: int | None, policy: WaitingList) -> None:
        self.hall = Hall(capacity, policy, dt.timedelta(hours=12), START)
        self.opened()

    def opened(self) -> None:
        """What the machine below does besides."""

    def state_of(self, person: int) -> State | None:
        guest = self.hall.guests.get(person)
        return guest.state if guest else None

    @rule(step=STEPS)
    def time_passes(self, step: dt.timedelta) -> None:
        self.now = min(self.now + step, START - dt.timedelta(minutes=1))

    @rule(person=PEOPLE, party=st.integers(1, 3))
    def ask_for_seats(self, person: int, party: int) -> None:
        if self.state_of(person) not in ASKS_AGAIN:
            return
        self.now += dt.timedelta(microseconds=1)  # nobody arrives at the same instant
        queue, free = self.hall.queue, self.hall.seats.free
        state = self.hall.arrive(person, party, now=self.now)
        if queue or (free is not None and party > free):
            assert state is State.WAITING, "overtook somebody who waits, or got a seat that is not there"
        self.promote()
        self.asked(person, party)

    def asked(self, person: int, party: int) -> None:
        """As above."""

    @rule(person=PEOPLE)
    def leave(self, person: int) -> None:
        if self.state_of(person) in {State.GOING, State.WAITING, State.OFFERED}:
            self.step(person, Command.LEAVE)

    @rule(person=PEOPLE)
    def accept(self, person: int) -> None:
        until = self.hall.guests[person].offer_until if person in self.hall.guests else None
        if until and until > self.now:
            self.step(person, Command.ACCEPT)

    @rule(person=PEOPLE)
    def expire(self, person: int) -> None:
        until = self.hall.guests[person].offer_until if person in self.hall.guests else None
        if until and until <= self.now:
            self.step(person, Command.EXPIRE)

    def step(self, person: int, command: Command) -> None:
        self.hall.step(person, command)
        self.promote()
        self.stepped(person, command)

    def stepped(self, person: int, command: Command) -> None:
        """As above."""

    @rule(capacity=CAPACITIES)
    def change_capacity(self, capacity: int | None) -> None:
        held = self.hall.held
        self.hall.capacity = capacity
        self.promote()
        assert self.hall.held >= held, "lowering the capacity sent somebody away"
        self.capacity_changed()

    def capacity_changed(self) -> None:
        """As above."""

    @rule(person=PEOPLE, priority=st.integers(-1, 2))
    def change_priority(self, person: int, priority: int) -> None:
        if self.state_of(person) is not State.WAITING:
            return
        self.hall.guests[person].priority = priority
        self.promote()
        self.priority_changed(person, priority)

    def priority_changed(self, person: int, priority: int) -> None:
        """As above."""

    def promote(self) -> None:
        """The queue moves up: one after the other by priority and time, past those that do not fit."""
        free, expected = self.hall.seats.free, []
        for entry in sorted(self.hall.queue, key=lambda entry: (-entry.priority, entry.joined_at, entry.id)):
            if self.hall.policy is not WaitingList.MANUAL and (free is None or entry.party <= free):
                free = None if free is None else free - entry.party
                expected.append(entry.id)
        self.hall.promote(now=self.now)
        assert self.hall.promoted == expected

    @precondition(lambda self: hasattr(self, "hall"))
    @invariant()
    def never_oversold(self) -> None:
        """A lowered capacity may be below what is held, but then what is held does not grow."""
        if self.hall.capacity is not None:
            assert self.hall.held <= max(self.hall.capacity, self.held_before)
        self.held_before = self.hall.held

    @precondition(lambda self: hasattr(self, "hall"))
    @invariant()
    def no_seat_stays_empty(self) -> None:
        """Unless an organiser chooses, nobody waits who would fit."""
        if self.hall.policy is not WaitingList.MANUAL:
            assert [entry for entry in self.hall.queue if self.hall.seats.fits(entry.party)] == []


class EveningInTheDatabase(Evening):
    """The same, and the services do every step beside the hall in memory; then both look the same."""

    people: ClassVar[list[Any]]

    def opened(self) -> None:
        """An event like the hall."""
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        event = EventFactory(starts_at=START)
        plan = PlanFactory(event=event, room=self.hall.capacity, waiting_list=self.hall.policy, max_guests=2)
        self.plan: RegistrationPlan = plan_of_event(plan.event_id)
        self.users = [UserFactory(name=f"Person {number}") for number in range(6)]

    def teardown(self) -> None:
        """Nothing stays."""
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def row(self, person: int) -> Registration:
        return Registration.objects.get(event=self.plan.event, user=self.users[person])

    def asked(self, person: int, party: int) -> None:
        user = self.users[person]
        register(plan=self.plan, user=user, wish=Wish(user.name, guests=party - 1), is_proven=True, now=self.now)

    def stepped(self, person: int, command: Command) -> None:
        act = {Command.LEAVE: leave, Command.ACCEPT: accept_offer, Command.EXPIRE: expire_offer}[command]
        act(registration=self.row(person), now=self.now)

    def capacity_changed(self) -> None:
        change_capacity(event=self.plan.event, place="room", capacity=self.hall.capacity, now=self.now)

    def priority_changed(self, person: int, priority: int) -> None:
        row, ada = self.row(person), self.users[0]
        change_priority(registration=row, priority=priority, reason="speaks tonight", by=ada, now=self.now)

    @precondition(lambda self: hasattr(self, "plan"))
    @invariant()
    def both_look_the_same(self) -> None:
        """States, ends of offers, and the two counters."""
        rows = Registration.objects.filter(event=self.plan.event).values_list("user", "state", "offer_until")
        numbers = {user.pk: number for number, user in enumerate(self.users)}
        stored = {numbers[user]: (state, until) for user, state, until in rows}
        assert stored == {guest.id: (guest.state, guest.offer_until) for guest in self.hall.guests.values()}
        seats = Seats.objects.get(plan=self.plan)
        assert (seats.taken, seats.waiting) == (self.hall.held, len(self.hall.queue))


def test_the_rules_keep_their_promises_whatever_happens():
    run_state_machine_as_test(Evening, settings=settings(max_examples=400, stateful_step_count=30, deadline=None))


def jumps_the_queue(seats: Count, party: int, *, needs_approval: bool = False) -> Command:
    """A seat is free this instant, so take it."""
    return Command.ENTER if seats.fits(party) else Command.QUEUE


def forgets_who_came_first(queue: list[Waiting], seats: Count, **facts: Any) -> Any:
    """Smallest party first, since more people get in."""
    fair = [replace(entry, priority=-entry.party) for entry in queue]
    return promotions(fair, seats, **facts)


def stops_at_a_large_party(queue: list[Waiting], seats: Count, **facts: Any) -> Any:
    """Nobody passes somebody who does not fit."""
    for entry in queue:
        if not seats.fits(entry.party):
            return
        yield from promotions([entry], seats, **facts)
        seats = replace(seats, taken=seats.taken + entry.party)


def sells_one_too_many(queue: list[Waiting], seats: Count, **facts: Any) -> Any:
    """The counter is read before the last one was written."""
    more = None if seats.capacity is None else seats.capacity + 1
    return promotions(queue, replace(seats, capacity=more), **facts)


@pytest.mark.parametrize(
    ("name", "mutant"),
    [
        ("admission", jumps_the_queue),
        ("promotions", forgets_who_came_first),
        ("promotions", stops_at_a_large_party),
        ("promotions", sells_one_too_many),
    ],
)
def test_the_machine_notices_rules_that_break_a_promise(monkeypatch, name, mutant):
    monkeypatch.setattr(hall, name, mutant)
    quick = settings(max_examples=2000, stateful_step_count=30, deadline=None, phases=[Phase.generate], database=None)
    quick = settings(quick, derandomize=True)  # as often as it takes to notice the shyest of them
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Evening, settings=quick)


@pytest.mark.django_db
def test_the_services_follow_the_rules_step_by_step():
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        EveningInTheDatabase,
        settings=settings(max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=slow),
    )
