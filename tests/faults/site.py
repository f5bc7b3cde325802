"""The processes of a whole site, as an operator starts them, which may be killed, stopped and frozen."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.db import connection

from dev import wheels
from dev.processes import Kept, start
from dev.servers import free_port, redis_answers, server_environment

ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 6  # so a conversation about one mail lasts at most two
FULL = os.environ.get("LECTERN_FAULTS") == "full"
WAIT_SECONDS = 900.0 if FULL else 120.0
WORKER = "worker --concurrency 2 --without-gossip --without-mingle --without-heartbeat --loglevel INFO".split()
BEAT = "beat --scheduler celery.beat:Scheduler --loglevel INFO".split()
WEB = "--interface wsgi --workers 2 --blocking-threads 1 --workers-kill-timeout 5 --host 127.0.0.1 --no-ws".split()


def wait_for(happened: Callable[[], object], *, seconds: float = WAIT_SECONDS, every: float = 0.02) -> None:
    """Return once it happened; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {happened}"
        time.sleep(every)


def url_of_test_database() -> str:
    """The database this test's rows are in, for other processes."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


class Valkey:
    """A Redis-protocol server at one address, however often it is started again; it remembers nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://:faults@127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        settings = ["--bind", "127.0.0.1", "--port", self.port, "--requirepass", "faults", "--save", ""]
        self.process = start(
            "redis",
            [wheels.redis_program(), *settings, "--dir", self.folder, "--loglevel", "warning"],
            env=server_environment(self.folder),
            cwd=self.folder,
            output=subprocess.DEVNULL,
        )
        wait_for(lambda: redis_answers(self.port, "faults"))

    def stop(self) -> None:
        """Nobody listens any more, and what it knew is gone."""
        self.thaw()
        self.process.stop()

    def freeze(self) -> None:
        """It takes connections, as far as the kernel does that for it, and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def empty(self) -> None:
        """FLUSHALL."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _signal(self, number: signal.Signals) -> None:
        for command in children_of(self.process.keeper.pid):
            os.kill(command, number)


class Site:
    """Processes by name, all on the same database, Redis and mail server; `stop()` ends them all."""

    def __init__(self, folder: Path, *, database: str, redis: str, mail_port: int, **environment: str) -> None:
        self.folder = folder
        self.running: dict[str, Kept] = {}
        self.port = free_port()
        given = {"DATABASE_URL": database, "REDIS_URL": redis, "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
        settings = {"DEBUG": "", "DEMO": "1", "OUTBOX_LEASE_SECONDS": str(LEASE_SECONDS), "C_FORCE_ROOT": "1"}
        quiet = {"PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
        self.environment = os.environ | given | settings | quiet | environment

    def start(self, name: str, *command: str | int) -> None:
        """Start a Python program of ours; what it says is kept beside the test's other files."""
        with self.log(name).open("ab") as output:
            self.running[name] = start(
                name, [sys.executable, *command], env=self.environment, cwd=ROOT, output=output, grace=5.0
            )

    def start_worker(self, name: str = "worker", *, ahead: float = 0.0) -> None:
        """`celery -A config worker`, two children; with `ahead`, in a process whose clock is wrong."""
        celery = ["-m", "tests.faults.launch", str(ahead), "0"] if ahead else ["-m", "celery", "-A", "config"]
        self.start(name, *celery, *WORKER, "--hostname", f"{name}@faults")

    def start_beat(self, name: str = "beat", *, tick: float = 1.0, ahead: float = 0.0) -> None:
        """`celery -A config beat` that ticks every second unless told otherwise."""
        self.start(name, "-m", "tests.faults.launch", str(ahead), str(tick), *BEAT)

    def start_web(self, name: str = "web") -> None:
        """The site as `make run` serves it."""
        self.start(name, "-m", "granian", *WEB, "--port", self.port, "config.wsgi:application")
        wait_for(self._listens)

    def is_ready(self, name: str = "worker") -> bool:
        """Whether a Celery process has said that it is."""
        return b" ready." in self.log(name).read_bytes()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def children(self, name: str) -> list[int]:
        """The processes a worker has forked."""
        return [child for command in children_of(self.running[name].keeper.pid) for child in children_of(command)]

    def processes(self, name: str) -> list[int]:
        """The command, and what it has forked."""
        return children_of(self.running[name].keeper.pid) + self.children(name)

    def kill(self, name: str) -> None:
        """SIGKILL for a process and all it has forked, at once."""
        kept = self.running.pop(name)
        for command in children_of(kept.keeper.pid):
            with suppress(ProcessLookupError):
                os.killpg(command, signal.SIGKILL)
        kept.stop()

    def stop(self) -> None:
        """End everything, and without asking: nothing that runs here may need to be asked."""
        for name in list(self.running):
            self.kill(name)

    def said(self) -> str:
        """What all processes wrote, for whoever reads a failure."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-6000:]}" for log in logs)

    def _listens(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False


def children_of(process: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def kill_one(process: int) -> bool:
    """SIGKILL for one process; whether it was there."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
        return True
    return False
