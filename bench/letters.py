"""Reminders a second from due row to accepted: `python -m bench letters [PEOPLE]`.

One event with a programme and PEOPLE people going (1,000), all reminded now: a real letter each, written when it is
sent. One process does what `manage.py run_outbox --once` does, against postfix's smtp-sink: over one connection, then
over OUTBOX_LANES. Printed are mails a second of wall time (the median of three rounds) and milliseconds of processor
time of this process for each mail.
"""

import datetime as dt
import logging
import statistics
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import MailPreferences, User
from bench.mail_sink import mail_sink
from events.models import Event, Group, ReminderStep, Session, SessionSpeaker, Venue
from events.services.reminder_planning import plan_reminders
from outbox.models import Message, State
from registrations.models import Registration
from speakers.models import Speaker

ROUNDS = 3
TALKS = 5


def main(people: str = "1000") -> None:
    """Both ways."""
    logging.disable(logging.INFO)  # a line for each mail is written elsewhere, and read by nobody here
    call_command("migrate", verbosity=0)
    settings.EMAIL_HOST, settings.MAIL_PER_DOMAIN_A_MINUTE = "127.0.0.1", 0
    _fill(int(people), timezone.now())
    with mail_sink() as settings.EMAIL_PORT:
        for lanes in (1, settings.OUTBOX_LANES):
            settings.OUTBOX_LANES = lanes
            rounds = [_round(int(people)) for _ in range(ROUNDS)]
            rate, processor = (statistics.median(figures) for figures in zip(*rounds, strict=True))
            seen = ", ".join(f"{rate:.0f}" for rate, _processor in rounds)
            print(f"{lanes} connections: {rate:.0f} mails/s, {processor:.1f} ms of processor a mail (rounds: {seen})")


def _round(people: int) -> tuple[float, float]:
    """Mails a second and milliseconds a mail; every reminder must be sent at the end."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE outbox_message, events_reminderrun CASCADE")
    while plan_reminders(timezone.now()):
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE outbox_message")
    wall, processor = time.perf_counter(), time.process_time()
    call_command("run_outbox", "--once")
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    sent = Message.objects.filter(kind="reminder", state=State.SENT).count()
    if sent != people:
        sys.exit(f"{sent} of {people} were sent")
    return people / wall, processor / people * 1000


def _fill(people: int, now: dt.datetime) -> None:
    """An evening of tomorrow, whose reminder of the day before is due; rows alone, seats are not counted here."""
    event = _event(now)
    since = now - dt.timedelta(days=20)
    times = {"state": "going", "joined_at": since, "created_at": since, "changed_at": since}
    names = [(f"person{n}@{n % 100}.example.org", f"Person {n}") for n in range(people)]
    users = User.objects.bulk_create(User(email=email, name=name) for email, name in names)
    feed = MailPreferences.Calendar.FEED  # no invitations beside the reminders
    MailPreferences.objects.bulk_create(MailPreferences(user=user, calendar=feed, changed_at=since) for user in users)
    Registration.objects.bulk_create(Registration(event=event, user=user, name=user.name, **times) for user in users)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _event(now: dt.datetime) -> Event:
    starts_at = now + dt.timedelta(days=1, minutes=-1)
    group = Group.objects.create(name="TensorFlow and Deep Learning Singapore", slug="tfdl", time_zone="Asia/Singapore")
    event = Event.objects.create(
        group=group,
        title="NeurIPS and the Cutting Edge",
        slug="tfdl-22",
        status=Event.Status.PUBLISHED,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=3),
        time_zone="Asia/Singapore",
        venue=Venue.objects.create(name="Google Singapore", street="70 Pasir Panjang Road"),
        revised_at=now,
    )
    ReminderStep.objects.create(event=event, days=1, note="Bring photo ID.")
    for n in range(TALKS):
        session = Session.objects.create(
            event=event,
            title=f"Talk {n}",
            starts_at=starts_at + dt.timedelta(minutes=30 * n),
            minutes=30,
            revised_at=now,
        )
        speaker = Speaker.objects.create(name=f"Speaker {n}", slug=f"speaker-{n}")
        SessionSpeaker.objects.create(session=session, speaker=speaker)
    return event
