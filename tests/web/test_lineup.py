"""The line-up of a round: rights, forms without script, what somebody else changed, who hears of it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from lightning.models import Block, Talk
from outbox.models import Message
from tests.factories import SpeakerFactory, TalkFactory
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.programme import SessionFactory
from tests.lightning.rounds import a_call
from tests.web.conftest import TUESDAY_EVENING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
QUERIES = 12
NOBODYS = 10**12  # no talk has this number
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3


@pytest.fixture
def block() -> Block:
    """Five slots, in ten days; first come, first served."""
    return a_call(TUESDAY_EVENING, slots=5).block


@pytest.fixture
def path(block) -> str:
    return reverse("lineup", args=["evening", block.pk])


@pytest.fixture
def ada(block) -> Client:
    return somebody(block, "organiser")


def somebody(block: Block, role: str = "") -> Client:
    user, client = UserFactory(), Client()
    if role:
        MembershipFactory(group=block.session.event.group, user=user, role=role)
    client.force_login(user)
    return client


def a_talk(block: Block, name: str, state: str = "confirmed", **values) -> Talk:
    return TalkFactory(
        block=block,
        title=f"On {name}",
        state=state,
        speakers=[SpeakerFactory(name=name, email=f"cy{len(name)}{block.talks.count()}@x.org")],
        **values,
    )


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def saw(client: Client, path: str) -> str:
    return client.get(path).context["view"].saw


def titles(block: Block) -> str:
    found = dict(block.talks.in_lineup().values_list("position", "title"))
    return " ".join(found.get(place, "–").removeprefix("On ") for place in range(max(found, default=-1) + 1))


def post(client: Client, path: str, **data):
    return client.post(path, {"saw": saw(client, path), **data})


def test_only_organisers_of_the_group_see_it(block, path, ada):
    other_group = UserFactory()
    MembershipFactory(user=other_group, role="organiser")
    elsewhere = Client()
    elsewhere.force_login(other_group)
    cy = SpeakerFactory(user=UserFactory())
    TalkFactory(block=block, speakers=[cy])
    speaker = Client()
    speaker.force_login(cy.user)
    seen = [
        client.get(path).status_code for client in (ada, somebody(block, "host"), somebody(block), speaker, elsewhere)
    ]
    assert (seen, Client().get(path).status_code) == ([200, 403, 403, 403, 403], 302)
    assert somebody(block, "host").post(path, {"shuffle": "1"}).status_code == 403


def test_a_draft_is_known_to_its_organisers_alone(ada, block, path):
    block.session.event.__class__.objects.update(status="draft")
    assert (ada.get(path).status_code, somebody(block).get(path).status_code) == (200, 404)


def test_another_events_address_has_no_line_up_of_this_round(ada, block):
    EventFactory(slug="other", group=block.session.event.group)
    wrong = [reverse("lineup", args=["other", block.pk]), reverse("lineup", args=["evening", 10**12])]
    assert [ada.get(path).status_code for path in wrong] == [404, 404]


def test_it_says_who_speaks_when_and_what_lacks(ada, block, path):
    a_talk(block, "Cy", is_first_talk=True, told_state="confirmed")
    a_talk(block, "王小明", "accepted")
    a_talk(block, LONG, "stand_by", queue_position=1)
    a_talk(block, "Dee", "submitted")
    a_talk(block, "Flo", "withdrawn")
    response = ada.get(path)
    view = response.context["view"]
    assert [(slot.number, slot.time, slot.row.names if slot.row else "") for slot in view.slots] == [
        (1, "19:00", "Cy"),
        (2, "19:06", "王小明"),
        (3, "19:12", ""),
        (4, "19:18", ""),
        (5, "19:24", ""),
    ]
    assert [(part.key, [row.names for row in part.rows]) for part in view.sections] == [
        ("submitted", ["Dee"]),
        ("stand_by", [LONG]),
        ("gone", ["Flo"]),
    ]
    assert (view.fill, view.untold) == ("2 talks, 3 slots open, 0 min free", 2)
    page = text_of(response)
    assert "Cy On Cy 19:00 Confirmed First talk No slides" in page
    assert "王小明 On 王小明 19:06 Not confirmed yet No slides Not told" in page
    assert "Inform speakers (2)" in page


def test_queries_do_not_grow_with_the_talks(ada, block, path, django_assert_num_queries):
    counts = []
    for _more in range(2):
        a_talk(block, "Cy")
        a_talk(block, "Ed", "submitted")
        with django_assert_num_queries(QUERIES) as seen:
            assert ada.get(path).status_code == 200
        counts.append(len(seen))
    assert counts == [QUERIES, QUERIES]


def test_buttons_move_a_talk_by_one_slot(ada, block, path):
    cy, _ed = a_talk(block, "Cy"), a_talk(block, "Ed")
    response = post(ada, path, move=f"{cy.pk}:1")
    assert (response.status_code, response["Location"]) == (303, f"{path}#talk-{cy.pk}")
    assert titles(block) == "Ed Cy"
    post(ada, path, move=f"{cy.pk}:1")
    assert titles(block) == "Ed – Cy"
    assert "Moved Cy to slot 3." in text_of(ada.get(path))
    post(ada, path, close_gaps="1")
    assert titles(block) == "Ed Cy"


def test_a_whole_order_comes_from_the_script_and_can_be_undone(ada, block, path):
    cy, ed = a_talk(block, "Cy"), a_talk(block, "Ed")
    post(ada, path, order=f"0,{ed.pk},{cy.pk}", moved=cy.pk)
    assert titles(block) == "– Ed Cy"
    undo = ada.get(path).context["undo"]
    assert (undo["said"], undo["before"]) == ("Moved Cy to slot 3.", f"{cy.pk},{ed.pk},0,0,0")
    post(ada, path, undo="1", before=undo["before"])
    assert (titles(block), ada.get(path).context["undo"]) == ("Cy Ed", None)


def test_undo_is_gone_once_somebody_else_changed_the_order(ada, block, path):
    cy, ed = a_talk(block, "Cy"), a_talk(block, "Ed")
    post(ada, path, move=f"{cy.pk}:1")
    post(somebody(block, "organiser"), path, move=f"{ed.pk}:1")
    assert ada.get(path).context["undo"] is None


def test_an_order_that_changed_meanwhile_is_told_with_the_present_one(ada, block, path):
    cy, ed = a_talk(block, "Cy"), a_talk(block, "Ed")
    old = saw(ada, path)
    post(somebody(block, "organiser"), path, move=f"{cy.pk}:1")
    response = ada.post(path, {"saw": old, "order": f"{cy.pk},0,{ed.pk}", "moved": ed.pk})
    assert (response.status_code, titles(block)) == (409, "Ed Cy")
    assert "Somebody else changed the order meanwhile. Nothing of yours was saved. This is the order now." in text_of(
        response
    )
    assert [slot.row.names for slot in response.context["view"].slots if slot.row] == ["Ed", "Cy"]


def test_a_shuffle_says_its_seed_and_comes_back_by_it(ada, block, path):
    """One lot in 24 gives the order that was there, and says its seed as well."""
    for name in "ABCD":
        a_talk(block, name)
    post(ada, path, shuffle="1")
    [seed] = re.findall(r"The seed is (\w+)[:.]", text_of(ada.get(path)))
    first = titles(block)
    post(ada, path, by_proposal="1")
    assert titles(block) == "A B C D"
    post(ada, path, shuffle="1", seed=seed)
    assert titles(block) == first


def test_a_lot_that_moves_nobody_says_so_and_leaves_nothing_to_undo(ada, block, path):
    a_talk(block, "Cy")
    post(ada, path, shuffle="1", seed="plum")
    page = ada.get(path)
    assert "The lot gave the order that was there already. The seed is plum." in text_of(page)
    assert page.context["undo"] is None


@pytest.mark.parametrize("action", ["close_gaps", "by_proposal"])
def test_an_order_that_is_so_already_is_told(ada, block, path, action):
    a_talk(block, "Cy")
    post(ada, path, **{action: "1"})
    assert "Nothing moved: this is the order already." in text_of(ada.get(path))


def test_decisions_are_made_and_nobody_is_told(ada, block, path):
    dee = a_talk(block, "Dee", "submitted")
    response = post(ada, path, decide=f"{dee.pk}:submitted:accepted")
    assert response["Location"] == f"{path}#talk-{dee.pk}"
    assert "Dee: Not confirmed yet. Nobody was told." in text_of(ada.get(path))
    assert (titles(block), Message.objects.count()) == ("Dee", 0)


def test_a_decision_that_cannot_be_is_refused_with_a_sentence(ada, block, path):
    for name in "ABCDE":
        a_talk(block, name)
    dee = a_talk(block, "Dee", "submitted")
    response = post(ada, path, decide=f"{dee.pk}:submitted:accepted")
    assert response.status_code == 409
    assert "All 5 slots are taken. Lengthen the block or shorten its talks." in text_of(response)


def test_organisers_see_who_will_hear_what_and_then_tell_them(ada, block, path):
    cy, ed = a_talk(block, "Cy", "accepted"), a_talk(block, "Ed", "declined")
    TalkFactory(block=block, title="Nobody", state="declined")
    telling = ada.get(f"{path}?inform=1").context["telling"]
    assert [(words, [row.names for row in rows]) for words, rows in telling.groups] == [
        ("Accepted: they are asked to confirm", ["Cy"]),
        ("Declined", ["Ed"]),
    ]
    assert ([row.label for row in telling.unreachable], telling.count) == (["Nobody"], 2)
    assert Message.objects.count() == 0
    ada.post(path, {"inform": "1", "talk": [cy.pk]})
    assert "The speakers of 1 talk are told." in text_of(ada.get(path))
    ada.post(path, {"inform": "1", "talk": [cy.pk, ed.pk]})
    ada.post(path, {"inform": "1", "talk": [cy.pk, ed.pk]})
    assert "There was nobody to tell." in text_of(ada.get(path))
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"order": "a"},
        {"order": "1" * 5000},
        {"move": "1:2"},
        {"move": "x"},
        {"decide": "1:2"},
        {"decide": "1:submitted:king"},
    ],
)
def test_what_the_page_never_sends_is_a_bad_request(data, ada, path):
    assert ada.post(path, data).status_code == 400


@pytest.mark.parametrize(
    "data",
    [{"move": f"{NOBODYS}:1"}, {"move": ":1"}, {"decide": f"{NOBODYS}:submitted:accepted"}, {"order": f"{NOBODYS}"}],
)
def test_talks_that_are_not_there_are_refused(data, ada, block, path):
    a_talk(block, "Cy")
    assert post(ada, path, **data).status_code == 409


def test_a_talk_of_another_round_is_not_touched(ada, block, path):
    theirs = TalkFactory(state="submitted")
    assert post(ada, path, decide=f"{theirs.pk}:submitted:accepted").status_code == 409
    theirs.refresh_from_db()
    assert theirs.state == "submitted"


def test_warnings_stand_above_the_order(ada, block, path):
    cy = SpeakerFactory(name="Cy")
    TalkFactory.create_batch(2, block=block, speakers=[cy])
    session = block.session
    SessionFactory(
        event=session.event, title="Panel", room=session.room, starts_at=session.starts_at, minutes=30
    ).session_speakers.create(speaker=cy)
    assert ada.get(path).context["view"].warnings == [
        "Cy is in “Panel” at the same time: slot 1.",
        "Cy is in “Panel” at the same time: slot 2.",
        "Cy speaks several times in a row: slots 1 and 2.",
    ]


def test_twenty_seven_talks_and_a_shortened_round(ada, block, path):
    for number in range(27):
        TalkFactory(block=block, title=f"On {number}")
    view = ada.get(path).context["view"]
    assert (len(view.slots), view.fill) == (27, "27 talks, 0 slots open, 0 min free")
    assert view.warnings[0] == "The round has 5 slots, and more talks: slots 6 to 27."
