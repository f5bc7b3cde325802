"""A talk is proposed on a phone: the link is looked at while one types, and a lost network loses nothing."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from lightning.models import Talk
from tests.lightning.rounds import DAY, a_call

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_phone_proposes_a_talk_through_a_network_that_fails(screen: Page) -> None:
    cache.clear()
    now = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    a_call(now, ahead=10 * DAY, slots=3, taken=2)
    screen.set_viewport_size({"width": 390, "height": 800})
    screen.goto("/events/evening/propose/")
    link = screen.get_by_label("Link")
    link.fill("githb,com/rayan")
    link.blur()
    expect(screen.get_by_text("“githb,com/rayan” is not a web address. Check the comma")).to_be_visible()
    link.fill("https://github.com/rayan")
    expect(screen.get_by_text("Looks good. We will show it as github.com/rayan")).to_be_visible()
    screen.get_by_label("Your name").fill("Rayan Z")
    screen.get_by_label("Talk title").fill("Machine learning for non-tech people")
    screen.context.set_offline(True)
    screen.get_by_role("button", name="Propose this talk").click()
    expect(screen.get_by_role("alert")).to_contain_text("You’re offline, so we could not send this.")
    screen.context.set_offline(False)
    screen.reload()
    expect(screen.get_by_label("Talk title")).to_have_value("Machine learning for non-tech people")
    screen.get_by_role("button", name="Propose this talk").click()
    screen.get_by_label("Your email").fill("rayan@example.org")
    assert screen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screen.get_by_role("button", name="Propose this talk").click()
    expect(screen.get_by_role("heading", name="You have slot 3")).to_be_visible()
    screen.wait_for_function("localStorage.length === 0")
    assert Talk.objects.get(state="accepted").resources.get().url == "https://github.com/rayan"


def test_one_press_is_enough_right_after_the_link(screen: Page) -> None:
    cache.clear()
    now = timezone.now().replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
    a_call(now, ahead=10 * DAY, slots=3)
    screen.set_viewport_size({"width": 390, "height": 900})
    screen.goto("/events/evening/propose/")
    screen.get_by_label("Your name").fill("Rayan Z")
    screen.get_by_label("Talk title").fill("Machine learning for non-tech people")
    screen.get_by_label("Link").press_sequentially("https://github.com/rayan")
    button = screen.get_by_role("button", name="Propose this talk")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    screen.mouse.move(box["x"] + box["width"] / 2, box["y"] + 4)  # near the edge: a line above would move it away
    screen.mouse.down()
    screen.wait_for_timeout(150)  # as long as a finger stays
    screen.mouse.up()
    expect(screen.get_by_label("Your email")).to_be_visible()
