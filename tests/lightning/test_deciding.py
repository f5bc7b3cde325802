"""Decide now, tell later; and the order of a line-up, which nobody overwrites unseen."""

import datetime as dt

import pytest

from core.errors import RuleViolation
from lightning.decisions import DECISIONS, decisions_on
from lightning.models import Talk
from lightning.running_order import name_of, order_of
from lightning.services.arranging import arrange_lineup, close_gaps, move_talk, shuffle_lineup, sort_by_proposal
from lightning.services.deciding import decide, inform_speakers
from lightning.services.stage import command_stage
from lightning.services.stand_by import offer_free_slots
from lightning.stage_machine import Command
from outbox.models import Message
from tests.factories import BlockFactory, EventFactory, SessionFactory, SpeakerFactory, TalkFactory
from tests.factories.lightning import StageFactory
from tests.lightning.rounds import HOUR, MINUTE, a_call, queued
from tests.races import at_once

pytestmark = pytest.mark.django_db


def a_block(now, slots: int = 3, **event):
    """Begins in an hour."""
    begins = now + HOUR
    hours = {"starts_at": begins, "ends_at": begins + 5 * HOUR}
    session = SessionFactory(event=EventFactory(**hours | event), kind="lightning", starts_at=begins, minutes=6 * slots)
    return BlockFactory(session=session)


def a_talk(block, name: str, state: str = "submitted", **values) -> Talk:
    speaker = SpeakerFactory(name=name, email=f"{name.lower()}@example.org")
    return TalkFactory(block=block, title=name, state=state, speakers=[speaker], **values)


def order(block) -> list[int]:
    places = {talk.pk: talk.position for talk in block.talks.in_lineup()}
    return order_of(places, block.slots)


def named(block) -> str:
    """Titles slot by slot, a point for an open one."""
    titles = dict(block.talks.values_list("pk", "title"))
    return "".join(titles.get(pk, ".") for pk in order(block))


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(RuleViolation) as refusal:
        call(*args, **kwargs)
    return refusal.value.code


@pytest.mark.parametrize("state", Talk.State.values)
def test_every_decision_there_is_can_be_made_and_no_other(state, now):
    block, possible = a_block(now), set()
    for wanted in Talk.State.values:
        talk = a_talk(block, f"{state}-{wanted}", state, position=None)
        try:
            decide(talk=talk, state=wanted, now=now)
        except RuleViolation:
            continue
        talk.refresh_from_db()
        assert talk.state == wanted
        possible.add(wanted)
        talk.delete()
    assert possible == {state, *decisions_on(state)}
    assert set(DECISIONS) == set(Talk.State.values) - {"given", "no_show"}


def test_a_decision_brings_slot_or_place_on_stand_by_and_tells_nobody(now):
    block = a_block(now)
    talk = a_talk(block, "Cy")
    decide(talk=talk, state="accepted", now=now)
    decide(talk=a_talk(block, "Ed"), state="stand_by", now=now)
    decide(talk=talk, state="stand_by", now=now)
    decide(talk=talk, state="stand_by", now=now)  # pressed twice
    assert list(block.talks.order_by("id").values_list("title", "state", "position", "queue_position")) == [
        ("Cy", "stand_by", None, 2),
        ("Ed", "stand_by", None, 1),
    ]
    assert queued() == []


def test_one_more_than_there_are_slots_is_refused(now):
    block = a_block(now, slots=1)
    decide(talk=a_talk(block, "Cy"), state="accepted", now=now)
    late = a_talk(block, "Ed")
    assert refused(decide, talk=late, state="accepted", now=now) == "block_full"
    late.refresh_from_db()
    assert late.state == "submitted"


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(now):
    talk = a_talk(a_block(now), "Cy")
    decide(talk=talk, state="declined", saw="submitted", now=now)
    assert refused(decide, talk=talk, state="accepted", saw="submitted", now=now) == "stale_state"
    assert decide(talk=talk, state="accepted", saw="declined", now=now).state == "accepted"


