"""The door for programs and for hosts' phones: rights, the list, batches, replays, nonsense."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.services import issue_api_token
from events.models import Event
from registrations.models import CheckIn, Registration, Seats
from registrations.states import State
from registrations.tickets import ticket_code
from tests.api.conftest import Read
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, MembershipFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

PATH = "/api/v1/events/evening/door/"
NOBODY = "6f1c2f0e-0000-4000-8000-000000000001"
WALK_INS = f"{PATH}walk-ins/"
Send = Callable[..., Any]


@pytest.fixture
def evening(db: None, now: dt.datetime) -> Event:
    """It has begun; ten seats in the room."""
    event = EventFactory(slug="evening", starts_at=now)
    PlanFactory(event=event, room=10)
    return event


@pytest.fixture
def host(evening: Event) -> User:
    return MembershipFactory(group=evening.group, user=UserFactory(name="Hal"), role="host").user


@pytest.fixture
def door(client: Client, host: User, now: dt.datetime) -> Any:
    """The host's phone; the clock stands still."""
    client.force_login(host)
    with time_machine.travel(now, tick=False):
        yield client


def act(**values: Any) -> dict[str, Any]:
    """One act, now."""
    return {"id": str(uuid.uuid4()), "action": "in", "at": "2026-11-17T18:00:00Z"} | values


def send(client: Client, *acts: dict[str, Any], **headers: str) -> Any:
    body = json.dumps({"acts": acts})
    return client.post(PATH, body, content_type="application/json", headers=headers)


def results(client: Client, *acts: dict[str, Any]) -> list[str]:
    answer = send(client, *acts)
    assert answer.status_code == 200, answer.content
    return [one["result"] for one in answer.json()["results"]]


def let_in(client: Client, **arrival: Any) -> Any:
    body = json.dumps({"id": str(uuid.uuid4())} | arrival)
    return client.post(WALK_INS, body, content_type="application/json")


# --- who may ---------------------------------------------------------------------------------------------------------


def test_organisers_hosts_and_superusers_may_and_nobody_else(client: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening).user
    people = {
        "Ada": MembershipFactory(group=evening.group, role="organiser").user,
        "host": MembershipFactory(group=evening.group, role="host").user,
        "superuser": UserFactory(is_superuser=True),
        "Bo": bo,
        "Cy": MembershipFactory(group=evening.group).user,
        "Dee": UserFactory(),
        "organiser elsewhere": MembershipFactory(role="organiser").user,
        "anonymous": None,
    }
    found = {}
    for name, person in people.items():
        client.logout()
        if person:
            client.force_login(person)
        answers = (client.get(PATH), send(client, act(ticket="A" * 8)), let_in(client, name=f"Kim of {name}"))
        found[name] = [answer.status_code for answer in answers]
    allowed, refused = [200, 200, 200], [403, 403, 403]
    assert found == {name: allowed if name in {"Ada", "host", "superuser"} else refused for name in people} | {
        "anonymous": [401, 401, 401]
    }


@pytest.mark.parametrize(("scope", "status"), [("stage", 200), ("organise", 200), ("read", 403), ("rsvp", 403)])
def test_tokens_need_a_scope(client: Client, host: User, scope: str, status: int) -> None:
    now = dt.datetime.now(dt.UTC)
    _, secret = issue_api_token(user=host, name="door", scopes=[scope], expires_at=now + dt.timedelta(days=1), now=now)
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(PATH, headers=headers).status_code == status
    assert send(client, act(ticket="A" * 8), **headers).status_code == status


