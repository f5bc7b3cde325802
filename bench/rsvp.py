"""RSVPs a second, beside the plain ways to write one: `python -m bench rsvp [SECONDS [CONNECTIONS …]]`.

Three ways, each in as many processes as there are connections, in one run on one durable PostgreSQL:

lectern  registrations.services.register: rules, history row, message, counters, rings (Redis is there)
orm      select_for_update, create, save on two bare tables: no history, no message
psycopg  the same two bare tables in four round trips by hand

A cell's ways follow one another and take turns in three rounds, the median counts. Afterwards the seats are counted.
"""

import datetime as dt
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count

from accounts.models import User
from bench.bare_tables import BareEvent, BareRsvp
from events.models import Event, Group
from registrations.models import Registration, RegistrationPlan, Seats
from registrations.selectors.plans import plans_in_full
from registrations.services.registering import register
from registrations.services.wishes import Wish

ROUNDS = 3
EVENTS = 100
PEOPLE = 30_000
PLENTY, FEW = 1_000_000, 500  # seats
ZONE = "Asia/Singapore"
BARE_TABLES = """
CREATE TABLE bench_event (id bigint PRIMARY KEY, capacity int NOT NULL, taken int NOT NULL);
CREATE TABLE bench_rsvp (id bigserial PRIMARY KEY, event_id bigint NOT NULL REFERENCES bench_event,
    person bigint NOT NULL, state text NOT NULL, created timestamptz NOT NULL, UNIQUE (event_id, person));
INSERT INTO bench_event SELECT n, {capacity}, 0 FROM generate_series(1, {events}) n;
"""
EMPTY = """
TRUNCATE bench_rsvp, registrations_registration, outbox_message CASCADE;
UPDATE bench_event SET taken = 0; UPDATE registrations_seats SET taken = 0, waiting = 0, capacity = {capacity};
"""
Act = Callable[[int, int], None]  # the number of an event, from 0, and of a person


class Cell(NamedTuple):
    """What was measured: RSVPs a second, and milliseconds from the first byte to the commit."""

    rate: float
    p50: float
    p99: float


def lectern() -> Act:
    """One call of the service, for somebody who is signed in."""
    plans: list[RegistrationPlan] = list(plans_in_full().order_by("pk"))
    people = list(User.objects.order_by("pk").only("email", "name", "language"))  # signed in, so they are at hand

    def act(event: int, person: int) -> None:
        user, now = people[person], dt.datetime.now(dt.UTC)
        register(plan=plans[event], user=user, wish=Wish("Bo"), is_proven=True, now=now, by=user)

    return act


def orm() -> Act:
    """As the tutorials do it."""

    def act(event: int, person: int) -> None:
        with transaction.atomic():
            row = BareEvent.objects.select_for_update().get(pk=event + 1)
            state = "going" if row.taken < row.capacity else "waiting"
            BareRsvp.objects.create(event=row, person=person, state=state, created=dt.datetime.now(dt.UTC))
            row.taken += 1
            row.save(update_fields=["taken"])

    return act


def by_hand() -> Act:
    """Four statements, each a round trip, and the commit."""
    line = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor})

    def act(event: int, person: int) -> None:
        with line.transaction():
            row = line.execute(
                "SELECT capacity, taken FROM bench_event WHERE id = %s FOR UPDATE", [event + 1]
            ).fetchone()
            state = "going" if row and row[1] < row[0] else "waiting"
            values = [event + 1, person, state]
            line.execute("INSERT INTO bench_rsvp (event_id, person, state, created) VALUES (%s, %s, %s, now())", values)
            line.execute("UPDATE bench_event SET taken = taken + 1 WHERE id = %s", [event + 1])

    return act


WAYS: dict[str, Callable[[], Act]] = {"lectern": lectern, "orm": orm, "psycopg": by_hand}


def work(way: str, events: int, number: int, of: int, seconds: float, gate: Any, results: Any) -> None:
    """One connection: RSVP for random events, each person once an event, until the time is up."""
    act, dice, waits = WAYS[way](), random.Random(number), []
    act(dice.randrange(events), PEOPLE - 1 - number)  # somebody nobody counts, who finds the connection closed
    gate.wait()
    person, stop = number, time.perf_counter() + seconds
    while time.perf_counter() < stop:
        began = time.perf_counter()
        act(dice.randrange(events), person)
        waits.append(time.perf_counter() - began)
        person += of
    results.put(waits)


