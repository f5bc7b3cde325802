"""Servers out of wheels: private, kept when asked, and never left behind."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from dev import homes, locks, servers, wheels
from dev.processes import Account, CannotStart, start

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A folder for kept data, as var/ is; also gone where the data had to live elsewhere."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    if (elsewhere := folder / "postgres").is_symlink():
        subprocess.run(["rm", "-rf", elsewhere.readlink()], check=True)


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_postgres_keeps_its_data_from_one_start_to_the_next(var: Path) -> None:
    first = servers.start_postgres(var / "postgres")
    with psycopg.connect(first.url) as connection:
        connection.execute("CREATE TABLE talk (title text)")
        connection.execute("INSERT INTO talk VALUES ('Ünïcode')")
    first.process.stop()
    second = servers.start_postgres(var / "postgres")
    with psycopg.connect(second.url) as connection:
        kept = connection.execute("SELECT lower(title), current_setting('fsync') FROM talk").fetchall()
    second.process.stop()

    assert kept == [("ünïcode", "on")]


def test_redis_keeps_its_data_from_one_start_to_the_next(var: Path) -> None:
    first = servers.start_redis(var / "redis")
    with redis.Redis.from_url(first.url) as client:
        client.set("talk", "title")
    first.process.stop()
    second = servers.start_redis(var / "redis")
    with redis.Redis.from_url(second.url) as client:
        kept = client.get("talk")
    second.process.stop()

    assert kept == b"title"
    assert first.url != second.url  # another password, most likely another port


def test_a_stranger_on_the_machine_is_not_let_into_redis() -> None:
    server = servers.start_redis()
    try:
        host, _, _ = server.url.rpartition("@")[2].partition("/")
        with redis.Redis.from_url(f"redis://{host}") as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        server.process.stop()


def test_the_socket_of_postgres_is_in_a_folder_that_nobody_else_can_enter() -> None:
    server = servers.start_postgres()
    folder = Path(server.url.partition("host=")[2])
    mode = stat.S_IMODE(folder.stat().st_mode)
    server.process.stop()

    assert mode == 0o700
    assert not folder.parent.exists()


def test_postgres_starts_after_a_kill_that_left_its_pid_file(var: Path) -> None:
    server = servers.start_postgres(var / "postgres")
    pid_file = var / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    server.process.keeper.wait()
    stale = pid_file.read_text().splitlines()
    # As after a restart of the machine, where the number belongs to another program: PostgreSQL would refuse.
    pid_file.write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")

    again = servers.start_postgres(var / "postgres")
    with psycopg.connect(again.url) as connection:
        answer = connection.execute("SELECT 1").fetchone()
    again.process.stop()

    assert answer == (1,)


def test_data_of_another_major_version_is_refused_with_a_way_out(var: Path) -> None:
    servers.start_postgres(var / "postgres").process.stop()
    (var / "postgres" / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(CannotStart, match=r"holds data of PostgreSQL 15, and this Lectern brings PostgreSQL 18: move"):
        servers.start_postgres(var / "postgres")


def test_a_server_that_will_not_start_says_why_and_leaves_nothing_behind(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.start_postgres(var / "postgres").process.stop()
    (var / "postgres" / "data" / "postgresql.conf").write_text("port = nonsense\n")
    made, make = [], tempfile.mkdtemp
    monkeypatch.setattr(servers.tempfile, "mkdtemp", lambda **where: made.append(make(**where)) or made[-1])

    with pytest.raises(CannotStart, match=r"^postgres did not start: configuration file .* contains errors"):
        servers.start_postgres(var / "postgres")

    assert made
    until(lambda: not any(Path(folder).exists() for folder in made))


STARTER = """
import os, signal, sys
from pathlib import Path
from dev import locks, servers
var = Path(sys.argv[1])
lock = locks.hold(var / "data.lock")
postgres = servers.start_postgres(var / "postgres", lock=lock)
redis = servers.start_redis(var / "redis", lock=lock)
print((var / "postgres/data/postmaster.pid").read_text().split()[0], postgres.process.keeper.pid, flush=True)
print(redis.process.keeper.pid, postgres.url.partition("host=")[2], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_sigkill_of_the_starter_both_servers_end_and_let_the_lock_go(var: Path) -> None:
    starter = subprocess.run(
        [sys.executable, "-c", STARTER, var], cwd=ROOT, capture_output=True, text=True, check=False
    )
    postgres, its_keeper, redis_keeper, socket_folder = starter.stdout.split()

    assert starter.returncode == -signal.SIGKILL
    descriptor = locks.hold(var / "data.lock", wait_seconds=15)
    assert descriptor is not None
    os.close(descriptor)
    until(lambda: all(is_gone(int(process)) for process in (postgres, its_keeper, redis_keeper)))
    assert not Path(socket_folder).parent.exists()


def test_a_lock_stays_taken_as_long_as_a_process_that_inherited_it_lives(var: Path) -> None:
    descriptor = locks.hold(var / "data.lock")
    assert descriptor is not None
    with open(os.devnull, "wb") as nowhere:
        sleeper = start("sleep", ["sleep", 60], env=os.environ, cwd=var, output=nowhere, pass_fds=[descriptor])
    os.close(descriptor)

    assert locks.hold(var / "data.lock") is None
    sleeper.stop()
    free_again = locks.hold(var / "data.lock")
    assert free_again is not None
    os.close(free_again)


def test_a_command_that_ignores_the_request_is_killed_with_its_children(var: Path) -> None:
    script = f"trap '' TERM; sleep 60 & echo $! > {var}/child; wait; sleep 60"
    with open(os.devnull, "wb") as nowhere:
        stubborn = start("stubborn", ["sh", "-c", script], env=os.environ, cwd=var, output=nowhere, grace=0.2)
    child = var / "child"
    until(lambda: child.exists() and child.read_text() != "")
    stubborn.stop()

    assert stubborn.status == 128 + signal.SIGKILL
    until(lambda: is_gone(int(child.read_text())))


def test_a_private_folder_above_the_data_stays_private(var: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    servers.start_postgres(var / "postgres").process.stop()

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert (var / "postgres" / "data" / "PG_VERSION").read_text() == "18\n"


def test_only_where_its_user_cannot_pass_does_the_data_live_elsewhere(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Account(os.geteuid(), os.getegid())
    monkeypatch.setattr(homes, "others_can_reach", lambda path: False)
    elsewhere = homes.postgres_home(var / "postgres", ours)

    assert elsewhere.parent == Path("/var/tmp")
    assert (var / "postgres").readlink() == elsewhere
    assert homes.postgres_home(var / "postgres", ours) == elsewhere
    assert homes.postgres_home(var / "postgres", None) == var / "postgres"
    elsewhere.rmdir()


def test_a_folder_that_somebody_put_where_the_data_would_go_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trap").symlink_to(tmp_path)

    with pytest.raises(CannotStart, match="belongs to somebody else: remove it"):
        homes.trusted_folder(tmp_path / "trap")


def test_data_that_another_users_postgres_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    with pytest.raises(CannotStart, match=r"and PostgreSQL would run as user 4242: start as the user"):
        homes.check_owner(tmp_path, Account(4242, 4242))


def test_a_copied_postgres_works(tmp_path: Path) -> None:
    programs = wheels.copy_postgres(wheels.postgres_programs(), tmp_path)

    for program in ("initdb", "postgres"):
        subprocess.run([programs / program, "--version"], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("find", "cure"), [(wheels.postgres_programs, "DATABASE_URL"), (wheels.redis_program, "REDIS_URL")]
)
def test_a_platform_without_the_wheel_is_told_what_to_set(
    find: Callable[[], Path], cure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wheels, "package_folder", lambda name: None)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(CannotStart, match=f"set {cure} to"):
        find()
