"""Feeds say when a talk is really on: expected while the round runs, recorded afterwards; planned until it begins."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from core.fingerprint import fingerprint
from events.calendar_values import CalendarEntry
from events.models import Event, Session
from lightning.models import Block, Talk
from lightning.selectors.calendars import public_talks, talk_entries, talk_rows
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from tests.factories import EventFactory, SessionFactory
from tests.factories.lightning import BlockFactory, TalkFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
START, NEXT, SKIP, PAUSE, FINISH = Command.START, Command.NEXT, Command.SKIP, Command.PAUSE, Command.FINISH


@pytest.fixture
def block(now: dt.datetime) -> Block:
    """Four talks in slots of six minutes from 18:00 UTC on, nineteen o'clock in Berlin."""
    event = EventFactory(slug="evening", starts_at=now, time_zone="Europe/Berlin", revised_at=now)
    found: Block = BlockFactory(session=SessionFactory(event=event, kind="lightning", starts_at=now, minutes=59))
    TalkFactory.create_batch(4, block=found)
    return found


def play(block: Block, now: dt.datetime, *steps: tuple[float, Command]) -> None:
    for version, (minutes, command) in enumerate(steps):
        command_stage(block=block, command=command, version=version, now=now + minutes * MINUTE)


def entries() -> list[CalendarEntry]:
    return [entry for _talk, entry in talk_entries(public_talks(), site_url="https://x.org", transparent=True)]


def spans() -> list[str]:
    return [f"{entry.starts_at:%H:%M:%S}-{entry.ends_at:%H:%M:%S}" for entry in entries()]


PLAN = ["18:00:00-18:05:00", "18:06:00-18:11:00", "18:12:00-18:17:00", "18:18:00-18:23:00"]


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ([], PLAN),
        (
            [(7.4, START)],
            ["18:07:00-18:12:00", "18:13:00-18:18:00", "18:19:00-18:24:00", "18:25:00-18:30:00"],
        ),
        (
            [(0, START), (9.25, NEXT)],
            ["18:00:00-18:09:15", "18:10:00-18:15:00", "18:16:00-18:21:00", "18:22:00-18:27:00"],
        ),
        (
            [(0, START), (4, NEXT), (4, SKIP)],
            ["18:00:00-18:04:00", PLAN[1], "18:05:00-18:10:00", "18:11:00-18:16:00"],
        ),
        ([(0, START), (4, NEXT), (5, START), (8, FINISH)], ["18:00:00-18:04:00", "18:05:00-18:08:00", *PLAN[2:]]),
    ],
)
def test_the_times_are_real(block: Block, now: dt.datetime, steps: list[tuple[float, Command]], shown: list[str]):
    play(block, now, *steps)
    assert spans() == shown


def test_the_description_says_how_late_it_is(block: Block, now: dt.datetime):
    play(block, now, (7.4, START))
    assert [entry.description.splitlines()[0].startswith("Running") for entry in entries()] == [False, True, True, True]
    assert entries()[1].description.splitlines()[0] == "Running 7 min late, about 19:13."


def test_every_command_is_a_new_revision_and_a_new_fingerprint_but_no_new_sequence(block: Block, now: dt.datetime):
    for model in (Event, Session, Talk):
        model.objects.update(revised_at=now - MINUTE)
    before, tag = entries(), fingerprint(*talk_rows(public_talks()))
    play(block, now, (7, START), (8, PAUSE))
    after = entries()
    assert [entry.sequence for entry in after] == [entry.sequence for entry in before]
    assert [entry.revised_at for entry in after] == [now + 8 * MINUTE] * 4
    assert fingerprint(*talk_rows(public_talks())) != tag


@pytest.mark.parametrize("talks", [1, 3])
def test_a_round_on_stage_costs_one_query_more(
    now: dt.datetime, block: Block, talks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = list(Talk.objects.order_by("position").values_list("pk", flat=True)[:talks])
    asked = public_talks().filter(pk__in=kept)
    with django_assert_num_queries(3):
        talk_entries(asked, site_url="", transparent=True)
    play(block, now, (0, START))
    with django_assert_num_queries(4):
        talk_entries(asked, site_url="", transparent=True)
