"""The door's page without script: who may open it, what its forms do, and what it makes of nonsense."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from events.models import Event
from registrations.models import CheckIn, Registration, Seats
from registrations.services.door import Result
from registrations.states import State
from registrations.tickets import ticket_code
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory
from tests.web.conftest import TUESDAY_EVENING
from web.door_words import ICONS, SENTENCES

PATH = "/events/evening/door/"
NOBODY = "6f1c2f0e-0000-4000-8000-000000000001"


@pytest.fixture
def evening(dee: Client) -> Event:
    """It has begun; ten seats in the room."""
    cache.clear()
    event = EventFactory(slug="evening", title="NeurIPS", starts_at=TUESDAY_EVENING)
    PlanFactory(event=event, room=10)
    return event


@pytest.fixture
def host(evening: Event) -> User:
    return MembershipFactory(group=evening.group, user=UserFactory(name="Hal"), role="host").user


@pytest.fixture
def door(client: Client, host: User) -> Client:
    """The host's phone."""
    client.force_login(host)
    return client


def press(door: Client, /, **fields: str) -> str:
    """The page after a button was pressed; its result and the status in front."""
    answer = door.post(PATH, {"act": str(uuid.uuid4()), **fields})
    kind = re.search(r'class="result" data-kind="(\w+)"', answer.content.decode())
    return f"{answer.status_code} {kind[1] if kind else '-'}"


def text_of(door: Client, query: str = "") -> str:
    response = door.get(PATH + query)
    assert response.status_code == 200
    return response.content.decode()


def names(page: str) -> list[str]:
    listed = page.split('<ul class="guests"')[1].split("</ul>", maxsplit=1)[0]
    return re.findall(r'<p class="guests__name"[^>]*>([^<]*)</p>', listed)


# --- who may ---------------------------------------------------------------------------------------------------------


def test_strangers_are_asked_to_sign_in(client: Client, evening: Event) -> None:
    for answer in (client.get(PATH), client.post(PATH, {"ticket": "x"})):
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={PATH}")


def test_organisers_hosts_and_superusers_may_and_nobody_else(client: Client, evening: Event) -> None:
    bo, cy, dee = UserFactory(name="Bo"), UserFactory(name="Cy"), UserFactory(name="Dee")
    RegistrationFactory(event=evening, user=bo)
    MembershipFactory(group=evening.group, user=cy)  # a member who speaks
    people = {
        "Ada": MembershipFactory(group=evening.group, role="organiser").user,
        "host": MembershipFactory(group=evening.group, role="host").user,
        "superuser": UserFactory(is_superuser=True, is_staff=True),
        "Bo": bo,
        "Cy": cy,
        "Dee": dee,
        "organiser elsewhere": MembershipFactory(role="organiser").user,
        "host elsewhere": MembershipFactory(role="host").user,
    }
    statuses = {}
    for name, person in people.items():
        client.force_login(person)
        statuses[name] = (client.get(PATH).status_code, client.post(PATH, {"ticket": "A", "act": "x"}).status_code)
    allowed = {"Ada", "host", "superuser"}
    assert statuses == {name: (200, 400) if name in allowed else (403, 403) for name in people}


def test_a_draft_has_no_door(door: Client, evening: Event) -> None:
    evening.status = "draft"
    evening.save()
    assert door.get(PATH).status_code == 404


def test_nothing_of_it_is_kept_by_caches(door: Client) -> None:
    assert "no-store" in door.get(PATH)["Cache-Control"]


