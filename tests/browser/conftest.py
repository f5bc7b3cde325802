"""A real Chromium: journeys that no test client can walk. They are skipped where none is installed."""

import os
import shutil
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from core.answer_memory import answers
from core.http_cache import rendered

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET_LOOKS = 5  # a request rests between its queries, too
FLAGS += ["--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One browser for a file of journeys: Playwright must be gone before other tests run an event loop of their own.

    The database is made before that loop runs: Django keeps another connection for code under a loop, and the one that
    made the database is the only one it closes before it drops it.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium here; name one in CHROMIUM")
    # Playwright keeps an event loop in this thread, and Django would take our factories for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def until_the_site_is_quiet() -> None:
    """Wait for requests that the page left behind: emptying the tables under one of them would be a deadlock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    deadline, quiet = time.monotonic() + 10, 0
    while quiet < QUIET_LOOKS and time.monotonic() < deadline:
        time.sleep(0.05)
        with connection.cursor() as cursor:
            cursor.execute(f"{asked} AND pid <> pg_backend_pid()")
            quiet = 0 if cursor.fetchone()[0] else quiet + 1


@pytest.fixture
def screen(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A reader's window in London; whatever the policy refuses or a script throws fails the test."""
    rendered.clear()
    answers.clear()
    context = browser.new_context(
        base_url=live_server.url, timezone_id="Europe/London", locale="en-GB", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    until_the_site_is_quiet()
    assert complaints == []
