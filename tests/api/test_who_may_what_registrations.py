"""Who may do what with registrations: everybody tried at every door of the API, with a session and with each scope."""

import uuid
from typing import Any

import pytest
from django.test import Client

from events.models import Event
from registrations.models import Registration, RegistrationChange
from tests.api.cast import NOW, Cast, bearer, comes
from tests.factories import SessionFactory, SpeakerFactory

pytestmark = pytest.mark.django_db

WHY = "Speaks tonight"
ACT = {"id": str(uuid.uuid4()), "action": "in", "at": NOW.isoformat()}
# name: method, path below /api/v1/ with {bo} for the id of Bo's registration, body
DOORS: dict[str, tuple[str, str, Any]] = {
    "event": ("get", "events/neurips/", None),
    "rsvp": ("post", "events/neurips/registrations/", {}),
    "list": ("get", "events/neurips/registrations/", None),
    "look": ("get", "registrations/{bo}/", None),
    "change": ("patch", "registrations/{bo}/", {"reconfirmed": True}),
    "decide": ("post", "registrations/{bo}/commands/", {"command": "prioritise", "priority": 1, "reason": WHY}),
    "mine": ("get", "me/registrations/", None),
    "door": ("get", "events/neurips/door/", None),
    "scan": ("post", "events/neurips/door/", {"acts": [{**ACT, "registration": "{bo}"}]}),
    "walk-in": ("post", "events/neurips/door/walk-ins/", {"id": str(uuid.uuid4()), "name": "Walter"}),
    "leave": ("delete", "registrations/{bo}/", None),
}
# Columns: anonymous, Dee (a stranger), Cy (speaks), Bo (comes), Hana (host), Ann (organises another group),
# Ada (organises), Root (superuser); each signed in, and each door tried on an evening of its own.
PEOPLE = ("", "dee", "cy", "bo", "hana", "ann", "ada", "root")
SIGNED_IN = {
    "event": (200, 200, 200, 200, 200, 200, 200, 200),
    "rsvp": (401, 201, 201, 200, 201, 201, 201, 201),
    "list": (401, 403, 403, 403, 403, 403, 200, 200),
    "look": (401, 404, 404, 200, 404, 404, 200, 200),
    "change": (401, 404, 404, 200, 404, 404, 403, 403),
    "decide": (401, 404, 404, 403, 404, 404, 200, 200),
    "mine": (401, 200, 200, 200, 200, 200, 200, 200),
    "door": (401, 403, 403, 403, 200, 403, 200, 200),
    "scan": (401, 403, 403, 403, 200, 403, 200, 200),
    "walk-in": (401, 403, 403, 403, 200, 403, 200, 200),
    "leave": (401, 404, 404, 204, 404, 404, 403, 403),
}
SCOPES = ("read", "rsvp", "organise", "stage")
BOS_TOKEN = {
    "event": (200, 200, 200, 200),
    "rsvp": (403, 200, 403, 403),
    "list": (403, 403, 403, 403),
    "look": (200, 403, 403, 403),
    "change": (403, 200, 403, 403),
    "decide": (403, 403, 403, 403),
    "mine": (200, 403, 403, 403),
    "door": (403, 403, 403, 403),
    "scan": (403, 403, 403, 403),
    "walk-in": (403, 403, 403, 403),
    "leave": (403, 204, 403, 403),
}
ADAS_TOKEN = {
    "event": (200, 200, 200, 200),
    "rsvp": (403, 201, 403, 403),
    "list": (403, 403, 200, 403),
    "look": (404, 403, 403, 403),  # somebody else's needs both scopes: read and organise
    "change": (403, 404, 403, 403),
    "decide": (403, 403, 200, 403),
    "mine": (200, 403, 403, 403),
    "door": (403, 403, 200, 200),
    "scan": (403, 403, 200, 200),
    "walk-in": (403, 403, 200, 200),
    "leave": (403, 404, 403, 403),
}


@pytest.fixture
def evening(cast: Cast) -> Cast:
    """Bo comes, Cy speaks."""
    comes(cast, "bo")
    cy = SpeakerFactory(name="Cy", slug="cy", user=cast.cy)
    SessionFactory(event=cast.event, speakers=[cy])
    return cast


