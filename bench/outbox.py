"""Mails a second from due row to accepted, beside Django's own way: `python -m bench outbox [MAILS]`.

Rate: two processes, each with the loop of the worker, against postfix's smtp-sink (Debian: postfix): text, HTML and a
5 KB invitation, written when sent, a fence committed before each. Beside it, without a database, Django's send() with a
connection per mail: one process with a mail of 7 KB, which has the invitation once; and two processes with the mail of
17 KB that Lectern sends, which has it for mail programs and once more as a file. Each round takes all of them in turn;
what counts is the median of the rounds' ratios.

Patience: how long a confirmation takes while 10,000 reminders go out, to a quick server and to one that needs a second
for each mail.

Memory: the peak of one worker with 1,000 and with 100,000 due rows.
"""

import datetime as dt
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from email import encoders
from email.mime.base import MIMEBase
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.db import connection

from bench.mail_sink import mail_sink, smtp_sink
from outbox.delivery import deliver
from outbox.models import Message, Priority, State
from outbox.services import MessageFields, enqueue_message, enqueue_messages
from outbox.writers import CalendarPart, Letter, register_writer

WORKERS = 2
ROUNDS = 5
KIND = "bench_invite"
TEXT = "Hello Person {n},\n\nthe meetup is tomorrow. You have a seat.\n" * 8
HTML = '<p style="margin: 0">Hello Person {n}, the meetup is tomorrow. You have a seat.</p>\n' * 16
FILLER = "\r\n ".join(["lorem ipsum dolor sit amet consectetur"] * 118)
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:x@example.org\r\n"
    "DTSTAMP:20270101T000000Z\r\nDTSTART:20270306T180000Z\r\n"
    "ATTENDEE;CN=Person {n}:mailto:{address}\r\nSUMMARY:Meetup\r\n"
    f"DESCRIPTION:{FILLER}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
Work = Callable[[int], None]  # the number of the process


def utc_now() -> dt.datetime:
    """The clock of all of it."""
    return dt.datetime.now(dt.UTC)


def write(message: Message, now: dt.datetime) -> Letter:
    """The words and the invitation of one person."""
    n, address = message.payload["n"], message.address
    calendar = CalendarPart("REQUEST", CALENDAR.format(n=n, address=address).encode())
    return Letter(f"Reminder {n}", TEXT.format(n=n), HTML.format(n=n), calendar)


def fields(n: int, *, priority: Priority = Priority.BULK, letter: Letter | None = None) -> MessageFields:
    """Somebody at one of a hundred mail domains."""
    return {
        "kind": "bench_note" if letter else KIND,
        "letter": letter,
        "dedupe_key": f"bench:{priority}:{n}",
        "address": f"person-{n}@{n % 100}.example.org",
        "payload": {"n": n},
        "priority": priority,
        "now": utc_now(),
    }


def fill(mails: int, letter: Letter | None = None) -> None:
    """So many due rows in an outbox that was empty, as fresh as autovacuum would have it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE outbox_message, outbox_domainpace CASCADE")
    enqueue_messages(fields(n, letter=letter) for n in range(mails))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE outbox_message")


def simple_mail(n: int) -> EmailMultiAlternatives:
    """What a Django project sends: text, HTML and the invitation."""
    address = f"person-{n}@{n % 100}.example.org"
    mail = EmailMultiAlternatives(f"Reminder {n}", TEXT.format(n=n), settings.DEFAULT_FROM_EMAIL, [address])
    mail.attach_alternative(HTML.format(n=n), "text/html")
    mail.attach("invite.ics", CALENDAR.format(n=n, address=address), "text/calendar; method=REQUEST")
    return mail


class SameMail(EmailMultiAlternatives):
    """The same parts as Lectern's: text, HTML, the invitation for mail programs and once more as a file."""

    def __init__(self, n: int) -> None:
        address = f"person-{n}@{n % 100}.example.org"
        super().__init__(f"Reminder {n}", TEXT.format(n=n), settings.DEFAULT_FROM_EMAIL, [address])
        self.ics = CALENDAR.format(n=n, address=address).encode()
        self.attach_alternative(HTML.format(n=n), "text/html")
        self.attach_alternative("placeholder", "text/calendar")
        self.attach("invite.ics", self.ics, "application/ics")

    def _create_mime_attachment(self, content: Any, mimetype: str) -> Any:
        if mimetype != "text/calendar":
            return super()._create_mime_attachment(content, mimetype)
        part = MIMEBase("text", "calendar", charset="UTF-8", method="REQUEST", component="VEVENT")
        part.set_payload(self.ics)
        encoders.encode_base64(part)
        return part


