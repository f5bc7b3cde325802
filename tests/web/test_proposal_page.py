"""One talk's own page: every state in words, every button once, and nothing for who only looks."""

import html
import re

import pytest
import time_machine
from django.test import Client

from events.models import Event
from lightning.links import proposal_path, unproven_path
from lightning.models import SlotOffer, Talk
from lightning.services.drawing import hold_draw
from tests.factories import SpeakerFactory, TalkFactory
from tests.lightning.rounds import DAY, HOUR, MINUTE, a_call, proposed
from tests.web.conftest import TUESDAY_EVENING as NOW
from tests.web.evenings import main_of

pytestmark = pytest.mark.usefixtures("dee")  # the clock stands still


def said(response: object) -> str:
    return html.unescape(main_of(response.content.decode()))  # type: ignore[attr-defined]


def heading(response: object) -> str:
    """What the page says first, without icons."""
    words = said(response).split('<h2 class="rsvp__state">')[1].split("</h2>")[0]
    return re.sub(r"<[^>]+>", "", words).strip()


def press(path: str, action: str, **more: str) -> object:
    return Client().post(path, {"action": action, **more})


def talk_in(state: str, **fields: object) -> Talk:
    call = a_call(NOW, slots=30, policy=fields.pop("policy", "first_come"))
    talk: Talk = TalkFactory(
        block=call.block, title="Fast", state=state, speakers=[SpeakerFactory(email="dee@example.org")], **fields
    )
    return talk


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("accepted", {"position": 23}, "You have slot 24"),
        ("confirmed", {"position": 23}, "You have slot 24"),
        ("stand_by", {"queue_position": 1}, "You are on stand-by"),
        ("stand_by", {}, "Still on stand-by"),
        ("submitted", {"policy": "curated"}, "We have your talk"),
        ("submitted", {"policy": "draw"}, "You are in the draw"),
        ("declined", {}, "Not this time"),
        ("withdrawn", {}, "This talk is withdrawn"),
        ("given", {}, "You gave this talk"),
        ("no_show", {}, "Did not take place"),
    ],
)
def test_every_state_has_words_of_its_own(state: str, fields: dict[str, object], words: str) -> None:
    talk = talk_in(state, **fields)
    answer = Client().get(proposal_path(talk))
    assert (answer.status_code, heading(answer)) == (200, words)
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "no-referrer")


def test_who_has_a_slot_is_told_when_to_come_to_the_front() -> None:
    page = said(Client().get(proposal_path(talk_in("confirmed", position=23))))
    assert ("21:18" in page, "Come to the front when slot 22 starts." in page, "Add to calendar" in page) == (True,) * 3


def test_looking_changes_nothing() -> None:
    talk = talk_in("accepted")
    before = list(Talk.objects.values())
    for path in (proposal_path(talk), unproven_path(talk)):
        for look in (Client().get, Client().head):
            assert look(path).status_code == 200
    assert list(Talk.objects.values()) == before


def test_the_link_in_the_mail_confirms_and_the_browsers_own_does_not() -> None:
    talk = talk_in("accepted")
    refused = press(unproven_path(talk), "confirm")
    assert (refused.status_code, "Confirm with the link in the email" in said(refused)) == (409, True)  # type: ignore[attr-defined]
    assert "go-confirm" not in said(Client().get(unproven_path(talk)))
    answers = [press(proposal_path(talk), "confirm").status_code for _click in range(2)]  # type: ignore[attr-defined]
    talk.refresh_from_db()
    assert (answers, talk.state) == ([303, 303], "confirmed")


def test_once_confirmed_by_mail_the_browsers_link_only_shows() -> None:
    talk = talk_in("confirmed")
    path = unproven_path(talk)
    answers = [press(path, "withdraw"), press(path, "edit", title="Mine", link="", notes="")]
    talk.refresh_from_db()
    assert [answer.status_code for answer in answers] == [409, 422]  # type: ignore[attr-defined]
    assert (talk.state, talk.title, "Withdraw this talk" in said(Client().get(path))) == ("confirmed", "Fast", False)


@pytest.mark.parametrize("action", ["withdraw", "decline"])
def test_a_talk_is_taken_back_and_the_page_says_so(action: str) -> None:
    talk = talk_in("accepted")
    path = proposal_path(talk)
    assert press(path, action).status_code == 303  # type: ignore[attr-defined]
    assert heading(Client().get(path)) == "This talk is withdrawn"


