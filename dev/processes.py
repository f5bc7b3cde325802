"""Processes that end when we end: each command runs below a keeper (dev/keeper.py) which outlives a SIGKILL of ours."""

import atexit
import json
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

KEEPER = Path(__file__).with_name("keeper.py")
GRACE_SECONDS = 8.0


class CannotStart(Exception):
    """Something outside of Lectern is in the way; the message is one sentence that says what and how to cure it."""


@dataclass(frozen=True)
class Account:
    """A user of the operating system, by numbers."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Kept:
    """A running command and its keeper."""

    name: str
    keeper: subprocess.Popen[bytes]

    @property
    def status(self) -> int | None:
        """The command's exit status, 128 + n after signal n; None while it runs."""
        return self.keeper.poll()

    def ask_to_end(self) -> None:
        """Begin to stop the command; returns at once."""
        atexit.unregister(self.stop)
        if self.keeper.stdin and not self.keeper.stdin.closed:
            self.keeper.stdin.close()

    def stop(self) -> None:
        """Stop the command and wait until it and its children are gone (bounded by the keeper's grace)."""
        self.ask_to_end()
        self.keeper.wait()


def start(
    name: str,
    command: Sequence[str | Path | int],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: int | IO[bytes],
    stop_signal: signal.Signals = signal.SIGTERM,
    grace: float = GRACE_SECONDS,
    account: Account | None = None,
    pass_fds: Sequence[int] = (),
    remove: Path | None = None,
) -> Kept:
    """Start a command below a keeper.

    `output` takes both its streams. `account` is whom to run as (only root may name one). `remove` is a folder of the
    command's that is deleted after it ended. It is stopped at our own normal exit, too, unless stopped before.
    """
    job: dict[str, Any] = {
        "command": [str(part) for part in command],
        "stop_signal": int(stop_signal),
        "grace": grace,
        "uid": account and account.uid,
        "gid": account and account.gid,
        "pass_fds": list(pass_fds),
        "remove": str(remove) if remove else None,
    }
    keeper = subprocess.Popen(
        # Isolated (-I) and without site-packages (-S): a keeper starts in 20 ms and depends on nothing of ours.
        [sys.executable, "-I", "-S", str(KEEPER), json.dumps(job)],
        env=dict(env),
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        pass_fds=pass_fds,
        start_new_session=True,  # Ctrl-C in the terminal is for the runner, which then ends all in order
    )
    kept = Kept(name, keeper)
    atexit.register(kept.stop)
    return kept