def test_a_session_needs_its_csrf_token(host: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(host)
    assert send(client, act(ticket="A" * 8)).status_code == 403


@pytest.mark.parametrize("status", ["draft", "no such event"])
def test_where_there_is_no_event_there_is_no_door(door: Client, evening: Event, status: str) -> None:
    Event.objects.update(**({"status": "draft"} if status == "draft" else {"slug": "other"}))
    assert [door.get(PATH).status_code, send(door, act(ticket="A" * 8)).status_code] == [404, 404]


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_holds_what_a_phone_needs_and_no_address(door: Client, read: Read, evening: Event) -> None:
    bo = RegistrationFactory(event=evening, name="Bo", guests=1, user__email="secret@example.org")
    send(door, act(ticket=ticket_code(bo), door="Side"))
    content = read("events/evening/door/")
    assert content == {
        "here": 2,
        "expected": 2,
        "walk_ins": 0,
        "people": [
            {
                "id": str(bo.public_id),
                "name": "Bo",
                "guests": 1,
                "state": "checked_in",
                "place": "room",
                "code": bo.ticket[:8],
                "is_walk_in": False,
                "in_at": "2026-11-18T02:00:00+08:00",
                "in_door": "Side",
                "in_by": "Hal",
            }
        ],
    }


def test_who_holds_the_list_is_sent_nothing_until_it_changes(door: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening)
    first = door.get(PATH)
    again = door.get(PATH, headers={"If-None-Match": first["ETag"]})
    send(door, act(registration=str(bo.public_id)))
    changed = door.get(PATH, headers={"If-None-Match": first["ETag"]})
    assert [first.status_code, again.status_code, again.content, changed.status_code] == [200, 304, b"", 200]
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Authorization, Cookie, Accept-Language")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_six_queries(
    door: Client, evening: Event, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        RegistrationFactory(event=evening, state=State.CHECKED_IN)
    with django_assert_num_queries(6):  # session, person, event, membership, registrations, check-ins
        door.get(PATH)


def test_unknown_parameters_are_refused(door: Client) -> None:
    assert door.get(f"{PATH}?page=2").status_code == 400


# --- batches ---------------------------------------------------------------------------------------------------------


def test_each_act_of_a_batch_stands_for_itself(door: Client, evening: Event) -> None:
    rows = [RegistrationFactory(event=evening, name=name) for name in ("Bo", "Cy")]
    gone = RegistrationFactory(event=evening, state=State.CANCELLED)
    other = RegistrationFactory(event=EventFactory(title="Data Science SG", starts_at=evening.starts_at))
    answer = send(
        door,
        act(ticket=ticket_code(rows[0])),
        act(ticket="A" * 8),
        act(ticket=ticket_code(gone)),
        act(ticket=f"https://lectern.example/tickets/{ticket_code(other)}/"),
        act(registration=str(rows[1].public_id)),
        act(registration=str(rows[1].public_id), action="undo"),
    ).json()
    assert [one["result"] for one in answer["results"]] == [
        "checked_in", "unknown", "cancelled", "wrong_event", "checked_in", "undone",
    ]  # fmt: skip
    assert answer["results"][3]["event"] == {"title": "Data Science SG", "starts_at": "2026-11-18T02:00:00+08:00"}
    assert [one["person"] and one["person"]["state"] for one in answer["results"]] == [
        "checked_in", None, "cancelled", None, "checked_in", "going",
    ]  # fmt: skip
    assert answer["now"] == "2026-11-17T18:00:00Z"


def test_a_batch_sent_again_is_answered_the_same_and_changes_nothing(door: Client, evening: Event) -> None:
    batch = [act(ticket=ticket_code(RegistrationFactory(event=evening, name=f"Guest {n}"))) for n in range(5)]
    assert [results(door, *batch[:2]), results(door, *batch), results(door, *batch)] == [
        ["checked_in"] * 2,
        ["checked_in"] * 5,
        ["checked_in"] * 5,
    ]
    assert CheckIn.objects.count() == 5


def test_who_is_in_already_is_named_with_time_door_and_host(door: Client, evening: Event) -> None:
    bo = RegistrationFactory(event=evening)
    send(door, act(ticket=ticket_code(bo), door="Side"))
    [again] = send(door, act(ticket=ticket_code(bo))).json()["results"]
    assert (again["result"], again["at"], again["door"], again["by"]) == (
        "already_in", "2026-11-18T02:00:00+08:00", "Side", "Hal",
    )  # fmt: skip


def test_an_unlisted_groups_event_is_not_named(door: Client) -> None:
    other = RegistrationFactory(event=EventFactory(group__is_listed=False))
    [one] = send(door, act(ticket=ticket_code(other))).json()["results"]
    assert (one["result"], one["event"]) == ("wrong_event", None)


def test_guesses_are_answered_429_until_the_minute_is_over(door: Client, evening: Event) -> None:
    bo = ticket_code(RegistrationFactory(event=evening))
    guesses = [act(ticket=f"AAAAAA{n}") for n in range(22, 44)]
    first = send(door, *guesses)
    alone = send(door, act(ticket=bo))
    assert [one["result"] for one in first.json()["results"]] == ["unknown"] * 20 + ["later"] * 2
    assert (first["Retry-After"], alone.status_code, alone["Retry-After"]) == ("60", 429, "60")
    assert alone.json()["code"] == "too_many_unknown"


@pytest.mark.parametrize("people", [1, 3])
def test_an_act_that_changes_something_takes_fourteen_queries(
    door: Client, evening: Event, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acts = [act(ticket=ticket_code(RegistrationFactory(event=evening))) for _ in range(people)]
    with django_assert_num_queries(4 + people * 14):
        send(door, *acts)


# --- people without a seat -------------------------------------------------------------------------------------------


def test_a_walk_in_is_let_in_once_and_refused_when_it_is_full(door: Client, evening: Event) -> None:
    Seats.objects.update(capacity=1)
    one = str(uuid.uuid4())
    first = [let_in(door, id=one, name="Kim").json()["results"][0] for _ in range(2)]
    full = let_in(door, name="Lee")
    assert [(one["result"], one["person"]["name"], one["person"]["is_walk_in"]) for one in first] == [
        ("checked_in", "Kim", True)
    ] * 2
    assert (full.status_code, full.json()["code"]) == (409, "full")
    assert full.json()["detail"] == "Every seat is taken: 1 of 1. An organiser can raise the capacity."


def test_somebody_who_waits_is_let_in_by_registration(door: Client, evening: Event) -> None:
    row = RegistrationFactory(event=evening, state=State.REQUESTED)
    assert let_in(door, registration=str(row.public_id)).json()["results"][0]["result"] == "checked_in"


@pytest.mark.parametrize(
    ("arrival", "field"),
    [
        ({}, "name"),
        ({"name": "", "email": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Kim\nLee"}, "name"),
        ({"name": 7}, "name"),
        ({"name": "Kim", "email": "kim@"}, "email"),
        ({"name": "Kim", "email": ["a"]}, "email"),
        ({"name": "Kim", "registration": NOBODY}, "name"),
        ({"registration": "1"}, "registration"),
        ({"name": "Kim", "id": "1"}, "id"),
        ({"name": "Kim", "door": "x" * 61}, "door"),
        ({"name": "Kim", "admin": True}, "admin"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_arrival_that_makes_no_sense_is_refused_on_its_field(door: Client, arrival: Any, field: str) -> None:
    answer = let_in(door, **arrival)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])
    assert Registration.objects.count() == 0


# --- nonsense --------------------------------------------------------------------------------------------------------

ODD_ACTS: list[tuple[Any, str]] = [
    ({"id": None}, "acts.0.id"),
    ({"id": "1"}, "acts.0.id"),
    ({"id": "0" * 5000}, "acts.0.id"),
    ({"action": "out"}, "acts.0.action"),
    ({"action": ["in"]}, "acts.0.action"),
    ({"at": "yesterday"}, "acts.0.at"),
    ({"at": None}, "acts.0.at"),
    ({"at": 1}, "acts.0.at"),
    ({"at": "0001-01-01T00:00:00+23:59"}, "acts.0.at"),
    ({"ticket": "x" * 301}, "acts.0.ticket"),
    ({"ticket": 5}, "acts.0.ticket"),
    ({"ticket": ""}, "acts.0.ticket"),
    ({"ticket": "AAAA\nBBBB"}, "acts.0.ticket"),
    ({"registration": NOBODY}, "acts.0.ticket"),
    ({"door": "x" * 61}, "acts.0.door"),
    ({"by": 1}, "acts.0.by"),
]


@pytest.mark.parametrize(("values", "field"), ODD_ACTS, ids=lambda value: str(value)[:40])
def test_an_act_that_makes_no_sense_is_refused_on_its_field(door: Client, values: Any, field: str) -> None:
    answer = send(door, act(ticket="A" * 8) | values)
    assert answer.status_code == 400
    if field != "acts.0.at" or "errors" in answer.json():
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{}", '{"acts": []}', '{"acts": {}}', '{"acts": [1]}', '{"acts": [null]}', "{", '{"acts": "x"}'],
)
def test_a_body_that_is_no_batch_is_refused(door: Client, body: str) -> None:
    answer = door.post(PATH, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_walk_ins_are_sent_and_not_read(door: Client) -> None:
    assert [door.get(WALK_INS).status_code, door.put(PATH).status_code] == [405, 405]


def test_a_batch_has_two_hundred_acts_at_most(door: Client) -> None:
    many = [act(registration=str(uuid.uuid4())) for _ in range(201)]
    assert [send(door, *many).status_code, send(door, *many[:200]).status_code] == [400, 200]


@pytest.mark.parametrize("at", ["2999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_phones_wrong_clock_loses_nobody(door: Client, evening: Event, now: dt.datetime, at: str) -> None:
    assert results(door, act(ticket=ticket_code(RegistrationFactory(event=evening)), at=at)) == ["checked_in"]
    assert now - dt.timedelta(days=1) <= CheckIn.objects.get().at <= now
