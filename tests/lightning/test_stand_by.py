"""Slots that come free are offered to who stands by: one after the other, for a limited time, and never twice."""

import datetime as dt

import pytest

from core.errors import RuleViolation
from events.models import Event
from events.services.programme import revise_session
from lightning.models import SlotOffer, Talk
from lightning.services.lineup import add_talk, delete_talk, revise_block, revise_talk
from lightning.services.proposing import withdraw_talk
from lightning.services.stand_by import decline_offer, offer_free_slots, settle_offers, stand_by_again, take_offer
from outbox.models import Message
from tests.factories import SpeakerFactory, TalkFactory, TalkSpeakerFactory
from tests.lightning.rounds import DAY, HOUR, MINUTE, a_call, offers, proposed, queued, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(now):
    """Full: one slot with a talk, and A, B, C on stand-by."""
    return queued_up(now)


def queued_up(now: dt.datetime, ahead: dt.timedelta = 10 * DAY, **fields):
    call = a_call(now, ahead=ahead, slots=1, taken=1, **fields)
    for name in "ABC":
        talk = TalkFactory(block=call.block, title=name, state="stand_by", told_state="stand_by")
        Talk.objects.filter(pk=talk.pk).update(queue_position="_ABC".index(name))
        TalkSpeakerFactory(talk=talk, speaker=SpeakerFactory(name=name, email=f"{name.lower()}@example.org"))
    Message.objects.all().delete()
    return call


def free_a_slot(call, now) -> SlotOffer:
    withdraw_talk(talk=call.block.talks.get(position=0), now=now)
    return SlotOffer.objects.get(state="open")


def test_an_offer_holds_the_slot_against_everybody_else(call, now):
    offer = free_a_slot(call, now)
    assert (offer.talk.title, offer.expires_at, queued()) == ("A", now + DAY, [("talk_slot_offered", "a@example.org")])
    with pytest.raises(RuleViolation) as refused:
        add_talk(block=call.block, now=now, title="By hand")
    assert refused.value.message == ("All 1 slots are taken, 1 of them by offers to stand-by. Wait for the answers.")
    assert proposed(call, now, title="Late").state == "stand_by"
    assert offer_free_slots(block=call.block, now=now) == []


@pytest.mark.parametrize(("is_proven", "state"), [(True, "confirmed"), (False, "accepted")])
def test_an_offer_is_taken_once(call, now, is_proven, state):
    offer = free_a_slot(call, now)
    for _click in range(2):
        talk = take_offer(offer=offer, is_proven=is_proven, now=now + HOUR)
    assert (talk.state, talk.position, talk.queue_position, talk.told_state) == (state, 0, None, state)
    assert offers(call.block) == [("A", "taken")]


def test_an_offer_that_is_refused_goes_on_at_once(call, now):
    offer = free_a_slot(call, now)
    for _click in range(2):
        talk = decline_offer(offer=offer, now=now)
    assert (talk.state, offers(call.block)) == ("withdrawn", [("A", "declined"), ("B", "open")])


def test_an_offer_that_runs_out_goes_on_and_who_let_it_may_queue_again(call, now):
    offer = free_a_slot(call, now)
    assert (settle_offers(now + DAY - MINUTE), offers(call.block)) == (False, [("A", "open")])
    settle_offers(now + DAY)
    settle_offers(now + DAY + MINUTE)
    assert offers(call.block) == [("A", "expired"), ("B", "open")]
    assert [kind for kind, _address in queued()[1:]] == ["talk_offer_expired", "talk_slot_offered"]
    for answer in (
        lambda: take_offer(offer=offer, is_proven=True, now=now + DAY),
        lambda: decline_offer(offer=offer, now=now + DAY),
    ):
        with pytest.raises(RuleViolation) as refused:
            answer()
        assert refused.value.code == "offer_expired"
    talk = stand_by_again(talk=offer.talk, now=now + DAY)
    assert (talk.queue_position, stand_by_again(talk=talk, now=now + DAY).queue_position) == (4, 4)


def test_an_offer_is_over_at_its_very_instant_even_before_it_was_settled(call, now):
    offer = free_a_slot(call, now)
    with pytest.raises(RuleViolation):
        take_offer(offer=offer, is_proven=True, now=offer.expires_at)
    assert take_offer(offer=offer, is_proven=True, now=offer.expires_at - dt.timedelta(seconds=1)).position == 0


