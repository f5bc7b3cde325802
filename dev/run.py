"""`make run`: servers, database, demo, then web, stream, worker and beat in one terminal, until Ctrl-C."""

import os
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from dev import checks, locks, servers
from dev.output import Log, Terminal
from dev.processes import CannotStart, Kept, start

ROOT = Path(__file__).resolve().parent.parent
FIRST_ANSWER_SECONDS = 60
LAST_RUN_SECONDS = 20.0  # how long an earlier run's servers may take to end after a SIGKILL of it


class Runner:
    """One run: what it has started, in the order in which that is ended again."""

    def __init__(self, environment: Mapping[str, str], terminal: Terminal) -> None:
        self.environment = dict(environment)
        self.terminal = terminal
        self.var = Path(environment.get("VAR_DIR") or ROOT / "var").absolute()
        self.servers: list[Kept] = []
        self.processes: list[Kept] = []
        self.logs: dict[str, Log] = {}

    def run(self) -> int:
        """Start everything and watch it; returns the exit status."""
        port = checks.port_from(self.environment.get("PORT") or "8000")
        self.check_machine(port)
        self.terminal.say("Starting PostgreSQL and Redis, then preparing the database and the demo ...")
        self.start_servers()
        self.complete_environment(port)
        self.start_mail_catcher()
        self.prepare()
        self.start_processes(port)
        self.wait_for_first_answer(port)
        self.terminal.say(self.greeting(port))
        return self.watch()

    def check_machine(self, port: int) -> None:
        """Refuse at once what would fail later, with a sentence each."""
        checks.make_folder(self.var)
        self.lock("run.lock", f"Lectern already runs from this folder ({self.var}): end that run first.")
        checks.check_port_is_free(port, "the site", suggestion=port + 10)
        checks.check_port_is_free(port + 1, "the live stream", suggestion=port + 10)
        if url := self.environment.get("DATABASE_URL"):
            checks.check_postgres(url)
        if url := self.environment.get("REDIS_URL"):
            checks.check_redis(url)

    def lock(self, name: str, refusal: str, wait_seconds: float = 0.0) -> int:
        """Hold a lock until our process is gone."""
        descriptor = locks.hold(self.var / name, wait_seconds=wait_seconds)
        if descriptor is None:
            raise CannotStart(refusal)
        return descriptor

    def start_servers(self) -> None:
        """Start PostgreSQL and Redis on the data in var/, unless the environment names others."""
        survivors = f"PostgreSQL or Redis of an earlier run still work on {self.var}: end them, then start again."
        lock = self.lock("data.lock", survivors, LAST_RUN_SECONDS)
        if not self.environment.get("DATABASE_URL"):
            postgres = servers.start_postgres(self.var / "postgres", lock=lock)
            self.servers.append(postgres.process)
            self.environment["DATABASE_URL"] = postgres.url
        if not self.environment.get("REDIS_URL"):
            redis = servers.start_redis(self.var / "redis", lock=lock)
            self.servers.append(redis.process)
            self.environment["REDIS_URL"] = redis.url
        os.close(lock)  # from now on the servers hold it, and let it go when they end

    def complete_environment(self, port: int) -> None:
        """Give every process the product's settings; what the shell sets already stays."""
        defaults = {
            "DEMO": "1",  # and not DEBUG: a wrong address shows the page a visitor would see
            "SITE_URL": f"http://127.0.0.1:{port}",
            "LIVE_URL": f"http://127.0.0.1:{port + 1}",
            "ALLOWED_HOSTS": "127.0.0.1,localhost,[::1]",
            "MEDIA_ROOT": str(self.var / "media"),
            "DECKS_ROOT": str(self.var / "decks"),
            "STATIC_ROOT": str(self.var / "static"),
            "DEMO_MAIL_DIR": str(self.var / "mail"),
            "SECRET_KEY": checks.secret_key(self.var / "secret-key"),
            "PYTHONUNBUFFERED": "1",
        }
        self.environment = {name: value for name, value in self.environment.items() if value}
        self.environment = defaults | self.environment
        if os.geteuid() == 0:  # Celery warns root twice; on a machine where everybody is root, that is noise
            warnings = "ignore:You're running the worker with superuser"
            self.environment |= {"C_FORCE_ROOT": "1", "PYTHONWARNINGS": warnings}
        for name in ("MEDIA_ROOT", "DECKS_ROOT", "STATIC_ROOT", "DEMO_MAIL_DIR"):
            Path(self.environment[name]).mkdir(parents=True, exist_ok=True)

    def start_mail_catcher(self) -> None:
        """Take all mail ourselves, unless EMAIL_URL names a server."""
        if "EMAIL_URL" in self.environment:
            return
        with socket.create_server(("127.0.0.1", 0)) as listening:
            command = ["-m", "dev.mail_catcher", self.environment["DEMO_MAIL_DIR"], str(listening.fileno())]
            self.servers.append(self.start("mail", command, pass_fds=[listening.fileno()]))
            self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{listening.getsockname()[1]}"

    def prepare(self) -> None:
        """Migrate and load the demo."""
        preparation = self.start("setup", ["-m", "dev.prepare"])
        self.processes.append(preparation)
        while preparation.status is None:
            time.sleep(0.05)
        self.processes.remove(preparation)
        preparation.stop()
        self.logs["setup"].join(1)
        if preparation.status:
            raise CannotStart("The database could not be prepared; the lines above say why.")

    def start_processes(self, port: int) -> None:
        """Start what makes up the site, as it is in production but for sizes."""
        granian = "--interface wsgi --workers 2 --blocking-threads 1 --workers-kill-timeout 5 --host 127.0.0.1 --no-ws"
        requests = ["--access-log", "--access-log-fmt", "%(status)d %(method)s %(path)s %(dt_ms).0f ms"]
        uvicorn = "--host 127.0.0.1 --timeout-graceful-shutdown 3 --no-access-log"
        celery = ["-m", "celery", "--quiet", "-A", "config"]
        worker = "--concurrency 2 --without-gossip --without-mingle --without-heartbeat --loglevel INFO"
        beat = "--scheduler celery.beat:Scheduler"  # intervals only: nothing to remember, so no file either
        commands: dict[str, Sequence[str]] = {
            "web": ["-m", "granian", *granian.split(), *requests, "--port", str(port), "config.wsgi:application"],
            "live": ["-m", "uvicorn", *uvicorn.split(), "--port", str(port + 1), "live.app:application"],
            "worker": [*celery, "worker", *worker.split()],
            "beat": [*celery, "beat", *beat.split()],
        }
        self.processes += [self.start(name, command) for name, command in commands.items()]

    def start(self, name: str, command: Sequence[str], pass_fds: Sequence[int] = ()) -> Kept:
        """Start a Python program of ours, its lines behind its name."""
        reading, writing = os.pipe()
        self.logs[name] = self.terminal.follow(name, os.fdopen(reading, "rb"))
        with os.fdopen(writing, "wb") as output:
            return start(
                name, [sys.executable, *command], env=self.environment, cwd=ROOT, output=output, pass_fds=pass_fds
            )

    def wait_for_first_answer(self, port: int) -> None:
        """Return when the site answers, whatever it says; watch() tells of one that ended instead."""
        deadline = time.monotonic() + FIRST_ANSWER_SECONDS
        while time.monotonic() < deadline and self.ended() is None:
            try:
                with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    connection.getresponse()
            except (OSError, HTTPException):
                time.sleep(0.05)
            else:
                return

    def greeting(self, port: int) -> str:
        """What to open, and how to sign in."""
        site = f"http://127.0.0.1:{port}"
        lines = [f"Lectern      {site}/", f"Admin        {site}/admin/"]
        if "mail" in self.logs:
            lines.append(f"Mail sent    {site}/demo/mail/")
        # load_demo knows whom it made; one can sign in by a mailed code, too
        lines += [line for line in self.logs["setup"].latest if line.startswith("Organiser login:")]
        return "\n".join(["", *(f"  {line}" for line in lines), f"  Ctrl-C ends it; the data stays in {self.var}.", ""])

    def ended(self) -> Kept | None:
        """A process that ended although nobody asked it to."""
        return next((kept for kept in [*self.processes, *self.servers] if kept.status is not None), None)

    def watch(self) -> int:
        """Return when a process ends by itself, when nobody reads us any more, or when `make` is gone."""
        parent = os.getppid() if "MAKELEVEL" in self.environment else None
        while not self.terminal.closed.wait(0.2):
            if kept := self.ended():
                self.terminal.say(f"{kept.name} ended by itself (status {kept.status}): stopping everything.")
                return 1
            if parent not in (None, os.getppid()):  # a SIGKILL of make leaves us to somebody else
                return 1
        return 1

    def stop(self) -> None:
        """End the site's processes together, then the servers they lean on."""
        for group in (self.processes, self.servers):
            for kept in group:
                kept.ask_to_end()
            for kept in group:
                kept.stop()
        for log in self.logs.values():
            log.join(1)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Let a request to end arrive as Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> int:
    """Run until told to end: 0 after Ctrl-C or SIGTERM, 1 when something is in the way or ended by itself."""
    endings = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    terminal = Terminal(sys.stdout, os.environ)
    with ExitStack() as at_the_end:
        for number in endings:
            signal.signal(number, interrupt)
        try:
            runner = Runner(os.environ, terminal)
            at_the_end.callback(runner.stop)
            status = runner.run()
        except (CannotStart, OSError) as problem:
            sys.stderr.write(f"{problem}\n")
            status = 1
        except KeyboardInterrupt:
            terminal.say("Stopping.")
            status = 0
        for number in endings:  # a second Ctrl-C would only leave things behind; every wait below is bounded
            signal.signal(number, signal.SIG_IGN)
    return status


if __name__ == "__main__":
    sys.exit(main())
