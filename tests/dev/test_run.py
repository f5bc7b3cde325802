"""`make run` as a newcomer meets it: real processes, and one clear sentence when something is in the way."""

import io
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import locks
from dev.output import Terminal
from dev.run import Runner
from dev.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
ANOTHER_ENGINE = "DATABASE_URL has to begin with postgresql:// since Lectern runs on PostgreSQL only."
NO_SUCH_SERVER = (
    "DATABASE_URL names a database that cannot be used (connection is bad: connection to server on socket"
    ' "/nowhere/.s.PGSQL.5432" failed: No such file or directory): correct it, or leave it out and Lectern'
    " starts a PostgreSQL of its own."
)


def environment(var: Path, **more: str) -> dict[str, str]:
    """A newcomer's: nothing of ours but where to keep data, and a port that nobody uses."""
    return {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "PORT": str(pair_of_free_ports())} | more


def pair_of_free_ports() -> int:
    """Below those that the system gives to whoever asks for any: they are bound seconds later."""
    while True:
        port = random.randrange(15_000, 31_000)
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def refusal(env: dict[str, str]) -> str:
    """What a run that cannot start says, which has to be one line, and to end with status 1."""
    command = [sys.executable, "-m", "dev.run"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout) == (1, "")
    (line,) = run.stderr.splitlines()
    return line


def test_a_taken_port_is_named_with_another_to_choose(tmp_path: Path) -> None:
    env = environment(tmp_path)
    port = int(env["PORT"])
    with socket.create_server(("127.0.0.1", port)):
        assert refusal(env) == f"Port {port} (the site) is taken. Choose another: PORT={port + 10} make run"


def test_the_streams_port_has_to_be_free_too(tmp_path: Path) -> None:
    env = environment(tmp_path)
    port = int(env["PORT"])
    with socket.create_server(("127.0.0.1", port + 1)):
        assert refusal(env) == f"Port {port + 1} (the live stream) is taken. Choose another: PORT={port + 10} make run"


@pytest.mark.parametrize("port", ["http", "0", "-1", "65535", "8000.5", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    assert refusal(environment(tmp_path, PORT=port)) == (
        f"PORT is {port!r}, and has to be a number from 1 to 65534: PORT=8001 make run"
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/lectern", ANOTHER_ENGINE),
        ("nonsense", ANOTHER_ENGINE),
        ("postgresql://lectern:secret@/lectern?host=/nowhere", NO_SUCH_SERVER),
    ],
)
def test_a_broken_database_url_is_told_without_its_password(url: str, sentence: str, tmp_path: Path) -> None:
    assert refusal(environment(tmp_path, DATABASE_URL=url)) == sentence


def test_a_redis_url_that_nobody_answers_is_told(tmp_path: Path) -> None:
    url = f"redis://:secret@127.0.0.1:{free_port()}/0"

    said = refusal(environment(tmp_path, REDIS_URL=url))

    assert said.startswith("REDIS_URL names a server that cannot be used (")
    assert said.endswith("correct it, or leave it out and Lectern starts a server of its own.")
    assert "secret" not in said


def test_a_redis_url_of_another_kind_is_told(tmp_path: Path) -> None:
    assert refusal(environment(tmp_path, REDIS_URL="amqp://localhost")).startswith(
        "REDIS_URL names a server that cannot be used (Redis URL must specify one of the following schemes"
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()  # permissions do not stop root, a file in the way does

    assert refusal(environment(tmp_path / "file" / "var")) == (
        f"Cannot write to {tmp_path}/file/var (Not a directory): Lectern keeps its data there,"
        " so run it from a folder that you may write to, or name one with VAR_DIR=…"
    )


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    first = locks.hold(tmp_path / "run.lock")
    assert first is not None

    said = refusal(environment(tmp_path))

    os.close(first)
    assert said == f"Lectern already runs from this folder ({tmp_path}): end that run first."


class Run:
    """A run, and everything it wrote."""

    def __init__(self, env: dict[str, str]) -> None:
        self.site = f"http://127.0.0.1:{env['PORT']}"
        self.live = f"http://127.0.0.1:{int(env['PORT']) + 1}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dev.run"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            self.lines += iter(output.readline, "")

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def wait_for(self, text: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, self.text
            assert self.process.poll() is None, self.text
            time.sleep(0.05)

    def keepers(self) -> list[int]:
        """The processes right below the run: a keeper for each server and process."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(child) for child in children.read_text().split()]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def whole_family(process: int) -> set[int]:
    """A process and everything below it."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return {process}
    return {process}.union(*(whole_family(int(child)) for child in children))


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the runs of this module keep their data: only the first has to make it."""
    folder = tmp_path_factory.mktemp("kept") / "var"
    yield folder
    if (elsewhere := folder / "postgres").is_symlink():
        subprocess.run(["rm", "-rf", elsewhere.readlink()], check=True)


@pytest.fixture
def run(var: Path) -> Iterator[Run]:
    """A whole run; whatever a test leaves of it is ended."""
    running = Run(environment(var, DEMO="0"))  # tests/lightning/ load the demo; here it would only cost time
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        running.reader.join(20)


def test_the_greeting_says_what_to_open_and_how_to_sign_in(tmp_path: Path) -> None:
    runner = Runner({"VAR_DIR": str(tmp_path)}, Terminal(io.StringIO(), {}))
    for name, said in (("mail", b""), ("setup", b"loaded\nOrganiser login: ada with the password x\n")):
        runner.logs[name] = runner.terminal.follow(name, io.BytesIO(said))
        runner.logs[name].join()

    assert runner.greeting(8000).splitlines() == [
        "",
        "  Lectern      http://127.0.0.1:8000/",
        "  Admin        http://127.0.0.1:8000/admin/",
        "  Mail sent    http://127.0.0.1:8000/demo/mail/",
        "  Organiser login: ada with the password x",
        f"  Ctrl-C ends it; the data stays in {tmp_path}.",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_run_greets_works_and_leaves_nothing_behind_however_it_ends(run: Run, number: int, status: int) -> None:
    run.wait_for(f"Lectern      {run.site}/\n")
    with urllib.request.urlopen(f"{run.live}/live/events/some-event/", timeout=5) as stream:
        assert stream.readline().startswith(b"retry: ")
    run.wait_for("celery@")
    family = whole_family(run.process.pid) - {run.process.pid}
    assert len(run.keepers()) == 7

    run.process.send_signal(number)

    assert run.process.wait(15) == status
    deadline = time.monotonic() + 15
    while left := {process for process in family if is_alive(process)}:
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    assert "Traceback" not in run.text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_when_one_process_dies_all_end_and_it_is_named(run: Run) -> None:
    run.wait_for(f"Lectern      {run.site}/\n")
    family = whole_family(run.process.pid)
    (beat,) = [member for member in family if b"\0beat\0" in Path(f"/proc/{member}/cmdline").read_bytes()]

    os.kill(beat, signal.SIGKILL)

    assert run.process.wait(15) == 1
    run.reader.join(5)
    assert "beat ended by itself (status 137): stopping everything.\n" in run.lines