def test_who_is_on_stage_is_not_decided_about(now):
    block = a_block(now)
    talk = a_talk(block, "Cy", "confirmed", started_at=now)
    assert refused(decide, talk=talk, state="declined", now=now) == "on_stage"


def test_everybody_who_does_not_know_is_told_once(now):
    block = a_block(now, slots=9)
    for state in ("accepted", "confirmed", "declined", "stand_by", "submitted", "withdrawn"):
        a_talk(block, state, state)
    a_talk(block, "Known", "accepted", told_state="accepted")
    a_talk(block, "Sure", "confirmed", told_state="accepted")
    TalkFactory(block=block, title="Nobody to write to", state="accepted")
    told = ["accepted", "confirmed", "declined", "stand_by"]
    assert inform_speakers(block=block, now=now) == 4
    assert sorted(queued()) == [("talk_decided", f"{name}@example.org") for name in told]
    assert inform_speakers(block=block, now=now + MINUTE) == 0
    rows = block.talks.filter(told_at=now).order_by("title").values_list("title", "told_state", "chases")
    assert list(rows) == [(name, name, 0) for name in told]


def test_a_changed_mind_is_told_again(now):
    block = a_block(now)
    talk = a_talk(block, "Cy", "accepted")
    for minute, state in enumerate(("accepted", "declined", "accepted")):
        decide(talk=talk, state=state, now=now)
        Talk.objects.update(chases=2)
        assert inform_speakers(block=block, now=now + minute * MINUTE) == 1
    assert (Message.objects.count(), Talk.objects.get().chases) == (3, 0)


def test_only_who_was_chosen_is_told(now):
    block = a_block(now)
    cy, _ed = a_talk(block, "Cy", "accepted"), a_talk(block, "Ed", "accepted")
    assert inform_speakers(block=block, talks=[cy.pk], now=now) == 1
    assert queued() == [("talk_decided", "cy@example.org")]


def test_more_than_a_batch_are_told_too(now, monkeypatch):
    monkeypatch.setattr("lightning.services.deciding.BATCH", 2)
    block = a_block(now, slots=5)
    for number in range(5):
        a_talk(block, f"Cy{number}", "accepted")
    assert (inform_speakers(block=block, now=now), Message.objects.count()) == (5, 5)


@pytest.mark.parametrize(("status", "later", "code"), [("draft", MINUTE, "draft"), ("published", 3 * HOUR, "over")])
def test_nobody_is_told_of_a_draft_or_what_is_over(status, later, code, now):
    block = a_block(now, status=status)
    a_talk(block, "Cy", "accepted")
    assert refused(inform_speakers, block=block, now=now + later) == code


@pytest.mark.django_db(transaction=True)
def test_two_organisers_at_once_tell_each_speaker_once(now):
    block = a_block(now)
    for name in ("Cy", "Ed", "Flo"):
        a_talk(block, name, "accepted")
    told: list[int] = []
    calls = [lambda at=at: told.append(inform_speakers(block=block, now=now + at * MINUTE)) for at in (0, 1)]
    assert at_once(*calls) == ["done", "done"]
    assert (sorted(told), Message.objects.count()) == ([0, 3], 3)


def test_talks_are_put_into_any_slots(now):
    block = a_block(now, slots=4)
    a, b = a_talk(block, "A", "confirmed"), a_talk(block, "B", "accepted")
    done = arrange_lineup(block=block, order=[b.pk, 0, a.pk, 0], saw=name_of(order(block)), now=now)
    assert (named(block), done.before, done.after) == ("B.A.", [a.pk, b.pk, 0, 0], [b.pk, 0, a.pk, 0])
    assert list(block.talks.order_by("title").values_list("sequence", flat=True)) == [1, 1]
    close_gaps(block=block, saw=name_of(done.after), now=now)
    assert named(block) == "BA.."


