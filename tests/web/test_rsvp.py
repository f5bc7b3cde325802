"""RSVP from the page: one click, the form, what is refused and how, and what a stranger may learn."""

import datetime as dt
import html

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from outbox.models import Message
from registrations.models import Answer, Invitation, Registration, SeriesRegistration
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory, SeriesFactory
from tests.factories.registrations import PlanFactory, QuestionFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import CODE, FORM, WEEK, browser_of, card_of, evening, going, main_of, taken

DEE = {"name": "Dee", "email": "dee@example.org"}
TO_THE_CARD = "/events/evening/#rsvp"


@pytest.fixture(autouse=True)
def _counted_from_nought(db: None) -> None:
    cache.clear()


@pytest.fixture
def bo() -> User:
    """Who attends."""
    user: User = UserFactory(name="Bo", email="bo@example.org")
    return user


def said(response: object) -> str:
    """What a page says, without its frame."""
    return html.unescape(main_of(response.content.decode()))  # type: ignore[attr-defined]


def test_one_click_takes_a_seat_and_loading_again_does_nothing(dee: Client, bo: User) -> None:
    evening()
    response = browser_of(bo).post(FORM, {"place": "room"})
    assert (response.status_code, response["Location"]) == (303, TO_THE_CARD)
    registration = Registration.objects.get()
    assert (registration.user, registration.name, registration.state) == (bo, "Bo", "going")
    assert (taken(), Message.objects.count()) == (1, 1)


def test_who_signed_in_by_code_says_a_name_once_and_needs_one_click_from_then_on(dee: Client) -> None:
    evening()
    PlanFactory(event=EventFactory(slug="second"), room=10)
    cy = UserFactory(name="", email="cy@example.org")
    browser = browser_of(cy)
    assert browser.post(FORM, {"place": "room"}).status_code == 422
    assert browser.post(FORM, {"place": "room", "name": " Cy "}).status_code == 303
    assert browser.post("/events/second/rsvp/", {"place": "room"}).status_code == 303
    cy.refresh_from_db()
    assert (cy.name, list(Registration.objects.values_list("name", flat=True))) == ("Cy", ["Cy", "Cy"])


def test_a_name_for_one_evening_does_not_rename_the_account(dee: Client, bo: User) -> None:
    evening()
    browser_of(bo).post(FORM, {"place": "room", "name": "Bo Diddley"})
    bo.refresh_from_db()
    assert (bo.name, Registration.objects.get().name) == ("Bo", "Bo Diddley")


def test_a_double_click_is_one_registration_and_one_message(dee: Client, bo: User) -> None:
    evening()
    browser = browser_of(bo)
    answers = [browser.post(FORM) for _click in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, TO_THE_CARD)] * 2
    assert (Registration.objects.count(), taken(), Message.objects.count()) == (1, 1, 1)


def test_a_strangers_double_click_is_one_registration_and_one_message(dee: Client) -> None:
    evening()
    answers = [dee.post(FORM, DEE) for _click in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, CODE)] * 2
    registration = Registration.objects.get()
    assert (registration.state, registration.name, registration.user.email) == ("pending", "Dee", "dee@example.org")
    assert (taken(), Message.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    "email", ["dee@例え.example", "dee@müller.example", "o'dee+rsvp@example.org", '"d;e"@example.org']
)
def test_unusual_addresses_are_kept_as_they_are(dee: Client, email: str) -> None:
    evening()
    response = dee.post(FORM, DEE | {"email": email})
    assert response.status_code in {303, 422}
    if response.status_code == 303:
        assert f"We sent a code to {email}." in said(dee.get(CODE))


def test_strangers_stay_without_a_session_and_keep_the_cached_pages(dee: Client) -> None:
    evening()
    dee.post(FORM, DEE)
    assert "sessionid" not in dee.cookies
    assert dee.get("/events/evening/")["Cache-Control"].startswith("public")


def test_a_form_without_its_token_is_refused(bo: User, dee: Client) -> None:
    evening()
    for user in (bo, None):
        client = Client(enforce_csrf_checks=True)
        if user:
            client.force_login(user)
        assert client.post(FORM, DEE).status_code == 403
    assert not Registration.objects.exists()


