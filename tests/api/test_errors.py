"""Problem documents: whatever goes wrong under /api/ is told in JSON, with the cure."""

import json

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.test import Client
from rest_framework import exceptions

from api.errors import problem_details
from core.errors import RuleViolation
from events.models import Event
from tests.factories import UserFactory

PROBLEM = "application/problem+json"


def told(error: Exception) -> dict:
    response = problem_details(error, {})
    assert response is not None
    return json.loads(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("get", "/api/", {}, 404, "not_found"),
        ("get", "/api/v2/events/", {}, 404, "not_found"),
        ("get", "/api/v1/nothing/", {}, 404, "not_found"),
        ("get", "/api/v1/events/x/y/z", {}, 404, "not_found"),
        ("get", "/api/v1/sessions/seven/", {}, 404, "not_found"),
        ("get", "/api/v1/sessions/٧/", {}, 404, "not_found"),
        ("post", "/api/v1/nothing/", {}, 404, "not_found"),
        ("post", "/api/v1/events/", {}, 405, "method_not_allowed"),
        ("put", "/api/v1/events/x/", {}, 405, "method_not_allowed"),
        ("patch", "/api/v1/me/", {}, 401, "not_authenticated"),
        ("delete", "/api/v1/sessions/1/", {}, 405, "method_not_allowed"),
        ("get", "/api/v1/events/", {"Accept": "text/html"}, 406, "not_acceptable"),
        ("get", "/api/v1/events/", {"Accept": "application/xml;q=0.9"}, 406, "not_acceptable"),
        ("get", "/api/v1/events/", {"Host": "evil.example"}, 400, "bad_request"),
        ("get", "/api/v1/events/", {"Host": "evil.example:99999"}, 400, "bad_request"),
        ("get", "/api/v1/nothing/", {"Host": "evil.example"}, 400, "bad_request"),
        ("get", "/api/v1/events/?search=%00", {}, 400, "bad_request"),
        ("get", "/api/v1/groups/a%00b/", {}, 400, "bad_request"),
        ("get", "/api/v1/events/?" + "&".join(f"a{n}=1" for n in range(1001)), {}, 400, "bad_request"),
    ],
)
def test_every_refusal_is_a_problem_document(
    client: Client, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    response = getattr(client, method)(path, headers=headers)

    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    found = response.json()
    assert (found["type"], found["status"], found["code"]) == ("about:blank", status, code)
    assert found["title"]
    assert found["detail"]
    assert response["Cache-Control"] == "no-store"
    assert int(response.get("Content-Length", len(response.content))) == len(response.content)


@pytest.mark.django_db
def test_a_405_says_what_would_do(client: Client) -> None:
    assert client.post("/api/v1/events/")["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
def test_a_write_from_another_site_is_a_problem_document() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())

    response = client.post("/api/v1/me/", {}, content_type="application/json")

    assert (response.status_code, response["Content-Type"]) == (403, PROBLEM)
    assert response.json()["detail"].startswith("CSRF Failed")


@pytest.mark.django_db
def test_a_fault_of_ours_is_a_problem_document_that_tells_nothing(client: Client, monkeypatch) -> None:
    def break_down(self: object) -> Event:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("api.v1.events.OneEvent.find", break_down)
    client.raise_request_exception = False

    response = client.get("/api/v1/events/x/")

    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_pages_keep_their_own_error_pages(client: Client) -> None:
    assert client.get("/nothing-here/")["Content-Type"].startswith("text/html")


def test_a_rule_that_says_no_is_a_conflict_with_its_code_and_field() -> None:
    assert told(RuleViolation("event_is_full", "The event is full.", field="guests")) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "The event is full.",
        "code": "event_is_full",
        "errors": [{"field": "guests", "detail": "The event is full."}],
    }


def test_nested_validation_errors_become_paths() -> None:
    error = exceptions.ValidationError({"talks": [{}, {"title": ["Give a title."]}], "name": ["Too long.", "Odd."]})

    assert told(error)["errors"] == [
        {"field": "talks.1.title", "detail": "Give a title."},
        {"field": "name", "detail": "Too long."},
        {"field": "name", "detail": "Odd."},
    ]


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (Http404("secret"), 404, "There is nothing at this address. /api/v1/ lists what there is."),
        (Event.DoesNotExist(), 404, "There is nothing at this address. /api/v1/ lists what there is."),
        (PermissionDenied("secret"), 403, "You may not do this."),
        (BadRequest("Say please."), 400, "Say please."),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "Send JSON: Content-Type: application/json."),
        (exceptions.ParseError("Odd."), 400, "Odd."),
    ],
)
def test_the_frameworks_refusals_are_told_in_our_words(error: Exception, status: int, detail: str) -> None:
    assert (told(error)["status"], told(error)["detail"]) == (status, detail)


def test_what_an_attack_looks_like_is_not_explained() -> None:
    assert "secret" not in told(SuspiciousOperation("secret"))["detail"]


def test_what_nobody_foresaw_stays_a_fault() -> None:
    assert problem_details(ZeroDivisionError(), {}) is None
