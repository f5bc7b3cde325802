"""The schedule page in a reader's hands."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.services import create_account
from accounts.stars import change_stars, stars_of
from events.models import Event, Session
from lightning.models import Block, Talk
from tests.factories.events import EventFactory, RoomFactory, VenueFactory
from tests.factories.lightning import BlockFactory, StageFactory, TalkFactory
from tests.factories.programme import SessionFactory
from tests.factories.speakers import SpeakerFactory

PATH = "/events/evening/schedule/"
UNTIL_KEPT = """async () => {
  const cache = await caches.open("lectern-1");
  const wanted = [location.pathname, "/static/css/schedule.css", "/static/js/schedule.js", "/static/js/lib/zone.js"];
  while (!(await Promise.all(wanted.map((path) => cache.match(path)))).every(Boolean)) {
    await new Promise((then) => setTimeout(then, 50));
  }
}"""


@pytest.fixture
def evening(transactional_db: None) -> Event:
    """A meetup in two rooms that began half an hour ago."""
    start = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=30)
    venue = VenueFactory()
    event: Event = EventFactory(slug="evening", venue=venue, starts_at=start, ends_at=start + dt.timedelta(hours=3))
    hall, lab = RoomFactory(venue=venue, name="Hall"), RoomFactory(venue=venue, name="Lab")
    SessionFactory(event=event, title="Spiking networks", room=hall, minutes=60)
    SessionFactory(event=event, title="Build one", kind="codelab", room=lab, minutes=60)
    block = BlockFactory(session__event=event, session__starts_at=start + dt.timedelta(hours=1), session__room=hall)
    for name in ("Ada", "Bo", "Cy"):
        TalkFactory(block=block, title=f"A talk by {name}", speakers=[SpeakerFactory(name=name)])
    return event


def signed_in(screen: Page, user: User) -> None:
    """The session of this person in the reader's browser."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    address = str(screen.evaluate("location.origin"))
    screen.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])


