"""Two hosts, two doors, the same moment: real threads with real connections on PostgreSQL."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.cache import cache
from django.db import connection

from core.errors import RuleViolation
from registrations.models import CheckIn, Registration, RegistrationChange, Seats
from registrations.selectors.door import door_list
from registrations.selectors.plans import plan_of_event
from registrations.services.door import Result, Scan, record_scan, record_scans
from registrations.services.registering import register
from registrations.services.walk_in import Arrival, walk_in
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

MINUTE = dt.timedelta(minutes=1)


def act(event, by, now, *, of=None, action="in", at=None, act_id=None, door_name="", ticket=""):
    """One act, by default of a whole ticket, at this moment."""
    code = ticket or ticket_code(of)
    scan = Scan(id=act_id or uuid.uuid4(), action=action, at=at or now, ticket=code, door=door_name)
    return record_scan(event=event, scan=scan, by=by, now=now)


def test_two_scanners_and_two_hundred_tickets_let_everybody_in_once(transactional_db, now):
    cache.clear()
    event = EventFactory(starts_at=now)
    PlanFactory(event=event, room=200)
    rows = [RegistrationFactory(event=event, name=f"Guest {n}") for n in range(200)]
    codes = [ticket_code(row) for row in rows]
    hosts = [MembershipFactory(group=event.group, role="host").user for _ in range(2)]

    gate = Barrier(2)

    def stand_at_a_door(number):
        """Both see the same tickets at the same moment."""
        results = []
        try:
            for code in codes:
                gate.wait(30)
                scans = [Scan(uuid.uuid4(), "in", now, code)]
                results += [a.result for a in record_scans(event=event, scans=scans, by=hosts[number], now=now)]
        finally:
            connection.close()
        return results

    with ThreadPoolExecutor(2) as pool:
        results = [result for each in pool.map(stand_at_a_door, range(2)) for result in each]
    assert (results.count(Result.CHECKED_IN), results.count(Result.ALREADY_IN)) == (200, 200)
    assert (CheckIn.objects.count(), door_list(event).here_count) == (200, 200)


def test_the_same_act_sent_many_times_at_once_is_recorded_once(transactional_db, now):
    event = EventFactory(starts_at=now)
    PlanFactory(event=event, room=5)
    bo, host, one = RegistrationFactory(event=event), UserFactory(), uuid.uuid4()

    def send(_):
        try:
            return act(event, host, now, of=bo, act_id=one).result
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(16))) == [Result.CHECKED_IN] * 16
    assert (CheckIn.objects.count(), RegistrationChange.objects.count()) == (1, 1)


def test_one_id_for_two_people_at_once_is_kept_for_one_of_them(transactional_db, now):
    event, other = EventFactory(starts_at=now), EventFactory(starts_at=now)
    for each in (event, other):
        PlanFactory(event=each, room=5)
    host, one = UserFactory(), uuid.uuid4()
    rows = [RegistrationFactory(event=event), RegistrationFactory(event=other)]

    def send(row):
        try:
            return act(row.event, host, now, of=row, act_id=one).result
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, rows)) == [Result.CHECKED_IN, Result.CONFLICT]
    assert sorted(Registration.objects.values_list("state", flat=True)) == [State.CHECKED_IN, State.GOING]


def test_walk_ins_at_two_doors_and_an_rsvp_never_oversell(transactional_db, now):
    event = EventFactory(starts_at=now - MINUTE)
    plan = plan_of_event(PlanFactory(event=event, room=5).event_id)
    host = MembershipFactory(group=event.group, role="host").user
    people = [UserFactory() for _ in range(12)]

    def come(number):
        try:
            if number % 3 == 0:
                wish = Wish(name="Bo")
                return register(plan=plan, user=people[number], wish=wish, is_proven=True, now=now).registration.state
            email = people[number - number % 3].email if number % 3 == 1 else ""
            return walk_in(event=event, arrival=Arrival(uuid.uuid4(), "Kim", email), by=host, now=now).result
        except RuleViolation as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        results = list(pool.map(come, range(12)))
    holding = Registration.objects.holding_seats()
    assert (Seats.objects.get().taken, holding.count()) == (5, 5), results
    assert set(results) <= {"going", "waiting", "checked_in", "full", "already_in"}
