"""Never oversold, never unfair: real threads with real connections on PostgreSQL."""

import datetime as dt
import itertools
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from accounts.models import User
from core.errors import RuleViolation
from outbox.models import Message
from outbox.statements import message_values
from registrations.models import Registration, RegistrationChange, RegistrationPlan, Seats
from registrations.rules import Seats as Count
from registrations.rules import admission
from registrations.selectors.plans import plan_of_event
from registrations.services import admission_sql, registering
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.seating import lock_seats
from registrations.services.wishes import Wish
from registrations.states import HOLDS_A_SEAT, TABLE, Command, State
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 64


@pytest.fixture
def soon(now):
    """An event in three days."""
    return EventFactory(starts_at=now + dt.timedelta(days=3))


def in_threads(work, jobs, *, threads: int = THREADS) -> list:
    """Each job in a thread of its own connection, all let go at once."""
    gate = Barrier(min(threads, len(jobs)))

    def run(job):
        try:
            if gate.n_waiting < gate.parties and not gate.broken:
                gate.wait(30)
            return work(job)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, jobs))


def rsvp(plan: RegistrationPlan, user: User, now: dt.datetime, guests: int = 0) -> str:
    """The state the person ends in."""
    wish = Wish(name=user.name, guests=guests)
    return register(plan=plan, user=user, wish=wish, is_proven=True, now=now).registration.state


def seats_held(plan: RegistrationPlan) -> int:
    """Counted from the rows, not from the counter."""
    rows = Registration.objects.filter(event=plan.event, state__in=HOLDS_A_SEAT)
    return sum(row.party for row in rows)


def test_64_people_want_the_last_ten_seats(soon, now):
    plan = plan_of_event(PlanFactory(event=soon, room=10).event_id)
    people = [UserFactory() for _ in range(THREADS)]
    states = in_threads(lambda user: rsvp(plan, user, now), people)
    assert (states.count(State.GOING), states.count(State.WAITING)) == (10, 54)
    assert (seats_held(plan), Seats.objects.values("taken", "waiting").get()) == (10, {"taken": 10, "waiting": 54})
    assert Message.objects.count() == RegistrationChange.objects.count() == THREADS


def test_without_the_lock_the_same_race_oversells(soon, now, monkeypatch):
    """The proof that the test above can fail: the same statement without FOR UPDATE on the seats."""
    unlocked = admission_sql.ADMIT_NEWCOMER.replace("FROM turn) FOR UPDATE", "FROM turn)")
    assert unlocked != admission_sql.ADMIT_NEWCOMER
    monkeypatch.setattr(admission_sql, "ADMIT_NEWCOMER", unlocked)
    plan = plan_of_event(PlanFactory(event=soon, room=10).event_id)
    people = [UserFactory() for _ in range(THREADS)]
    in_threads(lambda user: rsvp(plan, user, now), people)
    assert seats_held(plan) > 10


def test_a_rush_stands_in_line_in_the_order_of_asking(soon, now):
    """One of them waits for the seats, whoever holds those; the others wait for their turn, not for the row."""
    plan = plan_of_event(PlanFactory(event=soon, room=10).event_id)
    people = [UserFactory() for _ in range(5)]
    with ThreadPoolExecutor(len(people)) as pool, transaction.atomic():
        lock_seats(event_id=soon.pk, place="room")
        for number, user in enumerate(people, start=1):
            pool.submit(in_threads, lambda user: rsvp(plan, user, now), [user], threads=1)
            waited_for = wait_until_as_many_wait(number)
    assert waited_for == ["advisory"] * 4 + ["transactionid"]
    changes = RegistrationChange.objects.order_by("id")
    assert [change.registration.user for change in changes] == people


