"""The description of the API: valid, complete, and the one in the golden file."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from drf_spectacular.renderers import OpenApiYamlRenderer
from openapi_spec_validator import OpenAPIV31SpecValidator

GOLDEN = Path(__file__).parent.parent / "golden" / "openapi.yaml"
RENEW = "Meant? Then run the tests once with RENEW_GOLDEN=1, read the difference, and say in CHANGELOG.md what changed."


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_the_one_in_the_golden_file(description: dict[str, Any]) -> None:
    shown = OpenApiYamlRenderer().render(description, renderer_context={}).decode()
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(shown)

    assert shown == GOLDEN.read_text(), RENEW


def test_it_is_valid_openapi_3_1(description: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(description).validate()

    assert description["openapi"] == "3.1.1"


def test_it_is_made_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_every_operation_says_what_it_does_and_what_can_go_wrong(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        answers = operation["responses"]
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert {"400", "406", "429"} <= answers.keys(), name
        assert ("404" in answers) == ("{" in name), name
        assert ("403" in answers) == ({} not in operation["security"]), name
        problem = answers["406"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}, name


def test_every_read_has_a_tag_and_a_304(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        answers = operation["responses"]
        assert ("304" in answers) == ("ETag" in answers.get("200", {}).get("headers", {})) == name.startswith("get "), (
            name
        )
        if name.startswith("get "):
            assert answers["200"]["content"]["application/json" if "schema/" not in name else "application/yaml"], name


def test_every_write_says_that_it_may_be_refused_as_things_stand(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        answers = operation["responses"].keys()
        assert ({"409", "503"} <= answers) == (not name.startswith("get ")), name
        assert ({"413", "415"} <= answers) == ("requestBody" in operation), name


def test_every_parameter_is_described(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description") or parameter["in"] == "path", (name, parameter["name"])


def test_the_description_needs_no_database_and_has_a_tag(client: Client) -> None:
    response = client.get("/api/v1/schema/")

    assert response.status_code == 200
    assert yaml.safe_load(response.content)["info"]["title"] == "Lectern"
    again = client.get("/api/v1/schema/", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_description_comes_as_json_for_who_prefers_it(client: Client) -> None:
    response = client.get("/api/v1/schema/", headers={"Accept": "application/json"})

    assert response.json()["openapi"] == "3.1.1"


@pytest.mark.django_db
def test_the_docs_hold_no_inline_script(client: Client) -> None:
    page = client.get("/api/v1/docs/")

    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
    assert "cdn" not in page.content.decode()
