"""Blocks and their running order: never more talks than slots, and a place only for who is accepted."""

import datetime as dt

import pytest

from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events.models import Session
from lightning.models import Block, Talk, TalkResource, TalkSpeaker
from lightning.services.lineup import (
    add_talk,
    change_lineup,
    change_talk_rows,
    create_block,
    delete_block,
    delete_talk,
    reorder_lineup,
    revise_block,
    revise_talk,
)
from tests.factories import (
    BlockFactory,
    EventFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db


def a_block(slots: int = 3, status: str = "published") -> Block:
    """Talks of five minutes and one to change over."""
    session = SessionFactory(event=EventFactory(status=status), kind="lightning", minutes=6 * slots - 1)
    return BlockFactory(session=session, talk_minutes=5, changeover_minutes=1, question_minutes=0)


def lineup(block: Block) -> list[tuple[int, str]]:
    return list(block.talks.in_lineup().values_list("position", "title"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(2))
def test_five_at_the_same_moment_get_three_slots(round_, now):
    block = a_block(slots=3)
    outcome = at_once(*[lambda: add_talk(block=block, now=now, title="T")] * 5)
    assert outcome == ["block_full", "block_full", "done", "done", "done"]
    assert [position for position, _title in lineup(block)] == [0, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_one_slot_is_not_given_to_a_new_talk_and_to_stand_by_at_the_same_moment(now):
    block = a_block(slots=1)
    waiting = TalkFactory(block=block, state="stand_by")
    outcome = at_once(
        lambda: add_talk(block=block, now=now, title="New"),
        lambda: revise_talk(talk=waiting, now=now, state=Talk.State.ACCEPTED),
    )
    assert (outcome, len(lineup(block))) == (["block_full", "done"], 1)


@pytest.mark.parametrize("state", ["submitted", "declined", "withdrawn", "stand_by"])
def test_who_is_not_accepted_takes_no_slot_even_in_a_full_block(state, now):
    block = a_block(slots=1)
    add_talk(block=block, now=now, title="In")
    assert add_talk(block=block, now=now, title="Out", state=state).position is None


def test_a_gap_is_filled_only_when_the_end_is_reached(now):
    block = a_block(slots=3)
    first, _second, _third = (add_talk(block=block, now=now, title=title) for title in "ABC")
    delete_talk(talk=first)
    assert lineup(block) == [(1, "B"), (2, "C")]
    add_talk(block=block, now=now, title="D")
    assert lineup(block) == [(0, "D"), (1, "B"), (2, "C")]


def test_a_block_without_known_length_takes_everybody(now):
    block = a_block()
    Session.objects.update(minutes=None)
    assert [add_talk(block=block, now=now).position for _ in range(5)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("before", "after", "position", "sequence"),
    [
        ("submitted", "accepted", 0, 1),
        ("accepted", "confirmed", 0, 0),
        ("confirmed", "withdrawn", None, 1),
        ("stand_by", "declined", None, 0),
        ("accepted", "accepted", 0, 0),
    ],
)
def test_a_new_state_brings_its_place(before, after, position, sequence, now):
    talk = TalkFactory(block=a_block(), state=before)
    talk = revise_talk(talk=talk, now=now, state=after)
    assert (talk.state, talk.position, talk.sequence) == (after, position, sequence)


def test_accepting_one_more_than_there_are_slots_is_refused(now):
    block = a_block(slots=1)
    add_talk(block=block, now=now)
    waiting = TalkFactory(block=block, state="stand_by")
    with pytest.raises(RuleViolation) as refused:
        revise_talk(talk=waiting, now=now, state=Talk.State.ACCEPTED)
    waiting.refresh_from_db()
    assert (refused.value.code, refused.value.field, waiting.state) == ("block_full", "state", "stand_by")


def test_who_gives_it_and_what_about_are_what_was_said(now):
    cy, ta, topic = SpeakerFactory(), SpeakerFactory(), TopicFactory()
    talk = TalkFactory(block=a_block(), speakers=[cy])
    talk = revise_talk(talk=talk, now=now, speakers=[ta], topics=[topic])
    assert (list(talk.speakers.all()), list(talk.topics.all()), talk.revised_at) == ([ta], [topic], now)


def test_the_line_up_is_put_into_any_order(now):
    block = a_block()
    a, b, c = (add_talk(block=block, now=now, title=title) for title in "ABC")
    reorder_lineup(block=block, talks=[c, b, a], now=now)
    assert (lineup(block), [talk.sequence for talk in block.talks.in_lineup()]) == (
        [(0, "C"), (1, "B"), (2, "A")],
        [1, 0, 1],
    )


def test_an_order_that_forgets_or_invents_a_talk_is_refused(now):
    block = a_block()
    a, b = (add_talk(block=block, now=now, title=title) for title in "AB")
    for order in ([a], [a, b, TalkFactory(block=a_block())], [a, b, TalkFactory(block=block, state="submitted")]):
        with pytest.raises(RuleViolation) as refused:
            reorder_lineup(block=block, talks=order, now=now)
        assert refused.value.code == "not_the_lineup"
    assert lineup(block) == [(0, "A"), (1, "B")]


def test_in_a_draft_a_new_order_raises_no_sequence(now):
    block = a_block(status="draft")
    a, b = (add_talk(block=block, now=now, title=title) for title in "AB")
    reorder_lineup(block=block, talks=[b, a], now=now)
    assert set(block.talks.values_list("sequence", flat=True)) == {0}


def test_a_form_moves_adds_withdraws_and_deletes_in_one_go(now):
    block = a_block()
    a, b, c = (add_talk(block=block, now=now, title=title) for title in "ABC")
    changes = [
        RowChange(None, {"title": "D", "state": "accepted", "position": 0}, "new"),
        RowChange(a, {"state": "withdrawn"}, "a"),
        RowChange(b, None, "b"),
        RowChange(c, {"position": 1}, "c"),
    ]
    change_lineup(block=block, changes=changes, now=now)
    assert lineup(block) == [(0, "D"), (1, "C")]


def test_a_refused_row_of_a_form_is_named_and_nothing_is_written(now):
    block = a_block(slots=1)
    a = add_talk(block=block, now=now, title="A")
    changes = [RowChange(a, {"title": "Changed"}, "a"), RowChange(None, {"title": "B", "state": "accepted"}, "b")]
    with pytest.raises(RowRefused) as refused:
        change_lineup(block=block, changes=changes, now=now)
    assert (refused.value.key, lineup(block)) == ("b", [(0, "A")])


def test_a_talk_of_another_block_is_refused(now):
    theirs = TalkFactory(block=a_block())
    with pytest.raises(RowRefused) as refused:
        change_lineup(block=a_block(), changes=[RowChange(theirs, {"title": "Mine"})], now=now)
    assert refused.value.reason.code == "not_in_block"


def test_parts_of_a_talk_follow_the_same_door(now):
    talk, cy = TalkFactory(block=a_block()), SpeakerFactory()
    part = RowChange(None, {"speaker": cy, "affiliation": "Example Labs"})
    change_talk_rows(talk=talk, model=TalkSpeaker, changes=[part], now=now)
    link = RowChange(None, {"kind": "code", "url": "https://code.example/"})
    change_talk_rows(talk=talk, model=TalkResource, changes=[link], now=now)
    talk.refresh_from_db()
    assert (talk.talk_speakers.get().speaker, talk.resources.get().kind, talk.revised_at) == (cy, "code", now)


def test_only_a_lightning_session_is_cut_into_slots(now):
    with pytest.raises(RuleViolation) as refused:
        create_block(session=SessionFactory(kind="talk"))
    assert refused.value.code == "not_lightning"
    block = create_block(session=SessionFactory(kind="lightning", minutes=17), talk_minutes=5)
    assert block.slots == 3


@pytest.mark.parametrize(("status", "sequence"), [("published", 1), ("draft", 0)])
def test_cutting_a_block_anew_moves_every_talk_which_its_session_says(status, sequence, now):
    block = a_block(status=status)
    revise_block(block=block, now=now, talk_minutes=4)
    revise_block(block=block, now=now + dt.timedelta(hours=1), talk_minutes=4)
    session = Session.objects.get()
    assert (session.sequence, block.talks.count()) == (sequence, 0)


def test_a_block_goes_only_when_it_is_empty(now):
    block = a_block()
    talk = add_talk(block=block, now=now)
    with pytest.raises(RuleViolation):
        delete_block(block=block)
    delete_talk(talk=talk)
    delete_block(block=block)
    assert (Block.objects.count(), Session.objects.count()) == (0, 1)