def try_door(client: Client, name: str, row: Registration, **headers: str) -> Any:
    """The response of one door."""
    method, path, body = DOORS[name]
    act = getattr(client, method)
    address = "/api/v1/" + path.replace("{bo}", str(row.public_id))
    if body is None:
        return act(address, headers=headers)
    filled = _filled(body, str(row.public_id))
    return act(address, filled, content_type="application/json", headers=headers)


def _filled(body: Any, public_id: str) -> Any:
    if isinstance(body, dict):
        return {name: _filled(value, public_id) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, public_id) for value in body]
    return body.replace("{bo}", public_id) if isinstance(body, str) else body


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_signed_in_at_every_door(evening: Cast, client: Client, name: str, person: str) -> None:
    row, changes = Registration.objects.get(), RegistrationChange.objects.count()
    if person:
        client.force_login(evening.people[person])

    response = try_door(client, name, row)

    assert response.status_code == SIGNED_IN[name][PEOPLE.index(person)], response.content
    if response.status_code >= 400:
        after = Registration.objects.get()
        assert (after.version, after.state, after.priority) == (row.version, row.state, row.priority)
        assert RegistrationChange.objects.count() == changes
        assert b"bo@example.org" not in response.content
        assert row.ticket.encode() not in response.content


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("person", "expected"), [("bo", BOS_TOKEN), ("ada", ADAS_TOKEN)])
def test_a_token_may_do_what_its_scope_names_and_its_person_may(
    evening: Cast, client: Client, name: str, scope: str, person: str, expected: dict
) -> None:
    row = Registration.objects.get()

    response = try_door(client, name, row, **bearer(evening.people[person], scope))

    assert response.status_code == expected[name][SCOPES.index(scope)], response.content


@pytest.mark.parametrize("name", [name for name in DOORS if name not in ("event", "mine")])
@pytest.mark.parametrize("person", ["dee", "hana", "ann", "bo"])
def test_what_belongs_to_a_draft_is_as_good_as_absent(evening: Cast, client: Client, name: str, person: str) -> None:
    row = Registration.objects.get()
    Event.objects.update(status="draft")
    client.force_login(evening.people[person])
    is_bos = person == "bo" and name in ("look", "change", "leave", "decide")

    response = try_door(client, name, row)

    assert response.status_code == 404 or is_bos, response.content


@pytest.mark.parametrize("name", ["look", "change", "decide", "leave"])
def test_what_is_somebody_elses_cannot_be_told_from_what_is_not_there(evening: Cast, client: Client, name: str) -> None:
    client.force_login(evening.dee)
    foreign, absent = Registration.objects.get(), Registration(public_id=uuid.uuid4())

    answers = [try_door(client, name, row) for row in (foreign, absent)]

    assert answers[0].content == answers[1].content
    assert dict(answers[0].headers) == dict(answers[1].headers)


def test_the_number_of_a_row_is_no_name_for_it(evening: Cast, client: Client) -> None:
    client.force_login(evening.bo)

    assert client.get(f"/api/v1/registrations/{Registration.objects.get().pk}/").status_code == 404


def test_a_barred_person_is_a_stranger(evening: Cast, client: Client) -> None:
    row, token = Registration.objects.get(), bearer(evening.ada, "read", "organise", "rsvp", "stage")
    client.force_login(evening.ada)
    type(evening.ada).objects.update(is_active=False)

    by_token = {name: try_door(Client(), name, row, **token).status_code for name in DOORS}
    by_session = {name: try_door(client, name, row).status_code for name in DOORS if name != "event"}

    assert set(by_token.values()) == {401}
    assert set(by_session.values()) == {401}


def test_nothing_is_told_to_who_asks_what_a_door_takes(evening: Cast, client: Client) -> None:
    row = Registration.objects.get()
    for name, (_method, path, _body) in DOORS.items():
        for person in ("", "dee"):
            if person:
                client.force_login(evening.people[person])
            response = client.options("/api/v1/" + path.replace("{bo}", str(row.public_id)))
            assert response.status_code in (200, 401, 403, 404), (name, person)
            assert b"bo@example.org" not in response.content
        client.logout()
