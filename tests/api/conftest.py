"""What the tests of the API share: empty memories, and clients that hold every answer against the description."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from core.answer_memory import answers
from core.http_cache import rendered
from tests.api.cast import NOW, Cast, meet

Read = Callable[..., Any]
Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty_memories() -> None:
    """Throttles count in the cache; rendered bytes live in the process."""
    cache.clear()
    rendered.clear()
    answers.clear()


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """Everybody, three days before the evening: the clock stands."""
    with time_machine.travel(NOW, tick=False):
        yield meet()


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """The OpenAPI description as programs get it."""
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


@pytest.fixture
def read(client: Client, description: dict[str, Any]) -> Read:
    """Get a path below /api/v1/ and return its JSON; it must be what the description promises."""

    def get(path: str, *, status: int = 200, **headers: str) -> Any:
        return checked(client.get(f"/api/v1/{path}", headers=headers), "get", path, status, description).json()

    return get


@pytest.fixture
def send(client: Client, description: dict[str, Any]) -> Send:
    """Send JSON to a path below /api/v1/ and return the response; it must be what the description promises."""

    def act(method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body)
        response = client.generic(
            method.upper(), f"/api/v1/{path}", content or "", content_type="application/json", headers=named
        )
        return checked(response, method, path, status, description)

    return act


def checked(response: Any, method: str, path: str, status: int, description: dict[str, Any]) -> Any:
    """The response, which has this status and the shape the description gives it."""
    assert response.status_code == status, response.content
    answer = _operation(description, path, method)["responses"][str(status)]
    if "content" in answer:
        schema = answer["content"][response["Content-Type"]]["schema"]
        validate(response.json(), schema, description)
    else:
        assert response.content == b""
    return response


def _operation(description: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    """The operation whose template the path fits, one that names it word by word before one with a gap."""
    parts = f"/api/v1/{path}".partition("?")[0].split("/")
    for template, operations in sorted(description["paths"].items(), key=lambda item: item[0].count("{")):
        pattern = template.split("/")
        pairs = zip(pattern, parts, strict=False)
        if len(pattern) == len(parts) and all(a == b or a.startswith("{") for a, b in pairs):
            found: dict[str, Any] = operations[method]
            return found
    raise LookupError(path)


def validate(content: Any, schema: dict[str, Any], description: dict[str, Any]) -> None:
    """Raise when the content is not what the schema promises."""
    whole = Resource.from_contents(description, default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:description", whole)
    OAS31Validator(_rooted(schema), registry=registry).validate(content)


def _rooted(schema: Any) -> Any:
    """With references into the description as a whole."""
    if isinstance(schema, dict):
        return {name: f"urn:description{value}" if name == "$ref" else _rooted(value) for name, value in schema.items()}
    return [_rooted(item) for item in schema] if isinstance(schema, list) else schema