def wait_until_as_many_wait(number: int) -> list[str]:
    """What they wait for, once there are so many."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT locktype FROM pg_locks WHERE NOT granted ORDER BY locktype")
            waited_for = [row[0] for row in cursor.fetchall()]
        if len(waited_for) == number:
            return waited_for
        time.sleep(0.005)
    raise AssertionError(waited_for)


def test_the_same_person_a_dozen_times_at_once_is_one_registration_and_one_message(soon, now):
    """Often, since they may meet at any of the message's keys: one time in eight it was the Message-ID's."""
    plan = plan_of_event(PlanFactory(event=soon, room=None).event_id)
    people = [UserFactory() for _ in range(20)]
    states = [in_threads(lambda _, user=user: rsvp(plan, user, now), range(12)) for user in people]
    assert states == [[State.GOING] * 12] * 20
    counted = (Registration.objects.count(), Message.objects.count(), Seats.objects.get().taken)
    assert counted == (20, 20, 20)


def test_some_thousand_random_arrivals_and_departures_keep_every_promise(soon, now):
    plan = plan_of_event(PlanFactory(event=soon, room=10, max_guests=2).event_id)
    people = [UserFactory() for _ in range(THREADS)]
    oversold: list[int] = []

    def come_and_go(user: User) -> None:
        dice = random.Random(user.email)
        for step in range(32):
            at = now + dt.timedelta(seconds=step)
            mine = Registration.objects.filter(event=soon, user=user).first()
            if mine is None or mine.state == State.CANCELLED:
                rsvp(plan, user, at, guests=dice.choice([0, 0, 0, 1, 2]))
            else:
                leave(registration=mine, now=at)
            taken = Seats.objects.get().taken
            if taken > 10:
                oversold.append(taken)

    in_threads(come_and_go, people)
    seats = Seats.objects.get()
    waiting = Registration.objects.filter(state=State.WAITING)
    assert oversold == []
    assert (seats.taken, seats.waiting) == (seats_held(plan), waiting.count())
    free = 10 - seats.taken
    assert [row.party for row in waiting if row.party <= free] == []
    assert RegistrationChange.objects.count() >= 2048


def test_history_shows_that_places_were_given_in_the_queues_order(soon, now):
    plan = plan_of_event(PlanFactory(event=soon, room=5).event_id)
    going = [UserFactory() for _ in range(5)]
    for user in going:
        rsvp(plan, user, now)
    queue = [UserFactory() for _ in range(20)]
    for step, user in enumerate(queue):
        rsvp(plan, user, now + dt.timedelta(seconds=step))
    registrations = list(Registration.objects.filter(user__in=going))
    in_threads(lambda mine: leave(registration=mine, now=now), registrations)
    promoted = RegistrationChange.objects.filter(before="waiting", after="going").order_by("id")
    assert [change.registration.user for change in promoted] == queue[:5]


@pytest.mark.parametrize("capacity", [None, 0, 1, 3])
@pytest.mark.parametrize("is_new", [False, True])
def test_the_statements_decide_as_the_rule_does(db, now, capacity, is_new):
    plan, user = PlanFactory(room=capacity), UserFactory()
    cases = list(itertools.product([0, 1, 3, 4], [0, 2], [0, 2], [False, True]))
    decided = [decided_alike(plan, user, now, is_new, *case) for case in cases]
    assert [case for case, alike in zip(cases, decided, strict=True) if not alike] == []


def decided_alike(plan, user, now, is_new, taken, waiting, guests, needs_approval):
    """Whether statement and rule lead to the same rows and counts; whatever was written is undone."""
    with transaction.atomic():
        Seats.objects.update(taken=taken, waiting=waiting)
        admitted = admitted_by_statement(plan, user, now, is_new, guests, needs_approval)
        capacity = Seats.objects.get().capacity
        command = admission(Count(capacity, taken, waiting), 1 + guests, needs_approval=needs_approval)
        change, stored, seats = RegistrationChange.objects.get(), Registration.objects.get(), Seats.objects.get()
        transaction.set_rollback(True)
    after = TABLE[State.PENDING][command]
    party = (1 + guests) * (command is Command.ENTER)
    return (
        admitted == (stored.pk, after, capacity is None or capacity > taken)
        and (change.command, change.before, change.after) == (command, State.PENDING, after)
        and (stored.state, stored.guests, stored.version) == (after, guests, 1)
        and (seats.taken, seats.waiting) == (taken + party, waiting + (command is Command.QUEUE))
    )


def admitted_by_statement(plan, user, now, is_new, guests, needs_approval):
    """What the database says of a newcomer, or of a row that waits to be confirmed."""
    made = {"event": plan.event, "user": user, "state": State.PENDING, "guests": guests}
    facts = {"plan_id": plan.pk, "needs_approval": needs_approval, "by_id": None, "now": now}
    if not is_new:
        return admission_sql.admit(RegistrationFactory(**made, version=0), **facts)
    row = RegistrationFactory.build(**made, version=1)
    message = message_values(kind="registration_admitted", dedupe_key="it", address="bo@example.org", now=now)
    return admission_sql.admit_newcomer(row, message, **facts)


@pytest.mark.parametrize("statement", ["ADMIT", "ADMIT_NEWCOMER"])
def test_psycopg_remembers_how_it_reads_the_statements(statement):
    """Up to 50 placeholders in 4096 bytes; beyond that it takes a longer statement apart for every RSVP."""
    sql = getattr(admission_sql, statement)
    placeholders = set(re.findall(r"%\((\w+)\)s", sql))
    assert (len(placeholders) <= 50, len(sql.encode()) <= 4096) == (True, True)


def test_who_is_registered_already_changes_nothing_by_asking_again(soon, now):
    plan = plan_of_event(PlanFactory(event=soon, room=1).event_id)
    bo = UserFactory()
    rsvp(plan, bo, now)
    with pytest.raises(RuleViolation, match="no places for guests"):
        rsvp(plan, bo, now, guests=2)
    assert (rsvp(plan, bo, now), Seats.objects.get().taken, RegistrationChange.objects.count()) == (State.GOING, 1, 1)


def test_one_person_on_two_screens_with_and_without_an_answer_ends_as_one_registration(soon, now, monkeypatch):
    """The one has the row and wants the seats, the other has the seats and wants the row."""
    plan = PlanFactory(event=soon, room=10)
    diet = QuestionFactory(plan=plan)
    ready, bo, admit, row_is_there = plan_of_event(soon.pk), UserFactory(), registering.admit, Event()

    def dawdle(registration, **facts):
        row_is_there.set()
        time.sleep(0.3)
        return admit(registration, **facts)

    def ask(answers):
        if not answers:
            row_is_there.wait(10)
        return register(plan=ready, user=bo, wish=Wish("Bo", answers=answers), is_proven=True, now=now).registration

    monkeypatch.setattr(registering, "admit", dawdle)
    rows = in_threads(ask, [{diet.pk: "rice"}, {}])
    assert (rows[0], {row.state for row in rows}) == (rows[1], {State.GOING})
    counted = (Registration.objects.count(), RegistrationChange.objects.count(), Message.objects.count())
    assert (counted, Seats.objects.get().taken) == ((1, 1, 1), 1)
