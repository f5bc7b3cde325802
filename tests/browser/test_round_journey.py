"""A whole round of the Expert Day on four screens at once: host's phone, projector, speaker's clock, listener's phone.

The clock is sped up: the site and every browser jump ahead together. Streams, commands and pages are real.
"""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.services import create_account
from core.answer_memory import answers
from core.http_cache import rendered
from events.models import Membership
from events.services.programme import revise_session
from lightning.models import Block, StageLog, Talk
from lightning.services.agenda_import import import_agenda
from lightning.services.demo.texts import read_text
from lightning.stage_document import build_stage_document
from speakers.models import Speaker
from tests.browser.conftest import until_the_site_is_quiet
from tests.factories.events import EventFactory
from tests.factories.lightning import TalkFactory
from tests.factories.speakers import SpeakerFactory
from tests.live.test_server import open_stream, stream_process

MINUTE = dt.timedelta(minutes=1)
SOON = 10_000  # milliseconds; how quickly they follow is measured by bench/stage
WAITING = "Wei Standby"


@dataclass
class Clock:
    """The site's, and that of every page: set ahead together."""

    site: time_machine.Traveller
    pages: list[Page] = field(default_factory=list)

    def advance(self, seconds: int) -> None:
        """Not under an answer that is on its way: a page would take the jump for a wrong clock of its own."""
        until_the_site_is_quiet()
        self.site.shift(seconds)
        for page in self.pages:
            page.clock.fast_forward(seconds * 1_000)
            page.evaluate("window.dispatchEvent(new Event('online'))")  # they ask the site what time it is


