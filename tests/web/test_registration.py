"""The page behind the link out of the mail: it shows on GET, acts on POST, and is told to nobody."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from events.models import Event
from outbox.models import Message
from registrations.links import manage_path
from registrations.models import Registration, RegistrationPlan, SeriesRegistration
from registrations.selectors.plans import plan_of_event
from registrations.services.by_email import ask_by_email
from registrations.services.wishes import Wish
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory, SeriesFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import WEEK, browser_of, evening, going, main_of, taken

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def bo(db: None) -> User:
    """Who attends."""
    user: User = UserFactory(name="Bo", email="bo@example.org")
    return user


def said(response: object) -> str:
    """What a page says, without its frame."""
    return html.unescape(main_of(response.content.decode()))  # type: ignore[attr-defined]


def pending(plan: RegistrationPlan) -> Registration:
    """Dee asked by e-mail and has not confirmed."""
    wish = Wish(name="Dee", guests=0)
    ask_by_email(plan=plan, email="dee@example.org", language="en", wish=wish, now=TUESDAY_EVENING)
    return Registration.objects.get(user__email="dee@example.org")


def test_looking_changes_nothing_and_the_button_confirms(dee: Client) -> None:
    path = manage_path(pending(evening()))
    for _look in range(2):
        assert "Not confirmed yet" in said(dee.get(path))
    assert dee.head(path).status_code == 200
    assert Registration.objects.get().state == "pending"
    response = dee.post(path, {"action": "confirm"})
    assert (response.status_code, response["Location"]) == (303, path)
    assert "You’re going" in said(dee.get(path))
    assert taken() == 1


def test_pressed_twice_is_pressed_once(dee: Client) -> None:
    path = manage_path(pending(evening()))
    for _click in range(2):
        assert dee.post(path, {"action": "confirm"}).status_code == 303
    assert (taken(), Message.objects.count()) == (1, 2)
    for _click in range(2):
        assert dee.post(path, {"action": "leave"}).status_code == 303
    assert (taken(), Message.objects.count()) == (0, 3)


def test_the_page_is_kept_by_nobody_and_tells_nobody_where_it_is(dee: Client, bo: User) -> None:
    path = manage_path(going(evening(), bo))
    for response in (dee.get(path), dee.post(path, {"action": "leave"}), dee.get("/r/forged/")):
        headers = (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"])
        assert headers == ("private, no-store", "noindex", "no-referrer")
        assert response.cookies == {}


def test_the_button_works_in_browsers_that_post_from_nowhere(bo: User, dee: Client) -> None:
    """A page without referrer makes browsers say `Origin: null`."""
    path = manage_path(going(evening(), bo))
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(path, {"action": "leave"}, headers={"Origin": "null"}).status_code == 303
    assert Registration.objects.get().state == "cancelled"


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "x", lambda t: "x" + t[1:], lambda t: t.upper()])
def test_an_altered_link_is_not_found_and_says_what_to_do(dee: Client, bo: User, change: object) -> None:
    token = manage_path(going(evening(), bo)).split("/")[2]
    for response in (dee.get(f"/r/{change(token)}/"), dee.post(f"/r/{change(token)}/", {"action": "leave"})):  # type: ignore[operator]
        assert response.status_code == 404
        assert "Copy the whole address from the email" in said(response)
    assert Registration.objects.get().state == "going"


@pytest.mark.parametrize("token", ["x", "%00", "%E4%B8%AD", "a:b:c", "x" * 3000])
def test_odd_links_get_a_page(dee: Client, token: str) -> None:
    assert dee.get(f"/r/{token}/").status_code in {400, 404}


def test_a_registration_that_is_gone_says_so(dee: Client, bo: User) -> None:
    paths = []
    for change in (
        lambda one: Registration.objects.filter(pk=one.pk).update(user=None, name=""),
        lambda one: Event.objects.filter(pk=one.event_id).update(status="draft"),
        lambda one: RegistrationPlan.objects.filter(event=one.event_id).delete(),
        lambda one: Registration.objects.filter(pk=one.pk).delete(),
    ):
        event = EventFactory(starts_at=TUESDAY_EVENING + WEEK)
        PlanFactory(event=event)
        one = RegistrationFactory(event=event)
        paths.append(manage_path(one))
        change(one)
    for path in paths:
        for response in (dee.get(path), dee.post(path, {"action": "leave"})):
            assert response.status_code == 410
            assert "This registration is gone" in said(response)


def test_an_offer_is_taken_in_time(dee: Client, bo: User, clock: time_machine.Traveller) -> None:
    plan = evening()
    one = going(plan, bo)
    Registration.objects.update(state="offered", offer_until=TUESDAY_EVENING + HOUR)
    path = manage_path(one)
    assert 'value="accept"' in said(dee.get(path))
    clock.shift(HOUR)
    assert "The offer has run out" in said(dee.get(path))
    late = dee.post(path, {"action": "accept"})
    assert late.status_code == 409
    assert "This offer has run out. Join the waitlist again." in said(late)
    clock.shift(-HOUR)
    assert dee.post(path, {"action": "accept"}).status_code == 303
    assert Registration.objects.get().state == "going"


def test_an_offer_can_be_let_go(dee: Client, bo: User) -> None:
    path = manage_path(going(evening(), bo))
    Registration.objects.update(state="offered", offer_until=TUESDAY_EVENING + HOUR)
    dee.post(path, {"action": "leave"})
    assert (Registration.objects.get().state, taken()) == ("cancelled", 0)


def test_one_click_keeps_the_seat(dee: Client, bo: User) -> None:
    path = manage_path(going(evening(reconfirm_days=3), bo))
    Registration.objects.update(reconfirm_asked_at=TUESDAY_EVENING)
    assert "I’m still coming" in said(dee.get(path))
    dee.post(path, {"action": "reconfirm"})
    assert Registration.objects.get().reconfirmed_at == TUESDAY_EVENING
    assert "You’re going" in said(dee.get(path))


def test_leaving_moves_the_queue_up(dee: Client, bo: User) -> None:
    plan = evening(room=1)
    first, second = going(plan, bo), going(plan, UserFactory(name="Cy"))
    dee.post(manage_path(first), {"action": "leave"})
    second.refresh_from_db()
    assert second.state == "going"
    assert "You gave up your place." in said(dee.get(manage_path(first)))


def test_who_left_comes_back_with_guests_and_answers(dee: Client, bo: User) -> None:
    plan = evening(online=5, max_guests=2)
    question = QuestionFactory(plan=plan)
    plan = plan_of_event(plan.event_id)
    path = manage_path(going(plan, bo, guests=1, answers={question.pk: "Cake"}))
    dee.post(path, {"action": "leave"})
    dee.post(path, {"action": "return", "place": "online"})
    one = Registration.objects.get()
    assert (one.state, one.place, one.guests, one.answers.get().value) == ("going", "online", 1, "Cake")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 400),
        ({"action": "approve"}, 400),
        ({"action": "\x00"}, 400),
        ({"action": "accept"}, 409),
        ({"action": "join_series"}, 303),
        ({"action": "return", "place": "moon"}, 409),
    ],
)
def test_buttons_nobody_offered_change_nothing(dee: Client, bo: User, given: dict[str, str], status: int) -> None:
    plan = evening(room=0)
    path = manage_path(going(plan, bo))
    assert dee.post(path, given).status_code == status
    assert (Registration.objects.get().state, SeriesRegistration.objects.count()) == ("waiting", 0)


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_other_method_is_taken(dee: Client, bo: User, method: str) -> None:
    path = manage_path(going(evening(), bo))
    assert getattr(dee, method)(path).status_code == 405


def test_after_the_window_closed_nobody_confirms(dee: Client) -> None:
    plan = evening()
    path = manage_path(pending(plan))
    RegistrationPlan.objects.update(closes_at=TUESDAY_EVENING, closes_because="The building needs names.")
    response = dee.post(path, {"action": "confirm"})
    assert response.status_code == 409
    assert "RSVP is closed. The building needs names." in said(response)


def test_a_seat_can_be_given_up_after_the_window_closed_and_while_postponed(dee: Client, bo: User) -> None:
    plan = evening(of_event={"title": "NeurIPS"})
    path = manage_path(going(plan, bo))
    Event.objects.update(status="postponed")
    assert "Your RSVP stands" in said(dee.get(path))
    assert "Give up my place" in said(dee.get(path))
    dee.post(path, {"action": "leave"})
    assert Registration.objects.get().state == "cancelled"


def test_the_series_is_joined_and_left_from_the_page(dee: Client, bo: User) -> None:
    plan = evening(of_event={"series": SeriesFactory()})
    later = EventFactory(series=plan.event.series, starts_at=TUESDAY_EVENING + 2 * WEEK)
    PlanFactory(event=later)
    path = manage_path(going(plan, bo))
    assert "Come to every one" in said(dee.get(path))
    dee.post(path, {"action": "join_series"})
    assert Registration.objects.get(event=later).state == "going"
    assert "Leave the series" in said(dee.get(path))
    dee.post(path, {"action": "leave_series"})
    assert Registration.objects.get(event=later).state == "cancelled"
    assert Registration.objects.get(event=plan.event).state == "going"


def test_the_series_waits_for_a_proven_address(dee: Client) -> None:
    path = manage_path(pending(evening(of_event={"series": SeriesFactory()})))
    assert "Come to every one" not in said(dee.get(path))
    response = dee.post(path, {"action": "join_series"})
    assert response.status_code == 409
    assert not SeriesRegistration.objects.exists()


def test_the_link_is_the_key_whoever_is_signed_in(dee: Client, bo: User) -> None:
    plan = evening()
    path = manage_path(going(plan, bo))
    ada, cy = UserFactory(name="Ada"), UserFactory(name="Cy")
    MembershipFactory(group=plan.event.group, user=ada, role="organiser")
    pages = [said(browser.get(path)) for browser in (dee, *map(browser_of, (ada, bo, cy)))]
    assert [re.sub(r"\s+", " ", page) for page in pages] == [re.sub(r"\s+", " ", pages[0])] * 4
    assert "You’re going" in pages[0]


def test_the_online_address_is_not_on_the_page(dee: Client, bo: User) -> None:
    plan = evening(of_event={"format": "online", "online_url": "https://meet.example/secret"})
    text = said(dee.get(manage_path(going(plan, bo))))
    assert "meet.example" not in text
    assert "/join/" in text
