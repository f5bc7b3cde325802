"""Decide now, tell later: nobody reads on a page, in a feed or from the API who has a slot and does not know it yet."""

import pytest
from django.test import Client

from accounts.feed_keys import make_feed_key
from lightning.models import Talk
from lightning.services.deciding import decide, inform_speakers
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from tests.factories import SpeakerFactory, TalkFactory
from tests.factories.accounts import UserFactory
from tests.lightning.rounds import a_call
from tests.web.conftest import TUESDAY_EVENING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def zed() -> Talk:
    """Accepted by the organisers of a curated round, and not told."""
    block = a_call(TUESDAY_EVENING, policy="curated").block
    speaker = SpeakerFactory(name="Zed Zedson", slug="zed", user=UserFactory(email="zed@example.org"))
    known = {"told_state": "submitted", "told_at": TUESDAY_EVENING}
    talk = TalkFactory(block=block, title="Secret sauce", state="submitted", speakers=[speaker], **known)
    decide(talk=talk, state="accepted", saw="submitted", now=TUESDAY_EVENING)
    talk.refresh_from_db()
    return talk


def addresses(talk: Talk) -> list[str]:
    key = make_feed_key(user=talk.speakers.get().user, now=TUESDAY_EVENING)
    event = talk.block.session.event.slug
    return [
        *(f"/events/{event}{page}" for page in ("/", "/schedule/", "/schedule.txt", "/live/")),
        f"/api/v1/events/{event}/schedule/",
        f"/api/v1/events/{event}/live/",
        f"/api/v1/events/{event}/stages/{talk.block_id}/",
        f"/events/{event}/stage/{talk.block_id}/screen/",
        f"/calendars/events/{event}.ics?sessions=1",
        "/calendars/speakers/zed.ics",
        f"/calendars/personal/{key}.ics",
        "/speakers/zed/",
        "/api/v1/speakers/zed/",
    ]


def shown(talk: Talk) -> list[str]:
    """Where the talk, or that its speaker comes, can be read."""
    answers = {address: Client().get(address) for address in addresses(talk)}
    assert {answer.status_code for answer in answers.values()} == {200}
    words = {address: b"".join(answer).decode().replace("\r\n ", "") for address, answer in answers.items()}
    return [address for address, text in words.items() if "Secret sauce" in text]


def test_who_was_not_told_is_named_nowhere_and_afterwards_everywhere(zed: Talk) -> None:
    assert (zed.position, shown(zed)) == (0, [])
    pages = {address: Client().get(address) for address in addresses(zed) if "zed" not in address}
    assert [address for address, answer in pages.items() if b"Zedson" in b"".join(answer)] == []
    assert Client().get(f"/t/{zed.code}/").status_code == 404
    inform_speakers(block=zed.block, talks=[zed.pk], now=TUESDAY_EVENING)
    assert len(shown(zed)) >= 9
    assert Client().get(f"/t/{zed.code}/").status_code == 200


def test_the_slot_is_taken_all_the_same(zed: Talk) -> None:
    (session,) = Client().get(addresses(zed)[4]).json()["sessions"]
    (item,) = session["block"]["talks"]
    assert (item["slot"], item["title"], item["speakers"], item["state"]) == (1, "", [], "accepted")
    assert session["block"]["open_slots"] == session["block"]["slots"] - 1


def test_on_stage_everybody_sees_who_it_is(zed: Talk) -> None:
    command_stage(block=zed.block, command=Command.START, version=0, now=TUESDAY_EVENING)
    assert addresses(zed)[1] in shown(zed)


def test_what_organisers_add_themselves_is_public_at_once(zed: Talk) -> None:
    Talk.objects.update(told_state="")
    assert addresses(zed)[1] in shown(zed)
