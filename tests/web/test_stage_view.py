"""What the server reads off a stage's document: every state, every kind of name."""

import datetime as dt
from typing import Any

import pytest

from lightning.stage_types import StageDocument, StageTalk
from web.stage_view import countdown, names_of, see_stage

NOON = "2026-03-17T12:00:00.000Z"


def talk(pk: int, state: str = "confirmed", *people: tuple[str, str], **values: Any) -> StageTalk:
    """In the slot of its number, by Speaker 1 and so on."""
    by = people or ((f"Speaker {pk}", ""),)
    speakers = [{"name": name, "affiliation": affiliation} for name, affiliation in by if name]
    given = {"id": pk, "slot": pk, "title": f"Talk {pk}", "speakers": speakers, "state": state, "started_at": None}
    return given | values  # type: ignore[return-value]


def document(state: str, on: int | None, *talks: StageTalk, **values: Any) -> StageDocument:
    """Five slots of five minutes and one for questions."""
    given = {"state": state, "talk": on, "talks": list(talks), "slots": 5, "started_at": None, "paused_at": None}
    lengths = {"length_ms": 300_000, "question_ms": 60_000, "extra_ms": 0, "paused_ms": 0, "late_ms": 0}
    return given | lengths | values  # type: ignore[return-value]


ROUND = (talk(1, "given"), talk(2, "no_show"), talk(3), talk(4), talk(5, "accepted"))


@pytest.mark.parametrize(
    ("state", "on", "coming", "front", "cells"),
    [
        ("ready", 3, [4, 5], [3, 4], ["done", "done", "next", "", ""]),
        ("on", 3, [4, 5], [4, 5], ["done", "done", "now", "next", ""]),
        ("paused", 3, [4, 5], [4, 5], ["done", "done", "now", "next", ""]),
        ("between", 3, [4, 5], [4, 5], ["done", "done", "next", "", ""]),
        ("finished", None, [], [], ["done", "done", "", "", ""]),
    ],
)
def test_each_state_has_its_talk_its_coming_ones_and_its_ruler(state, on, coming, front, cells):
    view = see_stage(document(state, on, *ROUND))
    assert view.talk == (ROUND[2] if on else None)
    assert ([one["id"] for one in view.coming], [one["id"] for one in view.front]) == (coming, front)
    assert (view.cells, view.places, view.is_on) == (cells, 5, state in ("on", "paused"))


def test_the_last_one_has_nobody_after_and_empty_slots_are_open():
    view = see_stage(document("on", 1, talk(1), slots=3))
    assert (view.coming, view.front, view.cells) == ([], [], ["now", "open", "open"])


def test_a_round_takes_more_talks_than_it_has_slots_and_may_have_none():
    assert see_stage(document("ready", 1, talk(1), talk(2), slots=1)).cells == ["next", ""]
    empty = see_stage(document("ready", None, slots=None))
    assert (empty.cells, empty.places, empty.talk, empty.front, empty.names.name) == ([], 0, None, [], "")


def test_the_time_of_who_is_on_ends_after_what_was_added_paused_and_asked():
    view = see_stage(document("on", 1, talk(1), started_at=NOON, extra_ms=60_000, paused_ms=30_000))
    assert view.until == dt.datetime(2026, 3, 17, 12, 7, 30, tzinfo=dt.UTC)
    assert (view.left, see_stage(document("between", 1, talk(1))).until) == ("", None)


@pytest.mark.parametrize(
    ("paused_at", "left"),
    [
        ("12:00:00.000", "5:00"),
        ("12:00:00.001", "5:00"),
        ("12:01:48.000", "3:12"),
        ("12:05:00.999", "0:00"),
        ("12:05:01.000", "0:59"),
        ("12:06:00.999", "0:00"),
        ("12:06:01.000", "+0:01"),
        ("12:16:17.000", "+10:17"),
    ],
)
def test_a_standing_clock_tells_what_is_left_of_the_talk_then_of_its_questions(paused_at, left):
    view = see_stage(document("paused", 1, talk(1), started_at=NOON, paused_at=f"2026-03-17T{paused_at}Z"))
    assert view.left == left


def test_who_has_been_on_stands_latest_first_and_a_no_show_has_not():
    given = [talk(pk, "given", started_at=f"2026-03-17T12:0{pk}:00.000Z") for pk in (1, 3)]
    view = see_stage(document("between", 4, given[0], talk(2, "no_show"), given[1], talk(4)))
    assert [one["id"] for one in view.done] == [3, 1]


@pytest.mark.parametrize(
    ("late_ms", "minutes"), [(None, 0), (29_999, 0), (30_000, 1), (420_000, 7), (-30_000, 0), (-30_001, -1)]
)
def test_lateness_is_rounded_to_minutes(late_ms, minutes):
    assert see_stage(document("on", 1, talk(1), late_ms=late_ms)).late_minutes == minutes


@pytest.mark.parametrize(("seconds", "said"), [(192, "3:12"), (0, "0:00"), (-17, "+0:17"), (6000, "100:00")])
def test_seconds_are_said_as_minutes(seconds, said):
    assert countdown(seconds) == said


@pytest.mark.parametrize(
    ("people", "name", "affiliation", "title", "long"),
    [
        ([("Norihiro Shimoda", "TFUG")], "Norihiro Shimoda", "TFUG", "Talk 1", ""),
        ([("Nichal", "NUS"), ("Raghotham", "NUS")], "Nichal, Raghotham", "NUS", "Talk 1", ""),
        ([("Eve", "NTU"), ("Flo", "")], "Eve, Flo", "NTU", "Talk 1", ""),
        ([("", "")], "Talk 1", "", "", ""),
        ([("Karthik Muthuswamy", "")], "Karthik Muthuswamy", "", "Talk 1", ""),
        ([("Karthik Muthuswamys", "")], "Karthik Muthuswamys", "", "Talk 1", "long"),
        ([("一二三四五六七八九", "")], "一二三四五六七八九", "", "Talk 1", ""),
        ([("一二三四五六七八九十", "")], "一二三四五六七八九十", "", "Talk 1", "long"),
        ([("N" * 44, "")], "N" * 44, "", "Talk 1", "long"),
        ([("N" * 45, "")], "N" * 45, "", "Talk 1", "very"),
    ],
)
def test_names_are_said_in_large_letters(people, name, affiliation, title, long):
    names = names_of(talk(1, "confirmed", *people))
    assert (names.name, names.affiliation, names.title, names.long) == (name, affiliation, title, long)
