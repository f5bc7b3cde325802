"""The projector and the speaker's clock without script, what they cost, and the codes they show."""

import datetime as dt
import io
import json
import re

import pytest
import segno
from django.conf import settings
from django.test import Client

from events.models import Event, Session
from lightning.links import proposal_path
from lightning.models import Block, Talk
from lightning.stage_round import Command
from tests.factories import SessionFactory
from tests.factories.lightning import BlockFactory, CallFactory, TalkFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import MINUTE, a_round, press, talk_by

pytestmark = pytest.mark.django_db


def path(block: Block, what: str) -> str:
    return f"/events/evening/stage/{block.pk}/{what}"


def words(html: str) -> str:
    body = html[html.index("<body") : html.index('<script id="stage-document"')]
    return " ".join(re.sub(r"<template.*?</template>|<[^>]+>", " ", body, flags=re.DOTALL).split())


def test_before_the_round_the_screen_says_when_it_begins_and_who_opens_it(page):
    block = a_round()
    assert words(page(path(block, "screen/"))) == (
        "Lightning , An evening No network. The clock goes on. Full screen F"
        " Starts at 1 of 10 18:49 Cy On Cy"
        " Next: come to the front 1 Cy On Cy 2 Eve On Eve"
        " Slides and feedback of all talks are here. lectern.example/events/evening/live"
    )


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([Command.START], "On stage until 1 of 10 19:05 Cy On Cy Next: come to the front 2 Eve On Eve 3 Flo On Flo"),
        ([Command.START, Command.PAUSE], "Paused 1 of 10 5:00 Cy On Cy Next: come to the front 2 Eve"),
        ([Command.START, Command.NEXT], "Next on stage 2 of 10 5:00 Eve On Eve Next: come to the front 3 Flo"),
        ([Command.START, Command.FINISH], "Finished Next: come to the front Slides and feedback"),
    ],
)
def test_without_script_the_screen_is_true_when_it_is_read(page, commands, said):
    block = a_round()
    press(block, *commands)
    assert said in words(page(path(block, "screen/")))


def test_while_talks_are_taken_the_screen_has_people_sign_up(page):
    block = a_round()
    CallFactory(block=block)
    press(block, Command.START, Command.PAUSE)
    html = page(path(block, "screen/"))
    assert words(html).endswith("6 slots open. Five minutes, your turn? lectern.example/events/evening/propose 1")
    assert f'src="{path(block, "qr/sign-up.svg")}" alt="QR code for lectern.example/events/evening/propose"' in html


def test_questions_belong_to_who_is_on_and_stand_when_they_are_paused(page):
    block = a_round()
    Block.objects.filter(pk=block.pk).update(question_minutes=2)
    press(block, Command.START, now=TUESDAY_EVENING - 6 * MINUTE)
    assert "On stage until 1 of 7 19:01 Cy" in words(page(path(block, "screen/")))
    press(block, Command.PAUSE)
    assert "Paused 1 of 7 1:00 Cy" in words(page(path(block, "screen/")))


def test_a_round_without_a_time_names_who_opens_it(page):
    block = a_round()
    Session.objects.filter(block=block).update(starts_at=None)
    assert "Next on stage 1 of 10 5:00 Cy On Cy" in words(page(path(block, "screen/")))


def test_the_screen_hands_its_script_the_windows_of_the_call(page):
    block = a_round()
    closed = page(path(block, "screen/"))
    CallFactory(block=block)
    html = page(path(block, "screen/"))
    spans = json.loads(re.search(r'data-sign-up="([^"]*)"', html)[1].replace("&quot;", '"'))
    assert 'data-sign-up="[]"' in closed
    assert (spans, 'data-propose="/events/evening/propose/"' in html) == (
        [[None, "2026-03-17T08:49:00+00:00"], ["2026-03-17T09:49:00+00:00", "2026-03-17T11:48:00+00:00"]],
        True,
    )


def test_the_address_to_sign_up_names_the_round_where_there_are_two(page):
    block = a_round()
    CallFactory(block=block)
    CallFactory(block__session__event=block.session.event)
    assert f'data-propose="/events/evening/propose/?block={block.pk}"' in page(path(block, "screen/"))


def test_the_clock_is_the_panel_and_who_is_on(page):
    block = a_round()
    press(block, Command.START)
    said = words(page(path(block, "clock/")))
    assert said.endswith("No network. The clock goes on. On stage until 1 of 10 19:05 Cy On Cy")


