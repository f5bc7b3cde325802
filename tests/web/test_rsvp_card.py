"""The RSVP card of the event page, in every state, for strangers and for the person who looks."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from registrations.models import Invitation, Registration
from registrations.services.leaving import leave
from registrations.services.queue import change_capacity
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory, SeriesFactory
from tests.factories.lightning import BlockFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.evenings import WEEK, browser_of, card_of, evening, going

Get = Callable[..., str]
HOUR = dt.timedelta(hours=1)
PAGE = "/events/evening/"

pytestmark = pytest.mark.usefixtures("dee")


@pytest.fixture
def bo(db: None) -> User:
    """Who attends."""
    user: User = UserFactory(name="Bo", email="bo@example.org")
    return user


def seen_by(user: User) -> str:
    """The card as this person sees it."""
    return card_of(browser_of(user).get(PAGE).content.decode())


def test_an_open_meetup_says_how_many_places_are_left(page: Get) -> None:
    going(
        evening(room=10, closes_at=TUESDAY_EVENING + dt.timedelta(days=6), closes_because="The building needs names.")
    )
    text = card_of(page(PAGE))
    for words in ("9 places left", "1 of 10 places taken.", "RSVP closes on Monday 23 March at 19:00.", "needs names."):
        assert words in text
    assert 'max="10" value="1"' in text


def test_a_stranger_gets_a_link_and_the_page_holds_no_token(page: Get) -> None:
    evening()
    text = page(PAGE)
    assert 'href="/events/evening/rsvp/"' in card_of(text)
    assert "csrf" not in text
    assert "<form" not in card_of(text)


def test_the_last_place_is_counted_in_the_singular(page: Get) -> None:
    evening(room=1)
    assert "1 place left" in card_of(page(PAGE))


def test_a_full_meetup_offers_the_waitlist(page: Get) -> None:
    plan = evening(room=1)
    for _person in range(3):
        going(plan)
    text = card_of(page(PAGE))
    for words in ("Full", "1 of 1 places taken.", "2 people are waiting.", "Join the waitlist"):
        assert words in text


def test_a_free_seat_that_somebody_waits_for_is_not_free(page: Get) -> None:
    plan = evening(room=2)
    going(plan)
    going(plan)
    going(plan)
    leave(registration=Registration.objects.filter(state="going").first(), now=TUESDAY_EVENING)
    assert "2 of 2 places taken." in card_of(page(PAGE))
    plan.waiting_list = "manual"
    plan.save()
    going(plan)
    change_capacity(event=plan.event, place="room", capacity=3, now=TUESDAY_EVENING)
    assert "Join the waitlist" in card_of(page(PAGE))


def test_the_meetup_before_says_how_likely_the_waitlist_is(page: Get) -> None:
    plan = evening(room=0)
    before = EventFactory(title="Learn to learn", group=plan.event.group, starts_at=TUESDAY_EVENING + HOUR)
    earlier = PlanFactory(event=before, room=1)
    first = going(earlier)
    going(earlier)
    leave(registration=first, now=TUESDAY_EVENING)
    assert "At Learn to learn, 1 person moved up from the waitlist." in card_of(page(PAGE))


def test_room_and_online_have_numbers_and_buttons_of_their_own(page: Get) -> None:
    plan = evening(room=1, online=50)
    going(plan)
    text = card_of(page(PAGE))
    for words in ("50 places left", "In the room", "Online", "1 of 1 places taken.", "0 of 50 places taken."):
        assert words in text
    assert "Join the room’s waitlist" in text.split('id="go-room"')[1].split("</a>")[0]
    assert "Join online" in text.split('id="go-online"')[1].split("</a>")[0]
    assert text.index("Join online") < text.index("Join the room’s waitlist")
    assert text.count("btn--primary") == 1


def test_without_a_limit_anyone_may_come(page: Get) -> None:
    going(evening(room=None))
    assert "Open to anyone" in card_of(page(PAGE))
    assert "1 person is coming." in card_of(page(PAGE))


def test_before_it_opens_the_card_says_when(page: Get) -> None:
    evening(opens_at=TUESDAY_EVENING + dt.timedelta(days=1))
    text = card_of(page(PAGE))
    assert "RSVP is not open yet" in text
    assert "Wednesday 18 March at 19:00" in text
    assert "/rsvp/" not in text


def test_a_closed_meetup_says_since_when_and_why(page: Get) -> None:
    evening(closes_at=TUESDAY_EVENING - HOUR, closes_because="The building needs names a day ahead.")
    text = card_of(page(PAGE))
    for words in ("RSVP is closed", "It closed on Tuesday 17 March at 18:00.", "The building needs names a day ahead."):
        assert words in text
    assert "/rsvp/" not in text


def test_who_comes_late_can_still_rsvp(page: Get) -> None:
    evening(starts=-HOUR)
    text = card_of(page(PAGE))
    assert "Now" in text
    assert "10 places left" in text


def test_afterwards_the_card_says_how_many_came(page: Get) -> None:
    plan = evening(starts=-WEEK)
    RegistrationFactory(event=plan.event, state="checked_in", guests=2)
    RegistrationFactory(event=plan.event, state="no_show")
    text = card_of(page(PAGE))
    assert "This meetup is over" in text
    assert "3 people came." in text


@pytest.mark.parametrize(("status", "words"), [("cancelled", "Cancelled"), ("postponed", "Postponed")])
def test_a_meetup_that_is_off_takes_nobody(page: Get, bo: User, status: str, words: str) -> None:
    plan = evening()
    going(plan, bo)
    plan.event.status = status
    plan.event.save()
    for text in (card_of(page(PAGE)), seen_by(bo)):
        assert words in text
        assert "btn--primary" not in text


def test_a_meetup_for_invited_people_says_so(page: Get, bo: User) -> None:
    plan = evening(admission="invitation")
    assert "By invitation" in card_of(page(PAGE))
    assert "is not among those who were invited" in seen_by(bo)
    Invitation.objects.create(plan=plan, email="BO@example.org", invited_at=TUESDAY_EVENING)
    assert "10 places left" in seen_by(bo)


def test_where_organisers_decide_people_ask_to_come(page: Get) -> None:
    evening(admission="approval")
    text = card_of(page(PAGE))
    assert "Ask to come" in text
    assert "answer by email" in text


def test_signed_in_it_is_one_click(bo: User) -> None:
    evening()
    text = seen_by(bo)
    assert 'action="/events/evening/rsvp/"' in text
    assert "csrfmiddlewaretoken" in text
    assert 'name="place" value="room"' in text


def test_a_required_answer_takes_the_form(bo: User) -> None:
    QuestionFactory(plan=evening(), is_required=True)
    text = seen_by(bo)
    assert 'href="/events/evening/rsvp/"' in text
    assert "<form" not in text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": "pending"}, ["Not confirmed yet", 'value="confirm"', "bo@example.org"]),
        ({"state": "requested"}, ["Awaiting approval", "Take back my request"]),
        ({"state": "going"}, ["You’re going", "My door code", "Give up my place", "/tickets/"]),
        ({"state": "going", "guests": 2}, ["In the room, with 2 guests."]),
        (
            {"state": "offered", "offer_until": TUESDAY_EVENING + HOUR},
            ["A place is held for you", "Tuesday 17 March at 20:00", "Singapore time", 'value="accept"', "Let it go"],
        ),
        ({"state": "offered", "offer_until": TUESDAY_EVENING}, ["The offer has run out"]),
        ({"state": "checked_in"}, ["You’re in"]),
        ({"state": "going", "reconfirm_asked_at": TUESDAY_EVENING}, ["Still coming?", 'value="reconfirm"']),
        ({"state": "cancelled"}, ["You gave up your place.", "10 places left"]),
        ({"state": "declined"}, ["You are not registered any more.", "10 places left"]),
    ],
)
def test_each_state_of_a_person_has_its_words(bo: User, values: dict[str, object], words: list[str]) -> None:
    plan = evening()
    RegistrationFactory(event=plan.event, user=bo, **values)
    text = seen_by(bo)
    assert [one for one in words if one not in text] == []


def test_who_waits_sees_the_place_in_the_queue(bo: User) -> None:
    plan = evening(room=0, waiting_list="timed_offer", offer_hours=12)
    going(plan)
    going(plan)
    going(plan, bo)
    text = seen_by(bo)
    for words in ('aria-hidden="true">3</p>', "Third in line.", "hold it for 12 hours", "Leave the waitlist"):
        assert words in text


def test_nobody_sees_who_else_comes(page: Get, bo: User) -> None:
    plan = evening(room=1)
    going(plan, UserFactory(name="Zeno Quill", email="zeno@example.org"))
    going(plan, UserFactory(name="Yara Quill", email="yara@example.org"))
    ada, cy = UserFactory(name="Ada"), UserFactory(name="Cy")
    MembershipFactory(group=plan.event.group, user=ada, role="organiser")
    for text in (page(PAGE), *(browser_of(person).get(PAGE).content.decode() for person in (ada, bo, cy))):
        assert "Quill" not in text
        assert "zeno@" not in text


def test_the_card_is_another_for_each_of_the_cast(page: Get, bo: User) -> None:
    plan = evening(room=1)
    ada, cy = UserFactory(name="Ada"), UserFactory(name="Cy")
    MembershipFactory(group=plan.event.group, user=ada, role="organiser")
    going(plan, bo)
    going(plan, cy)
    assert "You’re going" in seen_by(bo)
    assert "On the waitlist" in seen_by(cy)
    assert "Join the waitlist" in seen_by(ada)
    assert "Join the waitlist" in card_of(page(PAGE))


def test_the_online_address_is_on_nobodys_page(page: Get, bo: User) -> None:
    plan = evening(of_event={"format": "hybrid", "online_url": "https://meet.example/secret"}, online=5)
    going(plan, bo, place="online")
    text = seen_by(bo)
    assert "/join/" in text
    assert "Join online" in text
    assert "meet.example" not in text
    assert "/join/" not in page(PAGE)


def test_the_phones_dock_repeats_the_one_thing_to_do(page: Get, bo: User) -> None:
    plan = evening(room=1)
    assert 'class="dock"' in page(PAGE)
    going(plan)
    assert "Join the waitlist" in page(PAGE).split('class="dock"')[1]
    going(plan, bo)
    assert 'class="dock"' not in browser_of(bo).get(PAGE).content.decode()


def test_going_to_a_meetup_of_a_series_leads_to_the_whole_of_it(bo: User) -> None:
    plan = evening(of_event={"series": SeriesFactory()})
    going(plan, bo)
    assert "Come to every meetup of this series" in seen_by(bo)


def test_an_offer_made_meanwhile_shows_and_the_clock_is_read_each_minute(
    page: Get, clock: time_machine.Traveller
) -> None:
    evening(opens_at=TUESDAY_EVENING + HOUR)
    assert "RSVP is not open yet" in page(PAGE)
    clock.shift(HOUR)
    assert "10 places left" in page(PAGE)


@pytest.mark.parametrize("people", [1, 3])
def test_the_queries_of_the_event_page_do_not_grow_with_people(
    dee: Client, bo: User, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plan = evening(room=1, online=1)
    QuestionFactory.create_batch(people, plan=plan)
    for _person in range(people):
        going(plan)
    going(plan, bo)
    with django_assert_num_queries(21):
        dee.get(PAGE)
    browser = browser_of(bo)
    with django_assert_num_queries(25):  # one of them asks whether Bo runs the door
        browser.get(PAGE)


def test_the_way_to_the_door_is_shown_to_who_runs_it(dee: Client, bo: User) -> None:
    event, door = evening().event, 'href="/events/evening/door/"'
    host, ada = UserFactory(), UserFactory(is_staff=True)
    MembershipFactory(group=event.group, user=host, role="host")
    MembershipFactory(group=event.group, user=ada, role="organiser")
    pages = [browser.get(PAGE).content.decode() for browser in map(browser_of, (host, ada, bo))]
    assert [door in page for page in pages] == [True, True, False]
    assert door not in dee.get(PAGE).content.decode()
    assert ["/admin/events/event/" in page for page in pages] == [False, True, False]


def test_the_way_to_the_remote_of_a_round_is_shown_to_who_holds_it(dee: Client, bo: User) -> None:
    event, host = evening().event, UserFactory()
    block = BlockFactory(session__event=event, session__title="Five minutes")
    MembershipFactory(group=event.group, user=host, role="host")
    shown = f'href="/events/evening/stage/{block.pk}/"'
    pages = [browser.get(PAGE).content.decode() for browser in (browser_of(host), browser_of(bo), dee)]
    assert [shown in page for page in pages] == [True, False, False]
    assert "Remote: Five minutes" in pages[0]
