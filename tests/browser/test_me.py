"""My page, a ticket and the end of an account, in a reader's hands."""

import datetime as dt
import io
import re

import pytest
import segno
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.services import create_account
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory
from web.calendar_menu import subscribe_links

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bo(screen: Page, live_server: LiveServer) -> User:
    """Bo, signed in."""
    bo = create_account(email="bo@example.org", name="Bo", email_is_confirmed=True)
    client = Client()
    client.force_login(bo)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    screen.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    return bo


@pytest.fixture
def seat(bo: User) -> Registration:
    """Bo goes to something tomorrow."""
    now = timezone.now()
    event = EventFactory(title="XLA night", starts_at=now + dt.timedelta(days=1))
    plan = plan_of_event(PlanFactory(event=event, room=10).event_id)
    return register(plan=plan, user=bo, wish=Wish(name="Bo"), is_proven=True, now=now).registration


def modules_seen(picture: bytes, width: int) -> list[list[bool]]:
    """The dark modules of a square picture that is `width` modules wide, read at the middle of each."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    step = image.width / width
    spots = [int((at + 0.5) * step) for at in range(width)]
    return [[image.getpixel((x, y)) < 128 for x in spots] for y in spots]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_from_my_page_to_a_ticket_that_a_door_can_read(screen: Page, seat: Registration, colours: str) -> None:
    screen.emulate_media(color_scheme=colours)
    screen.set_viewport_size({"width": 390, "height": 844})
    screen.goto("/me/")
    expect(screen.get_by_text("You’re going.")).to_be_visible()
    screen.get_by_role("link", name="My ticket").click()
    expect(screen.get_by_text(ticket_code(seat))).to_be_visible()
    made = segno.make(f"{settings.SITE_URL}/tickets/{ticket_code(seat)}/", error="m", micro=False)
    drawn = screen.locator("svg.qr")
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] >= 350
    matrix = [[bool(module) for module in row] for row in made.matrix_iter(border=4)]
    assert modules_seen(drawn.screenshot(), len(matrix)) == matrix


def test_a_calendar_address_is_made_and_gone_when_the_page_is_left(screen: Page, bo: User) -> None:
    screen.goto("/me/")
    screen.get_by_label("What I wait for").uncheck()
    screen.get_by_label("Ring").select_option("60")
    screen.get_by_role("button", name="Make my calendar address").click()
    address = screen.get_by_label("Address").input_value()
    assert re.fullmatch(
        rf"{settings.SITE_URL}/calendars/personal/[\w-]{{43}}\.ics\?roles=going,speaking&alarm=60", address
    )
    screen.get_by_label("Sessions and talks I starred").check()
    screen.get_by_label("What I go to").uncheck()
    screen.get_by_label("When I speak").uncheck()
    screen.get_by_label("Ring").select_option("")
    another = f"{address.partition('?')[0]}?roles=starred"
    assert screen.get_by_label("Address").input_value() == another
    ways = [str(way.get_attribute("href")) for way in screen.locator(".me__ways a").all()]
    assert ways == [link.url for link in subscribe_links(another, "My events")][:-1]
    screen.get_by_label("Sessions and talks I starred").click()  # the last one stays
    assert screen.get_by_label("Address").input_value() == another
    screen.get_by_role("link", name="My page").first.click()
    expect(screen.get_by_role("button", name="Make a new address")).to_be_visible()
    assert address.rpartition("/")[2][:43] not in screen.content()


def test_deleting_myself_takes_the_address_typed_and_signs_me_out(screen: Page, seat: Registration) -> None:
    screen.goto("/me/")
    screen.get_by_role("link", name="Delete me").click()
    screen.get_by_role("button", name="Delete me").click()
    expect(screen.get_by_text("Type your email address to confirm.")).to_be_visible()
    screen.get_by_label("Type your email address to confirm").fill("bo@example.org")
    screen.get_by_role("button", name="Delete me").click()
    expect(screen.get_by_role("status")).to_contain_text("You are deleted")
    expect(screen.get_by_role("link", name="Sign in").first).to_be_visible()
    seat.refresh_from_db()
    assert (seat.state, seat.name, User.objects.count()) == (State.CANCELLED, "", 0)
