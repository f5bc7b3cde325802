"""No container engine is at hand in the tests: what the files in docker/ say is held against the product instead."""

import importlib.util
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config.env import env

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
OF_THE_TOOLS = {
    "PATH",
    "PIP_NO_CACHE_DIR",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
}
DEFAULTS_ARE_GOOD = {
    "DATABASE_PREPARES",
    "MAIL_PER_DOMAIN_A_MINUTE",
    "OUTBOX_KEEP_DAYS",
    "OUTBOX_LANES",
    "OUTBOX_LEASE_SECONDS",
}
PROCESSES = {"web", "live", "worker", "beat", "migrate"}


@pytest.fixture
def services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = yaml.safe_load((DOCKER / "compose.yml").read_text())["services"]
    return services


def dockerfile() -> str:
    """The Dockerfile with its continued lines joined."""
    return (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")


def test_compose_sets_only_variables_that_the_settings_read(services: dict[str, dict[str, Any]]) -> None:
    for name in PROCESSES:
        assert set(services[name]["environment"]) - set(env.scheme) == set()


def test_compose_leaves_out_only_what_has_a_good_default_or_is_for_demos(services: dict[str, dict[str, Any]]) -> None:
    unset = set(env.scheme) - set(services["web"]["environment"])

    assert unset == DEFAULTS_ARE_GOOD | {"DEBUG", "DEMO", "DEMO_MAIL_DIR", "MEDIA_ROOT", "DECKS_ROOT", "STATIC_ROOT"}


def test_the_dockerfile_sets_only_variables_that_the_settings_read() -> None:
    lines = [line for line in dockerfile().splitlines() if re.match(r"(ENV|RUN [A-Z_]+=)", line)]
    names = {name for line in lines for name in re.findall(r"(?:^|\s)([A-Z][A-Z_]+)=", line)}

    assert names == OF_THE_TOOLS | {"SECRET_KEY", "DATABASE_URL", "STATIC_ROOT", "MEDIA_ROOT", "DECKS_ROOT"}
    assert names - OF_THE_TOOLS - set(env.scheme) == set()


def test_every_process_is_started_by_a_role_of_the_entrypoint(services: dict[str, dict[str, Any]]) -> None:
    roles = set(re.findall(r"^(\w+)\)$", (DOCKER / "entrypoint").read_text(), re.MULTILINE))

    assert {name for name, service in services.items() if service["image"] == "lectern"} == PROCESSES
    assert [service["command"] for name, service in services.items() if name in PROCESSES] == [
        [name] for name in services if name in PROCESSES
    ]
    assert roles == PROCESSES | {"manage"}


def test_the_entrypoint_names_programs_and_modules_that_exist() -> None:
    text = (DOCKER / "entrypoint").read_text()
    programs = set(re.findall(r"^\s*exec (\w+)", text, re.MULTILINE))
    modules = set(re.findall(r"([a-z.]+):application", text)) | set(re.findall(r"-A (\w+)", text))
    scripts = set(re.findall(r"\w+\.py", text))

    assert programs == {"granian", "uvicorn", "celery", "python"}
    assert modules == {"config.wsgi", "live.app", "config"}
    assert [name for name in programs - {"python"} | modules if importlib.util.find_spec(name) is None] == []
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


def test_the_entrypoint_refuses_an_unknown_role_in_a_sentence() -> None:
    run = subprocess.run(["sh", DOCKER / "entrypoint", "wbe"], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout, run.stderr) == (
        64,
        "",
        "No process is called 'wbe': web, live, worker, beat, migrate or manage.\n",
    )


def test_the_site_starts_after_the_migration_and_the_queue(services: dict[str, dict[str, Any]]) -> None:
    for name in PROCESSES - {"migrate"}:
        assert services[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "redis": {"condition": "service_healthy"},
        }
    assert services["migrate"]["restart"] == "no"


def test_the_proxy_sends_to_services_and_ports_that_the_entrypoint_opens(services: dict[str, dict[str, Any]]) -> None:
    targets = dict(re.findall(r"reverse_proxy (\w+):(\d+)", (DOCKER / "Caddyfile").read_text()))
    entrypoint = (DOCKER / "entrypoint").read_text()

    assert set(targets) <= set(services)
    assert sorted(targets.values()) == re.findall(r"--port (\d+)", entrypoint)
    assert f"EXPOSE {' '.join(sorted(targets.values()))}\n" in dockerfile()


def test_the_image_runs_unprivileged_on_hashed_requirements() -> None:
    _, final = dockerfile().split("\nFROM python:3.13-slim\n")

    assert "\nUSER lectern\n" in final
    assert "--only-binary :all: --require-hashes -r requirements/prod.txt" in dockerfile()


def test_only_the_proxy_is_reachable_from_outside(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_what_the_image_needs_is_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    needed = set(re.findall(r"^COPY (?!--from)(\S+)", dockerfile(), re.MULTILINE)) | {
        "docker",
        "static",
        "templates",
        "locale",
    }

    assert needed & {entry.strip("/") for entry in ignored} == set()
    assert {".git", ".env", "var"} <= set(ignored)


def test_the_mail_address_that_compose_suggests_is_one_the_settings_understand() -> None:
    (example,) = re.findall(r"^#\s+EMAIL_URL=(\S+)", (DOCKER / "compose.yml").read_text(), re.MULTILINE)
    read = env.email_url_config(example)

    assert (read["EMAIL_HOST"], read["EMAIL_PORT"], read["EMAIL_USE_TLS"]) == ("mail.example.org", 587, True)


def test_lines_of_the_proxy_hide_the_same_keys_as_ours() -> None:
    """It writes the address of each request it could not pass on."""
    pattern, replacement = re.findall(r'request>uri regexp "([^"]+)" "([^"]+)"', (DOCKER / "Caddyfile").read_text())[0]
    in_python = replacement.replace("$1", r"\1")
    for beginning in settings.SECRET_ADDRESSES:
        assert re.sub(pattern, in_python, f"{beginning}k3y/?x=1") == f"{beginning}…/?x=1"
    for public in ("/groups/r/", "/events/r/stage/7/"):
        assert re.sub(pattern, in_python, public) == public


def test_the_proxy_sends_the_slides_that_the_site_names(services: dict[str, dict[str, Any]]) -> None:
    folder = re.findall(r"DECKS_ROOT=(\S+)", dockerfile())
    rules = (DOCKER / "Caddyfile").read_text()

    assert services["web"]["environment"]["DECKS_BY_PROXY"] == "1"
    assert [f"decks:{folder[0]}"] == [one for one in services["web"]["volumes"] if one.startswith("decks:")]
    assert f"decks:{folder[0]}:ro" in services["proxy"]["volumes"]
    assert re.findall(r"handle_response @deck \{\s+root \* (\S+)", rules) == folder
    assert rules.count("reverse_proxy web:8000") == rules.count("import deck")


def test_calendars_pass_the_proxy_as_they_are() -> None:
    lines = (DOCKER / "Caddyfile").read_text()

    assert "@pages not path *.ics" in lines
    assert re.findall(r"encode (\S+)", lines) == ["@pages"]
