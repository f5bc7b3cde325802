"""What the tests of the API share: empty memories, and a reader that holds every answer against the description."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openapi_schema_validator import OAS31Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from core.answer_memory import answers
from core.http_cache import rendered

Read = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty_memories() -> None:
    """Throttles count in the cache; rendered bytes live in the process."""
    cache.clear()
    rendered.clear()
    answers.clear()


@pytest.fixture(scope="session")
def description() -> dict[str, Any]:
    """The OpenAPI description as programs get it."""
    generated: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return generated


@pytest.fixture
def read(client: Client, description: dict[str, Any]) -> Read:
    """Get a path below /api/v1/ and return its JSON; it must be what the description promises."""

    def get(path: str, *, status: int = 200, **headers: str) -> Any:
        response = client.get(f"/api/v1/{path}", headers=headers)
        assert response.status_code == status, response.content
        content = response.json()
        operation = _operation(description, path)
        answer = operation["responses"][str(status)]["content"]
        validate(content, answer[response["Content-Type"]]["schema"], description)
        return content

    return get


def _operation(description: dict[str, Any], path: str) -> dict[str, Any]:
    """The operation whose template the path fits."""
    parts = f"/api/v1/{path}".partition("?")[0].split("/")
    for template, operations in description["paths"].items():
        pattern = template.split("/")
        pairs = zip(pattern, parts, strict=False)
        if len(pattern) == len(parts) and all(a == b or a.startswith("{") for a, b in pairs):
            found: dict[str, Any] = operations["get"]
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
