"""What a calendar is told next: SEQUENCE and DTSTAMP only rise, and nothing is said twice."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.imip import Method
from events.invite_steps import Change, Facts, Held, Step, next_stamp, next_step

NOW = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
FACTS = Facts(
    starts_at=NOW + 48 * HOUR,
    ends_at=NOW + 50 * HOUR,
    zone="Asia/Singapore",
    location="Google Singapore",
    format="in_person",
    status="CONFIRMED",
    summary="XLA night",
)
HELD = Held(Method.REQUEST, 4, "ACCEPTED", FACTS)
GONE = replace(HELD, method=Method.CANCEL)
LATER = replace(FACTS, starts_at=FACTS.starts_at + HOUR, ends_at=FACTS.ends_at + HOUR)
ELSEWHERE = replace(FACTS, location="Library")


def step(held: Held | None, wanted: Facts | None, *, sequence: int = 4, **more: bool) -> Step | None:
    return next_step(held, wanted, sequence=sequence, now=NOW, **{"said_yes": True, **more})


@pytest.mark.parametrize(
    ("held", "wanted", "more", "told"),
    [
        (None, None, {}, None),
        (None, FACTS, {}, Step(Change.INVITED, Method.REQUEST, 4, "ACCEPTED")),
        (None, FACTS, {"said_yes": False}, Step(Change.INVITED, Method.REQUEST, 4, "NEEDS-ACTION")),
        (HELD, FACTS, {}, None),
        (HELD, replace(FACTS, summary="Another title"), {}, None),
        (HELD, FACTS, {"said_yes_since": True}, None),
        (HELD, FACTS, {"texts_too": True}, Step(Change.TEXTS, Method.REQUEST, 4, "ACCEPTED")),
        (HELD, FACTS, {"texts_too": True, "sequence": 9}, Step(Change.TEXTS, Method.REQUEST, 4, "ACCEPTED")),
        (HELD, LATER, {"texts_too": True}, Step(Change.DATE, Method.REQUEST, 5, "NEEDS-ACTION")),
        (HELD, LATER, {"sequence": 9}, Step(Change.DATE, Method.REQUEST, 9, "NEEDS-ACTION")),
        (HELD, replace(FACTS, zone="Asia/Tokyo"), {}, Step(Change.DATE, Method.REQUEST, 5, "NEEDS-ACTION")),
        (HELD, replace(FACTS, status="POSTPONED"), {}, Step(Change.DATE, Method.REQUEST, 5, "NEEDS-ACTION")),
        (HELD, ELSEWHERE, {}, Step(Change.PLACE, Method.REQUEST, 5, "ACCEPTED")),
        (replace(HELD, partstat="TENTATIVE"), ELSEWHERE, {}, Step(Change.PLACE, Method.REQUEST, 5, "TENTATIVE")),
        (HELD, replace(FACTS, format="hybrid"), {}, Step(Change.PLACE, Method.REQUEST, 5, "ACCEPTED")),
        (HELD, None, {}, Step(Change.CALLED_OFF, Method.CANCEL, 5, "ACCEPTED")),
        (HELD, None, {"sequence": 9}, Step(Change.CALLED_OFF, Method.CANCEL, 9, "ACCEPTED")),
        (replace(HELD, partstat="DECLINED"), None, {}, Step(Change.CLOSED, Method.CANCEL, 4, "DECLINED")),
        (replace(HELD, partstat="DELEGATED"), None, {}, Step(Change.CLOSED, Method.CANCEL, 4, "DELEGATED")),
        (replace(HELD, partstat="TENTATIVE"), None, {}, Step(Change.CALLED_OFF, Method.CANCEL, 5, "TENTATIVE")),
        (replace(HELD, partstat="DECLINED"), FACTS, {}, None),
        (
            replace(HELD, partstat="DECLINED"),
            FACTS,
            {"said_yes_since": True},
            Step(Change.INVITED, Method.REQUEST, 5, "ACCEPTED"),
        ),
        (GONE, None, {}, None),
        (GONE, FACTS, {}, Step(Change.INVITED, Method.REQUEST, 5, "ACCEPTED")),
        (GONE, FACTS, {"said_yes": False}, Step(Change.INVITED, Method.REQUEST, 5, "NEEDS-ACTION")),
        (GONE, LATER, {}, Step(Change.INVITED, Method.REQUEST, 5, "NEEDS-ACTION")),
        (GONE, LATER, {"said_yes_since": True}, Step(Change.INVITED, Method.REQUEST, 5, "ACCEPTED")),
    ],
)
def test_each_case_has_its_message(held: Held | None, wanted: Facts | None, more: dict, told: Step | None) -> None:
    assert step(held, wanted, **more) == told


OVER = replace(FACTS, starts_at=NOW - 2 * HOUR, ends_at=NOW)


@pytest.mark.parametrize("wanted", [None, OVER])
@pytest.mark.parametrize("held", [None, replace(HELD, facts=OVER), replace(GONE, facts=OVER)])
def test_nothing_is_said_about_what_is_over(held: Held | None, wanted: Facts | None) -> None:
    assert step(held, wanted, texts_too=True) is None


WISHES = st.lists(
    st.tuples(st.sampled_from([None, FACTS, LATER, ELSEWHERE, replace(FACTS, status="POSTPONED")]), st.integers(0, 5)),
    min_size=1,
    max_size=12,
)


@given(WISHES, st.booleans())
def test_in_every_life_the_sequence_rises_and_the_calendar_ends_up_right(wishes: list, said_yes: bool) -> None:
    held, own = None, 0
    for wanted, rise in wishes:
        own += rise
        made = next_step(held, wanted, sequence=own, said_yes=said_yes, now=NOW)
        if made is not None:
            assert held is None or made.sequence > held.sequence or made.change is Change.CLOSED
            assert made.sequence >= own or made.change is Change.CLOSED
            facts = wanted or held.facts
            held = Held(made.method, made.sequence, made.partstat, facts)
        assert next_step(held, wanted, sequence=own, said_yes=said_yes, now=NOW) is None  # asking twice is asking once
        shown = held.facts if held and held.method == Method.REQUEST else None
        assert shown == wanted


@pytest.mark.parametrize(
    ("last", "expected"), [(None, 0), (-1, 0), (0, 1), (5, 6)], ids=["first", "later", "same second", "clock set back"]
)
def test_stamps_are_whole_seconds_and_rise(last: int | None, expected: int) -> None:
    before = None if last is None else NOW + dt.timedelta(seconds=last)
    assert next_stamp(before, NOW + dt.timedelta(microseconds=9)) == NOW + dt.timedelta(seconds=expected)


def test_facts_come_back_from_the_database_as_they_went_in() -> None:
    assert Facts.from_json(FACTS.as_json()) == FACTS
    assert sorted(FACTS.as_json()) == ["ends_at", "format", "location", "starts_at", "status", "summary", "zone"]


def test_every_step_of_every_pair_keeps_one_rule_about_methods() -> None:
    """A REQUEST when something is wanted, a CANCEL when nothing is, and none for a calendar that holds nothing."""
    for held, wanted in product((None, HELD, GONE), (None, FACTS, LATER)):
        made = step(held, wanted)
        if made is not None:
            assert made.method == (Method.REQUEST if wanted else Method.CANCEL)
