"""An organiser's evening in the admin site: made, filled in, refused, published; under the admin's own policy."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from events.models import Event, Group, Session
from lightning.models import Block
from tests.admin_forms import ada_of
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    RoomFactory,
    SpeakerFactory,
    TalkFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
SEVEN_IN_SINGAPORE = dt.datetime(2027, 3, 18, 11, 0, tzinfo=dt.UTC)


def sign_in(screen: Page, live_server: LiveServer, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    screen.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def save(screen: Page) -> None:
    screen.get_by_role("button", name="Save and continue editing").click()
    expect(screen.locator("#content")).to_be_visible()


def choose(screen: Page, field: str, words: str, name: str) -> None:
    """Find something by typing and take the first suggestion."""
    screen.locator(f"{field} .select2-selection").first.click()
    screen.locator(".select2-container--open .select2-search__field").last.press_sequentially(words)
    screen.locator(".select2-results__option", has_text=name).click()


def test_an_evening_from_nothing_to_public(screen: Page, live_server: LiveServer) -> None:
    group: Group = GroupFactory(time_zone="Asia/Singapore")
    RoomFactory(venue=VenueFactory(name="Library"), name="Hall")
    SpeakerFactory(name="Cy")
    sign_in(screen, live_server, ada_of(group))

    screen.goto(reverse("admin:events_event_add"))
    screen.get_by_label("Title*").press_sequentially("Third Thursday")
    screen.get_by_label("Starts*").fill("2027-03-18T19:00")
    screen.get_by_label("Ends*").fill("2027-03-18T21:00")
    expect(screen.get_by_label("Short name")).to_have_value("third-thursday")
    choose(screen, ".field-venue", "lib", "Library")
    save(screen)

    screen.get_by_role("link", name="Rooms of the event").click()
    screen.locator("#event_rooms-group").get_by_text("Add another").click()
    screen.locator("#id_event_rooms-0-room").select_option(label="Hall (80)")
    save(screen)

    screen.get_by_role("link", name="Programme").click()
    for number, title in enumerate(("Opening", "Second")):
        screen.locator("#sessions-group").get_by_text("Add another").click()
        expect(screen.locator(f"#id_sessions-{number}-starts_at")).to_have_value("2027-03-18T19:00")
        screen.locator(f"#id_sessions-{number}-minutes").fill("30")
        screen.locator(f"#id_sessions-{number}-title").fill(title)
        screen.locator(f"#id_sessions-{number}-room").select_option(label="Hall (80)")
    choose(screen, "#sessions-data .field-people", "cy", "Cy")
    save(screen)
    expect(screen.get_by_text("Another session is in this room at that time.").first).to_be_visible()
    screen.locator("#id_sessions-1-starts_at").fill("2027-03-18T19:30")
    save(screen)
    opening = Session.objects.in_order().first()
    assert (opening.title, opening.starts_at, opening.speakers.get().name) == ("Opening", SEVEN_IN_SINGAPORE, "Cy")

    screen.get_by_role("link", name="Publish").click()
    expect(screen.get_by_text("1 session has no speaker yet.")).to_be_visible()
    screen.get_by_role("button", name="Yes, publish it").click()
    expect(screen.get_by_role("link", name="Postpone")).to_be_visible()
    assert Event.objects.get().status == "published"


def test_talks_are_dragged_into_another_order(screen: Page, live_server: LiveServer) -> None:
    block: Block = BlockFactory()
    for title in ("A", "B", "C"):
        TalkFactory(block=block, title=title)
    sign_in(screen, live_server, ada_of(block.session.event.group))
    screen.goto(reverse("admin:lightning_block_change", args=[block.pk]))
    handles = screen.locator("#talks-data tbody.original .cursor-move")
    last, first = handles.nth(2).bounding_box(), handles.nth(0).bounding_box()
    assert last
    assert first
    screen.mouse.move(last["x"] + 10, last["y"] + 10)
    screen.mouse.down()
    top = screen.locator("#talks-data tbody.original").first.get_by_role("textbox").first
    for step in range(40):  # a row that is sliding into its place takes no other: go on until it has arrived
        screen.mouse.move(first["x"] + 10 + step % 2, first["y"] + 5, steps=15)
        if top.input_value() == "C":
            break
        screen.wait_for_timeout(50)
    screen.mouse.up()
    expect(screen.locator("#id_talks-2-position")).to_have_value("0")
    save(screen)
    expect(screen.locator("#id_talks-0-title")).to_have_value("C")
    assert list(block.talks.in_lineup().values_list("title", flat=True)) == ["C", "A", "B"]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", ["index", "events_event_changelist", "events_event_add", "lightning_talk_changelist"])
def test_no_page_is_wider_than_its_window(screen: Page, live_server: LiveServer, page: str, width: int) -> None:
    group: Group = GroupFactory(name="A group with quite a long name, as communities have them in many a town")
    sign_in(screen, live_server, ada_of(group))
    screen.set_viewport_size({"width": width, "height": 900})
    screen.goto(reverse(f"admin:{page}"))
    assert screen.evaluate("document.documentElement.scrollWidth") == width


def test_a_public_evening_moves_to_another_hour_and_place(screen: Page, live_server: LiveServer) -> None:
    times = {"starts_at": SEVEN_IN_SINGAPORE, "ends_at": SEVEN_IN_SINGAPORE + dt.timedelta(hours=2)}
    event: Event = EventFactory(title="Third Thursday", time_zone="Asia/Singapore", **times)
    VenueFactory(name="Library")
    sign_in(screen, live_server, ada_of(event.group))
    screen.goto(reverse("admin:events_event_change", args=[event.pk]))
    screen.get_by_role("link", name="Move", exact=True).first.click()
    screen.get_by_label("Starts*").fill("2027-03-18T18:30")
    choose(screen, "#id_venue + .select2", "lib", "Library")
    screen.get_by_role("button", name="Show what will happen").click()
    expect(screen.get_by_text("Nobody has to be told.")).to_be_visible()
    screen.get_by_role("button", name="Yes, move it").click()
    expect(screen.get_by_text("“Third Thursday” is moved.")).to_be_visible()
    moved = Event.objects.select_related("venue").get()
    assert (moved.starts_at, str(moved.venue)) == (SEVEN_IN_SINGAPORE - dt.timedelta(minutes=30), "Library")
