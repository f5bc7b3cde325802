"""Pytest plugin: real PostgreSQL and Redis-protocol servers out of wheels, and one known environment, for a whole run.

Loaded with `-p`, since pytest-django reads the settings before any conftest.py. DATABASE_URL and REDIS_URL in the
environment name servers of your own instead; Redis databases 0 (or, with xdist, 1, 2, …) are emptied by the tests.
"""

import os
import sys
import tempfile
from pathlib import Path

import psycopg

from config.env import env
from dev.servers import start_postgres, start_redis

GIVEN = ("DATABASE_URL", "REDIS_URL")
OURS = "LECTERN_TESTS_STARTED_POSTGRES"
KNOWN = {"DEBUG": "1", "SECRET_KEY": "only-for-tests-" + "x" * 40, "SITE_URL": "https://lectern.example"}
SCRATCH = tempfile.TemporaryDirectory(prefix="lectern-tests-")  # removed when the run ends


def use_known_environment() -> None:
    """Let no variable of the shell that we are started from change what a test sees."""
    for name in env.scheme:
        if name not in GIVEN:
            os.environ.pop(name, None)
    os.environ |= KNOWN
    for name in ("MEDIA_ROOT", "DECKS_ROOT", "STATIC_ROOT", "DEMO_MAIL_DIR"):
        folder = Path(SCRATCH.name, name.lower())
        folder.mkdir()
        os.environ[name] = str(folder)


def start_servers() -> None:
    """Start what the environment does not name; under xdist its workers use the controller's Redis."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = still_postgres()
        os.environ[OURS] = "1"
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_redis().url


def use_own_postgres() -> None:
    """Give an xdist worker a PostgreSQL of its own, where it is ours to give.

    "Nothing was written since" is asked of a whole cluster (core.fingerprint.database_state): on a shared one, every
    worker would see what the others write.
    """
    if os.environ.get(OURS):
        os.environ["DATABASE_URL"] = still_postgres()


def still_postgres() -> str:
    """One that commits nothing by itself: what its autovacuum writes is a write to "nothing was written since", too."""
    url = start_postgres().url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def use_own_redis_database(worker: str) -> None:
    """Give an xdist worker (gw0, gw1, …) a Redis database of its own, as pytest-django gives it an SQL one."""
    address, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{address}/{1 + int(worker.removeprefix('gw'))}"


# At import, on purpose: a hook would come after pytest-django has read the settings.
use_known_environment()
if "PYTEST_XDIST_WORKER" in os.environ:
    use_own_postgres()
    use_own_redis_database(os.environ["PYTEST_XDIST_WORKER"])
elif not {"-h", "--help", "-V", "--version"} & set(sys.argv):
    start_servers()