def test_who_has_a_slot_finds_the_clock_that_tells_their_turn(page):
    block = a_round()
    talk = talk_by(block, "Eve")
    link = f'href="{path(block, "clock/")}?talk={talk.code}"'
    in_line = link in page(proposal_path(talk))
    block.talks.filter(pk=talk.pk).update(state=Talk.State.STAND_BY, position=None)
    assert (in_line, link in page(proposal_path(talk))) == (True, False)


@pytest.mark.parametrize("what", ["screen/", "clock/", "qr/live.svg"])
def test_what_is_not_public_has_no_screen(dee: Client, what):
    block = a_round(status=Event.Status.DRAFT)
    assert dee.get(path(block, what)).status_code == 404
    assert dee.get(path(block, what).replace("evening", "other")).status_code == 404


@pytest.mark.parametrize(("what", "count"), [("screen/", 6), ("clock/", 4)])
@pytest.mark.parametrize("talks", [1, 3])
def test_a_screen_costs_the_same_for_any_number_of_talks(dee: Client, what, count, talks, django_assert_num_queries):
    block = a_round(talks)
    CallFactory(block=block)
    with django_assert_num_queries(count):
        dee.get(path(block, what))


def test_a_screen_that_did_not_change_costs_no_bytes(dee: Client):
    block = a_round()
    etag = dee.get(path(block, "screen/"))["ETag"]
    again = dee.get(path(block, "screen/"), headers={"If-None-Match": etag})
    press(block, Command.START)
    assert (again.status_code, dee.get(path(block, "screen/"))["ETag"] == etag) == (304, False)


def drawn(address: str) -> bytes:
    made, out = segno.make(settings.SITE_URL + address, error="m", micro=False), io.BytesIO()
    made.save(out, kind="svg", border=0, omitsize=True, svgclass=None, lineclass=None)
    return out.getvalue()


def test_codes_lead_to_signing_up_to_a_talk_and_to_the_live_page(dee: Client):
    block = a_round()
    talk = talk_by(block, "Eve")
    CallFactory(block=block)
    asked = ("sign-up", str(talk.pk), "live")
    answers = [dee.get(path(block, f"qr/{what}.svg")) for what in asked]
    assert [answer["Content-Type"] for answer in answers] == ["image/svg+xml"] * 3
    assert [answer.content for answer in answers] == [
        drawn("/events/evening/propose/"),
        drawn(f"/t/{talk.code}/"),
        drawn("/events/evening/live/"),
    ]


@pytest.mark.parametrize("what", ["sign-up", "0", "9" * 30, "²", "x", "-1"])
def test_there_is_no_code_for_anything_else(dee: Client, what):
    block = a_round()
    assert dee.get(path(block, f"qr/{what}.svg")).status_code == 404


def test_there_is_no_code_for_a_talk_of_another_round(dee: Client):
    block, other = a_round(), TalkFactory()
    assert dee.get(path(block, f"qr/{other.pk}.svg")).status_code == 404


def test_a_name_nobody_can_say_in_one_breath_is_set_smaller(page):
    block = a_round(1)
    speaker = talk_by(block, "Cy").speakers.get()
    speaker.name = "Adolph Blaine Wolfeschlegelsteinhausenbergerdorff"
    speaker.save(update_fields=["name"])
    press(block, Command.START, now=dt.datetime(2026, 3, 17, 11, tzinfo=dt.UTC) - MINUTE)
    assert 'data-name data-long="very"' in page(path(block, "screen/"))


def test_short_addresses_lead_to_the_round_that_is_on_or_nearest(dee: Client):
    early = a_round()
    late = BlockFactory(
        session=SessionFactory(event=early.session.event, kind="lightning", starts_at=TUESDAY_EVENING, minutes=59)
    )

    def leads(rest: str) -> str:
        answer = dee.get(f"/events/Evening/{rest}")
        assert answer.status_code == 302, answer.status_code
        return str(answer["Location"])

    assert leads("stage/") == path(late, "screen/")
    press(early, Command.START)
    assert (leads("stage/"), leads("stage/remote/")) == (path(early, "screen/"), path(early, ""))
    assert leads("lightning/?block=7") == "/events/Evening/propose/?block=7"
    assert dee.get("/events/other/stage/").status_code == 404
