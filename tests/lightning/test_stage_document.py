"""The stage document: its shape, what moves its fingerprint, and what it costs."""

import datetime as dt
import json
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from lightning.models import Block, Talk
from lightning.selectors.stage import stage_block
from lightning.stage_document import build_stage_document, stage_bytes, stage_fingerprint
from tests.factories import EventFactory, SessionFactory, SpeakerFactory
from tests.factories.lightning import BlockFactory, StageFactory, TalkFactory

pytestmark = pytest.mark.django_db


def a_round(now: dt.datetime, talks: int = 3, **session: Any) -> Block:
    """Slots of six minutes for ten talks."""
    event = EventFactory(slug="evening", title="An evening", starts_at=now, time_zone="Europe/Berlin")
    session = {"title": "Lightning talks", "minutes": 59} | session
    block = BlockFactory(session=SessionFactory(event=event, kind="lightning", starts_at=now, **session))
    for number in range(talks):
        TalkFactory(block=block, title=f"Talk {number}", code=f"code{number}", speakers=[SpeakerFactory(name="Cy")])
    return block


def at(minutes: float) -> str:
    """So long after the fixed clock, as the document writes it."""
    instant = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_a_round_that_has_not_begun(now: dt.datetime) -> None:
    block = a_round(now, talks=1)
    [talk] = block.talks.all()
    waiting = TalkFactory(block=block, title="Next time?", code="waiting", state="stand_by", here_at=now)
    document = build_stage_document(block, for_hosts=True)
    assert document == {
        "event": "evening",
        "event_title": "An evening",
        "event_url": "/events/evening/",
        "block": block.pk,
        "title": "Lightning talks",
        "room": "",
        "time_zone": "Europe/Berlin",
        "version": 0,
        "state": "ready",
        "talk": talk.pk,
        "started_at": None,
        "paused_at": None,
        "paused_ms": 0,
        "extra_ms": 0,
        "length_ms": 300_000,
        "question_ms": 0,
        "changeover_ms": 60_000,
        "slot_ms": 360_000,
        "late_ms": 0,
        "starts_at": at(0),
        "slots": 10,
        "open_slots": 9,
        "propose_url": "",
        "talks": [
            {
                "id": talk.pk,
                "slot": 1,
                "title": "Talk 0",
                "speakers": [{"name": "Cy", "affiliation": ""}],
                "state": "confirmed",
                "starts_at": at(0),
                "expected_at": at(0),
                "started_at": None,
                "ended_at": None,
                "is_first": False,
                "is_here": False,
                "url": "/t/code0/",
            }
        ],
        "stand_by": [
            {
                "id": waiting.pk,
                "slot": None,
                "title": "Next time?",
                "speakers": [],
                "state": "stand_by",
                "starts_at": None,
                "expected_at": None,
                "started_at": None,
                "ended_at": None,
                "is_first": False,
                "is_here": True,
                "url": "/t/waiting/",
            }
        ],
    }
    assert json.loads(stage_bytes(document)) == document
    assert build_stage_document(block) == document | {"stand_by": []}


def test_the_second_is_on_and_everybody_after_is_late(now: dt.datetime) -> None:
    block = a_round(now)
    first, second, third = block.talks.in_lineup()
    Talk.objects.filter(pk=first.pk).update(state="given", started_at=now, ended_at=now + dt.timedelta(minutes=8))
    started = now + dt.timedelta(minutes=9)
    extra, paused = dt.timedelta(minutes=1), dt.timedelta(seconds=30)
    StageFactory(block=block, state="on", talk=second, started_at=started, extra=extra, paused_for=paused, version=4)
    document = build_stage_document(block)
    shown = ("state", "talk", "version", "started_at", "extra_ms", "paused_ms", "late_ms")
    assert [document[name] for name in shown] == ["on", second.pk, 4, at(9), 60_000, 30_000, 270_000]  # type: ignore[literal-required]
    assert [talk["expected_at"] for talk in document["talks"]] == [None, None, at(16.5)]
    assert third.pk == document["talks"][2]["id"]


def test_who_comes_next_follows_the_running_order_of_this_moment(now: dt.datetime) -> None:
    block = a_round(now)
    first, second, _third = block.talks.in_lineup()
    StageFactory(block=block, state="between", talk=first)
    Talk.objects.filter(pk=first.pk).update(position=None, state="withdrawn")
    assert build_stage_document(block)["talk"] == second.pk


def test_nobody_is_next_when_the_round_is_over(now: dt.datetime) -> None:
    block = a_round(now)
    StageFactory(block=block, state="finished", talk=None)
    document = build_stage_document(block)
    assert (document["talk"], document["late_ms"]) == (None, None)
    assert [talk["expected_at"] for talk in document["talks"]] == [None, None, None]


@pytest.mark.parametrize("talks", [1, 3])
def test_it_costs_three_queries_and_its_fingerprint_one(
    now: dt.datetime, talks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    block = a_round(now, talks=talks)
    for _ in range(talks):
        TalkFactory(block=block, state="stand_by", speakers=[SpeakerFactory()])
    StageFactory(block=block)
    with django_assert_num_queries(1):
        found = stage_block("Evening", block.pk)
    with django_assert_num_queries(1):
        stage_fingerprint(found)
    with django_assert_num_queries(3):
        build_stage_document(found)


def test_a_draft_has_no_stage_and_an_event_only_its_own(now: dt.datetime) -> None:
    block = a_round(now)
    other = EventFactory(slug="other")
    with pytest.raises(Block.DoesNotExist):
        stage_block(other.slug, block.pk)
    block.session.event.status = "draft"
    block.session.event.save()
    with pytest.raises(Block.DoesNotExist):
        stage_block("evening", block.pk)
