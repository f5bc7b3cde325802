"""The stage for programs, screens and remotes: what it shows, who may command it, what a refusal tells."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from api.throttling import ScreenThrottle, StageThrottle
from api.v1.refusals import ON_STAGE
from core.answer_memory import answers
from core.errors import RuleViolation
from lightning.models import Block, StageLink, StageLog
from lightning.selectors.stage import link_of, links_of
from lightning.services.stage_links import make_stage_link, revoke_stage_link
from lightning.stage_document import build_stage_document
from lightning.stage_round import Refusal
from tests.api.cast import Cast, bearer
from tests.api.conftest import Read, Send
from tests.factories import SessionFactory
from tests.factories.lightning import BlockFactory, StageFactory, TalkFactory


@pytest.fixture
def block(cast: Cast) -> Block:
    """Two talks of the evening, an hour for ten."""
    found: Block = BlockFactory(session=SessionFactory(event=cast.event, kind="lightning", minutes=59))
    TalkFactory.create_batch(2, block=found)
    return found


def path(block: Block, rest: str = "") -> str:
    return f"events/neurips/stages/{block.pk}/{rest}"


def order(command: str = "start", version: int = 0, **more: Any) -> dict[str, Any]:
    return {"command": command, "version": version, **more}


def test_everybody_sees_the_stage_and_a_304_while_nothing_happens(
    block: Block, client: Client, read: Read, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert read(path(block)) == build_stage_document(block)
    address = f"/api/v1/{path(block)}"
    etag = client.get(address)["ETag"]
    answers.clear()
    with django_assert_num_queries(3):  # the memory's, the round's, the fingerprint's
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    StageFactory(block=block)
    fresh = client.get(address, headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh["ETag"] == etag) == (200, False)


@pytest.mark.parametrize(("who", "scope", "sees"), [("hana", "stage", 1), ("hana", "read", 0), ("bo", "stage", 0)])
def test_who_stands_by_is_told_to_who_may_command(
    block: Block, cast: Cast, client: Client, who: str, scope: str, sees: int
) -> None:
    TalkFactory(block=block, state="stand_by", queue_position=1)
    address = f"/api/v1/{path(block)}"
    answer = client.get(address, headers=bearer(getattr(cast, who), scope))
    assert (len(answer.json()["stand_by"]), client.get(address).json()["stand_by"]) == (sees, [])
    assert "private" in answer["Cache-Control"]
    assert (answer["ETag"] == client.get(address)["ETag"]) == (sees == 0)


def test_an_unlisted_groups_round_is_open_to_who_knows_it_and_a_draft_to_nobody(
    block: Block, cast: Cast, read: Read
) -> None:
    cast.event.group.is_listed = False
    cast.event.group.save()
    read(path(block))
    read(f"events/other/stages/{block.pk}/", status=404)
    cast.event.status = "draft"
    cast.event.save()
    read(path(block), status=404)


@pytest.mark.parametrize("who", ["ada", "hana", "root"])
def test_organisers_and_hosts_command(block: Block, cast: Cast, send: Send, who: str) -> None:
    answer = send("post", path(block, "commands/"), order(), **bearer(getattr(cast, who), "stage"))
    assert answer.json() == build_stage_document(block)
    assert (answer.json()["version"], answer.json()["state"], answer["Cache-Control"]) == (1, "on", "no-store")
    assert StageLog.objects.get().by == getattr(cast, who)


@pytest.mark.parametrize("who", ["bo", "cy", "dee", "ann"])
def test_nobody_else_does(block: Block, cast: Cast, send: Send, who: str) -> None:
    send("post", path(block, "commands/"), order(), status=403, **bearer(getattr(cast, who), "stage"))
    assert not StageLog.objects.exists()


def test_a_token_needs_the_scope_and_a_stranger_a_name(block: Block, cast: Cast, send: Send) -> None:
    refused = send("post", path(block, "commands/"), order(), status=403, **bearer(cast.ada, "read"))
    assert "scope" in refused.json()["detail"]
    stranger = send("post", path(block, "commands/"), order(), status=401)
    assert stranger["WWW-Authenticate"] == 'Bearer realm="Lectern"'


def test_a_signed_in_host_needs_the_csrf_token(block: Block, cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.hana)
    address, body = f"/api/v1/{path(block, 'commands/')}", order()
    assert browser.post(address, body, content_type="application/json").status_code == 403
    browser.get("/events/neurips/door/")
    token = browser.cookies["csrftoken"].value
    sent = browser.post(address, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 200


# --- stage links -----------------------------------------------------------------------------------------------------


def with_link(key: str) -> dict[str, str]:
    return {"Authorization": f"Stage {key}"}


def test_a_helper_commands_with_a_link_until_it_is_revoked(block: Block, cast: Cast, send: Send) -> None:
    link, key = make_stage_link(block=block, name="  Hal at the\tmixer ", by=cast.ada, now=timezone.now())
    assert (len(key), link.name, key in link.key_digest) == (32, "Hal at the mixer", False)
    send("post", path(block, "commands/"), order(), **with_link(key.lower()))
    entry = StageLog.objects.get()
    assert (entry.by, entry.link) == (None, link)
    revoked = revoke_stage_link(link=link, now=timezone.now())
    again = revoke_stage_link(link=link, now=timezone.now() + dt.timedelta(hours=1))
    assert (link_of(key), again.revoked_at) == (None, revoked.revoked_at)
    refused = send("post", path(block, "commands/"), order("next", 1), status=401, **with_link(key))
    assert (refused.json()["code"], list(links_of(block))) == ("invalid_link", [link])


def test_a_link_opens_one_stage_and_nothing_else(block: Block, cast: Cast, client: Client, send: Send) -> None:
    other = BlockFactory(session=SessionFactory(event=cast.event, kind="lightning"))
    _link, key = make_stage_link(block=other, name="Hal", by=cast.ada, now=timezone.now())
    send("post", path(block, "commands/"), order(), status=403, **with_link(key))
    send("post", path(block, "commands/"), order(), status=401, **with_link("A" * 32))
    assert client.get("/api/v1/events/neurips/door/", headers=with_link(key)).status_code == 401


@pytest.mark.parametrize(("name", "code"), [(" \t", "name_missing"), ("x" * 81, "name_too_long")])
def test_a_link_says_who_it_is_for(block: Block, cast: Cast, name: str, code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        make_stage_link(block=block, name=name, by=cast.ada, now=timezone.now())
    assert (refused.value.code, refused.value.field, StageLink.objects.count()) == (code, "name", 0)


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_stale_command_is_told_what_is(block: Block, cast: Cast, send: Send) -> None:
    host = bearer(cast.hana, "stage")
    send("post", path(block, "commands/"), order(), **host)
    refused = send("post", path(block, "commands/"), order(), status=409, **host).json()
    assert (refused["code"], refused["stage"]) == ("stale_version", build_stage_document(block))
    impossible = send("post", path(block, "commands/"), order("resume", 1), status=409, **host).json()
    assert (impossible["code"], impossible["detail"]) == ("not_paused", "The clock is not paused.")
    queue = send("post", path(block, "commands/"), order("bring_in", 1, talk=1), status=409, **host).json()
    assert (queue["code"], queue["errors"][0]["field"]) == ("not_on_stand_by", "talk")
    assert (StageLog.objects.count(), refused["stage"]["version"]) == (1, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"command": "start"}, "version"),
        ({"command": "dance", "version": 0}, "command"),
        ({"command": "start", "version": "0"}, "version"),
        ({"command": "start", "version": -1}, "version"),
        ({"command": "bring_in", "version": 0}, "talk"),
        ({"command": "start", "version": 0, "talk": None}, "talk"),
        ({"command": "start", "version": 0, "minutes": 3}, "minutes"),
    ],
)
def test_what_is_no_command_is_named(block: Block, cast: Cast, send: Send, body: dict[str, Any], field: str) -> None:
    refused = send("post", path(block, "commands/"), body, status=400, **bearer(cast.hana, "stage"))
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_the_catalogue_has_every_refusal() -> None:
    assert {reason.value for reason in Refusal} | {"stale_version", "changed_since"} == ON_STAGE.keys()


# --- how often -------------------------------------------------------------------------------------------------------


def test_hosts_and_links_are_counted_apart_and_apart_from_all_else(
    block: Block, cast: Cast, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates = {"stage": "2/min", "anon": "1/min", "user": "1/min"}
    monkeypatch.setattr(StageThrottle, "THROTTLE_RATES", rates)
    _link, key = make_stage_link(block=block, name="Hal", by=cast.ada, now=timezone.now())
    hana, ada = bearer(cast.hana, "stage"), bearer(cast.ada, "stage")
    statuses = [200, 409, 429]
    for who in (hana, ada, with_link(key)):
        for status in statuses:
            send("post", path(block, "commands/"), order(), status=status, **who)
        statuses = [409, 409, 429]


def test_a_hall_of_screens_behind_one_address_has_a_measure_of_its_own(
    block: Block, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScreenThrottle, "THROTTLE_RATES", {"anon": "1/min", "screens": "3/min"})
    found = []
    for _ in range(4):
        answers.clear()
        found.append(client.get(f"/api/v1/{path(block)}").status_code)
    assert found == [200, 200, 200, 429]
