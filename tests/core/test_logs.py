"""Log lines never show what follows an address that is a key."""

import json
import logging
import sys

import pytest

from core.logs import AccessFormatter, formatter

SECRET = ["/calendars/personal/", "/r/"]


def record(message: str, *args: object, **options: object) -> logging.LogRecord:
    return logging.LogRecord("django.request", logging.WARNING, "x.py", 1, message, args, options.get("exc_info"))  # type: ignore[arg-type]


def lines(*, as_json: bool) -> logging.Formatter:
    return formatter(colours=False, as_json=as_json, secret_addresses=SECRET)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_key_is_cut_out_of_messages(as_json: bool) -> None:
    line = lines(as_json=as_json).format(record("Not Found: %s", "/calendars/personal/s3cr3t.ics?roles=going"))
    assert ("s3cr3t" in line, "/calendars/personal/…" in line or "\\u2026" in line) == (False, True)
    assert "?roles=going" in line


def test_a_key_is_cut_out_of_tracebacks() -> None:
    try:
        int("/r/s3cr3t:token/")
    except ValueError:
        line = lines(as_json=True).format(record("failed", exc_info=sys.exc_info()))
    assert ("s3cr3t" in line, "ValueError" in json.loads(line)["exception"]) == (False, True)


def test_other_addresses_stay_whole() -> None:
    line = lines(as_json=True).format(record("Not Found: %s", "/calendars/groups/ada.ics"))
    assert json.loads(line)["event"] == "Not Found: /calendars/groups/ada.ics"


def test_the_web_servers_own_lines_keep_their_words() -> None:
    access = AccessFormatter(secret_addresses=SECRET)
    said = {"status": 200, "path": "/calendars/personal/s3cr3t.ics"}
    line = access.format(logging.LogRecord("granian.access", 20, "", 0, "%(status)d GET %(path)s 3 ms", (said,), None))
    assert line == "200 GET /calendars/personal/… 3 ms"