def measure(way: str, *, events: int, connections: int, seconds: float, capacity: int = PLENTY) -> Cell:
    """One way in so many processes."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(capacity=capacity))
    connection.close()
    processes = multiprocessing.get_context("fork")
    gate, results = processes.Barrier(connections), processes.Queue()
    numbers = range(connections)
    arguments = [(way, events, number, connections, seconds, gate, results) for number in numbers]
    workers = [processes.Process(target=work, args=each, daemon=True) for each in arguments]
    for worker in workers:
        worker.start()
    waits = sorted(wait for _ in workers for wait in results.get(timeout=seconds + 60))
    for worker in workers:
        worker.join()
    return Cell(len(waits) / seconds, 1000 * waits[len(waits) // 2], 1000 * waits[int(len(waits) * 0.99)])


def median(cells: list[Cell]) -> Cell:
    """Figure by figure."""
    return Cell(*(statistics.median(figures) for figures in zip(*cells, strict=True)))


def compare(*, events: int, connections: int, seconds: float) -> None:
    """One line a way, with its ratios to the plain ORM."""
    rounds: dict[str, list[Cell]] = {way: [] for way in WAYS}
    for turn in range(ROUNDS):
        for way in sorted(WAYS, key=lambda way: (list(WAYS).index(way) + turn) % len(WAYS)):
            rounds[way].append(measure(way, events=events, connections=connections, seconds=seconds))
    cells = {way: median(found) for way, found in rounds.items()}
    for way, cell in cells.items():
        rate, p99 = cell.rate / cells["orm"].rate, cell.p99 / cells["orm"].p99
        figures = f"{cell.rate:7.0f}/s  p50 {cell.p50:7.2f} ms  p99 {cell.p99:7.2f} ms"
        print(f"{events:4} events  {connections:3} connections  {way:8} {figures}   x{rate:.2f} rate, x{p99:.2f} p99")


def prepare() -> None:
    """Tables, events with plans, and people."""
    call_command("migrate", verbosity=0)
    group = Group.objects.create(name="Bench", slug="bench", time_zone=ZONE)
    start = dt.datetime.now(dt.UTC) + dt.timedelta(days=30)
    times = {"starts_at": start, "ends_at": start + dt.timedelta(hours=2), "time_zone": ZONE}
    numbers = range(EVENTS)
    rows = [
        Event(group=group, title=f"{n}", slug=f"bench-{n}", status=Event.Status.PUBLISHED, **times) for n in numbers
    ]
    plans = [RegistrationPlan(event=event) for event in Event.objects.bulk_create(rows)]
    seats = [Seats(plan=plan, place="room") for plan in RegistrationPlan.objects.bulk_create(plans)]
    Seats.objects.bulk_create(seats)
    people = [User(email=f"person-{number}@example.org", name="Bo", password="!") for number in range(PEOPLE)]
    User.objects.bulk_create(people, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute(BARE_TABLES.format(capacity=PLENTY, events=EVENTS))


def count_seats(*, connections: int, seconds: float) -> None:
    """A small hall under the same rush: never a seat too many, and the counters tell the truth."""
    measure("lectern", events=1, connections=connections, seconds=seconds, capacity=FEW)
    states = dict(Registration.objects.values_list("state").annotate(Count("id")))
    taken, waiting = Seats.objects.order_by("pk").values_list("taken", "waiting")[0]
    print(f"hall of {FEW}: {states}, counted {taken} taken and {waiting} waiting")
    if states.get("going") != FEW or (taken, waiting) != (FEW, states.get("waiting", 0)):
        sys.exit("the seats do not add up")


def main(seconds: str = "3", *connections: str) -> None:
    """Compare, then count."""
    prepare()
    for events in (1, EVENTS):
        for number in connections or ("1", "2", "4", "8", "16", "32"):
            compare(events=events, connections=int(number), seconds=float(seconds))
    count_seats(connections=8, seconds=float(seconds))
