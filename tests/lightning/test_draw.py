"""The fair draw: the same for everybody who holds it, quotas kept, nobody lost; and when it may be held."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RuleViolation
from lightning.draw import Entry, digest_of, draw, first_timer_slots, number_of
from lightning.drawing_document import Differs, entries_of, verify
from lightning.models import Talk
from lightning.selectors.draws import draw_document
from lightning.services.calls import create_call, delete_call, revise_call
from lightning.services.drawing import hold_draw
from tests.factories import BlockFactory, TalkFactory, TalkSpeakerFactory, UserFactory
from tests.lightning.rounds import DAY, HOUR, a_call, proposed, queued, standing

SEED = "00112233445566778899aabbccddeeff"
ENTRIES = st.lists(
    st.builds(Entry, st.uuids().map(str), st.booleans(), st.sampled_from(["", "a", "b", "c"])),
    unique_by=lambda entry: entry.id,
    max_size=30,
)
COUNTS = st.integers(min_value=0, max_value=35)
MOST = st.none() | st.integers(min_value=1, max_value=5)


def test_the_documented_algorithm_by_hand():
    entries = [Entry("a", is_first=True), Entry("b"), Entry("c"), Entry("d", is_first=True)]
    order = sorted("abcd", key=lambda name: number_of(SEED, name))
    assert order == ["c", "b", "d", "a"]
    assert draw(entries, seed=SEED, slots=2).winners == ("c", "b")
    assert draw(entries, seed=SEED, slots=2, first_timer_slots=1).winners == ("c", "d")
    result = draw(entries, seed=SEED, slots=2, first_timer_slots=2)
    assert (result.winners, result.stand_by, result.order) == (("d", "a"), ("c", "b"), ("d", "a", "c", "b"))


def test_an_organisation_has_no_more_slots_than_the_call_says_even_when_some_stay_free():
    entries = [Entry("a", organisation="x"), Entry("b", organisation="x"), Entry("c"), Entry("d")]
    result = draw(entries, seed=SEED, slots=4, most_per_organisation=1)
    assert (result.winners, result.stand_by) == (("c", "b", "d"), ("a",))


@given(ENTRIES, COUNTS, COUNTS, MOST, st.text(max_size=8), st.randoms())
def test_quotas_hold_and_the_order_of_the_entries_does_not_matter(
    entries: list[Entry], slots: int, firsts: int, most: int | None, seed: str, chance: random.Random
) -> None:
    rules = {"seed": seed, "slots": slots, "first_timer_slots": firsts, "most_per_organisation": most}
    result = draw(entries, **rules)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert draw(shuffled, **rules) == result
    assert sorted(result.order) == sorted(entry.id for entry in entries)
    won = [entry for entry in entries if entry.id in result.winners]
    lost = [entry for entry in entries if entry.id in result.stand_by]
    assert len(won) <= slots
    of = {name: sum(entry.organisation == name for entry in won) for name in "abc"}
    if most is not None:
        assert max(of.values()) <= most
    held_back = [entry for entry in lost if most is None or not entry.organisation or of[entry.organisation] < most]
    assert not held_back or len(won) == slots
    waiting_firsts = [entry for entry in held_back if entry.is_first]
    assert not waiting_firsts or sum(entry.is_first for entry in won) >= min(firsts, slots)
    for group in (result.winners, result.stand_by):
        assert list(group) == sorted(group, key=lambda uid: number_of(seed, uid))


@pytest.mark.parametrize(
    ("entries", "counts"),
    [(["a", "a"], {"slots": 1}), (["a"], {"slots": -1}), (["a"], {"slots": 1, "first_timer_slots": -1})],
)
def test_nonsense_is_refused(entries, counts):
    with pytest.raises(ValueError, match=r"twice|negative"):
        draw([Entry(name) for name in entries], seed=SEED, **counts)


@pytest.mark.parametrize(
    ("slots", "percent", "expected"), [(23, 30, 7), (3, 30, 1), (10, 0, 0), (10, 100, 10), (0, 30, 0)]
)
def test_a_share_of_the_slots_is_rounded_up(slots, percent, expected):
    assert first_timer_slots(slots, percent) == expected


def test_who_belongs_together_is_told_and_where_from_is_not():
    talks = [("b", False, " Example  Labs"), ("a", True, "example labs"), ("c", False, None), ("d", False, "Initech")]
    assert entries_of(talks) == [
        Entry("a", is_first=True, organisation="org-1"),
        Entry("b", organisation="org-1"),
        Entry("c"),
        Entry("d", organisation="org-2"),
    ]


@pytest.fixture
def drawn(db, now):
    """Three slots, one of them given already; a call whose proposals are in, closed an hour ago."""
    call = a_call(now - HOUR, ahead=2 * HOUR, slots=3, taken=1, policy="draw", first_timer_percent=50)
    for number in range(4):
        talk = proposed(call, now - DAY, title=f"T{number}", email=f"t{number}@example.org", is_first_talk=number == 3)
        assert (talk.state, talk.position) == ("submitted", None)
    return call


def test_a_draw_gives_free_slots_queues_the_rest_and_tells_nobody(drawn, now):
    ada, letters = UserFactory(name="Ada"), len(queued())
    held = hold_draw(block=drawn.block, by=ada, now=now)
    talks = {str(talk.ical_uid): talk for talk in drawn.block.talks.all()}
    result = [talks[uid] for uid in held.result]
    assert (held.slots, held.first_timer_slots, held.seed, held.drawn_by) == (2, 1, drawn.seed, ada)
    assert [(talk.state, talk.position, talk.queue_position) for talk in result] == [
        ("accepted", 1, None),
        ("accepted", 2, None),
        ("stand_by", None, 1),
        ("stand_by", None, 2),
    ]
    assert "T3" in {talk.title for talk in result[:2]}
    assert {talk.told_state for talk in result} == {"submitted"}
    assert len(queued()) == letters


def test_a_draw_is_held_once(drawn, now):
    hold_draw(block=drawn.block, by=None, now=now)
    before = standing(drawn.block)
    with pytest.raises(RuleViolation) as refused:
        hold_draw(block=drawn.block, by=None, now=now + HOUR)
    assert (refused.value.code, standing(drawn.block)) == ("already_drawn", before)


def test_a_draw_waits_until_the_call_has_closed(db, now):
    call = a_call(now, ahead=2 * HOUR + DAY, policy="draw")
    proposed(call, now)
    with pytest.raises(RuleViolation) as refused:
        hold_draw(block=call.block, by=None, now=now)
    assert refused.value.message == "Proposals are taken until Thursday 19 November at 02:00. Hold the draw after that."
    assert hold_draw(block=call.block, by=None, now=now + DAY).slots == 3


@pytest.mark.parametrize(
    ("policy", "code"), [("first_come", "not_drawn"), ("curated", "not_drawn"), ("draw", "no_proposals")]
)
def test_there_must_be_something_to_draw(db, now, policy, code):
    call = a_call(now - HOUR, ahead=2 * HOUR, policy=policy)
    with pytest.raises(RuleViolation) as refused:
        hold_draw(block=call.block, by=None, now=now)
    assert refused.value.code == code


def test_who_signs_up_on_the_night_before_the_draw_stands_behind_who_was_in_it(drawn, now):
    late = proposed(drawn, now, title="Late", email="late@example.org")
    assert (late.state, late.queue_position) == ("stand_by", 1)
    hold_draw(block=drawn.block, by=None, now=now)
    late.refresh_from_db()
    assert late.queue_position == 3


def test_what_is_published_before_names_no_seed_and_afterwards_verifies(drawn, now):
    before = draw_document(drawn)
    assert (before["digest"], before["seed"], "entries" in before) == (digest_of(drawn.seed), None, False)
    with pytest.raises(Differs, match="not been held yet"):
        verify(before)
    hold_draw(block=drawn.block, by=None, now=now)
    after = json.loads(json.dumps(draw_document(drawn)))
    assert after["digest"] == before["digest"]
    assert verify(after).order == (*after["winners"], *after["stand_by"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": "f" * 32}, "The seed is not the one"),
        ({"digest": "f" * 64}, "The seed is not the one"),
        ({"slots": 3}, "winners are not those"),
        ({"winners": []}, "winners are not those"),
        ({"stand_by": []}, "stand_by are not those"),
        ({"entries": []}, "winners are not those"),
        ({"entries": [{"id": "a"}]}, "not a published draw"),
        ({"slots": "many"}, "not a published draw"),
        ({"algorithm": "dice"}, "Its algorithm is 'dice'"),
    ],
)
def test_whatever_is_altered_is_found(drawn, now, change, words):
    hold_draw(block=drawn.block, by=None, now=now)
    with pytest.raises(Differs, match=words):
        verify(draw_document(drawn) | change)


def test_the_rules_of_a_draw_stay_when_it_was_held(drawn, now):
    hold_draw(block=drawn.block, by=None, now=now)
    for change in ({"policy": "curated"}, {"first_timer_percent": 0}, {"most_per_organisation": 1}):
        with pytest.raises(RuleViolation) as refused:
            revise_call(call=drawn, **change)
        assert (refused.value.code, refused.value.field) == ("already_drawn", next(iter(change)))
    assert revise_call(call=drawn, closes_before=3 * HOUR).closes_before == 3 * HOUR
    with pytest.raises(RuleViolation):
        delete_call(call=drawn)


def test_a_call_is_made_once_and_goes_when_nobody_waits(db, now):
    block = BlockFactory()
    call = create_call(block=block, policy="curated")
    with pytest.raises(RuleViolation) as refused:
        create_call(block=block)
    assert refused.value.code == "has_call"
    waiting = TalkFactory(block=block, state="submitted")
    with pytest.raises(RuleViolation) as refused:
        delete_call(call=call)
    assert refused.value.code == "proposals_wait"
    Talk.objects.filter(pk=waiting.pk).delete()
    delete_call(call=call)
    assert len({create_call(block=block).seed, call.seed}) == 2


def test_the_limit_of_an_organisation_holds_for_affiliations(db, now):
    call = a_call(now - HOUR, ahead=2 * HOUR, slots=3, policy="draw", most_per_organisation=1)
    for number in range(3):
        talk = TalkFactory(block=call.block, state="submitted")
        TalkSpeakerFactory(talk=talk, affiliation="Example Labs" if number else "")
    hold_draw(block=call.block, by=None, now=now)
    assert call.block.talks.filter(state="accepted").count() == 2
