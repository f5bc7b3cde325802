"""Runs one command and ends it, with all its children, once whoever started this keeper is gone.

Our standard input is a pipe that nobody writes to: it closes when the starter stops us, and also when the starter dies
of a SIGKILL, which no handler can catch. Started by dev/processes.py, as a script, with the standard library alone.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from typing import Any


def wake_on_signals() -> int:
    """Let every signal that matters make a pipe readable; returns the pipe's reading end.

    Python handlers, not SIG_IGN: an ignored signal stays ignored in the command that we start.
    """
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return readable


def wait_for_a_reason_to_end(command: subprocess.Popen[bytes], wakes: int) -> None:
    """Return when the command has ended, our starter is gone, or someone asks us to end."""
    while command.poll() is None:
        readable, _, _ = select.select([0, wakes], [], [])
        asked = wakes in readable and set(os.read(wakes, 64)) & {signal.SIGTERM, signal.SIGHUP}
        if 0 in readable or asked:
            return


def end(command: subprocess.Popen[bytes], stop_signal: int, grace: float) -> None:
    """Ask the command to stop, wait `grace` seconds, then kill whatever is left of its process group."""
    if command.poll() is None:
        command.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            command.wait(grace)
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: EPERM for a group of zombies
        os.killpg(command.pid, signal.SIGKILL)
    command.wait()


def main(job: dict[str, Any]) -> int:
    """Run the job (its shape: dev/processes.py) and return its command's exit status, 128 + n after signal n."""
    wakes = wake_on_signals()
    who = {"user": job["uid"], "group": job["gid"], "extra_groups": []} if job["uid"] is not None else {}
    command = subprocess.Popen(
        job["command"], stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=job["pass_fds"], **who
    )
    wait_for_a_reason_to_end(command, wakes)
    end(command, job["stop_signal"], job["grace"])
    if job["remove"]:
        shutil.rmtree(job["remove"], ignore_errors=True)
    return command.returncode if command.returncode >= 0 else 128 - command.returncode


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
