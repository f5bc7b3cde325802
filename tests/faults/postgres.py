"""A PostgreSQL of one test's own, with a copy of the test's rows, that loses nothing it has confirmed and may crash."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.db import connection

from dev import wheels
from dev.servers import start_postgres
from tests.faults.site import url_of_test_database


class Postgres:
    """Reachable at one `url`, however often it is started again: a link leads to the socket of the day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.link = folder / "socket"
        self.url = f"postgresql://postgres@/lectern?host={self.link}"
        self.start()
        self._copy_rows()

    def start(self) -> None:
        self.server = start_postgres(self.folder / "postgres")
        (socket,) = parse_qs(urlsplit(self.server.url).query)["host"]
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(socket)

    def crash_and_start(self, *, away_seconds: float) -> None:
        """What `pg_ctl restart -m immediate` does: no farewell, and at the start recovery from the log."""
        os.kill(self._postmaster(), signal.SIGQUIT)
        self.server.process.keeper.wait()
        time.sleep(away_seconds)
        self.start()

    def stop(self) -> None:
        self.server.process.stop()

    def _postmaster(self) -> int:
        return int(next(self.folder.glob("postgres/**/postmaster.pid")).read_text().split()[0])

    def _copy_rows(self) -> None:
        """Tables and rows of the test's database, which itself is made once for many tests and may not crash."""
        programs, maintenance = wheels.postgres_programs(), self.url.replace("/lectern?", "/postgres?")
        subprocess.run([programs / "psql", "-qc", "CREATE DATABASE lectern", maintenance], check=True)
        dump = subprocess.run([programs / "pg_dump", url_of_test_database()], check=True, capture_output=True)
        quiet = ["-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null"]
        subprocess.run([programs / "psql", *quiet, self.url], input=dump.stdout, check=True, capture_output=True)


@contextmanager
def rows_of(postgres: Postgres) -> Iterator[None]:
    """Django's own connection leads there while the block runs."""
    before = connection.settings_dict.copy()
    connection.close()
    connection.settings_dict |= {"NAME": "lectern", "HOST": str(postgres.link), "PORT": "", "USER": "postgres"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