@pytest.mark.parametrize(("ahead", "length"), [(2 * DAY, 12 * HOUR), (HOUR, 5 * MINUTE), (-2 * MINUTE, 3 * MINUTE)])
def test_offers_are_shorter_near_the_start_and_last_minutes_on_the_night(now, ahead, length):
    assert free_a_slot(queued_up(now, ahead), now).expires_at == now + length


def test_a_longer_round_and_a_finer_cut_are_offered_too(call, now):
    revise_session(session=call.block.session, now=now, minutes=17)
    settle_offers(now)
    assert offers(call.block) == [("A", "open"), ("B", "open")]
    revise_block(block=call.block, now=now, talk_minutes=3)
    assert offers(call.block) == [("A", "open"), ("B", "open"), ("C", "open")]


def test_a_slot_that_organisers_free_is_offered_by_the_next_round_of_delivery(call, now):
    revise_talk(talk=call.block.talks.get(position=0), now=now, state="declined")
    assert offers(call.block) == []
    settle_offers(now)
    assert offers(call.block) == [("A", "open")]


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled"])
def test_nothing_is_offered_of_what_is_not_on(call, now, status):
    Event.objects.update(status=status)
    withdraw_talk(talk=call.block.talks.get(position=0), now=now)
    settle_offers(now)
    assert offers(call.block) == []


def test_who_was_not_told_or_cannot_be_written_to_is_passed(call, now):
    Talk.objects.filter(title="A").update(told_state="submitted")
    Talk.objects.get(title="B").speakers.update(email="")
    free_a_slot(call, now)
    assert offers(call.block) == [("C", "open")]


@pytest.mark.parametrize(
    ("policy", "ahead", "expected"),
    [("curated", 10 * DAY, []), ("first_come", 10 * DAY, ["A"]), ("curated", HOUR, ["A"])],
)
def test_while_proposals_wait_for_a_decision_free_slots_are_the_organisers_to_give(now, policy, ahead, expected):
    call = queued_up(now, ahead, policy=policy)
    TalkFactory(block=call.block, title="Undecided", state="submitted")
    withdraw_talk(talk=call.block.talks.get(position=0), now=now)
    assert [title for title, _state in offers(call.block)] == expected


def test_an_organisation_with_all_it_may_have_is_passed(now):
    call = queued_up(now, most_per_organisation=1)
    revise_session(session=call.block.session, now=now, minutes=11)
    for title in ("A", "B"):
        Talk.objects.get(title=title).talk_speakers.update(affiliation="Example Labs")
    withdraw_talk(talk=call.block.talks.get(position=0), now=now)
    assert offers(call.block) == [("A", "open"), ("C", "open")]


def test_an_organisers_decision_closes_the_offer_and_the_queue(call, now):
    offer = free_a_slot(call, now)
    talk = revise_talk(talk=offer.talk, now=now, state="accepted")
    assert (talk.position, talk.queue_position, offers(call.block)) == (0, None, [("A", "withdrawn")])
    back = revise_talk(talk=talk, now=now, state="stand_by")
    assert (back.position, back.queue_position) == (None, 4)


def test_an_offer_to_who_got_a_slot_otherwise_ends_without_a_word(call, now):
    offer = free_a_slot(call, now)
    Talk.objects.filter(pk=offer.talk_id).update(state="confirmed", position=0, queue_position=None)
    settle_offers(now + DAY)
    assert (offers(call.block), len(queued())) == ([("A", "withdrawn")], 1)


def test_a_slot_that_was_cut_off_meanwhile_is_not_given(call, now):
    revise_session(session=call.block.session, now=now, minutes=11)
    settle_offers(now)
    revise_session(session=call.block.session, now=now, minutes=5)
    with pytest.raises(RuleViolation) as refused:
        take_offer(offer=SlotOffer.objects.get(), is_proven=True, now=now)
    assert (refused.value.code, standing(call.block)[1]) == ("block_full", ("A", "stand_by", None, 1))


def test_a_gap_behind_the_stage_took_no_time_so_the_round_ends_with_one_more(now):
    call = a_call(now, ahead=-MINUTE, slots=4, taken=4)
    lineup = list(call.block.talks.in_lineup())
    delete_talk(talk=lineup[0])
    Talk.objects.filter(pk=lineup[1].pk).update(state="given")
    assert proposed(call, now).position == 4
    assert proposed(call, now, title="Too many").position is None


def test_settling_asks_two_questions_when_nothing_is_due(now, django_assert_num_queries):
    a_call(now, taken=1)
    with django_assert_num_queries(2):
        settle_offers(now)