@pytest.mark.parametrize("room", [10, 0])
def test_nobody_learns_whether_an_address_is_known_or_comes(dee: Client, bo: User, room: int) -> None:
    going(evening(room=room), bo)
    UserFactory(email="cy@example.org")
    answers = []
    for email in ("bo@example.org", "cy@example.org", "stranger@example.org"):
        browser = Client()
        answer = browser.post(FORM, DEE | {"email": email})
        step = browser.get(CODE).content.decode()
        wrong = browser.post(CODE, {"code": "000000"})
        token = browser.cookies["csrftoken"].value[:0]
        answers.append(
            (
                answer.status_code,
                answer["Location"],
                answer.content,
                main_of(step).replace(email, "").replace(token, "").split("csrfmiddlewaretoken")[0],
                wrong.status_code,
                main_of(wrong.content.decode()).split('class="field')[1].replace(email, ""),
            )
        )
    assert answers[0] == answers[1] == answers[2]


def test_who_was_not_invited_gets_the_same_answer_and_no_mail(dee: Client) -> None:
    plan = evening(admission="invitation")
    Invitation.objects.create(plan=plan, email="cy@example.org", invited_at=TUESDAY_EVENING)
    for email, mails in (("dee@example.org", 0), ("cy@example.org", 1)):
        answer = dee.post(FORM, DEE | {"email": email})
        assert (answer.status_code, answer["Location"]) == (303, CODE)
        assert Message.objects.count() == mails
        assert f"If {email} is among the invited addresses" in said(dee.get(CODE))
    assert User.objects.count() == Registration.objects.count() == 1
    for email in ("dee@example.org", "cy@example.org"):
        assert dee.post(FORM, DEE | {"email": email, "question-99": "x"}).status_code == 422


def test_guests_place_and_answers_are_kept(dee: Client, bo: User) -> None:
    plan = evening(online=5, max_guests=2)
    hope = QuestionFactory(plan=plan, text="What do you hope for?")
    diet = QuestionFactory(plan=plan, text="Food?", kind="choice", choices=["Anything", "Vegan"], is_required=True)
    answers = {f"question-{hope.pk}": " Learning\tmuch ", f"question-{diet.pk}": "Vegan"}
    browser_of(bo).post(FORM, {"name": "Bo Li", "place": "online", "guests": "2", **answers})
    registration = Registration.objects.get()
    assert (registration.name, registration.place, registration.guests) == ("Bo Li", "online", 2)
    assert list(Answer.objects.values_list("value", flat=True)) == ["Learning much", "Vegan"]
    assert taken("online") == 3