@pytest.mark.parametrize("wrong", [[1], [2, 2, 1], [1, 2, 0, 0], [1, 2, 3]])
def test_an_order_that_loses_or_invents_talks_or_slots_is_refused(wrong, now):
    block = a_block(now)
    ids = dict(enumerate([0, a_talk(block, "A", "confirmed").pk, a_talk(block, "B", "accepted").pk, 10**9]))
    given = {"order": [ids[number] for number in wrong], "saw": name_of(order(block)), "now": now}
    assert refused(arrange_lineup, block=block, **given) == "not_the_lineup"
    assert named(block) == "AB."


def test_what_somebody_else_moved_meanwhile_is_not_overwritten(now):
    block = a_block(now)
    a = a_talk(block, "A", "confirmed")
    a_talk(block, "B", "confirmed")
    saw = name_of(order(block))
    move_talk(block=block, talk=a.pk, step=1, saw=saw, now=now)
    given = {"block": block, "saw": saw, "now": now}
    stale = [
        refused(move_talk, talk=a.pk, step=1, **given),
        refused(arrange_lineup, order=order(block), **given),
        refused(shuffle_lineup, seed="s", **given),
        refused(sort_by_proposal, **given),
        refused(close_gaps, **given),
    ]
    assert (stale, named(block)) == (["stale_order"] * 5, "BA.")


@pytest.mark.parametrize("state", ["given", "no_show", "confirmed"])
def test_who_has_been_on_stage_keeps_the_slot(state, now):
    block = a_block(now)
    a = a_talk(block, "A", state, started_at=None if state == "no_show" else now)
    b, c = a_talk(block, "B", "confirmed"), a_talk(block, "C", "confirmed")
    given = {"block": block, "saw": name_of(order(block)), "now": now}
    assert refused(arrange_lineup, order=[b.pk, a.pk, c.pk], **given) == "on_stage"
    move_talk(talk=b.pk, step=-1, **given)
    assert named(block) == "ABC"
    move_talk(talk=b.pk, step=1, **given)
    assert named(block) == "ACB"


def test_the_remote_starts_with_whoever_is_first_now(now):
    block = a_block(now)
    a, b = a_talk(block, "A", "confirmed"), a_talk(block, "B", "confirmed")
    stage = StageFactory(block=block)
    arrange_lineup(block=block, order=[b.pk, a.pk], saw=name_of(order(block)), now=now)
    assert command_stage(block=block, command=Command.START, version=stage.version, now=now).talk == b


def test_the_same_seed_shuffles_the_same_however_they_stood(now):
    block = a_block(now, slots=9)
    for letter in "ABCDEFG":
        a_talk(block, letter, "confirmed")
    shuffle_lineup(block=block, seed="seed", now=now)
    first = named(block)
    shuffle_lineup(block=block, seed="another", now=now)
    assert named(block) != first
    shuffle_lineup(block=block, seed="seed", now=now)
    assert (named(block), "".join(sorted(first))) == (first, "..ABCDEFG")


def test_who_proposed_first_can_come_first_again(now):
    block = a_block(now)
    for letter, days in (("A", 1), ("B", 3), ("C", 2)):
        talk = a_talk(block, letter, "confirmed")
        Talk.objects.filter(pk=talk.pk).update(created_at=now - dt.timedelta(days=days))
    sort_by_proposal(block=block, saw=name_of(order(block)), now=now)
    assert named(block) == "BCA"


def test_a_slot_that_is_held_for_stand_by_goes_to_them_alone(now):
    block = a_call(now, slots=1).block
    waiting, other = a_talk(block, "Cy", "stand_by", queue_position=1), a_talk(block, "Ed")
    [offer] = offer_free_slots(block=block, now=now)
    assert refused(decide, talk=other, state="accepted", now=now) == "block_full"
    decide(talk=waiting, state="accepted", now=now)
    offer.refresh_from_db()
    assert (named(block), offer.state) == ("Cy", "withdrawn")
