"""What may be in the way before anything starts, each as one sentence with its cure."""

import os
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dev.processes import CannotStart

PATIENCE_SECONDS = 5


def port_from(text: str) -> int:
    """The port that PORT names; the stream process takes the one after it."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65_535:
        return int(text)
    raise CannotStart(f"PORT is {text!r}, and has to be a number from 1 to 65534: PORT=8001 make run")


def check_port_is_free(port: int, purpose: str, suggestion: int) -> None:
    """Refuse a port that somebody listens on, or that we may not listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(
                f"Port {port} ({purpose}) is only for the administrator. Choose another: PORT={suggestion} make run"
            ) from None
        except OSError:
            raise CannotStart(f"Port {port} ({purpose}) is taken. Choose another: PORT={suggestion} make run") from None


def make_folder(folder: Path) -> None:
    """Make the folder for everything that a run leaves behind, and make sure that we may write to it."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"Cannot write to {folder} ({error.strerror}): Lectern keeps its data there,"
            " so run it from a folder that you may write to, or name one with VAR_DIR=…"
        ) from None


def check_postgres(url: str) -> None:
    """Refuse a DATABASE_URL that is no PostgreSQL server which answers."""
    if urlsplit(url).scheme not in ("postgres", "postgresql"):
        raise CannotStart("DATABASE_URL has to begin with postgresql:// since Lectern runs on PostgreSQL only.")
    try:
        psycopg.connect(url, connect_timeout=PATIENCE_SECONDS).close()
    except psycopg.Error as error:
        raise CannotStart(
            f"DATABASE_URL names a database that cannot be used ({one_line(error)}):"
            " correct it, or leave it out and Lectern starts a PostgreSQL of its own."
        ) from None


def check_redis(url: str) -> None:
    """Refuse a REDIS_URL that is no Redis-protocol server which answers."""
    try:
        patience = {"socket_connect_timeout": PATIENCE_SECONDS, "socket_timeout": PATIENCE_SECONDS}
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **patience) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise CannotStart(
            f"REDIS_URL names a server that cannot be used ({one_line(error)}):"
            " correct it, or leave it out and Lectern starts a server of its own."
        ) from None


def one_line(error: Exception) -> str:
    """The first line of what went wrong."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(" .") if lines else type(error).__name__


def secret_key(path: Path) -> str:
    """The key that signs cookies: made once, readable by us alone."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        fresh.rename(path)
    return path.read_text()