def test_a_missing_answer_is_asked_for_on_its_field(dee: Client, bo: User) -> None:
    question = QuestionFactory(plan=evening(), text="Food?", is_required=True)
    response = browser_of(bo).post(FORM, {"place": "room"})
    assert response.status_code == 422
    field = said(response).split(f'for="rsvp-question-{question.pk}"')[1].split("</div>")[0]
    assert "This needs an answer." in field
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "The name is empty."),
        ("name", "   ", "The name is empty."),
        ("name", "x" * 121, "The name is longer than 120 characters."),
        ("name", "Dee\r\nBcc: all@example.org", "The name holds a line break"),
        ("name", "Dee\x07", "The name holds a line break or a character nobody can see."),
        ("name", "Dee\u2028Dee", "The name holds a line break"),
        ("name", "Dee\x00", "Null characters are not allowed."),
        ("email", "", "The email is empty."),
        ("email", "dee", "This is not one email address."),
        ("email", "dee@example.org,bo@example.org", "This is not one email address."),
        ("email", "dee@example.org, bo@example.org", "This is not one email address."),
        ("email", "dee@example.org\nBcc: bo@example.org", "This is not one email address."),
        ("email", "Dee <dee@example.org>", "This is not one email address."),
        ("email", "d\u0131e@example.org", "This is not one email address."),
        ("email", "d@" + "x" * 250 + ".org", "This is not one email address."),
        ("guests", "-1", "Write 0 when you come alone."),
        ("guests", "abc", "Write a whole number"),
        ("guests", "99", "You can bring up to 2 guests."),
        ("guests", "9" * 5000, "Write a whole number"),
        ("guests", "1.5", "Write a whole number"),
        ("place", "moon", "This event has no such place."),
        ("place", "\x00", "This event has no such place."),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_changes(
    dee: Client, field: str, value: str, words: str
) -> None:
    evening(online=5, max_guests=2)
    given = DEE | {"guests": "1", "place": "room", field: value}
    response = dee.post(FORM, given)
    text = said(response)
    assert response.status_code == 422
    assert words in text.split(f'id="rsvp-{field}_error"')[1].split("</p>")[0]
    assert "[" not in text.split(f'id="rsvp-{field}_error"')[1].split("</p>")[0]
    assert text.count("msg--bad") == 1
    for name in {"name", "email"} - {field}:
        assert f'value="{given[name]}"' in text
    assert (User.objects.count(), Registration.objects.count(), Message.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("name", ["question-99", "question-", "question-abc", "question-" + "9" * 60, "question-\x00"])
def test_a_question_nobody_asked_is_refused(dee: Client, bo: User, name: str) -> None:
    evening()
    for browser in (dee, browser_of(bo)):
        response = browser.post(FORM, DEE | {name: "x"})
        assert response.status_code == 422
        assert "This event asks no such question." in said(response)
    assert not Registration.objects.exists()


def test_guests_where_nobody_may_bring_any_are_refused_above_the_form(dee: Client) -> None:
    evening()
    response = dee.post(FORM, DEE | {"guests": "1"})
    assert response.status_code == 422
    assert "This event has no places for guests." in said(response).split("<form")[0]


@pytest.mark.parametrize(
    ("starts", "plan", "words"),
    [
        (WEEK, {"closes_at": TUESDAY_EVENING}, "RSVP is closed."),
        (WEEK, {"opens_at": TUESDAY_EVENING + WEEK / 2}, "RSVP has not opened yet."),
        (-WEEK, {}, "This event is over."),
        (WEEK, {"of_event": {"status": "cancelled"}}, "This event is cancelled."),
        (WEEK, {"of_event": {"status": "postponed"}}, "This event is postponed."),
    ],
)
def test_outside_the_window_nothing_changes_and_what_was_typed_stays(
    dee: Client, bo: User, starts: dt.timedelta, plan: dict[str, object], words: str
) -> None:
    evening(starts=starts, **plan)
    for browser in (dee, browser_of(bo)):
        response = browser.post(FORM, DEE)
        assert response.status_code == 422
        assert words in said(response)
        assert 'value="Dee"' in said(response)
        assert "<form" not in said(browser.get(FORM))
    assert (Registration.objects.count(), Message.objects.count(), User.objects.count()) == (0, 0, 1)


def test_the_form_asks_only_what_is_worth_asking(dee: Client, bo: User) -> None:
    evening()
    stranger, known = said(dee.get(FORM)), said(browser_of(bo).get(FORM))
    assert 'name="email"' in stranger
    assert 'name="email"' not in known
    assert 'value="Bo"' in known
    for text in (stranger, known):
        assert 'name="place"' not in text
        assert 'name="guests"' not in text
        assert 'name="series"' not in text


def test_the_button_that_was_pressed_chooses_the_place(dee: Client) -> None:
    evening(online=5)
    assert 'value="online" id="rsvp-place_1" required checked' in said(dee.get(FORM + "?place=online"))
    assert 'value="room" id="rsvp-place_0" required checked' in said(dee.get(FORM + "?place=moon"))


def test_the_form_is_private_and_found_by_nobody(dee: Client) -> None:
    evening()
    response = dee.get(FORM)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")


def test_who_is_registered_is_sent_to_the_card(dee: Client, bo: User) -> None:
    going(evening(), bo)
    response = browser_of(bo).get(FORM)
    assert (response.status_code, response["Location"]) == (302, TO_THE_CARD)


@pytest.mark.parametrize("path", [FORM, CODE, "/events/evening/places/"])
def test_without_a_plan_or_an_event_there_is_nothing(dee: Client, path: str) -> None:
    assert dee.get(path).status_code == 404
    EventFactory(slug="evening", starts_at=TUESDAY_EVENING + WEEK)
    assert dee.get(path).status_code == 404
    PlanFactory(event=EventFactory(slug="draft", status="draft"))
    assert dee.get(path.replace("evening", "draft")).status_code == 404


def test_the_whole_series_with_one_form(dee: Client, bo: User) -> None:
    series = SeriesFactory()
    plan = evening(of_event={"series": series})
    later = EventFactory(series=series, starts_at=TUESDAY_EVENING + 2 * WEEK)
    PlanFactory(event=later)
    assert "All future events of this series" in said(browser_of(bo).get(FORM))
    browser_of(bo).post(FORM, {"name": "Bo", "series": "1"})
    assert SeriesRegistration.objects.get().user == bo
    assert set(Registration.objects.values_list("event", "state")) == {(plan.event_id, "going"), (later.pk, "going")}


def test_this_event_alone_is_no_series(dee: Client, bo: User) -> None:
    evening(of_event={"series": SeriesFactory()})
    browser_of(bo).post(FORM, {"name": "Bo", "series": ""})
    assert not SeriesRegistration.objects.exists()


@pytest.mark.parametrize(
    ("before", "action", "after"),
    [("going", "leave", "cancelled"), ("offered", "accept", "going"), ("offered", "leave", "cancelled")],
)
def test_the_buttons_of_the_card_act_and_act_once(dee: Client, bo: User, before: str, action: str, after: str) -> None:
    registration = going(evening(), bo)
    until = TUESDAY_EVENING + WEEK / 2 if before == "offered" else None
    Registration.objects.update(state=before, offer_until=until)
    browser = browser_of(bo)
    for _click in range(2):
        response = browser.post(FORM, {"action": action})
        assert (response.status_code, response["Location"]) == (303, TO_THE_CARD)
    registration.refresh_from_db()
    assert registration.state == after


def test_a_button_of_a_page_that_is_too_old_changes_nothing(dee: Client, bo: User) -> None:
    going(evening(room=0), bo)
    response = browser_of(bo).post(FORM, {"action": "accept"})
    assert response.status_code == 409
    assert "That is not possible" in said(response)
    assert Registration.objects.get().state == "waiting"


def test_a_button_no_page_has_is_refused(dee: Client, bo: User) -> None:
    going(evening(), bo)
    assert browser_of(bo).post(FORM, {"action": "promote"}).status_code == 400


def test_each_of_the_cast_moves_their_own_registration_alone(dee: Client, bo: User) -> None:
    plan = evening()
    ada, cy = UserFactory(name="Ada"), UserFactory(name="Cy")
    MembershipFactory(group=plan.event.group, user=ada, role="organiser")
    own = going(plan, bo)
    for user in (ada, cy):
        browser_of(user).post(FORM, {"action": "leave"})
    dee.post(FORM, {"action": "leave"})
    own.refresh_from_db()
    assert own.state == "going"
    browser_of(bo).post(FORM, {"action": "leave"})
    own.refresh_from_db()
    assert own.state == "cancelled"


def test_who_left_by_one_click_may_come_back_by_one_click(dee: Client, bo: User) -> None:
    evening()
    browser = browser_of(bo)
    for given in ({"place": "room"}, {"action": "leave"}, {"place": "room"}):
        browser.post(FORM, given)
    assert (Registration.objects.get().state, taken()) == ("going", 1)
    assert "You’re going" in card_of(browser.get("/events/evening/").content.decode())


def test_a_stranger_cannot_have_mails_sent_without_end(dee: Client) -> None:
    evening()
    statuses = [dee.post(FORM, DEE).status_code for _time in range(11)]
    assert statuses == [303] * 10 + [429]
    response = dee.post(FORM, DEE | {"email": "DEE@example.org"})
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert "many times in a short while" in said(response)
    assert 'value="Dee"' in said(response)
    assert dee.post(FORM, DEE | {"email": "cy@example.org"}).status_code == 303


def test_a_network_cannot_have_mails_sent_without_end(dee: Client) -> None:
    evening()
    statuses = [dee.post(FORM, DEE | {"email": f"d{number}@example.org"}).status_code for number in range(121)]
    assert statuses == [303] * 120 + [429]


def test_somebody_who_registered_by_mail_confirms_with_one_click_when_signed_in(dee: Client, bo: User) -> None:
    evening()
    dee.post(FORM, DEE | {"email": "bo@example.org"})
    browser_of(bo).post(FORM, {"action": "confirm"})
    assert (Registration.objects.get().state, taken()) == ("going", 1)


def test_joining_online_is_for_who_is_confirmed(dee: Client, bo: User) -> None:
    plan = evening(of_event={"format": "online", "online_url": "https://meet.example/secret"}, room=1)
    path = "/events/evening/join/"
    cy = UserFactory(name="Cy")
    going(plan, bo)
    going(plan, cy)
    assert dee.get(path)["Location"].startswith("/accounts/login/code/?next=")
    own = browser_of(bo).get(path, follow=True)
    assert own.redirect_chain[-1] == ("https://meet.example/secret", 302)
    for user in (cy, UserFactory(name="Ada")):
        answer = browser_of(user).get(path, follow=True)
        assert answer.status_code == 403
        assert "meet.example" not in answer.content.decode()