def test_searching_filtering_and_clearing(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    screen.keyboard.press("/")
    screen.keyboard.type("talk bo")
    expect(screen.get_by_text("A talk by Bo", exact=True)).to_be_visible()
    expect(screen.get_by_text("A talk by Cy", exact=True)).to_be_hidden()
    expect(screen.get_by_role("status")).to_contain_text("1 item")
    assert "q=talk+bo" in screen.url
    screen.get_by_role("button", name="Clear filters").click()
    expect(screen.get_by_text("A talk by Cy", exact=True)).to_be_visible()
    screen.get_by_label("Codelab").check()
    expect(screen.get_by_role("heading", name="Spiking networks")).to_be_hidden()
    expect(screen.get_by_role("heading", name="Build one")).to_be_visible()


def test_stars_stay_on_the_device_and_make_my_schedule(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    screen.get_by_role("button", name="Add Bo: A talk by Bo to my schedule").click()
    screen.reload()
    star = screen.get_by_role("button", name="Add Bo: A talk by Bo to my schedule")
    expect(star).to_have_attribute("aria-pressed", "true")
    screen.get_by_text("Mine").click()
    expect(screen.get_by_text("A talk by Bo", exact=True)).to_be_visible()
    expect(screen.get_by_text("A talk by Ada", exact=True)).to_be_hidden()
    expect(screen.get_by_role("heading", name="Build one")).to_be_hidden()


def test_stars_follow_their_owner_to_another_device(screen: Page, evening: Event) -> None:
    bo = create_account(email="bo@example.org", email_is_confirmed=True)
    mine = Session.objects.get(title="Spiking networks")
    change_stars(user=bo, add=[mine.ical_uid], now=timezone.now())
    button = lambda name: screen.get_by_role("button", name=f"Add {name} to my schedule")  # noqa: E731
    pressed = lambda: set(stars_of(bo).values_list("uid", flat=True))  # noqa: E731
    screen.goto(PATH)
    button("Build one").click()  # before signing in: it is merged
    signed_in(screen, bo)
    with screen.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        screen.goto(PATH)
    expect(button("Spiking networks")).to_have_attribute("aria-pressed", "true")
    expect(button("Build one")).to_have_attribute("aria-pressed", "true")
    assert pressed() == {mine.ical_uid, Session.objects.get(title="Build one").ical_uid}
    screen.context.set_offline(True)
    button("Spiking networks").click()
    button("Bo: A talk by Bo").click()
    expect(button("Spiking networks")).to_have_attribute("aria-pressed", "false")
    with screen.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        screen.context.set_offline(False)
    theirs = {Session.objects.get(title="Build one").ical_uid, Talk.objects.get(title="A talk by Bo").ical_uid}
    assert pressed() == theirs
    change_stars(user=bo, remove=theirs, now=timezone.now())  # on another device
    screen.reload()
    expect(button("Build one")).to_have_attribute("aria-pressed", "false")
    assert pressed() == set()


def test_stars_of_somebody_else_on_this_device_stay_theirs(screen: Page, evening: Event) -> None:
    """What the pure part says to device, account and what they last agreed on: [add, remove, together]."""
    agree = """async ([device, account, base, isSamePerson]) => {
      const { merge } = await import("/static/js/lib/star-sync.js");
      const sets = { device: new Set(device), account: new Set(account), base: new Set(base) };
      const { add, remove, together } = merge({ ...sets, isSamePerson });
      return [add, remove, together].map((ids) => [...ids].sort().join(""));
    }"""
    cases = {
        ("", "", "", True): ["", "", ""],
        ("ab", "", "", True): ["ab", "", "ab"],  # the first time: both together
        ("a", "b", "", True): ["a", "", "ab"],
        ("a", "a", "ab", True): ["", "", "a"],  # b went on both
        ("b", "ab", "ab", True): ["", "a", "b"],  # a was taken off here
        ("ab", "b", "ab", True): ["", "", "b"],  # a was taken off elsewhere
        ("abc", "bd", "ab", True): ["c", "", "bcd"],
        ("ab", "c", "a", False): ["b", "", "bc"],  # a was the other person's, b was marked since by nobody signed in
        ("", "a", "a", False): ["", "", "a"],
    }
    screen.goto("/")
    found = {case: screen.evaluate(agree, [*map(list, case[:3]), case[3]]) for case in cases}
    assert found == cases


def test_the_readers_own_clock_is_offered_where_it_differs(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    first = screen.locator(".session time").first
    there = first.inner_text()
    screen.get_by_label("London").check()
    assert first.inner_text() != there
    expect(screen.locator("[data-zone-name]").first).to_have_text("London time")
    screen.get_by_label("Singapore").check()
    assert first.inner_text() == there


def test_what_is_on_is_marked_and_named(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    expect(screen.locator(".session.is-now")).to_have_count(2)
    expect(screen.locator("[data-room-card=Hall] [data-now]")).to_have_text("Spiking networks")
    expect(screen.locator("[data-room-card=Hall] [data-next]")).to_have_text("Ada: A talk by Ada")
    expect(screen.locator(".nowline:visible")).to_have_count(1)


def test_a_change_arrives_with_a_badge(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    Session.objects.filter(title="Build one").update(title="Build two")
    screen.evaluate("window.dispatchEvent(new Event('online'))")
    changed = screen.locator(".session", has_text="Build two")
    expect(changed).to_be_visible()
    expect(changed.locator("[data-changed]")).to_have_text("Changed")
    assert screen.locator(".session", has_text="Spiking").locator("[data-changed]").count() == 0


def test_a_round_on_stage_goes_by_the_stage_and_a_reader_keeps_the_place(screen: Page, evening: Event) -> None:
    """It was planned for half an hour later; the next session of its room has begun by the clock."""
    block, now = Block.objects.get(), timezone.now()
    ada, bo, _cy = block.talks.in_lineup()
    stage = StageFactory(block=block, state="on", talk=ada, started_at=now, changed_at=now, version=1)
    Talk.objects.filter(pk=ada.pk).update(started_at=now)
    Session.objects.filter(title="Build one").update(abstract="- A point\n" * 12)
    screen.goto(PATH)
    on, following = (screen.locator(f".slot.is-{mark}") for mark in ("now", "next"))
    card = screen.locator("[data-room-card=Hall]")
    expect(on).to_contain_text("A talk by Ada")
    expect(following).to_contain_text("A talk by Bo")
    expect(following.locator(".slot__about")).to_contain_text("about")
    expect(screen.locator(".strip__late")).to_contain_text("Running")
    expect(card.locator("[data-now]")).to_have_text("Ada: A talk by Ada")
    expect(card.locator("[data-next]")).to_have_text("Bo: A talk by Bo")
    notes = screen.locator(".session", has_text="Build one")
    notes.locator("summary").click()
    Talk.objects.filter(pk=ada.pk).update(state="given", ended_at=now)
    type(stage).objects.update(state="between", talk=bo, started_at=None, version=2)
    screen.evaluate("window.dispatchEvent(new Event('online'))")
    expect(on).to_have_count(0)
    expect(card.locator("[data-now]")).to_have_text(block.session.title)
    expect(screen.locator(".slot.is-done")).to_contain_text("A talk by Ada")
    expect(notes.locator("details")).to_have_attribute("open", "")
    expect(notes.locator("summary")).to_be_focused()
    expect(screen.locator("[data-changed]")).to_have_count(0)


def test_a_page_that_was_opened_can_be_read_without_a_network(screen: Page, evening: Event) -> None:
    screen.goto(PATH)
    screen.evaluate(UNTIL_KEPT)
    screen.context.set_offline(True)
    screen.reload()
    expect(screen.get_by_role("heading", name="Spiking networks")).to_be_visible()
    expect(screen.get_by_role("button", name="Add Spiking networks to my schedule")).to_be_visible()


def test_folded_notes_are_found_opened_and_printed(screen: Page, evening: Event) -> None:
    lines = "\n".join(f"- Point {number}" for number in range(12))
    Session.objects.filter(title="Build one").update(abstract=lines)
    screen.goto(PATH)
    point = screen.get_by_text("Point 11", exact=True)
    expect(point).to_be_hidden()
    screen.get_by_role("searchbox").fill("point 11")
    expect(screen.get_by_role("heading", name="Build one")).to_be_visible()
    expect(screen.get_by_role("heading", name="Spiking networks")).to_be_hidden()
    screen.get_by_text("Notes").click()
    expect(point).to_be_visible()
    screen.get_by_text("Notes").click()
    expect(point).to_be_hidden()
    screen.emulate_media(media="print")
    expect(point).to_be_visible()


def test_a_programme_without_times_can_be_searched(screen: Page, evening: Event) -> None:
    Block.objects.all().delete()
    Session.objects.update(starts_at=None)
    screen.goto(PATH)
    screen.get_by_role("searchbox").fill("build")
    expect(screen.get_by_role("heading", name="Build one")).to_be_visible()
    expect(screen.get_by_role("heading", name="Spiking networks")).to_be_hidden()


def test_a_first_programme_appears_by_itself(screen: Page, evening: Event) -> None:
    Block.objects.all().delete()
    Session.objects.all().delete()
    screen.goto(PATH)
    expect(screen.get_by_text("No programme yet.")).to_be_visible()
    SessionFactory(event=evening, title="Build two")
    screen.evaluate("window.dispatchEvent(new Event('online'))")
    expect(screen.get_by_role("heading", name="Build two")).to_be_visible()


def test_on_a_phone_the_time_line_fits_and_filters_open(screen: Page, evening: Event) -> None:
    screen.set_viewport_size({"width": 390, "height": 800})
    screen.goto(PATH)
    assert screen.evaluate("document.documentElement.scrollWidth") == 390
    expect(screen.get_by_role("searchbox")).to_be_hidden()
    screen.get_by_role("button", name="Filter").click()
    expect(screen.get_by_role("searchbox")).to_be_visible()


def test_without_script_the_programme_is_complete(browser: Browser, live_server: LiveServer, evening: Event) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + PATH)
    expect(page.get_by_role("heading", name="Spiking networks")).to_be_visible()
    expect(page.get_by_text("A talk by Cy", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Add Spiking networks to my schedule")).to_be_hidden()
    context.close()


def test_a_stream_that_was_refused_is_opened_again(screen: Page, live_server: LiveServer) -> None:
    """A browser gives up for good after a 404 or 502, as the stream's address answers here."""
    screen.goto("/")
    screen.clock.install()
    opened: list[str] = []
    screen.on("request", lambda request: opened.append(request.url) if "/live/" in request.url else None)
    follow = """async () => {
      const { followStream } = await import("/static/js/lib/stream.js");
      await new Promise((resolve) => {
        followStream("/live/events/x/", { onMessage: () => {}, onState: (isOpen) => isOpen || resolve() });
      });
    }"""
    screen.evaluate(follow)
    with screen.expect_request("**/live/events/x/"):
        screen.clock.fast_forward(40_000)
    assert opened == [f"{live_server.url}/live/events/x/"] * 2
