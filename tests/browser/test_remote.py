"""Two hosts of one round: what one of them pressed on buttons that the other had overtaken changes nothing."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from lightning.models import Talk
from lightning.services.stage import command_stage, mark_here
from lightning.stage_round import Command
from tests.admin_forms import ada_of
from tests.browser.test_admin_journey import sign_in
from tests.factories import SpeakerFactory, TalkFactory
from tests.lightning.rounds import a_call

pytestmark = pytest.mark.django_db(transaction=True)
IDS = "rows => rows.map(row => row.dataset.id)"
LOOK = "window.dispatchEvent(new Event('online'))"  # as after a lost network: asks for the stage at once


def test_a_talk_goes_up_twice_with_the_keyboard(screen: Page, live_server: LiveServer) -> None:
    block = a_call(timezone.now(), slots=5).block
    for letter in "ABCD":
        TalkFactory(block=block, title=letter, state="confirmed", speakers=[SpeakerFactory(name=f"Speaker {letter}")])
    sign_in(screen, live_server, ada_of(block.session.event.group))
    screen.goto(reverse("stage_remote", args=["evening", block.pk]))
    rows = screen.locator("[data-queue] > li")
    grip = screen.get_by_role("button", name="Move Speaker D: drag")
    grip.focus()
    for place in (2, 1):
        with screen.expect_response(lambda answer: answer.request.method == "POST"):
            screen.keyboard.press("ArrowUp")
        expect(rows.nth(place)).to_have_attribute("data-name", "Speaker D")
        expect(screen.locator("[name=order]")).to_have_value(",".join(rows.evaluate_all(IDS)))  # drawn by the server
        expect(grip).to_be_focused()
    assert list(block.talks.in_lineup().values_list("title", flat=True)) == ["A", "D", "B", "C"]


def test_keys_may_be_faster_than_the_server(screen: Page, live_server: LiveServer) -> None:
    block = a_call(timezone.now(), slots=5).block
    for letter in "ABCD":
        TalkFactory(block=block, title=letter, state="confirmed", speakers=[SpeakerFactory(name=f"Speaker {letter}")])
    sign_in(screen, live_server, ada_of(block.session.event.group))
    screen.goto(reverse("stage_remote", args=["evening", block.pk]))
    screen.get_by_role("button", name="Move Speaker D: drag").focus()
    for _press in range(3):
        screen.keyboard.press("ArrowUp")
    rows = screen.locator("[data-queue] > li")
    expect(screen.locator("[name=order]")).to_have_value(",".join(rows.evaluate_all(IDS)))
    expect(screen.locator("[data-problem]")).to_be_hidden()
    assert list(block.talks.in_lineup().values_list("title", flat=True)) == ["D", "A", "B", "C"]


def test_a_button_stands_for_what_it_was_drawn_from(screen: Page, live_server: LiveServer) -> None:
    block = a_call(timezone.now(), slots=5).block
    for letter in "ABC":
        TalkFactory(block=block, title=letter, state="confirmed", speakers=[SpeakerFactory(name=f"Speaker {letter}")])
    command_stage(block=block, command=Command.START, version=0, now=timezone.now())
    sign_in(screen, live_server, ada_of(block.session.event.group))
    screen.goto(reverse("stage_remote", args=["evening", block.pk]))
    expect(screen.locator("[data-link]")).to_be_visible()

    mark_here(talk=Talk.objects.get(title="C"), is_here=True, now=timezone.now())
    screen.evaluate(LOOK)
    expect(screen.locator('[data-name="Speaker C"] .remote__here')).to_have_attribute("aria-pressed", "true")

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    screen.route(screen.url, hold)  # the clock has the news before the buttons do
    command_stage(block=block, command=Command.NEXT, version=1, now=timezone.now())
    screen.evaluate(LOOK)
    expect(screen.locator("[data-who]")).to_have_text("Speaker B")
    screen.get_by_role("button", name="Skip talk").click()
    expect(screen.get_by_text("The stage has moved on since you looked.")).to_be_visible()
    screen.unroute_all()  # lets them go
    expect(screen.get_by_role("button", name="Start: Speaker B")).to_be_visible()
    assert held
    assert list(block.talks.in_lineup().values_list("state", flat=True)) == ["given", "confirmed", "confirmed"]
