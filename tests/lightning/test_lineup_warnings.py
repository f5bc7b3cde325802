"""Warnings about a line-up, each beside the line-up that is one step from it and gets none."""

import datetime as dt

import pytest

from lightning.lineup_warning_words import sentence, slots_text
from lightning.lineup_warnings import CLOSE, Code, Engagement, Finding, Item, Round, find_warnings

BEGINS = dt.datetime(2026, 11, 27, 19, 0, tzinfo=dt.UTC)
EARLY = BEGINS - dt.timedelta(days=30)
ROUND = Round(BEGINS)


def item(slot: int, speaker: str = "", **values) -> Item:
    starts_at = BEGINS + dt.timedelta(minutes=6 * (slot - 1))
    times = {"starts_at": starts_at, "ends_at": starts_at + dt.timedelta(minutes=5)}
    name = speaker or f"Speaker {slot}"
    return Item(slot, {hash(name): name}, **(times | values))


def found(*items: Item, around: Round = ROUND, now: dt.datetime = EARLY) -> list[Finding]:
    return find_warnings(items, around, now=now)


def test_nothing_is_wrong_with_an_empty_line_up_or_a_plain_one():
    assert found() == found(item(1), item(2), item(3)) == []


def test_a_speaker_twice_in_a_row_even_across_an_open_slot():
    assert found(item(1, "Cy"), item(2), item(3, "Cy")) == []
    assert found(item(1, "Cy"), item(2, "Cy"), item(4, "Cy")) == [Finding(Code.SPEAKER_TWICE, (1, 2, 4), ("Cy",))]


def test_two_people_of_one_name_are_two():
    assert find_warnings([Item(1, {1: "Wei Zhang"}), Item(2, {2: "Wei Zhang"})], ROUND, now=EARLY) == []


def test_an_organisation_back_to_back_however_it_is_written():
    talks = item(1, organisations=("Google",)), item(2, organisations=("google", "Tsinghua")), item(3, organisations=())
    assert found(*talks) == [Finding(Code.ORGANISATION_TWICE, (1, 2), ("google",))]


def test_a_topic_back_to_back_unless_the_round_is_about_it():
    tpu = {"topics": ("TPU",)}
    assert found(item(1, **tpu), item(2, **tpu), item(3), item(4)) == [Finding(Code.TOPIC_TWICE, (1, 2), ("TPU",))]
    assert found(item(1, **tpu), item(2, **tpu), item(3)) == []
    assert found(item(1, **tpu), item(2), item(3, **tpu), item(4)) == []


def test_three_first_talks_in_a_row():
    first = {"is_first": True}
    assert found(item(1, **first), item(2, **first), item(3), item(4, **first)) == []
    assert found(*(item(slot, **first) for slot in (1, 2, 3))) == [Finding(Code.FIRST_TALKS, (1, 2, 3))]


def test_languages_that_could_be_kept_together():
    assert found(item(1, language="en"), item(2), item(3, language="zh-Hans")) == []
    talks = item(1, language="en"), item(2, language="zh-Hans"), item(3, language="en")
    assert found(*talks) == [Finding(Code.LANGUAGE_CHANGES, (2, 3), count=2)]


@pytest.mark.parametrize(
    ("begins", "ends", "is_clash"),
    [(-10, 0, False), (-10, 1, True), (4, 10, True), (5, 10, False)],
)
def test_a_speaker_in_two_places_at_once(begins, ends, is_clash):
    at = [BEGINS + dt.timedelta(minutes=minutes) for minutes in (begins, ends)]
    around = Round(BEGINS, elsewhere=(Engagement(hash("Cy"), "Panel", *at), Engagement(hash("Bo"), "Talk", *at)))
    expected = [Finding(Code.ELSEWHERE, (1,), ("Cy", "Panel"))] if is_clash else []
    assert found(item(1, "Cy"), around=around) == expected
    assert found(item(1, "Cy", starts_at=None, ends_at=None), around=around) == []


def test_who_has_not_confirmed_when_the_day_is_close():
    talks = item(1, is_confirmed=False), item(2), item(3, is_confirmed=False)
    assert found(*talks, now=BEGINS - CLOSE - dt.timedelta(seconds=1)) == []
    assert found(*talks, now=BEGINS - CLOSE) == [Finding(Code.UNCONFIRMED, (1, 3))]


def test_slides_that_are_due():
    due = BEGINS - dt.timedelta(hours=24)
    talks, around = (item(1, has_slides=False), item(2)), Round(BEGINS, slides_due_at=due)
    assert found(*talks, around=around, now=due - dt.timedelta(seconds=1)) == []
    assert found(*talks, around=around, now=due) == [Finding(Code.NO_SLIDES, (1,))]
    assert found(*talks, now=BEGINS) == []  # nobody is asked


def test_a_title_that_is_missing():
    assert found(item(1, title=""), item(2)) == [Finding(Code.NO_TITLE, (1,))]


def test_more_talks_than_slots():
    talks = item(1), item(2), item(3)
    assert found(*talks, around=Round(BEGINS, slots=3)) == []
    assert found(*talks, around=Round(BEGINS, slots=1)) == [Finding(Code.TOO_MANY, (2, 3), count=1)]


def test_running_into_the_next_session_of_the_room():
    talks = item(1), item(2)  # until 19:11
    assert found(*talks, around=Round(BEGINS, next_in_room=("Panel", BEGINS + dt.timedelta(minutes=11)))) == []
    around = Round(BEGINS, next_in_room=("Panel", BEGINS + dt.timedelta(minutes=9, seconds=30)))
    assert found(*talks, around=around) == [Finding(Code.RUNS_INTO, (2,), ("Panel",), 2)]


@pytest.mark.parametrize(
    ("slots", "text"),
    [((3,), "slot 3"), ((3, 4), "slots 3 and 4"), ((3, 4, 5), "slots 3 to 5"), ((3, 5, 8), "slots 3, 5 and 8")],
)
def test_slots_are_said_shortly(slots, text):
    assert slots_text(slots) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (Code.TOO_MANY, "The round has 2 slots, and more talks: slots 1 and 2."),
        (Code.RUNS_INTO, "The line-up runs 2 minutes into “Cy” in the same room."),
        (Code.ELSEWHERE, "Cy is in “Panel” at the same time: slots 1 and 2."),
        (Code.SPEAKER_TWICE, "Cy speaks several times in a row: slots 1 and 2."),
        (Code.ORGANISATION_TWICE, "Cy speaks several times in a row: slots 1 and 2."),
        (Code.TOPIC_TWICE, "“Cy” is the topic several times in a row: slots 1 and 2."),
        (Code.FIRST_TALKS, "First talks follow each other: slots 1 and 2. Somebody with practice helps in between."),
        (Code.LANGUAGE_CHANGES, "The language changes 2 times: at slots 1 and 2."),
        (Code.UNCONFIRMED, "Not confirmed yet: slots 1 and 2."),
        (Code.NO_TITLE, "The title is missing: slots 1 and 2."),
        (Code.NO_SLIDES, "Slides are missing: slots 1 and 2."),
    ],
)
def test_each_warning_is_a_sentence(code, text):
    assert sentence(Finding(code, (1, 2), ("Cy", "Panel"), 2)) == text
