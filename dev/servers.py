"""Real PostgreSQL and Redis-protocol servers out of wheels, for `make run` (kept data) and the tests (thrown away)."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dev import homes, wheels
from dev.processes import Account, CannotStart, Kept, start

START_SECONDS = 60.0
POSTGRES_SETTINGS = {"listen_addresses": "", "timezone": "UTC", "log_timezone": "UTC", "shared_buffers": "64MB"}
A_LOSS_IS_FINE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Server:
    """A server that answers at `url` until its process is stopped."""

    url: str
    process: Kept


def start_postgres(keep_in: Path | None = None, *, lock: int | None = None) -> Server:
    """Start PostgreSQL, reachable by us alone through a socket in a private folder.

    Its data is kept in `keep_in`, or thrown away at the end without one. `lock` is a descriptor (dev/locks.py) that
    guards `keep_in`: the server inherits it, so the lock stays taken for as long as the server lives.
    """
    account = unprivileged_account()
    with scratch_folder("pg", account) as scratch:
        return _start_postgres(scratch, account, keep_in, lock)


def _start_postgres(scratch: Path, account: Account | None, keep_in: Path | None, lock: int | None) -> Server:
    home = homes.postgres_home(keep_in, account) if keep_in else scratch
    programs = programs_for(account, scratch)
    settings = POSTGRES_SETTINGS | {"unix_socket_directories": str(own(scratch / "socket", account))}
    if keep_in is None:
        settings |= A_LOSS_IS_FINE
    data = home / "data"
    make_cluster(data, programs, account, durable=keep_in is not None)
    pid_file = data / "postmaster.pid"
    pid_file.unlink(missing_ok=True)  # left by a SIGKILL: nothing else runs on this data, the lock says so
    with open_log(keep_in and keep_in.parent / "postgres.log") as log:
        process = start(
            "postgres",
            [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
            env=server_environment(scratch),
            cwd=scratch,
            output=log,
            stop_signal=signal.SIGINT,  # "fast": ends open connections instead of waiting for them
            account=account,
            pass_fds=[] if lock is None else [lock],
            remove=scratch,
        )
        wait_until(lambda: pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"), process, log)
    return Server(f"postgresql://postgres@/postgres?host={scratch / 'socket'}", process)


def start_redis(keep_in: Path | None = None, *, lock: int | None = None) -> Server:
    """Start a Redis-protocol server on a free loopback port, behind a password of its own.

    `keep_in` and `lock` as for `start_postgres`.
    """
    with scratch_folder("redis", None) as scratch:
        return _start_redis(scratch, keep_in, lock)


def _start_redis(scratch: Path, keep_in: Path | None, lock: int | None) -> Server:
    port, password = free_port(), secrets.token_urlsafe(24)
    if keep_in:
        keep_in.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{keep_in or scratch}"',
        "databases": 64,
        "save": '""',
        "appendonly": "yes" if keep_in else "no",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    configuration = scratch / "redis.conf"  # a file: a password on the command line is readable by every user
    configuration.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    with open_log(keep_in and keep_in.parent / "redis.log") as log:
        process = start(
            "redis",
            [wheels.redis_program(), configuration],
            env=server_environment(scratch),
            cwd=scratch,
            output=log,
            pass_fds=[] if lock is None else [lock],
            remove=scratch,
        )
        wait_until(lambda: redis_answers(port, password), process, log)
    return Server(f"redis://:{password}@127.0.0.1:{port}/0", process)


def unprivileged_account() -> Account | None:
    """Whom PostgreSQL runs as: it refuses root, so `nobody` then; None means ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@contextlib.contextmanager
def scratch_folder(name: str, account: Account | None) -> Iterator[Path]:
    """A private folder for a server; the server's keeper removes it in the end, or we do if it does not start.

    Below /tmp rather than TMPDIR: a socket's path may have 103 to 107 bytes, and the TMPDIR of macOS alone has 49.
    """
    scratch = Path(tempfile.mkdtemp(prefix=f"lectern-{name}-", dir="/tmp"))
    try:
        if account:
            scratch.chmod(0o711)
        yield scratch
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def own(folder: Path, account: Account | None) -> Path:
    """Make a folder that only its server's account (and root) can enter."""
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def programs_for(account: Account | None, scratch: Path) -> Path:
    """PostgreSQL's programs at a place where `account` can run them."""
    programs = wheels.postgres_programs()
    if account is None or wheels.others_can_reach(programs / "postgres"):
        return programs
    return wheels.copy_postgres(programs, scratch)


def make_cluster(data: Path, programs: Path, account: Account | None, *, durable: bool) -> None:
    """Make the data folder unless it is there; whole or not at all, whenever we are killed.

    Sorted by code point and lower-cased by Unicode (C.UTF-8), the same on every machine.
    """
    if data.exists():
        check_version(data, programs)
        return
    unfinished = data.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    own(unfinished, account)
    options = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--no-instructions", "--auth=trust"]
    result = subprocess.run(
        [programs / "initdb", "-D", unfinished, "-U", "postgres", *options, *([] if durable else ["--no-sync"])],
        env=server_environment(data.parent),
        cwd=data.parent,
        capture_output=True,
        check=False,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,  # Ctrl-C reaches it through us
    )
    if result.returncode:
        raise CannotStart(f"PostgreSQL could not make its data folder {data}: {reason_in(result.stderr)}")
    unfinished.rename(data)


def check_version(data: Path, programs: Path) -> None:
    """Refuse data of another major version of PostgreSQL."""
    found = (data / "PG_VERSION").read_text().strip()
    banner = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    ours = banner.split()[-1].partition(".")[0]
    if found != ours:
        raise CannotStart(
            f"{data.parent} holds data of PostgreSQL {found}, and this Lectern brings PostgreSQL {ours}:"
            " move that folder away and the demo begins anew, or set DATABASE_URL to a server of yours."
        )


def server_environment(home: Path) -> dict[str, str]:
    """Little of ours: neither PG* variables nor locales reach the servers."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC", "HOME": str(home)}


def open_log(path: Path | None) -> IO[bytes]:
    """Where a server writes; without a path a file that needs no cleaning up."""
    return path.open("w+b") if path else tempfile.TemporaryFile()


def wait_until(ready: Callable[[], bool], process: Kept, log: IO[bytes]) -> None:
    """Return when the server answers; say why when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.status is not None or time.monotonic() > deadline:
            process.stop()
            # pread: the server shares our descriptor, and its position
            said = os.pread(log.fileno(), 100_000, 0).decode(errors="replace")
            whole = f" (all it said: {log.name})" if isinstance(log.name, str) else ""
            raise CannotStart(f"{process.name} did not start: {reason_in(said)}{whole}")
        time.sleep(0.02)


def reason_in(log: str) -> str:
    """Why a server gave up: its last line about a fatal error, else its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()] or ["it said nothing"]
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return (fatal or lines)[-1]


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def redis_answers(port: int, password: str) -> bool:
    """Whether our own server, the one that knows the password, has loaded its data and answers there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 0.2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answers = connection.makefile("rb")
            return answers.readline() == b"+OK\r\n" and answers.readline() == b"+PONG\r\n"
    except OSError:
        return False
