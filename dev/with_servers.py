"""Runs a command beside servers that are thrown away afterwards: `python -m dev.with_servers COMMAND …`."""

import os
import subprocess
import sys

from dev.processes import CannotStart
from dev.servers import start_postgres, start_redis


def main(command: list[str]) -> int:
    """Run the command with DATABASE_URL, REDIS_URL and a secret key; returns its exit status."""
    try:
        urls = {"DATABASE_URL": start_postgres().url, "REDIS_URL": start_redis().url}
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return subprocess.run(command, env={"DEBUG": "1"} | os.environ | urls, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
