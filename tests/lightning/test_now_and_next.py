"""What is on and what comes next, read off a document."""

import datetime as dt

import pytest

from events.models import Session
from events.selectors.events import published_event
from lightning.models import Block, Talk
from lightning.now_and_next import NowAndNext, RoomNow, now_and_next
from lightning.schedule_document import build_schedule_document
from tests.factories import SessionFactory
from tests.factories.lightning import StageFactory
from tests.lightning.schedule_samples import at, rich_programme

pytestmark = pytest.mark.django_db


def answer(minutes: int) -> NowAndNext:
    return now_and_next(build_schedule_document(published_event("neurips-22")), at(minutes))


def first_room(minutes: int) -> RoomNow:
    """All that is said of the hall."""
    return answer(minutes)["rooms"][0]


def hall(minutes: int) -> tuple[list[str], str | None]:
    room = first_room(minutes)
    return [item["title"] for item in room["now"]], room["next"] and room["next"]["title"]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, ([], "开场")),
        (5, (["开场"], "First")),
        (34, (["开场"], "First")),
        (35, ([], "First")),
        (62, (["First"], "")),
        (66, (["First", ""], None)),
        (68, ([""], None)),
        (71, ([], None)),
        (600, ([], None)),
    ],
)
def test_a_room_shows_what_is_on_and_the_next_thing(minutes: int, expected: tuple[list[str], str | None]) -> None:
    rich_programme()

    assert hall(minutes) == expected


def test_the_answer_holds_until_something_begins_or_ends() -> None:
    rich_programme()

    assert [answer(minutes)["changes_at"] for minutes in (0, 5, 25, 71)] == [
        "2026-03-19T19:05:00+08:00",
        "2026-03-19T19:25:00+08:00",
        "2026-03-19T19:35:00+08:00",
        None,
    ]


def test_what_is_in_no_room_comes_last_and_the_cancelled_never() -> None:
    event = rich_programme()
    SessionFactory(event=event, title="Photo", starts_at=at(0), minutes=5)

    rooms = answer(1)["rooms"]

    assert [room["room"] and room["room"]["name"] for room in rooms] == ["Hall", "Loft", None]
    assert [item["title"] for item in rooms[2]["now"]] == ["Photo"]


def test_the_same_instant_in_another_zone_gives_the_same_answer() -> None:
    rich_programme()
    document = build_schedule_document(published_event("neurips-22"))
    tokyo = dt.timezone(dt.timedelta(hours=9))

    assert now_and_next(document, at(5)) == now_and_next(document, at(5).astimezone(tokyo))


def on_stage() -> Block:
    """The rich programme with its first talk on stage from 20:06 on, and six minutes for it."""
    rich_programme()
    Talk.objects.exclude(position=None).update(state="confirmed", started_at=None, ended_at=None)
    block = Block.objects.get()
    first = block.talks.in_lineup()[0]
    Talk.objects.filter(pk=first.pk).update(started_at=at(66))
    StageFactory(block=block, state="on", talk=first, started_at=at(66), extra=dt.timedelta(minutes=1), version=1)
    return block


@pytest.mark.parametrize("minutes", [40, 62, 300])
def test_a_round_on_stage_goes_by_the_stage_whatever_the_clock_says(minutes: int) -> None:
    first, second = on_stage().talks.in_lineup()[:2]
    room = first_room(minutes)
    assert [(item["talk"], item["starts_at"][11:16], item["ends_at"][11:16]) for item in room["now"]] == [
        (first.pk, "20:06", "20:12")
    ]
    assert room["next"] is not None
    assert (room["next"]["talk"], room["next"]["starts_at"][11:16]) == (second.pk, "20:13")
    assert room["late_minutes"] == 7


def test_a_round_that_nobody_finished_has_no_say_the_day_after() -> None:
    on_stage()
    room = first_room(1000)
    assert (room["now"], room["next"], room["late_minutes"]) == ([], None, None)


def test_what_was_planned_for_now_waits_for_the_round_in_its_room() -> None:
    block = on_stage()
    block.talks.in_lineup().exclude(position=0).update(state="no_show")
    panel = SessionFactory(
        event=block.session.event, title="Panel", starts_at=at(85), minutes=30, room=block.session.room
    )
    waits = hall(90)
    Session.objects.filter(pk=panel.pk).update(parallel=True)
    beside = hall(90)
    assert (waits, beside) == ((["First"], "Panel"), (["First", "Panel"], None))
