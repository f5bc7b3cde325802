"""Never overbooked, never out of order: real threads with real connections on PostgreSQL."""

import pytest

from lightning.models import SlotOffer, Talk
from lightning.proposal import Proposal
from lightning.services.proposing import propose, withdraw_talk
from lightning.services.stand_by import decline_offer, settle_offers, take_offer
from outbox.models import Message
from speakers.models import Speaker
from tests.factories import SpeakerFactory, TalkFactory, TalkSpeakerFactory
from tests.lightning.rounds import DAY, a_call, offers, proposed
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 32


def test_32_proposals_at_once_for_the_last_five_slots(now):
    call = a_call(now, slots=8, taken=3)

    def ask(number: int) -> None:
        wish = Proposal(title=f"T{number}", name="Dee", email=f"d{number}@example.org", key=str(number))
        propose(call=call, wish=wish, user=None, is_proven=False, now=now)

    assert at_once(*[lambda number=number: ask(number) for number in range(PEOPLE)]) == ["done"] * PEOPLE
    talks = call.block.talks
    positions = list(talks.in_lineup().values_list("position", flat=True))
    queue = talks.filter(state=Talk.State.STAND_BY).order_by("id").values_list("queue_position", flat=True)
    assert (positions, list(queue)) == ([*range(8)], [*range(1, 28)])
    assert Speaker.objects.count() == Message.objects.count() == PEOPLE


def test_a_double_click_in_two_threads_is_one_talk(now):
    call = a_call(now)
    assert at_once(*[lambda: proposed(call, now, key="abc")] * 4) == ["done"] * 4
    assert Talk.objects.count() == Speaker.objects.count() == Message.objects.count() == 1


def test_one_address_in_two_rounds_at_once_is_one_row_and_one_stand_in(now):
    calls = [a_call(now), a_call(now, slug="another")]
    assert at_once(*[lambda call=call: proposed(call, now) for call in calls]) == ["done"] * 2
    assert sorted(Speaker.objects.values_list("email", flat=True)) == ["", "dee@example.org"]


@pytest.fixture
def held(now):
    """One slot, offered to A; B comes next."""
    call = a_call(now, slots=1, taken=1)
    for place, name in enumerate("AB", 1):
        talk = TalkFactory(block=call.block, title=name, state="stand_by", told_state="stand_by")
        Talk.objects.filter(pk=talk.pk).update(queue_position=place)
        TalkSpeakerFactory(talk=talk, speaker=SpeakerFactory(email=f"{name.lower()}@example.org"))
    withdraw_talk(talk=call.block.talks.get(position=0), now=now)
    return SlotOffer.objects.get()


def test_taking_and_running_out_at_once_end_one_way_or_the_other(held, now):
    late = held.expires_at
    outcome = at_once(lambda: settle_offers(late), lambda: take_offer(offer=held, is_proven=True, now=late - DAY / 2))
    assert (outcome, offers(held.talk.block)) in [
        (["done", "done"], [("A", "taken")]),
        (["done", "offer_expired"], [("A", "expired"), ("B", "open")]),
    ]


def test_taking_and_refusing_at_once_give_the_slot_to_one(held, now):
    at_once(lambda: take_offer(offer=held, is_proven=True, now=now), lambda: decline_offer(offer=held, now=now))
    assert offers(held.talk.block) in [[("A", "taken")], [("A", "declined"), ("B", "open")]]


def test_two_deliveries_at_once_settle_an_offer_once(held, now):
    at_once(*[lambda: settle_offers(now + DAY)] * 3)
    assert offers(held.talk.block) == [("A", "expired"), ("B", "open")]
    assert Message.objects.filter(kind="talk_offer_expired").count() == 1


def test_everybody_leaves_while_everybody_else_comes(now):
    call = a_call(now, slots=4)
    leaving = [proposed(call, now, title=f"L{number}", email=f"l{number}@example.org") for number in range(4)]
    calls = [lambda talk=talk: withdraw_talk(talk=talk, now=now) for talk in leaving]
    calls += [
        lambda number=number: proposed(call, now, title=f"N{number}", email=f"n{number}@example.org")
        for number in range(8)
    ]
    assert at_once(*calls) == ["done"] * 12
    held_now = SlotOffer.objects.filter(state="open").count()
    placed = call.block.talks.filter(position__isnull=False).count()
    assert placed + held_now == 4
