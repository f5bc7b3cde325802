"""Errors as RFC 9457 problem details that name what is wrong and how to put it right."""

import json
import math
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from psycopg.errors import DeadlockDetected, LockNotAvailable, QueryCanceled
from rest_framework import exceptions
from rest_framework.views import set_rollback

from core.errors import RuleViolation
from core.query_values import QueryErrors

PROBLEM_TYPE = "application/problem+json"
SENTENCES = {
    400: "The server cannot make sense of this request. Check its address, its headers and its host name.",
    401: "Sign in, or send a personal access token: Authorization: Bearer <token>.",
    403: "You may not do this.",
    404: "There is nothing at this address. /api/v1/ lists what there is.",
    405: "This address does not take that method. The Allow header names those it takes.",
    406: "This API answers in JSON. Send Accept: application/json.",
    409: "What you ask for is not possible as things stand; `code` says why.",
    413: "The request is too large.",
    415: "Send JSON: Content-Type: application/json.",
    422: "This Idempotency-Key was used for another request.",
    429: "Too many requests. Wait as long as the Retry-After header says.",
    500: "Something broke on our side. It has been logged.",
    503: "The service is not available. Try again in a minute.",
}
WAITED_TOO_LONG = (LockNotAvailable, QueryCanceled, DeadlockDetected)  # the waits are bounded in the settings
BUSY = "Somebody else is changing the same thing. Try again in a moment."
BUSY_SECONDS = 2
Errors = list[dict[str, str]]


class Problem(Exception):
    """A refusal that a view has worked out in full; the arguments are those of `problem`."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.more = more


def problem_details(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer for what a view raised; None for what nobody foresaw, so that it is logged as the fault it is."""
    answer = _answer(error)
    if answer is not None:
        set_rollback()
    return answer


def problem(
    status: int,
    detail: str = "",
    *,
    code: str = "",
    errors: Errors | None = None,
    headers: dict[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One problem document; the code is for programs, the detail for people, `members` are what else it tells."""
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or SENTENCES.get(status, ""),
        "code": code or HTTPStatus(status).name.lower(),
        **(members or {}),
    }
    if errors:
        content["errors"] = errors
    return HttpResponse(
        json.dumps(content).encode(),
        status=status,
        content_type=PROBLEM_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _answer(error: Exception) -> HttpResponse | None:
    if isinstance(error, exceptions.APIException):
        return _from_framework(error)
    if isinstance(error, OperationalError) and isinstance(error.__cause__, WAITED_TOO_LONG):
        return problem(503, BUSY, code="busy", headers={"Retry-After": str(BUSY_SECONDS)})
    return _of_ours(error) or _from_below(error)


def _of_ours(error: Exception) -> HttpResponse | None:
    if isinstance(error, Problem):
        return problem(error.status, str(error), **error.more)
    if isinstance(error, QueryErrors):
        return invalid_parameters(error.errors)
    if isinstance(error, RuleViolation):
        named = [{"field": error.field, "detail": error.message}] if error.field else None
        return problem(409, error.message, code=error.code, errors=named)
    return None


def _from_below(error: Exception) -> HttpResponse | None:
    """What Django itself raises."""
    if isinstance(error, (Http404, ObjectDoesNotExist)):
        return problem(404)
    if isinstance(error, PermissionDenied):
        return problem(403)
    if isinstance(error, (BadRequest, SuspiciousOperation)):
        return problem(400, str(error) if type(error) is BadRequest else "")
    return None


def refused_field(error: RuleViolation, field: str) -> Problem:
    """400 for a rule about one field of the body, by the name the API has for it."""
    return Problem(400, error.message, code=error.code, errors=[{"field": field, "detail": error.message}])


def invalid_parameters(errors: Mapping[str, str]) -> HttpResponse:
    """400 for a query string."""
    named = [{"field": name, "detail": text} for name, text in errors.items()]
    told = " ".join(f"{name}: {text}" for name, text in errors.items())
    return problem(400, told, code="invalid_parameter", errors=named)


def _from_framework(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if asks_for := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = asks_for
    if isinstance(error, exceptions.Throttled):
        wait = getattr(error, "wait", None)
        headers["Retry-After"] = str(max(1, math.ceil(wait or 1)))
        return problem(429, code="throttled", headers=headers)
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "The data is not valid.", code="invalid", errors=list(_flatten(error.detail, "")))
    if error.status_code in (401, 403, 400, 413) and isinstance(error.detail, exceptions.ErrorDetail):
        return problem(error.status_code, str(error.detail), code=error.detail.code or "", headers=headers)
    return problem(error.status_code, headers=headers)


def _flatten(detail: Any, path: str) -> Iterator[dict[str, str]]:
    """Nested validation errors as dotted paths: `talks.0.title`."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flatten(inner, f"{path}.{name}".strip("."))
    elif isinstance(detail, list) and any(isinstance(inner, (Mapping, list)) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _flatten(inner, f"{path}.{index}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield {"field": path, "detail": str(inner)}
    else:
        yield {"field": path, "detail": str(detail)}


def is_for_the_api(request: HttpRequest) -> bool:
    """Whether a program asks."""
    return request.path_info.startswith("/api/")
