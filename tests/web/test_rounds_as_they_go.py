"""What the host does counts on every page, whatever was planned: a finished round is over, a slot has its real time."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from lightning.links import proposal_path
from lightning.models import Block, Talk
from lightning.selectors.slots import free_slots
from lightning.services.calls import create_call
from lightning.services.stand_by import offer_free_slots
from lightning.stage_document import build_stage_document
from lightning.stage_round import Command
from tests.factories import SpeakerFactory, TalkFactory
from tests.factories.accounts import UserFactory
from tests.factories.events import MembershipFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import a_round, press, talk_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
API = "/api/v1/events/evening"


@pytest.fixture
def block() -> Block:
    """Four talks of ten slots; the first was given, then the host finished, long before the planned end."""
    block = a_round()
    create_call(block=block, is_open_on_the_night=True)
    press(block, Command.START, Command.FINISH)
    return block


def read(path: str, client: Client | None = None) -> str:
    html = (client or Client()).get(path).content.decode()
    main = html[html.index("<main") : html.index("</main>")] if "<main" in html else html
    return " ".join(re.sub(r"<(template|script).*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL).split())


def test_nobody_is_on_and_nobody_comes(block: Block) -> None:
    (room,) = Client().get(f"{API}/live/").json()["rooms"] or [{"now": [], "next": None}]
    assert (room["now"], room["next"]) == ([], None)
    html = Client().get("/events/evening/schedule/").content.decode()
    assert html.count("Did not take place") == 3
    assert ("is-now" in html, "Open slot" in html, "data-finished" in html) == (False, False, True)


def test_the_text_says_so_too(block: Block) -> None:
    lines = read("/events/evening/schedule.txt")
    assert (lines.count("Did not take place"), "slots are open" in lines) == (3, False)


def test_talks_are_not_taken_any_more_and_who_got_no_turn_is_told(block: Block) -> None:
    assert 'name="title"' not in Client().get("/events/evening/propose/").content.decode()
    page = read(proposal_path(talk_by(block, "Eve")))
    assert ("You have slot" in page, "round is over" in page) == (False, True)


def test_the_remote_offers_nothing_that_would_be_refused(block: Block) -> None:
    TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(name="Wei")])
    host, user = Client(), UserFactory()
    MembershipFactory(group=block.session.event.group, user=user, role="host")
    host.force_login(user)
    page = read(reverse("stage_remote", args=["evening", block.pk]), host)
    assert ("Bring in" in page, "slots are open" in page, "Nobody else comes." in page) == (False, False, True)


def test_an_undone_finish_goes_on_as_before(block: Block) -> None:
    press(block, Command.UNDO)
    assert "is-now" in Client().get("/events/evening/schedule/").content.decode()


def test_who_is_on_stands_in_the_text_with_the_time_they_went_on() -> None:
    block = a_round()
    press(block, Command.START)
    assert "1. 19:00 Cy" in read("/events/evening/schedule.txt")


def test_open_slots_are_those_nobody_has_or_was_offered() -> None:
    block = a_round()
    create_call(block=block, is_open_on_the_night=True)
    Talk.objects.filter(pk=talk_by(block, "Gil").pk).update(position=12)  # brought in when the round was full
    TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(email="wei@example.org")])
    block = Block.objects.get(pk=block.pk)
    assert len(offer_free_slots(block=block, now=TUESDAY_EVENING)) == 1
    (session,) = Client().get(f"{API}/schedule/").json()["sessions"]
    assert session["block"]["open_slots"] == build_stage_document(block)["open_slots"] == free_slots(block) == 5


def test_a_speakers_own_page_follows_the_stage() -> None:
    block = a_round()
    press(block, Command.START)
    on, coming = read(proposal_path(talk_by(block, "Cy"))), read(proposal_path(talk_by(block, "Eve")))
    assert ("You are on stage" in on, "Come to the front" in on) == (True, False)
    assert "You have slot 2 about 19:06 Running 11 min late. " in coming
