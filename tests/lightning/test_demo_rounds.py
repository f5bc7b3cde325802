"""The demo's calls, proposals and the round on stage."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django.fixtures import Settings

from lightning.models import Block, Call, Talk
from lightning.services.demo import load_demo
from lightning.services.demo.dates import coming_window
from lightning.services.demo.happenings import make_event
from lightning.services.demo.rounds import load_demo_rounds, load_demo_slides
from lightning.services.demo.world import make_series, make_world, read_file
from lightning.stage_document import build_stage_document
from outbox.models import Message

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 17, 18, 7, tzinfo=dt.UTC)
ROUNDS = ["follow-the-sun", "third-thursday-serving", "lightweight-models", "tfug-lightning-evening"]


def _load_their_events() -> None:
    """The part of the demo that the rounds are in: all of it takes ten times as long."""
    world = make_world(read_file("world.toml"))
    plan = read_file("upcoming.toml")
    make_series(plan, world)
    for spec in plan["event"]:
        if spec["slug"] in ROUNDS:
            make_event(spec, coming_window(spec, world.zone(spec["group"]), now=NOW, taken=()), world, now=NOW)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """The demo with its rounds, made once for this file: seventeen minutes after one of them was to begin."""
    with django_db_blocker.unblock(), transaction.atomic():
        _load_their_events()
        yield load_demo_rounds(now=NOW)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demo(loaded: list[str], db: None) -> None:
    """Every test sees the demo and, at its end, puts back what it changed."""


def block(slug: str) -> Block:
    return Block.objects.get(session__event__slug=slug)


def states(slug: str) -> list[str]:
    return [talk.state for talk in block(slug).talks.in_lineup()]


def test_every_policy_has_a_round_with_proposals(loaded):
    calls = Call.objects.order_by("pk").values_list("block__session__event__slug", "policy")
    assert (loaded, list(calls)) == (
        ROUNDS,
        [(ROUNDS[0], "first_come"), (ROUNDS[1], "first_come"), (ROUNDS[2], "curated"), (ROUNDS[3], "draw")],
    )
    assert states("third-thursday-serving") == ["confirmed", "confirmed", "confirmed", "confirmed", "accepted"]
    waiting = Talk.objects.filter(state="submitted").values_list("block__session__event__slug", flat=True)
    assert (list(waiting).count("lightweight-models"), list(waiting).count("tfug-lightning-evening")) == (3, 14)


def test_one_round_is_on_stage_as_the_clock_has_it():
    stage = build_stage_document(block("follow-the-sun"))
    on = next(talk for talk in stage["talks"] if talk["id"] == stage["talk"])
    assert (stage["state"], on["title"], stage["started_at"]) == (
        "on",
        "Ragged tensors in real life",
        "2026-11-17T18:05:50.000Z",
    )
    assert states("follow-the-sun") == ["given", "given", *["confirmed"] * 6]


def test_slides_applause_and_feedback_are_there():
    assert (load_demo_slides(now=NOW), load_demo_slides(now=NOW)) == (3, 0)
    first, *others = block("follow-the-sun").talks.filter(deck__isnull=False).order_by("position")
    assert (first.deck.pages, first.applause.count(), first.feedback.count()) == (3, 14, 1)
    assert [talk.title for talk in others] == ["Notebooks without a network", "A monotone model, please"]


def test_nobody_made_up_gets_mail():
    assert not Message.objects.filter(address__endswith="@speakers.lectern.example").exists()


def test_again_changes_nothing_until_the_event_has_another_date():
    assert load_demo_rounds(now=NOW + dt.timedelta(minutes=5)) == []
    tomorrow = NOW + dt.timedelta(days=1, minutes=7)
    load_demo(now=tomorrow)
    assert load_demo_rounds(now=tomorrow) == ["follow-the-sun"]
    stage = build_stage_document(block("follow-the-sun"))
    assert (stage["started_at"], states("follow-the-sun")[:5]) == (
        "2026-11-18T18:12:10.000Z",
        ["given", "given", "given", "no_show", "confirmed"],
    )


def test_the_command_says_what_it_did_and_refuses_where_nobody_wants_a_demo(settings: Settings):
    out = io.StringIO()
    settings.DEMO = True
    call_command("load_demo_rounds", stdout=out)
    assert out.getvalue() == "Lightning rounds: as they were.\n"
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("load_demo_rounds")
