"""Addresses that are keys, in the lines of a real web server and of whatever else writes to our handlers."""

import logging
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.feed_keys import make_feed_key
from core.tokens import new_secret
from dev.servers import free_port
from outbox.unsubscribing import unsubscribe_token
from tests.factories import UserFactory

ROOT = Path(__file__).parents[2]
GRANIAN = "--interface wsgi --workers 1 --blocking-threads 1 --host 127.0.0.1 --no-ws --access-log".split()
FORMAT = ["--access-log-fmt", "%(status)d %(method)s %(path)s"]


def answer_of(url: str, deadline: float, authorization: str = "") -> int:
    """The status, as soon as somebody answers."""
    request = urllib.request.Request(url, headers={"Authorization": authorization} if authorization else {})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_the_web_servers_lines_name_no_key(tmp_path: Path) -> None:
    bo, now, port = UserFactory(), timezone.now(), free_port()
    old, fresh = make_feed_key(user=bo, now=now), make_feed_key(user=bo, now=now)
    stage_key = new_secret(160)
    token = unsubscribe_token("bo@example.org", "reminders")
    asked = {
        f"/calendars/personal/{fresh}.ics?roles=going": 200,
        f"/calendars/personal/{fresh}.ics?roles=nothing": 400,
        f"/calendars/personal/{old}.ics": 410,
        "/calendars/personal/unknown-key.ics": 404,
        f"/u/{token}/": 200,
        f"/u/{token}x/": 404,
        f"/stage/{stage_key}/": 404,
        "/api/v1/me/": 401,
    }
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [sys.executable, "-m", "granian", *GRANIAN, *FORMAT, "--port", str(port), "config.wsgi:application"]
    log = tmp_path / "web.log"
    with (
        log.open("wb") as lines,
        subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"DATABASE_URL": database}, stdout=lines, stderr=lines
        ) as web,
    ):
        deadline = time.monotonic() + 60
        try:
            found = {
                path: answer_of(f"http://127.0.0.1:{port}{path}", deadline, f"Stage {stage_key}") for path in asked
            }
            while log.read_text().count(" GET /") < len(asked):  # the web server writes its lines a moment later
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            web.terminate()
            web.wait(30)
    said = log.read_text()
    assert found == asked
    assert [key for key in (old, fresh, token, stage_key, "unknown-key") if key in said] == []
    shown = [said.count(f"GET /{address}") for address in ("calendars/personal/…", "u/…/", "stage/…/")]
    assert shown == [4, 2, 1]


def test_every_handler_of_ours_hides_keys_and_the_worker_brings_none_of_its_own() -> None:
    record = logging.LogRecord("celery", 40, "", 0, "failed: %s", ("/calendars/personal/k3y.ics /u/k3y/",), None)
    names = {"": logging.getLogger()} | {name: logging.getLogger(name) for name in settings.LOGGING["loggers"]}
    handlers = {handler for logger in names.values() for handler in logger.handlers if is_ours(handler)}
    assert len(handlers) == len(settings.LOGGING["handlers"])
    assert [handler for handler in handlers if "k3y" in handler.format(record)] == []
    assert (settings.CELERY_WORKER_HIJACK_ROOT_LOGGER, settings.ADMINS, settings.MANAGERS) == (False, [], [])


def is_ours(handler: logging.Handler) -> bool:
    """Not one of the test runner's."""
    return type(handler) is logging.StreamHandler