def test_a_talk_is_changed_and_what_is_wrong_is_said_on_its_field() -> None:
    talk = talk_in("confirmed")
    path = proposal_path(talk)
    good = {"title": "Faster", "link": "example.org/x", "notes": "a\nb", "is_first_talk": "on"}
    assert press(path, "edit", **good).status_code == 303  # type: ignore[attr-defined]
    talk.refresh_from_db()
    assert (talk.title, talk.notes, talk.is_first_talk, talk.resources.get().url) == (
        "Faster",
        "a\nb",
        True,
        "https://example.org/x",
    )
    bad = press(path, "edit", title="", link="x", notes="")
    page = said(bad)
    assert (bad.status_code, "talk-title_error" in page, "talk-link_error" in page) == (422, True, True)  # type: ignore[attr-defined]
    assert '<details class="proposal__part" id="edit" open>' in page


def test_when_the_round_has_begun_nothing_is_changed_any_more(clock: time_machine.Traveller) -> None:
    talk = talk_in("confirmed")
    clock.move_to(NOW + 10 * DAY)
    page = said(Client().get(proposal_path(talk)))
    assert ('id="edit"' in page, 'id="withdraw"' in page) == (False, True)
    assert press(proposal_path(talk), "edit", title="Late", link="", notes="").status_code == 422  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("action", "state", "words"),
    [("take", "confirmed", "You have slot 1"), ("refuse", "withdrawn", "This talk is withdrawn")],
)
def test_an_offer_is_taken_or_refused_while_it_stands(
    clock: time_machine.Traveller, action: str, state: str, words: str
) -> None:
    talk = talk_in("stand_by", queue_position=1, told_state="stand_by")
    SlotOffer.objects.create(talk=talk, offered_at=NOW, expires_at=NOW + 23 * MINUTE)
    path = proposal_path(talk)
    page = Client().get(path)
    assert (heading(page), "Tuesday 17 March at 19:23" in said(page)) == ("A slot is held for you", True)
    assert press(path, action).status_code == 303  # type: ignore[attr-defined]
    talk.refresh_from_db()
    assert (talk.state, heading(Client().get(path))) == (state, words)


def test_an_offer_that_ran_out_is_not_shown_and_not_taken(clock: time_machine.Traveller) -> None:
    talk = talk_in("stand_by", told_state="stand_by")
    SlotOffer.objects.create(talk=talk, offered_at=NOW, expires_at=NOW + MINUTE)
    path = proposal_path(talk)
    clock.move_to(NOW + MINUTE)
    assert heading(Client().get(path)) == "Still on stand-by"
    assert press(path, "take").status_code == 409  # type: ignore[attr-defined]
    assert press(path, "rejoin").status_code == 303  # type: ignore[attr-defined]
    assert heading(Client().get(path)) == "A slot is held for you"


def test_what_organisers_decided_and_did_not_tell_is_not_told_here() -> None:
    talk = talk_in("accepted", told_state="submitted", policy="curated")
    assert heading(Client().get(proposal_path(talk))) == "We have your talk"


def test_after_the_draw_the_page_leads_to_it(clock: time_machine.Traveller) -> None:
    call = a_call(NOW, ahead=2 * HOUR + MINUTE, policy="draw")
    talk = proposed(call, NOW)
    hold_draw(block=call.block, by=None, now=NOW + MINUTE)
    page = said(Client().get(proposal_path(talk)))
    assert ("You are in the draw" in page, "See the draw" in page, str(talk.ical_uid) in page) == (True,) * 3


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_an_event_that_is_off_says_so_and_asks_nothing(status: str) -> None:
    talk = talk_in("accepted")
    Event.objects.update(status=status)
    page = said(Client().get(proposal_path(talk)))
    assert (f"The event is {status}." in page, "go-confirm" in page) == (True, False)


def test_when_the_round_is_over_a_talk_that_got_no_slot_is_told(clock: time_machine.Traveller) -> None:
    talk = talk_in("stand_by", queue_position=1)
    clock.move_to(NOW + 20 * DAY)
    page = Client().get(proposal_path(talk))
    assert (heading(page), "Withdraw this talk" in said(page)) == ("The round is over", False)


def test_altered_links_and_talks_that_are_gone() -> None:
    talk = talk_in("accepted")
    path, other = proposal_path(talk), unproven_path(talk)
    assert [Client().get(f"{one[:-2]}x/").status_code for one in (path, other)] == [404, 404]
    assert press(path, "fly").status_code == 400  # type: ignore[attr-defined]
    Event.objects.update(status="draft")
    assert Client().get(path).status_code == 410
    Event.objects.update(status="published")
    talk.delete()
    assert [Client().get(one).status_code for one in (path, other)] == [410, 410]


def test_a_talks_page_asks_the_same_questions_in_a_round_of_one_and_of_three(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    talk = talk_in("stand_by", queue_position=9, told_state="stand_by")
    for others in (1, 2):
        for _other in range(others):
            TalkFactory(block=talk.block)
        with django_assert_num_queries(10):
            Client().get(proposal_path(talk))
