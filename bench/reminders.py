"""How fast reminders are planned: `python -m bench reminders [EVENTS] [PEOPLE]`.

EVENTS events (1,000), each with PEOPLE people going (100) and the usual plan, all with a reminder due by tomorrow.
The feeder is called until nothing is left, as each round of delivery does. Printed are messages a second of wall time,
and seconds of processor time of this process and of the PostgreSQL process that works for it.
"""

import datetime as dt
import os
import random
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from accounts.models import User
from events.models import Event, Group, ReminderStep
from events.services.reminder_planning import plan_reminders
from events.services.reminders import DEFAULTS
from outbox.models import Message
from registrations.models import Registration

ZONES = ("Asia/Singapore", "Europe/Berlin", "America/New_York", "Asia/Kolkata")


def main(events: str = "1000", people: str = "100") -> None:
    """Fill the tables, plan, count, and plan again."""
    now = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
    call_command("migrate", verbosity=0)
    _fill(int(events), int(people), now)
    for name, at in (("first pass", now), ("a pass with nothing new", now + dt.timedelta(minutes=11))):
        _measure(name, at)
    _measure("a round with nothing to look at", now + dt.timedelta(minutes=11))


def _measure(name: str, now: dt.datetime) -> None:
    before, rounds = Message.objects.count(), 1
    wall, cpu, server = time.perf_counter(), time.process_time(), _server_seconds()
    while plan_reminders(now):
        rounds += 1
    wall, cpu, server = time.perf_counter() - wall, time.process_time() - cpu, _server_seconds() - server
    new = Message.objects.count() - before
    rate = f", {new / wall:,.0f} messages/s" if new else ""
    print(f"{name}: {new:,} messages in {wall:.2f} s ({cpu:.2f} + {server:.2f} s of processor, {rounds} rounds{rate})")


def _server_seconds() -> float:
    """Processor time of our connection's process, where there is a /proc to read it from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _fill(events: int, people: int, now: dt.datetime) -> None:
    """Everybody goes to a share of the events; rows alone, seats are not counted here."""
    users = [User(email=f"person{n}@example.org", name=f"Person {n}") for n in range(max(people * 10, 1000))]
    users = User.objects.bulk_create(users, batch_size=2000)
    group = Group.objects.create(name="Bench", slug="bench", time_zone=ZONES[0])
    made = Event.objects.bulk_create(_event(group, n, now) for n in range(events))
    ReminderStep.objects.bulk_create(ReminderStep(event=event, **step) for event in made for step in DEFAULTS)
    since = now - dt.timedelta(days=20)
    times = {"state": "going", "joined_at": since, "created_at": since, "changed_at": since}
    for event in made:
        going = random.sample(users, people)
        Registration.objects.bulk_create(
            Registration(event=event, user=user, name=user.name, **times) for user in going
        )


def _event(group: Group, number: int, now: dt.datetime) -> Event:
    """In a week: one reminder of its plan is due by tomorrow."""
    starts_at = now + dt.timedelta(days=7, hours=6, minutes=number % 60)
    return Event(
        group=group,
        title=f"Event {number}",
        slug=f"event-{number}",
        status=Event.Status.PUBLISHED,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        time_zone=ZONES[number % len(ZONES)],
        revised_at=now,
    )
