"""PostgreSQL that crashes twice while mails leave and people come: nothing confirmed is lost, nothing is half done."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from outbox.models import Message, State
from registrations.models import Registration
from tests.faults import letters
from tests.faults.figures import Say
from tests.faults.postgres import Postgres, rows_of
from tests.faults.sink import Sink
from tests.faults.site import FULL, Site, Valkey, wait_for
from tests.faults.visitors import Evening, Visit, Visitors

CRASHES = 10 if FULL else 2
MAILS = 250  # before each
RSVPS = 5  # during each
AWAY_SECONDS = 1.0


@contextmanager
def running(postgres: Postgres, site: Site) -> Iterator[None]:
    """Both end with the block, and what they said is shown when the test fails."""
    try:
        yield
    finally:
        site.stop()
        postgres.stop()
        print(site.said())  # noqa: T201 - captured, and shown with a failure


@pytest.fixture
def folder() -> Iterator[Path]:
    """Below /tmp: a socket's path is short, and the server's account may come through."""
    folder = Path(tempfile.mkdtemp(prefix="lectern-faults-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    if (elsewhere := folder / "postgres").is_symlink():
        shutil.rmtree(elsewhere.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


class Rush(threading.Thread):
    """Visitors who come again and again until they are told that it is enough."""

    def __init__(self, visitors: Visitors, visits: list[Visit]) -> None:
        super().__init__(daemon=True)
        self.visitors, self.visits = visitors, visits
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            self.visitors.come(self.visits)
            self.enough.wait(0.5)
        self.visitors.come(self.visits)


def crash_while_people_come(postgres: Postgres, rush: Rush) -> None:
    rush.start()
    wait_for(lambda: rush.visitors.answers)
    postgres.crash_and_start(away_seconds=AWAY_SECONDS)
    connection.close()
    rush.enough.set()
    rush.join()


def test_a_database_that_crashes_twice_loses_no_mail_and_leaves_no_rsvp_half_done(
    transactional_db: None, tmp_path: Path, folder: Path, valkey: Valkey, sink: Sink, say: Say
) -> None:
    evening, sink.pause = Evening(), 0.01
    rounds = [[*evening.reading, *(evening.rsvp() for _ in range(RSVPS))] for _ in range(CRASHES)]
    postgres = Postgres(folder)
    site = Site(tmp_path, database=postgres.url, redis=valkey.url, mail_port=sink.port)
    visitors = Visitors(site.port)
    with running(postgres, site), rows_of(postgres):
        site.start_worker()
        site.start_beat()
        site.start_web()
        wait_for(site.is_ready)
        for number, visits in enumerate(rounds):
            letters.write(range(number * MAILS, (number + 1) * MAILS))
            before = len(sink.mails)
            wait_for(lambda before=before: len(sink.mails) > before)
            crash_while_people_come(postgres, Rush(visitors, visits))
            wait_for(letters.all_ended)

        copies, going = sink.copies(), Registration.objects.filter(state="going")
        twice, explained = letters.duplicates(copies), letters.explained()
        told = Message.objects.filter(kind="registration_admitted").values_list("recipient", flat=True)
        say(
            f"PostgreSQL crashed {CRASHES} times: {Message.objects.count()} mails, lost {len(letters.lost(copies))},"
            f" duplicates {sum(twice.values())}; {len(visitors.answers)} requests,"
            f" {dict(sorted(visitors.statuses().items()))}; {going.count()} RSVPs, half done"
            f" {len(set(told) ^ set(going.values_list('user', flat=True)))}"
        )
        assert letters.states() == {State.SENT: Message.objects.count()}
        assert letters.lost(copies) == set()
        assert {message_id: count for message_id, count in twice.items() if count > explained[message_id]} == {}
        assert sorted(told) == sorted(going.values_list("user", flat=True))
        assert going.count() == RSVPS * CRASHES == len({one.visit.session for one in visitors.rsvps(303)})
        assert {status for status in visitors.statuses() if not 200 <= status < 400} <= {503}
        assert {name: kept.status for name, kept in site.running.items()} == {"worker": None, "beat": None, "web": None}
