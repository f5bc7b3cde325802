"""Whatever somebody sends to the doors of registrations: a clear refusal on the field, and nothing changed."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from outbox.models import Message
from registrations.models import Registration, RegistrationPlan
from tests.api.cast import Cast, bearer, comes
from tests.factories.registrations import QuestionFactory

pytestmark = pytest.mark.django_db

PATH = "/api/v1/events/neurips/registrations/"
SMILE = "\U0001f600"


@pytest.fixture(autouse=True)
def many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.throttling.RsvpThrottle.THROTTLE_RATES", {"rsvp": "1000000/min"})


def post(client: Client, path: str, body: str, headers: dict[str, str], method: str = "POST") -> Any:
    return client.generic(method, path, body, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *[({"name": value}, "name") for value in ("", " ", "\t", "a\nb", "a\r\nBcc: x@y.z", "a\x1bb", "a\x85b")],
        *[({"name": value}, "name") for value in ("a\u2028b", "x" * 121, 7, True, None, ["Bo"], {"a": 1}, 1.5)],
        *[({"guests": value}, "guests") for value in (-1, 2, 10**9, 10**400, 1e9, 1.0, True, None, "1", [], {}, "")],
        *[({"place": value}, "place") for value in ("moon", "", "ROOM", 1, True, None, ["room"], {"room": 1})],
        *[({"answers": value}, "answers") for value in ([], "x", 1, True, None, [["1", "x"]])],
        ({"answers": {str(number): "x" for number in range(101)}}, "answers"),
        *[({"answers": {key: "x"}}, f"answers.{key}") for key in ("x", "-1", "1.5", "٣", "1e3", " 1", "0x1", "9" * 19)],
        ({"answers": {"": "x"}}, "answers.(empty)"),
        ({"answers": {"999999999999999999": "x"}}, "answers.999999999999999999"),
        *[({name: "x"}, name) for name in ("state", "user", "user_id", "event", "priority", "ticket", "id", "source")],
        *[
            ({name: "x"}, name)
            for name in ("checked_in", "is_proven", "version", "__class__", "email", "Name", "a" * 80)
        ],
        ({"": "x"}, "(empty)"),
    ],
)
def test_a_field_that_makes_no_sense_is_named(cast: Cast, client: Client, body: Any, field: str) -> None:
    response = post(client, PATH, json.dumps(body), bearer(cast.bo, "rsvp"))

    problem = response.json()
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert problem["errors"][0]["detail"]
    assert (Registration.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("value", ["", "a\nb", "x" * 501, 1, True, None, ["x"], {"a": "b"}])
def test_an_answer_that_makes_no_sense_is_named(cast: Cast, client: Client, value: Any) -> None:
    question = QuestionFactory(plan=RegistrationPlan.objects.get(), is_required=True)

    body = json.dumps({"answers": {str(question.pk): value}})
    response = post(client, PATH, body, bearer(cast.bo, "rsvp"))

    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == f"answers.{question.pk}"
    assert Registration.objects.count() == 0


NO_OBJECTS = [
    "[]", '"name"', "1", "true", "null", "[{}]", "{", "{}{}", "'", '{"name": NaN}', '{"guests": Infinity}',
    '{"name": "\\u0000"}', '{"\\u0000": 1}', '{"name": "\\ud800"}', '{"name": "\\udc00\\ud800"}',
    '{"guests": 1' + "0" * 5000 + "}", '{"name": ' + "[" * 100 + "]" * 100 + "}", "[" * 100_000, "\ufeff{}",
    '{"name": ' + '{"a":' * 60 + "1" + "}" * 61,
]  # fmt: skip


@pytest.mark.parametrize("body", NO_OBJECTS)
@pytest.mark.parametrize("door", ["rsvp", "change", "decide"])
def test_a_body_that_is_no_object_of_ours_is_refused(cast: Cast, client: Client, door: str, body: str) -> None:
    row = comes(cast, "ada")
    address = f"/api/v1/registrations/{row.public_id}/"
    method, path = {"rsvp": ("POST", PATH), "change": ("PATCH", address), "decide": ("POST", f"{address}commands/")}[
        door
    ]

    response = post(client, path, body, bearer(cast.ada, "rsvp", "organise"), method)

    after = Registration.objects.get()
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert (after.version, after.name, after.state) == (row.version, "Ada", "going")


def test_bytes_that_are_no_text_are_refused(cast: Cast, client: Client) -> None:
    response = client.generic(
        "POST", PATH, b'{"name": "\xff"}', content_type="application/json", headers=bearer(cast.bo, "rsvp")
    )

    assert (response.status_code, Registration.objects.count()) == (400, 0)


def test_a_body_of_megabytes_is_refused(cast: Cast, client: Client) -> None:
    response = post(client, PATH, json.dumps({"name": "x" * 2_000_000}), bearer(cast.bo, "rsvp"))

    assert (response.status_code, Registration.objects.count()) == (413, 0)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x/y", "\xff"],
)
def test_only_json_is_read(cast: Cast, client: Client, content_type: str) -> None:
    headers = bearer(cast.bo, "rsvp")

    response = client.generic("POST", PATH, "name=Bo", content_type=content_type, headers=headers)

    assert (response.status_code, Registration.objects.count()) == (415, 0)


@pytest.mark.parametrize(
    "name",
    [
        "Ta",
        "李雷",
        "José María",
        "O’Neil",
        "=1+1",
        "<b>Bo</b>",
        "{{ 7*7 }}",
        "%s",
        SMILE,
        "x" * 120,
        "a" + "\u0301" * 50,
    ],
)
def test_names_that_people_have_are_kept_as_they_are(cast: Cast, client: Client, name: str) -> None:
    response = post(client, PATH, json.dumps({"name": name}), bearer(cast.bo, "rsvp"))

    assert (response.status_code, Registration.objects.count()) == (201, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "state"),
        ({"state": "checked_in"}, "state"),
        ({"state": "waiting"}, "state"),
        ({"state": ["going"]}, "state"),
        ({"state": None}, "state"),
        ({"state": 1}, "state"),
        ({"state": "cancelled", "reconfirmed": True}, "state"),
        ({"reconfirmed": False}, "reconfirmed"),
        ({"reconfirmed": "true"}, "reconfirmed"),
        ({"reconfirmed": 1}, "reconfirmed"),
        ({"reconfirmed": None}, "reconfirmed"),
        *[({"state": "cancelled", name: 1}, name) for name in ("guests", "name", "priority", "user", "event", "place")],
        *[({"state": "cancelled", name: 1}, name) for name in ("version", "ticket", "offer_until", "joined_at", "id")],
    ],
)
def test_nobody_makes_more_of_their_own_registration_than_there_is(
    cast: Cast, client: Client, body: dict, field: str
) -> None:
    row = comes(cast, "bo")

    response = post(
        client, f"/api/v1/registrations/{row.public_id}/", json.dumps(body), bearer(cast.bo, "rsvp"), "PATCH"
    )

    after = Registration.objects.get()
    assert (response.status_code, [error["field"] for error in response.json()["errors"]]) == (400, [field])
    assert (after.state, after.version) == ("going", row.version)


@pytest.mark.parametrize(
    "name",
    [
        "0",
        "-1",
        "x",
        "9" * 40,
        "%00",
        "..",
        "%ff",
        "{}",
        str(uuid.UUID(int=0)),
        "C3A66677-65C1-42DB-946A-6C4905F8CCB1",
        "a" * 4000,
    ],
)
def test_no_name_of_a_registration_breaks_its_address(cast: Cast, client: Client, name: str) -> None:
    headers = bearer(cast.ada, "read", "rsvp", "organise")

    for method in ("GET", "PATCH", "DELETE"):
        response = post(client, f"/api/v1/registrations/{name}/", "", headers, method)
        assert response.status_code in (400, 404)
        assert response["Content-Type"] == "application/problem+json"
    assert post(client, f"/api/v1/registrations/{name}/commands/", "{}", headers).status_code in (400, 404)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
def test_a_method_that_a_door_does_not_know_is_refused(cast: Cast, client: Client, method: str) -> None:
    row = comes(cast, "ada")

    response = post(
        client, f"/api/v1/registrations/{row.public_id}/commands/", "", bearer(cast.ada, "read", "organise"), method
    )

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
