"""An event with ten thousand people: planning takes seconds, and whoever RSVPs meanwhile does not stand behind them."""

import time
from datetime import timedelta
from pathlib import Path

from outbox.models import Message, State
from tests.faults import letters
from tests.faults.audiences import event_in, fill, remind, take_a_seat
from tests.faults.figures import Say
from tests.faults.sink import Sink
from tests.faults.site import FULL, Site, wait_for

PEOPLE = 10_000
MEGABYTE = 1024  # /proc counts in kilobytes
MOST_MEGABYTES = 300


def most_memory(site: Site) -> int:
    """The largest a process of the worker has been, in megabytes."""
    return max(peak_of(process) for process in site.processes("worker")) // MEGABYTE


def peak_of(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def test_ten_thousand_reminders_are_planned_in_seconds_and_let_a_confirmation_pass(
    site: Site, sink: Sink, say: Say
) -> None:
    event = event_in(timedelta(days=1) - timedelta(minutes=1))
    fill(event, range(PEOPLE))
    reminders = Message.objects.filter(kind="reminder")
    site.start_worker()
    site.start_beat()
    wait_for(site.is_ready)

    started = time.monotonic()
    remind(event, days=1)
    wait_for(lambda: reminders.count() == PEOPLE, every=0.1)
    planned = time.monotonic() - started
    wait_for(lambda: reminders.filter(state=State.SENT).count() >= 100)
    asked = time.monotonic()
    address = take_a_seat(event, "Bo")
    wait_for(lambda: address in {mail.recipient for mail in sink.mails})
    confirmed = min(mail.at for mail in sink.mails if mail.recipient == address) - asked
    waiting = reminders.filter(state=State.PENDING).count()
    if FULL:
        wait_for(letters.all_ended, seconds=1200, every=1)

    say(
        f"crowd: {PEOPLE} reminders planned in {planned:.1f} s; a confirmation with {waiting} of them waiting arrived"
        f" after {confirmed:.1f} s; the largest process of the worker took {most_memory(site)} MB"
    )
    assert planned < 60
    assert waiting > PEOPLE / 2
    assert confirmed < (10 if FULL else 20)
    assert most_memory(site) < MOST_MEGABYTES
    assert max(sink.copies().values()) == 1
