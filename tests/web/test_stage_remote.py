"""The remote: who holds it, forms without script, what is stale, helpers with a link."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Event
from lightning.models import Block, StageLink, Talk
from lightning.services.stage_links import make_stage_link
from lightning.stage_document import build_stage_document
from lightning.stage_round import Command
from tests.factories import SpeakerFactory, TalkFactory
from tests.factories.accounts import UserFactory
from tests.factories.events import MembershipFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import a_round, press, talk_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def block() -> Block:
    return a_round()


def path(block: Block) -> str:
    return reverse("stage_remote", args=["evening", block.pk])


def somebody(block: Block, role: str = "") -> Client:
    user, client = UserFactory(name="Ada"), Client()
    if role:
        MembershipFactory(group=block.session.event.group, user=user, role=role)
    client.force_login(user)
    return client


@pytest.fixture
def ada(block: Block) -> Client:
    return somebody(block, "organiser")


def words(response: Any) -> str:
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<(template|script).*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL).split())


def commands(response: Any) -> list[str]:
    return re.findall(r'name="command" value="([^"]+)"', response.content.decode())


def state(block: Block) -> tuple[str, int, str]:
    """State, version, and who is on or next."""
    stage = build_stage_document(block)
    names = {talk["id"]: talk["speakers"][0]["name"] for talk in stage["talks"]}
    return stage["state"], stage["version"], names.get(stage["talk"] or 0, "")


def pressed(client: Client, block: Block, command: str, version: int, **fields: Any) -> Any:
    return client.post(path(block), {"command": command, "version": version, **fields})


@pytest.mark.parametrize(
    ("role", "status", "has_helpers", "has_lineup"),
    [
        ("organiser", 200, True, True),
        ("host", 200, False, False),
        ("member", 403, False, False),
        ("", 403, False, False),
    ],
)
def test_hosts_hold_the_remote_and_organisers_give_it_to_helpers(block, role, status, has_helpers, has_lineup):
    answer = somebody(block, role).get(path(block))
    html = answer.content.decode()
    assert (answer.status_code, 'name="make_link"' in html, "/lineup/" in html) == (status, has_helpers, has_lineup)
    posted = pressed(somebody(block, role), block, "start", 0)
    assert (posted.status_code, state(block)[0]) == ((303, "on") if status == 200 else (403, "ready"))


def test_a_stranger_is_asked_to_sign_in_and_another_groups_organiser_is_refused(block):
    other = MembershipFactory(role="organiser").user
    client = Client()
    assert client.get(path(block)).status_code == 302
    client.force_login(other)
    assert (client.get(path(block)).status_code, pressed(client, block, "start", 0).status_code) == (403, 403)


def test_a_draft_has_no_remote(block, ada):
    Event.objects.update(status="draft")
    assert ada.get(path(block)).status_code == 404


BUTTONS = {
    (): ["start", "skip", "finish"],
    (Command.START,): ["pause", "next", "more", "less", "skip", "back", "undo", "restart", "finish"],
    (Command.START, Command.PAUSE): ["resume", "next", "more", "less", "skip", "back", "undo", "restart", "finish"],
    (Command.START, Command.NEXT): ["back", "start", "skip", "undo", "finish"],
    (Command.FINISH,): ["back", "undo"],
}


@pytest.mark.parametrize("given", BUTTONS)
def test_the_buttons_are_those_that_do_something(block, ada, given):
    press(block, *given)
    assert commands(ada.get(path(block))) == BUTTONS[given]


def test_every_button_does_what_it_says(block, ada):
    seen = []
    for number, command in enumerate(["start", "more", "pause", "resume", "next", "back", "undo", "start", "skip"]):
        assert pressed(ada, block, command, number).status_code == 303
        seen.append(state(block)[::2])
    assert seen == [
        *[("on", "Cy")] * 2,
        *[("paused", "Cy"), ("on", "Cy"), ("between", "Eve"), ("on", "Cy"), ("between", "Eve")],
        *[("on", "Eve"), ("between", "Flo")],
    ]


@pytest.mark.parametrize(("version", "who"), [(0, "Cy"), (2, "Cy"), (1, "Eve")])
def test_what_was_pressed_on_an_old_page_changes_nothing_and_shows_the_stage_as_it_is(block, ada, version, who):
    press(block, Command.START)
    answer = pressed(ada, block, "next", version, talk=talk_by(block, who).pk)
    assert (answer.status_code, state(block)) == (409, ("on", 1, "Cy"))
    assert "The stage has moved on since you looked. Look at it again, then decide." in words(answer)
    assert commands(answer)[:2] == ["pause", "next"]


def test_two_hosts_who_press_next_at_once_go_on_by_one_talk(block, ada):
    press(block, Command.START)
    both = [pressed(client, block, "next", 1) for client in (ada, somebody(block, "host"))]
    assert ([answer.status_code for answer in both], state(block)) == ([303, 409], ("between", 2, "Eve"))
    assert "you looked: Ada pressed at 19:00. Look at it again, then decide." in words(both[1])


def test_who_comes_late_learns_which_helper_was_quicker(block, ada):
    link, _key = make_stage_link(block=block, name="Hana", by=None, now=TUESDAY_EVENING)
    press(block, Command.START, link=link)
    assert "you looked: Hana pressed at 19:00." in words(pressed(ada, block, "start", 0))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"command": "dance", "version": 0},
        {"command": "start"},
        {"command": "start", "version": "x"},
        {"command": "start", "version": "9" * 40},
        {"move": "1:2", "order": "1"},
    ],
)
def test_a_form_of_somebody_elses_making_is_refused(block, ada, fields):
    assert (ada.post(path(block), fields).status_code, state(block)[1]) == (400, 0)


def queue(block: Block) -> str:
    return "".join(talk["speakers"][0]["name"][0] for talk in build_stage_document(block)["talks"])


def order_form(client: Client, block: Block) -> dict[str, str]:
    html = client.get(path(block)).content.decode()
    return {name: re.search(f'name="{name}" value="([^"]*)"', html)[1] for name in ("saw", "order")}


def test_those_to_come_are_moved_in_the_slots_they_have(block, ada):
    press(block, Command.START)
    form, gil = order_form(ada, block), talk_by(block, "Gil")
    assert ada.post(path(block), form | {"move": f"{gil.pk}:-1"}).status_code == 303
    assert queue(block) == "CEGF"
    stale = ada.post(path(block), form | {"move": f"{gil.pk}:-1"})
    assert (stale.status_code, queue(block)) == (409, "CEGF")
    whole = order_form(ada, block)
    backwards = ",".join(reversed(whole["order"].split(",")))
    assert (ada.post(path(block), whole | {"order": backwards}).status_code, queue(block)) == (303, "CFGE")


def test_an_order_that_names_who_is_on_stage_is_refused(block, ada):
    press(block, Command.START)
    form = order_form(ada, block)
    wrong = ada.post(path(block), form | {"order": f"{form['order']},{talk_by(block, 'Cy').pk}"})
    assert (wrong.status_code, queue(block)) == (409, "CEFG")


def test_who_is_here_is_ticked_and_unticked(block, ada):
    talk = talk_by(block, "Eve")
    ada.post(path(block), {"here": f"{talk.pk}:1"})
    assert Talk.objects.get(pk=talk.pk).here_at == TUESDAY_EVENING
    ada.post(path(block), {"here": f"{talk.pk}:0"})
    assert Talk.objects.get(pk=talk.pk).here_at is None
    assert ada.post(path(block), {"here": f"{TalkFactory().pk}:1"}).status_code == 409


def test_who_stands_by_is_named_to_hosts_alone_and_brought_in(block, ada, dee):
    waiting = TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(name="Hal")])
    press(block, Command.START)
    shown = ada.get(path(block))
    public = dee.get(path(block) + "screen/").content + dee.get(f"/api/v1/events/evening/stages/{block.pk}/").content
    assert (f"bring_in:{waiting.pk}" in commands(shown), "Hal" in words(shown), b"Hal" in public) == (True, True, False)
    assert (pressed(ada, block, f"bring_in:{waiting.pk}", 1).status_code, queue(block)) == (303, "CHEFG")


@pytest.mark.parametrize("talks", [1, 3])
def test_the_remote_costs_the_same_for_any_number_of_talks(talks, django_assert_num_queries):
    block = a_round(talks)
    ada = somebody(block, "organiser")
    with django_assert_num_queries(9):
        ada.get(path(block))


def test_a_link_is_shown_once_commands_and_is_taken_back(block, ada, dee):
    made = ada.post(path(block), {"make_link": "1", "name": "Mei"})
    address = re.search(r"data-made>https?://[^/]+(/stage/\w+/)<", made.content.decode())[1]
    assert address not in ada.get(path(block)).content.decode()
    assert "not pressed yet" in words(ada.get(path(block)))
    shown = dee.get(address)
    assert (shown.status_code, shown["Cache-Control"], "make_link" in shown.content.decode()) == (
        200,
        "private, no-store, max-age=0, no-cache, must-revalidate",
        False,
    )
    assert (dee.post(address, {"command": "start", "version": 0}).status_code, state(block)[0]) == (303, "on")
    link = StageLink.objects.get()
    assert block.stage.log.get().link == link
    assert "last pressed 17 March 2026 , 19:00" in words(ada.get(path(block)))
    ada.post(path(block), {"revoke": link.pk})
    answers = [dee.get(address), dee.post(address, {"command": "next", "version": 1})]
    assert ([answer.status_code for answer in answers], state(block)[0]) == ([404, 404], "on")
    assert "taken back" in words(ada.get(path(block)))


@pytest.mark.parametrize("action", [{"make_link": "1", "name": "Me"}, {"revoke": "1"}])
def test_neither_hosts_nor_helpers_make_links_or_take_them_back(block, dee, action):
    _link, key = make_stage_link(block=block, name="Mei", by=None, now=TUESDAY_EVENING)
    answers = [somebody(block, "host").post(path(block), action), dee.post(f"/stage/{key}/", action)]
    assert ([answer.status_code for answer in answers], StageLink.objects.filter(revoked_at=None).count()) == (
        [403, 403],
        1,
    )


def test_a_link_without_a_name_is_not_made(block, ada):
    answer = ada.post(path(block), {"make_link": "1", "name": " "})
    assert (answer.status_code, StageLink.objects.count()) == (409, 0)
    assert "Say who the link is for." in words(answer)


def test_a_link_of_another_round_is_not_taken_back_here(block, ada):
    other, _key = make_stage_link(block=a_round_elsewhere(), name="Mei", by=None, now=TUESDAY_EVENING)
    assert ada.post(path(block), {"revoke": other.pk}).status_code == 404
    assert StageLink.objects.get().revoked_at is None


def a_round_elsewhere() -> Block:
    found: Block = TalkFactory().block
    return found
