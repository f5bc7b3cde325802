"""Proposing from the page: two steps for strangers, one for accounts; what is refused, and what nobody may learn."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from lightning.links import proposal_path, talk_of
from lightning.models import Call, Talk
from outbox.models import Message
from speakers.models import Speaker
from tests.factories import BlockFactory, SessionFactory, SpeakerFactory, TalkFactory, TopicFactory, UserFactory
from tests.factories.lightning import CallFactory
from tests.lightning.rounds import DAY, HOUR, a_call
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import browser_of, main_of

FORM = "/events/evening/propose/"
TALK = {"name": "Dee", "title": "Fast", "link": "github.com/dee", "notes": "", "key": "k1"}
DEE = TALK | {"email": "dee@example.org"}


@pytest.fixture(autouse=True)
def _counted_from_nought(dee: Client) -> None:
    cache.clear()


def said(response: object) -> str:
    return html.unescape(main_of(response.content.decode()))  # type: ignore[attr-defined]


def a_call_here(**fields: object) -> Call:
    return a_call(TUESDAY_EVENING, **fields)  # type: ignore[arg-type]


def test_a_stranger_proposes_in_two_steps_and_sees_the_slot(dee: Client) -> None:
    call = a_call_here(taken=1)
    first = said(dee.get(FORM))
    assert "5 minutes, one idea. 2 slots are open." in first
    assert re.search(r'name="key" value="[\w-]{22}"', first)
    second = dee.post(FORM, TALK)
    assert (second.status_code, Talk.objects.count()) == (200, 1)
    assert "Where can we reach you?" in said(second)
    assert 'name="title" value="Fast"' in said(second)
    done = dee.post(FORM, DEE)
    talk = call.block.talks.get(title="Fast")
    assert (done.status_code, talk_of(done["Location"].split("/")[2])) == (303, talk)
    assert done["Location"] != proposal_path(talk)
    page = said(dee.get(done["Location"]))
    for words in ("You have slot 2", "19:06", "we sent you an email", "Come to the front before the round starts."):
        assert words in page, words


def test_back_keeps_what_was_typed(dee: Client) -> None:
    topic = TopicFactory(name="Compilers")
    a_call_here().block.session.event.topics.add(topic)
    typed = DEE | {"email": "", "back": "1", "is_first_talk": "on", "topics": [topic.pk]}
    page = said(dee.post(FORM, typed))
    for field in ('value="Dee"', 'value="Fast"', 'value="github.com/dee"', "checked"):
        assert field in page, field
    assert page.count("checked") == 2
    assert not Talk.objects.exists()


def test_an_account_proposes_in_one_step_with_fewer_fields(dee: Client) -> None:
    a_call_here()
    bo = UserFactory(name="Bo")
    browser = browser_of(bo)
    form = said(browser.get(FORM))
    assert ('id="talk-name"' in form, 'id="talk-email"' in form) == (False, False)
    done = browser.post(FORM, {"title": "Fast", "link": "", "notes": "", "key": "k"})
    talk = Talk.objects.get()
    assert (done.status_code, done["Location"], talk.state) == (303, proposal_path(talk), "confirmed")
    assert (talk.speakers.get().user, talk.speakers.get().name) == (bo, "Bo")


def test_an_earlier_talk_fills_the_form(dee: Client) -> None:
    call, cy = a_call_here(), SpeakerFactory(user=UserFactory())
    earlier = TalkFactory(title="Protocols", notes="Old", speakers=[cy])
    someone_elses = TalkFactory(title="Theirs")
    browser = browser_of(cy.user)
    page = said(browser.get(FORM, {"block": call.block_id, "earlier": earlier.pk}))
    assert ('value="Protocols"' in page, ">\nOld</textarea>" in page, "Theirs" in page) == (True, True, False)
    page = said(browser.get(FORM, {"block": call.block_id, "earlier": someone_elses.pk}))
    assert ('value="Protocols"' in page, "Theirs" in page) == (False, False)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "The title is empty. Write a few words about your idea."),
        ("title", "x" * 91, "The title is longer than 90 characters. Shorten it."),
        ("title", "a\x00b", "Null characters are not allowed."),
        ("name", "", "The name is empty. Write what people call you."),
        ("name", "Dee\r\nBcc: a@b.org", "The name holds a line break"),
        ("link", "githb,com/rayan", "“githb,com/rayan” is not a web address. Check the comma, or leave this empty."),
        ("link", "<script>alert(1)</script>", "“<script>alert(1)</script>” is not a web address."),
        ("notes", "x" * 1001, "The notes are longer than 1000 characters."),
        ("topics", "99999", "Choose among the topics offered."),
        ("email", "dee", "This is not one email address."),
        ("email", "", "The email is empty."),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_changes(
    dee: Client, field: str, value: str, words: str
) -> None:
    a_call_here().block.session.event.topics.add(TopicFactory())
    response = dee.post(FORM, DEE | {field: value})
    page = said(response)
    assert (response.status_code, words in page.split(f'id="talk-{field}_error"')[1].split("</p>")[0]) == (422, True)
    assert page.count("msg--bad") == 1
    assert ("Where can we reach you?" in page) == (field == "email")
    assert "<script>alert" not in response.content.decode()
    assert (Talk.objects.count(), Speaker.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_a_form_without_its_token_is_refused(dee: Client) -> None:
    a_call_here()
    assert Client(enforce_csrf_checks=True).post(FORM, DEE).status_code == 403


def test_a_double_click_and_a_lost_answer_are_one_talk(dee: Client) -> None:
    a_call_here()
    answers = {dee.post(FORM, DEE)["Location"] for _click in range(3)}
    assert (len(answers), Talk.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_nobody_learns_whether_an_address_is_a_speakers(dee: Client) -> None:
    a_call_here(slots=9, taken=3)
    SpeakerFactory(name="Cy", email="cy@example.org")
    SpeakerFactory(name="Ta", user=UserFactory(email="ta@example.org"))
    pages = []
    for email in ("cy@example.org", "ta@example.org", "new@example.org"):
        done = Client().post(FORM, DEE | {"email": email})
        page = said(Client().get(done["Location"]))
        schedule = Client().get("/events/evening/schedule/").content.decode()
        pages.append((done.status_code, re.sub(r"slot \d|\d\d:\d\d|[\w-]{36}:[\w-]+|/t/\w+|talks/\w+", "", page)[:900]))
        assert ("Cy" in schedule, "Ta<" in schedule) == (False, False)
    assert pages[0] == pages[1] == pages[2]


def test_too_many_mails_to_one_address_are_refused_with_a_time_to_wait(dee: Client) -> None:
    a_call_here(slots=20)
    answers = [dee.post(FORM, DEE | {"key": str(number)}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert (answers[-1]["Retry-After"], Talk.objects.count()) == ("3600", 10)


def test_a_closed_call_says_why_and_an_open_one_takes_the_next(dee: Client) -> None:
    call = a_call_here(opens_before=3 * DAY)
    assert "Talks can be proposed from Tuesday 24 March at 19:00." in said(dee.get(FORM))
    refused = dee.post(FORM, DEE)
    assert (refused.status_code, "Talks can be proposed from" in said(refused)) == (422, True)
    other = SessionFactory(
        event=call.block.session.event, kind="lightning", starts_at=call.block.session.starts_at + DAY
    )
    CallFactory(block=BlockFactory(session=other))
    assert "1 slot is open" not in said(dee.get(FORM))
    assert 'id="talk-title"' in said(dee.get(FORM))


def test_where_several_rounds_are_open_one_chooses(dee: Client) -> None:
    call = a_call_here()
    session = SessionFactory(event=call.block.session.event, kind="lightning", title="Second round")
    second = CallFactory(block=BlockFactory(session=session), policy="curated").block
    page = said(dee.get(FORM))
    assert ("Second round" in page, f"?block={second.pk}" in page, 'id="talk-title"' in page) == (True, True, False)
    assert "The organisers choose, and write to you." in said(dee.get(FORM, {"block": second.pk}))
    assert [dee.get(FORM, {"block": block}).status_code for block in ("0", "x", "1" * 40)] == [404] * 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"taken": 3}, "Every slot is taken: your talk will be on stand-by"),
        ({"policy": "draw"}, "Slots are drawn by lot."),
        ({"policy": "curated"}, "The organisers choose, and write to you."),
        ({"policy": "curated", "ahead": HOUR / 2}, "3 slots are open."),
    ],
)
def test_the_form_says_what_will_become_of_a_talk(dee: Client, fields: dict[str, object], words: str) -> None:
    a_call_here(**fields)
    assert words in said(dee.get(FORM))


def test_without_a_call_there_is_no_such_page(dee: Client) -> None:
    call = a_call_here()
    call.delete()
    assert dee.get(FORM).status_code == 404


def test_event_and_schedule_lead_to_an_open_call_and_to_no_other(dee: Client, clock: time_machine.Traveller) -> None:
    call = a_call_here()
    pages = ("/events/evening/", "/events/evening/schedule/")

    def lead() -> list[bool]:
        return [FORM in dee.get(path).content.decode() for path in pages]

    seen = [lead()]
    for left in (2 * HOUR, HOUR, -call.block.session.minutes * dt.timedelta(minutes=1)):
        clock.move_to(call.block.session.starts_at - left)
        seen.append(lead())
    assert seen == [[True, True], [False, False], [True, True], [False, False]]


def test_the_draw_is_public_from_the_first_day_and_complete_once_it_was_held(dee: Client) -> None:
    from lightning.services.drawing import hold_draw  # noqa: PLC0415

    call = a_call_here(ahead=3 * HOUR, policy="draw")
    for name in ("A", "B", "C", "D"):
        dee.post(FORM, DEE | {"title": f"Talk {name}", "email": f"{name.lower()}@example.org"})
    address = f"/events/evening/draw/{call.block_id}/"
    before = dee.get(address)
    assert (before.status_code, call.seed in before.content.decode()) == (200, False)
    assert dee.get(address, {"format": "json"}).json()["seed"] is None
    hold_draw(block=call.block, by=None, now=TUESDAY_EVENING + HOUR)
    page, document = dee.get(address).content.decode(), dee.get(address, {"format": "json"}).json()
    loser = Talk.objects.get(state="stand_by")
    assert (call.seed in page, loser.title in page, str(loser.ical_uid) in page) == (True, False, True)
    assert (len(document["winners"]), document["stand_by"]) == (3, [str(loser.ical_uid)])
    assert [
        dee.get(path).status_code for path in (f"/events/evening/draw/{call.block_id + 1}/", "/events/x/draw/1/")
    ] == [
        404,
        404,
    ]


def test_rounds_that_are_not_drawn_have_no_draw(dee: Client) -> None:
    assert dee.get(f"/events/evening/draw/{a_call_here().block_id}/").status_code == 404


def test_the_form_asks_the_same_questions_of_one_round_and_of_three_topics(
    dee: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    event = a_call_here().block.session.event
    for topics in (1, 2):
        for _topic in range(topics):
            event.topics.add(TopicFactory())
        with django_assert_num_queries(6):
            dee.get(FORM)


def bo_named(name: str) -> User:
    user: User = UserFactory(name=name)
    return user


def test_an_account_without_a_name_is_asked_for_one(dee: Client) -> None:
    a_call_here()
    assert 'id="talk-name"' in said(browser_of(bo_named("")).get(FORM))
