"""A line-up under an organiser's thumb: dragged, moved with keys, put back, and what a lost network does."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from lightning.models import Block
from tests.admin_forms import ada_of
from tests.browser.test_admin_journey import sign_in
from tests.factories import SpeakerFactory, TalkFactory
from tests.lightning.rounds import a_call

pytestmark = pytest.mark.django_db(transaction=True)


def titles(block: Block) -> str:
    return "".join(block.talks.in_lineup().values_list("title", flat=True))


def drag(screen: Page, name: str, onto: str) -> None:
    grip = screen.locator(f'[data-name="{name}"] [data-grip]').bounding_box()
    target = screen.locator(f'[data-name="{onto}"]').bounding_box()
    assert grip
    assert target
    screen.mouse.move(grip["x"] + 10, grip["y"] + 10)
    screen.mouse.down()
    screen.mouse.move(grip["x"] + 10, target["y"] + target["height"] - 4, steps=8)
    screen.mouse.up()


def test_talks_are_dragged_moved_with_keys_and_put_back(screen: Page, live_server: LiveServer) -> None:
    block = a_call(timezone.now(), slots=5).block
    for letter in "ABC":
        TalkFactory(block=block, title=letter, speakers=[SpeakerFactory(name=f"Speaker {letter}")])
    sign_in(screen, live_server, ada_of(block.session.event.group))
    screen.set_viewport_size({"width": 390, "height": 844})
    screen.goto(reverse("lineup", args=["evening", block.pk]))
    toast, said = screen.locator(".lineup__toast"), screen.locator("[data-queue-said]")

    drag(screen, "Speaker A", "Speaker B")
    expect(said).to_have_text("Speaker A is number 2 of 5.")
    expect(toast).to_contain_text("Moved Speaker A to slot 2.")
    assert titles(block) == "BAC"
    planned = (block.session.starts_at + dt.timedelta(minutes=6)).astimezone(block.session.event.zone)
    expect(screen.locator('[data-name="Speaker A"] .num')).to_have_text(f"{planned:%H:%M}")

    grip = screen.locator('[data-name="Speaker A"] [data-grip]')
    grip.press("ArrowDown")
    grip.press("ArrowDown")
    expect(said).to_have_text("Speaker A is number 4 of 5.")
    expect(toast).to_contain_text("Moved Speaker A to slot 4.")
    expect(grip).to_be_focused()
    assert list(block.talks.in_lineup().values_list("title", "position")) == [("B", 0), ("C", 1), ("A", 3)]

    toast.get_by_role("button", name="Undo").click()
    expect(screen.get_by_text("The order is as it was before.")).to_be_visible()
    assert titles(block) == "BAC"

    screen.context.set_offline(True)
    screen.get_by_role("button", name="Move Speaker C up").click()
    expect(screen.get_by_text("We could not save the order.")).to_be_visible()
    screen.context.set_offline(False)
    assert titles(block) == "BAC"
    assert screen.evaluate("document.documentElement.scrollWidth") == 390