def side_by_side(work: Work, *, workers: int = WORKERS, while_they_work: Callable[[], None] = lambda: None) -> float:
    """Seconds that so many processes, which begin together, need for their work."""
    connection.close()
    processes = multiprocessing.get_context("fork")
    gate = processes.Barrier(workers + 1)

    def begin(number: int) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # the log is written, and read by nobody
        connection.ensure_connection()
        gate.wait()
        work(number)

    started = [processes.Process(target=begin, args=(number,), daemon=True) for number in range(workers)]
    for process in started:
        process.start()
    gate.wait()
    began = time.perf_counter()
    while_they_work()
    for process in started:
        process.join()
    return time.perf_counter() - began


def lectern(mails: int) -> float:
    """Mails a second of the worker's loop; every row must be sent at the end."""
    fill(mails)
    seconds = side_by_side(lambda _number: deliver_until(lambda: True))
    sent = Message.objects.filter(state=State.SENT).count()
    if sent != mails:
        sys.exit(f"{sent} of {mails} were sent")
    return mails / seconds


def deliver_until(keep_going: Callable[[], bool]) -> None:
    """What a worker does with a ring."""
    deliver(clock=utc_now, keep_going=keep_going)


def django_alone(mails: int) -> float:
    """Mails a second of one process that calls send(), a connection per mail."""

    def work(_number: int) -> None:
        for n in range(mails):
            simple_mail(n).send()

    return mails / side_by_side(work, workers=1)


def django_twice(mails: int) -> float:
    """Mails a second of as many processes as there are workers, each with every other mail."""

    def work(number: int) -> None:
        for n in range(number, mails, WORKERS):
            SameMail(n).send()

    return mails / side_by_side(work)


def compare(mails: int) -> None:
    """All ways in each round, forwards and backwards in turn, and how many times the others Lectern is."""
    ways: dict[str, Callable[[int], float]] = {
        "lectern": lectern,
        "send() in one process": django_alone,
        "send() in two": django_twice,
    }
    orders = [sorted(ways, reverse=bool(turn % 2)) for turn in range(ROUNDS)]
    rounds = [{way: ways[way](mails) for way in order} for order in orders]
    for way in ways:
        rates = [rates[way] for rates in rounds]
        ratio = statistics.median(rates["lectern"] / rates[way] for rates in rounds)
        found = ", ".join(f"{rate:.0f}" for rate in rates)
        print(f"{way:21} {statistics.median(rates):6.0f} mails/s   lectern is x{ratio:.2f}   (rounds: {found})")


def wait_for_confirmations(*, seconds: float) -> None:
    """One every half second while reminders go out; how long each took from its row to the server's yes."""
    fill(10_000)
    stop = time.monotonic() + seconds
    numbers = iter(range(1_000_000))

    def ask() -> None:
        while time.monotonic() < stop:
            enqueue_message(**fields(next(numbers), priority=Priority.NORMAL))
            time.sleep(0.5)

    def work(_number: int) -> None:
        while time.monotonic() < stop + 5:  # a ring begins another round when the reminders are out before
            deliver_until(lambda: time.monotonic() < stop + 5)
            time.sleep(0.1)

    side_by_side(work, while_they_work=ask)
    sent = Message.objects.filter(priority=Priority.NORMAL, state=State.SENT)
    waits = sorted((message.finished_at - message.created_at).total_seconds() for message in sent)
    left = Message.objects.filter(priority=Priority.BULK, state=State.PENDING).count()
    print(f"  {len(waits)} confirmations while {10_000 - left} reminders went out: ", end="")
    print(f"median {statistics.median(waits):.2f} s, longest {waits[-1]:.2f} s")
    if waits[-1] > 10 or Message.objects.filter(priority=Priority.NORMAL).exclude(state=State.SENT).exists():
        sys.exit("a confirmation waited for more than 10 seconds")


def peak_memory(rows: int, *, seconds: float) -> float:
    """The most memory, in MB, that `manage.py run_outbox` took with so many due rows, whose words are in them."""
    fill(rows, Letter("Reminder", TEXT, HTML))
    connection.close()
    command = [sys.executable, "manage.py", "run_outbox"]
    with subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        time.sleep(seconds)
        lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
        worker.terminate()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def main(mails: str = "4000") -> None:
    """All three."""
    print(f"against {'smtp-sink' if smtp_sink() else 'aiosmtpd, which is slow: install smtp-sink (Debian: postfix)'}")
    call_command("migrate", verbosity=0)
    register_writer(KIND, write)
    settings.EMAIL_HOST = "127.0.0.1"
    with mail_sink() as settings.EMAIL_PORT:
        compare(int(mails))
        print("a quick server:", flush=True)
        wait_for_confirmations(seconds=15)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{settings.EMAIL_PORT}"
        few, many = (peak_memory(rows, seconds=20) for rows in (1_000, 100_000))
        print(f"peak of a worker: {few:.0f} MB with 1,000 due rows, {many:.0f} MB with 100,000, x{many / few:.2f}")
    if smtp_sink():
        with mail_sink(delay=1) as settings.EMAIL_PORT:
            print("a server that needs a second for each mail:")
            wait_for_confirmations(seconds=20)
