"""What the generated OpenAPI description cannot know by itself: how people sign in, and what an error looks like."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from api.errors import PROBLEM_TYPE, SENTENCES
from api.idempotency import HEADER

PROBLEM = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Always about:blank; look at `code`."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is wrong and how to put it right."},
        "code": {"type": "string", "description": "The same for programs: not_found, invalid_parameter, throttled …"},
        "errors": {
            "type": "array",
            "description": "What is wrong with single fields or parameters.",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "The parameter, or the path of the field: talks.0.title.",
                    },
                    "detail": {"type": "string", "description": "What is wrong and how to put it right."},
                },
            },
        },
        "stage": {
            "allOf": [{"$ref": "#/components/schemas/Stage"}],
            "description": "The stage as it is now, where a command on stage was refused.",
        },
    },
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "ETags you hold: when one still is right, the answer is an empty 304.",
}

RETRY_AFTER = {"description": "Seconds to wait, where waiting helps.", "schema": {"type": "integer"}}


class Operations(AutoSchema):
    """Operations are named by their views, so that names stay when classes move."""

    def get_operation_id(self) -> str:
        """For generators of clients: list_events, get_event."""
        named = getattr(self.view, "operation_id", None)
        return named or str(super().get_operation_id())


class ApiTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a token is sent."""

    target_class = "api.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """RFC 6750."""
        return {"type": "http", "scheme": "bearer", "description": "A personal access token from your page."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a browser is known."""

    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """The site's cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "The site's own session."}


class StageLinkScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a helper without account is known."""

    target_class = "api.authentication.StageLinkAuthentication"
    name = "stageLink"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """A scheme of ours."""
        return {"type": "http", "scheme": "Stage", "description": "The key of a stage link: the end of its address."}


def add_what_all_share(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Problem documents for every operation; conditional requests and the answer 304 for reads.

    (A hook of drf-spectacular.) What an operation says itself stays.
    """
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _add_to(operation, path, method)
    return result


def _add_to(operation: dict[str, Any], path: str, method: str) -> None:
    answers = operation["responses"]
    if method == "get":
        _add_conditions(operation)
    for status in _refusals(operation, path, method):
        answer = answers.setdefault(str(status), {"description": SENTENCES[status]})
        answer["content"] = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in {"409", "429", "503"} & answers.keys():
        answers[status]["headers"] = {"Retry-After": RETRY_AFTER}
    for answer in (answers[status] for status in ("200", "201") if status in answers):
        answer["description"] = answer.get("description") or "What you asked for."
    operation["responses"] = dict(sorted(answers.items()))


def _add_conditions(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(IF_NONE_MATCH)
    tag = {"description": "A strong tag of the bytes.", "schema": {"type": "string"}}
    operation["responses"]["200"]["headers"] = {"ETag": tag}
    operation["responses"]["304"] = {"description": "You hold it already.", "headers": {"ETag": tag}}


def _refusals(operation: dict[str, Any], path: str, method: str) -> list[int]:
    """Every status an operation may refuse with."""
    found = [400, 401, 406, 429]
    if {} not in operation["security"]:  # not for everybody
        found.append(403)
    if "{" in path:
        found.append(404)
    if method != "get":
        found += [409, 503]
    if "requestBody" in operation:
        found += [413, 415]
    if any(parameter["name"] == HEADER for parameter in operation.get("parameters", [])):
        found.append(422)
    return found