@pytest.fixture
def stream(settings: Settings) -> Iterator[None]:
    """The stream process, on the Redis of the tests."""
    with stream_process() as (address, _process), open_stream(address):
        settings.LIVE_URL = address
        yield


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Five minutes from now, when the round is to begin: never behind the real clock, which cookies go by."""
    start = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0) + 5 * MINUTE
    with time_machine.travel(start, tick=True) as traveller:
        yield Clock(traveller)


@pytest.fixture
def block(transactional_db: None, clock: Clock) -> Block:
    """The 23 talks as the notes of the day have them, and one more person on stand-by."""
    cache.clear()
    now = timezone.now()
    event = EventFactory(slug="expert-day", title="Expert Day", starts_at=now - 60 * MINUTE, ends_at=now + 300 * MINUTE)
    import_agenda(event=event, agenda=read_text("apac-expert-day.txt"), now=now, talk_state=Talk.State.CONFIRMED)
    session = event.sessions.get(kind="lightning")
    event.sessions.exclude(pk=session.pk).delete()
    revise_session(session=session, now=now, starts_at=now, minutes=135)
    TalkFactory(block=session.block, title="Instead", state="stand_by", queue_position=1, speakers=[somebody(WAITING)])
    return Block.objects.get(session=session)


def somebody(name: str) -> Speaker:
    found: Speaker = SpeakerFactory(name=name)
    return found


class Hall:
    """Four screens of one round, and what each of them has to show."""

    def __init__(self, browser: Browser, site: str, block: Block, clock: Clock) -> None:
        self.block, self.clock, self.complaints = block, clock, list[str]()
        self.contexts: list[BrowserContext] = []
        base = f"{site}/events/expert-day/"
        stage = f"{base}stage/{block.pk}/"
        ninth = block.talks.in_lineup()[8]
        self.site = site
        self.remote = self._open(browser, stage, (390, 844), host=a_host(block))
        self.projector = self._open(browser, f"{stage}screen/", (1280, 720))
        self.phone = self._open(browser, f"{base}live/", (390, 844))
        self.speaker = self._open(browser, f"{stage}clock/?talk={ninth.code}", (800, 600))
        self.ninth = ninth

    def _open(self, browser: Browser, address: str, size: tuple[int, int], host: User | None = None) -> Page:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
        self.contexts.append(context)
        page = context.new_page()
        page.clock.install(time=timezone.now())
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if "Content Security" in line.text else None)
        if host:
            client = Client()
            client.force_login(host)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.site}])
        page.goto(address)
        self.clock.pages.append(page)
        return page

    @property
    def screens(self) -> list[Page]:
        return [self.remote, self.projector, self.phone, self.speaker]

    def press(self, words: str) -> None:
        """A button of the remote; every screen follows. Once more where the page was drawn anew under the finger."""
        before = self.commands()
        for _finger in range(3):
            self.remote.locator("[data-parts][aria-busy=true]").wait_for(state="detached")
            self.remote.get_by_role("button", name=words).first.click()
            for _look in range(100):
                if self.commands() > before:
                    return
                time.sleep(0.05)

    def commands(self) -> int:
        """How many were carried out."""
        return StageLog.objects.filter(stage__block=self.block).count()

    def start(self, name: str) -> None:
        """Whoever comes next is named on every screen before, so it is the light that says that they are on."""
        self.press("Start")
        self.all_show("who", name)
        self.all_are("green")

    def all_show(self, part: str, text: str) -> None:
        for screen in self.screens:
            expect(screen.locator(f"[data-{part}]").first).to_have_text(text, timeout=SOON)

    def all_are(self, light: str) -> None:
        for screen in self.screens:
            expect(screen.locator(f"[data-light={light}]")).to_have_count(1, timeout=SOON)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        until_the_site_is_quiet()


@pytest.fixture
def hall(browser: Browser, live_server: LiveServer, stream: None, block: Block, clock: Clock) -> Iterator[Hall]:
    rendered.clear()
    answers.clear()
    opened = Hall(browser, live_server.url, block, clock)
    yield opened
    opened.close()
    assert opened.complaints == []


def a_host(block: Block) -> User:
    """Somebody who may hold the remote, and no more."""
    user = create_account(email="ho@example.org", name="Ho", email_is_confirmed=True)
    Membership.objects.create(group=block.session.event.group, user=user, role="host")
    return user


def names(block: Block) -> list[str]:
    """Who speaks, in the running order of this moment, no-shows left out."""
    talks = build_stage_document(block)["talks"]
    return [
        ", ".join(speaker["name"] for speaker in talk["speakers"]) or talk["title"]
        for talk in talks
        if talk["state"] != "no_show"
    ]


def test_a_whole_round_on_four_screens(hall: Hall, clock: Clock) -> None:
    people = names(hall.block)
    assert len(people) == 23
    expect(hall.projector.locator("[data-word]")).to_have_text("Starts at")
    expect(hall.speaker.locator("[data-turn]")).to_contain_text("talks before you.")
    hall.start(people[0])
    expect(hall.projector.locator("[data-coming] [data-name]")).to_have_text(people[1:3])
    expect(hall.phone.locator("[data-coming] [data-name]")).to_have_text(people[1:])
    to_the_end_of_a_talk(hall, clock)
    with_a_pause(hall, clock, people[1])
    over_time(hall, clock, people[2])
    without_the_fourth(hall, people)
    with_somebody_from_stand_by(hall, people)
    the_others(hall, clock)
    hall.all_are("finished")
    expect(hall.phone.locator("[data-done] [data-name]")).to_have_count(23)
    states = [talk.state for talk in hall.block.talks.in_lineup()]
    assert (states.count("given"), states.count("no_show")) == (23, 1)
    assert all(talk.started_at and talk.ended_at for talk in hall.block.talks.filter(state="given"))


def to_the_end_of_a_talk(hall: Hall, clock: Clock) -> None:
    """Green, amber, red; then the change."""
    clock.advance(240)
    hall.all_are("amber")
    clock.advance(46)
    hall.all_are("red")
    hall.press("Next")
    hall.all_are("between")


def with_a_pause(hall: Hall, clock: Clock, name: str) -> None:
    """The clock stands on every screen, however long."""
    hall.start(name)
    clock.advance(100)
    hall.press("Pause")
    hall.all_are("paused")
    times = {screen.locator("[data-time]").first.inner_text() for screen in hall.screens}
    assert len(times) == 1
    clock.advance(610)
    hall.all_show("time", times.pop())
    hall.press("Go on")
    hall.all_are("green")
    hall.press("Next")
    expect(hall.phone.locator("[data-late]")).to_have_text("Running 7 min late", timeout=SOON)
    expect(hall.speaker.locator("[data-turn]")).to_contain_text("6 talks before you.")


def over_time(hall: Hall, clock: Clock, name: str) -> None:
    """It counts up and stops only by hand."""
    hall.start(name)
    clock.advance(400)
    hall.all_are("over")
    expect(hall.projector.locator("[data-time]")).to_contain_text("+1:")
    hall.press("Next")
    hall.all_are("between")


def without_the_fourth(hall: Hall, people: list[str]) -> None:
    """Who does not come makes room for the next."""
    hall.all_show("who", people[3])
    hall.press("Skip talk")
    hall.all_show("who", people[4])
    people.remove(people[3])


def with_somebody_from_stand_by(hall: Hall, people: list[str]) -> None:
    """The host alone sees who waits; then everybody sees who is next."""
    assert WAITING not in hall.projector.content() + hall.phone.content()
    hall.press("Bring in")
    hall.all_show("who", WAITING)
    people.insert(3, WAITING)
    expect(hall.phone.locator("[data-coming] [data-name]").first).to_have_text(people[4], timeout=SOON)


def the_others(hall: Hall, clock: Clock) -> None:
    """Twenty talks of two minutes each; one speaker sees the turn come."""
    for name in names(hall.block)[3:]:
        hall.start(name)
        if name == hall.ninth.speakers.get().name:
            expect(hall.speaker.locator("[data-turn]")).to_have_text("This is your talk.", timeout=SOON)
        clock.advance(120)
        hall.press("Next")