def test_a_form_without_its_token_is_refused(host: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(host)
    assert client.post(PATH, {"ticket": "x"}).status_code == 403


# --- the list --------------------------------------------------------------------------------------------------------


def test_it_counts_heads_and_lists_names(door: Client, evening: Event) -> None:
    RegistrationFactory(event=evening, name="Bo", guests=2, state=State.CHECKED_IN)
    RegistrationFactory(event=evening, name="Amit")
    RegistrationFactory(event=evening, name="Cora", state=State.CANCELLED)
    page = text_of(door)
    assert re.search(r"data-here>3<.*data-expected>4<", page, re.DOTALL)
    assert names(page) == ["Amit", "Bo"]


def test_it_searches_and_filters(door: Client, evening: Event) -> None:
    RegistrationFactory(event=evening, name="Bo", state=State.CHECKED_IN)
    RegistrationFactory(event=evening, name="Bo Two")
    RegistrationFactory(event=evening, name="Bo Gone", state=State.CANCELLED)
    assert names(text_of(door, "?q=bo")) == ["Bo", "Bo Gone", "Bo Two"]
    assert names(text_of(door, "?show=in")) == ["Bo"]
    assert names(text_of(door, "?q=two&show=out")) == ["Bo Two"]
    assert "Nobody here has this name." in text_of(door, "?q=nobody")


def test_it_names_no_address(door: Client, evening: Event) -> None:
    RegistrationFactory(event=evening, name="", user__name="", user__email="secret@example.org")
    RegistrationFactory(event=evening, name="Bo", user__email="bo@example.org")
    page = text_of(door)
    assert ("@example.org" in page, names(page)) == (False, ["Bo", "No name"][::-1])


def test_names_are_text(door: Client, evening: Event) -> None:
    RegistrationFactory(event=evening, name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in text_of(door)


def test_the_page_kept_for_bad_days_holds_no_names(door: Client, evening: Event) -> None:
    RegistrationFactory(event=evening, name="Bo")
    assert names(text_of(door, "?shell=1")) == []


def test_the_wrong_day_is_pointed_out(door: Client, evening: Event) -> None:
    assert "not today" not in text_of(door)
    evening.starts_at, evening.ends_at = (at + dt.timedelta(days=3) for at in (evening.starts_at, evening.ends_at))
    evening.save()
    assert "This event is on Friday 20 March 2026, not today." in text_of(door)


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_six_queries(
    door: Client, evening: Event, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        RegistrationFactory(event=evening, state=State.CHECKED_IN)
    with django_assert_num_queries(6):  # session, person, event, membership, registrations, check-ins
        door.get(PATH)


# --- the buttons -----------------------------------------------------------------------------------------------------


def test_checking_in_and_undoing(door: Client, host: User, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, name="Bo")
    row = str(bo.public_id)
    results = [press(door, check_in=row, door="Side"), press(door, check_in=row), press(door, undo=row)]
    assert results == ["200 checked_in", "200 already_in", "200 undone"]
    assert CheckIn.objects.filter(action="in").values_list("door", "by").get() == ("Side", host.pk)


def test_a_double_click_is_one_act(door: Client, evening: Event) -> None:
    bo, one = RegistrationFactory(event=evening, name="Bo"), str(uuid.uuid4())
    results = [press(door, act=one, check_in=str(bo.public_id)) for _ in range(2)]
    assert (results, CheckIn.objects.count()) == (["200 checked_in"] * 2, 1)


def test_a_code_is_typed(door: Client, evening: Event) -> None:
    code = ticket_code(RegistrationFactory(event=evening, name="Bo"))
    assert [press(door, ticket=code[:9]), press(door, ticket="AAAABBBB")] == ["200 checked_in", "200 unknown"]


def test_the_result_says_since_when_where_and_by_whom(door: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, name="Bo")
    press(door, check_in=str(bo.public_id), door="Side")
    page = door.post(PATH, {"act": str(uuid.uuid4()), "check_in": str(bo.public_id)}).content.decode()
    assert "Bo came in at 19:00 (Side, Hal)." in page


def test_a_ticket_for_another_event_names_it_unless_that_is_not_listed(door: Client, evening: Event) -> None:
    listed = EventFactory(title="Data Science SG", starts_at=TUESDAY_EVENING)
    hidden = EventFactory(title="Secret", group__is_listed=False)
    asked = {event.title: ticket_code(RegistrationFactory(event=event)) for event in (listed, hidden)}
    pages = [door.post(PATH, {"act": str(uuid.uuid4()), "ticket": code}).content.decode() for code in asked.values()]
    assert "This ticket is for Data Science SG, 17 March 2026." in pages[0]
    assert ("This ticket is for another event." in pages[1], "Secret" in pages[1]) == (True, False)


def test_walk_ins_and_refusals(door: Client, evening: Event) -> None:
    Seats.objects.update(capacity=1)
    assert press(door, name="Kim", email="") == "200 checked_in"
    refused = door.post(PATH, {"act": str(uuid.uuid4()), "name": "Lee", "email": "lee@example.org"})
    page = refused.content.decode()
    assert (refused.status_code, 'value="Lee"' in page, 'value="lee@example.org"' in page) == (409, True, True)
    assert "Every seat is taken: 1 of 1. An organiser can raise the capacity." in page
    assert Registration.objects.count() == 1


def test_somebody_from_the_waitlist_is_let_in(door: Client, evening: Event) -> None:
    wim = RegistrationFactory(event=evening, name="Wim", state=State.WAITING)
    Seats.objects.update(waiting=1)
    assert "Let in" in text_of(door, "?q=wim")
    assert press(door, let_in=str(wim.public_id)) == "200 checked_in"


@pytest.mark.parametrize("result", list(Result))
def test_every_result_has_words_and_a_shape(result: Result) -> None:
    texts = [key for key in SENTENCES if key.startswith(f"{result}.") and not key.endswith(".title")]
    assert (result in ICONS, f"{result}.title" in SENTENCES, bool(texts)) == (True, True, True)


@pytest.mark.parametrize("state", ["waiting", "requested", "pending", "offered", "cancelled", "declined"])
def test_every_state_without_a_seat_is_explained(door: Client, evening: Event, state: str) -> None:
    until = TUESDAY_EVENING + dt.timedelta(hours=1) if state == "offered" else None
    row = RegistrationFactory(event=evening, name="Wim", state=state, offer_until=until)
    page = door.post(PATH, {"act": str(uuid.uuid4()), "ticket": ticket_code(row)}).content.decode()
    assert re.search(r"data-text>Wim [^<{]+\.<", page)


# --- nonsense --------------------------------------------------------------------------------------------------------

NONSENSE: list[dict[str, str]] = [
    {},
    {"check_in": "1"},
    {"check_in": ""},
    {"undo": "\x00"},
    {"let_in": "' OR 1=1"},
    {"check_in": "9" * 5000},
    {"ticket": "AAAABBBB", "act": "no uuid"},
    {"ticket": "AAAABBBB", "act": ""},
]


@pytest.mark.parametrize("fields", NONSENSE, ids=lambda fields: str(fields)[:30])
def test_a_form_that_is_not_ours_is_refused(door: Client, fields: dict[str, str]) -> None:
    assert press(door, **fields) == "400 -"


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"check_in": NOBODY}, "200 unknown"),
        ({"let_in": NOBODY}, "409 refused"),
        ({"ticket": ""}, "200 unknown"),
        ({"ticket": "\x00" * 9}, "200 unknown"),
        ({"ticket": "🎟️" * 5000}, "200 unknown"),
        ({"name": ""}, "409 refused"),
        ({"name": "x" * 5000}, "409 refused"),
        ({"name": "Kim", "email": "a@b\r\nBcc: c@d.org"}, "409 refused"),
        ({"name": "Kim\r\nLee"}, "409 refused"),
        ({"name": "Kim", "door": "\x00" * 500}, "200 checked_in"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_odd_input_gets_a_clear_answer(door: Client, fields: dict[str, str], answer: str) -> None:
    assert press(door, **fields) == answer


@pytest.mark.parametrize("query", ["?show=all", "?q=%00", "?q=" + "x" * 201])
def test_odd_queries_are_refused(door: Client, query: str) -> None:
    assert door.get(PATH + query).status_code == 400


@pytest.mark.parametrize("query", ["?q=%FF", "?shell", "?q=" + "%20" * 100, "?nonsense=1"])
def test_odd_queries_that_can_be_read_are_read(door: Client, query: str) -> None:
    assert door.get(PATH + query).status_code == 200


def test_only_three_methods(door: Client) -> None:
    assert [door.put(PATH).status_code, door.delete(PATH).status_code, door.head(PATH).status_code] == [405, 405, 200]


def test_guessing_codes_is_stopped_and_names_still_work(door: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, name="Bo")
    press_all: Callable[[], list[str]] = lambda: [press(door, ticket=f"AAAAAA{n}") for n in range(22, 43)]  # noqa: E731
    assert press_all() == ["200 unknown"] * 20 + ["200 later"]
    assert [press(door, ticket=ticket_code(bo)), press(door, check_in=str(bo.public_id))] == [
        "200 later",
        "200 checked_in",
    ]
