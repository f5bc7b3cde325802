"""RSVP in a real browser: by a code out of the mail, through the waitlist, on two screens at once, without script."""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from outbox.models import Message
from outbox.writers import Letter, words_of
from registrations.models import Registration, RegistrationPlan
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory
from tests.live.test_server import open_stream, stream_process

PAGE = "/events/evening/"


@pytest.fixture
def plan(transactional_db: None) -> RegistrationPlan:
    """A meetup in a week with one seat."""
    cache.clear()
    start = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(weeks=1)
    made: RegistrationPlan = PlanFactory(event=EventFactory(slug="evening", starts_at=start), room=1)
    return made


@pytest.fixture
def stream(settings: Settings) -> Iterator[None]:
    """The stream process, on the Redis of the tests."""
    with stream_process() as (address, _process), open_stream(address):
        settings.LIVE_URL = address
        yield


def take_a_seat(plan: RegistrationPlan) -> Registration:
    """Somebody else is quicker."""
    wish = Wish(name="Cy")
    return register(plan=plan, user=UserFactory(), wish=wish, is_proven=True, now=timezone.now()).registration


def letter_to(address: str) -> Letter:
    """The mail that person got last, as it would be sent now."""
    letter = words_of(Message.objects.filter(address=address).latest("pk"), now=timezone.now())
    assert isinstance(letter, Letter)
    return letter


def fill_in(screen: Page, name: str, email: str) -> None:
    """The form of a stranger."""
    screen.get_by_label("Name").fill(name)
    screen.get_by_label("Email").fill(email)


def test_a_stranger_gets_the_seat_with_the_code_and_gives_it_up(screen: Page, plan: RegistrationPlan) -> None:
    screen.goto(PAGE)
    screen.locator("#rsvp").get_by_role("link", name="I’m going").click()
    fill_in(screen, "Dee", "dee@example.org")
    screen.get_by_role("button", name="I’m going").click()
    expect(screen.get_by_text("We sent a code to dee@example.org.")).to_be_visible()
    code = re.search(r"^ {4}(\d{6})$", letter_to("dee@example.org").text, re.MULTILINE)
    assert code
    screen.get_by_label("Code").fill(code[1])
    screen.get_by_role("button", name="Confirm").click()
    expect(screen.get_by_role("heading", name="You’re going")).to_be_visible()
    expect(screen.get_by_role("link", name="My door code")).to_be_visible()
    screen.get_by_role("button", name="Give up my place").click()
    expect(screen.get_by_text("You gave up your place.")).to_be_visible()
    expect(screen.get_by_role("heading", name="1 place left")).to_be_visible()


def test_a_full_meetup_the_waitlist_and_moving_up(screen: Page, plan: RegistrationPlan) -> None:
    first = take_a_seat(plan)
    screen.goto(PAGE)
    screen.locator("#rsvp").get_by_role("link", name="Join the waitlist").click()
    fill_in(screen, "Dee", "dee@example.org")
    screen.get_by_role("button", name="Join the waitlist").click()
    expect(screen.get_by_text("We sent a code")).to_be_visible()
    link = re.search(r"https://\S+/r/\S+", letter_to("dee@example.org").text)
    assert link
    screen.goto(urlsplit(link[0]).path)
    screen.get_by_role("button", name="Confirm my RSVP").click()
    expect(screen.get_by_role("heading", name="On the waitlist")).to_be_visible()
    expect(screen.get_by_text("Next in line.")).to_be_visible()
    leave(registration=first, now=timezone.now())
    assert letter_to("dee@example.org").subject.startswith("A place for you")
    screen.reload()
    expect(screen.get_by_role("heading", name="You’re going")).to_be_visible()


def test_a_wrong_form_keeps_what_was_typed(screen: Page, plan: RegistrationPlan) -> None:
    screen.goto(f"{PAGE}rsvp/")
    fill_in(screen, "Dee", "dee@example.org, bo@example.org")
    screen.get_by_role("button", name="I’m going").click()
    expect(screen.get_by_label("Email")).to_have_attribute("aria-invalid", "true")
    expect(screen.get_by_text("This is not one email address.")).to_be_visible()
    expect(screen.get_by_label("Name")).to_have_value("Dee")


def test_two_screens_see_the_places_change(stream: None, screen: Page, plan: RegistrationPlan) -> None:
    other = screen.context.new_page()
    for page in (screen, other):
        with page.expect_response(lambda answer: "/live/events/" in answer.url):
            page.goto(PAGE)
        expect(page.get_by_role("heading", name="1 place left")).to_be_visible()
    take_a_seat(plan)
    for page in (screen, other):
        expect(page.get_by_role("heading", name="Full")).to_be_visible(timeout=10_000)
        expect(page.locator("#rsvp").get_by_role("link", name="Join the waitlist")).to_be_visible()


def test_without_a_stream_the_page_asks_when_it_is_looked_at(screen: Page, plan: RegistrationPlan) -> None:
    screen.set_viewport_size({"width": 390, "height": 800})
    screen.goto(PAGE)
    expect(screen.locator(".dock")).to_contain_text("1 place left")
    assert screen.evaluate("document.documentElement.scrollWidth") == 390
    screen.locator("#go-room").focus()
    take_a_seat(plan)
    screen.evaluate("window.dispatchEvent(new Event('online'))")
    expect(screen.locator(".dock")).to_contain_text("Join the waitlist")
    expect(screen.locator("#go-room")).to_be_focused()


def test_without_script_the_whole_way_is_open(
    browser: Browser, live_server: LiveServer, plan: RegistrationPlan
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(PAGE)
    page.locator("#rsvp").get_by_role("link", name="I’m going").click()
    fill_in(page, "Dee", "dee@example.org")
    page.get_by_role("button", name="I’m going").click()
    link = re.search(r"https://\S+/r/\S+", letter_to("dee@example.org").text)
    assert link
    page.goto(urlsplit(link[0]).path)
    page.get_by_role("button", name="Confirm my RSVP").click()
    expect(page.get_by_role("heading", name="You’re going")).to_be_visible()
    context.close()
