"""Letters about talks: to whom each goes, once, and what is not true any more when its turn comes."""

import datetime as dt

import pytest

from events.models import Event, Session
from lightning import notifications
from lightning.models import SlotOffer, Talk, TalkSpeaker
from outbox.models import Message, Priority
from outbox.writers import Letter, prepare_writing, words_of
from tests.factories import MembershipFactory, SpeakerFactory, TalkSpeakerFactory, UserFactory
from tests.lightning.letter_cast import (
    DAY,
    HOUR,
    MINUTE,
    accepted,
    call_for,
    deck_of,
    move_round,
    offer_for,
    queued,
    round_in,
    talk_by,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(now):
    """A round in ten days."""
    return round_in(10 * DAY, now)


def test_each_speaker_who_can_be_written_to_gets_one(block, now):
    talk = talk_by("Cy", block, user=UserFactory(email="cy@example.org", language="zh-hans"))
    for fields in ({"name": "Dee", "email": "dee@example.org"}, {"name": "Eve"}):
        TalkSpeakerFactory(talk=talk, speaker=SpeakerFactory(**fields), position=1)
    gone = UserFactory(is_active=False)
    TalkSpeakerFactory(talk=talk, speaker=SpeakerFactory(name="Finn", user=gone), position=2)
    notifications.proposal_received(talk, now=now)
    notifications.proposal_received(talk, now=now + HOUR)
    assert [(one.address, one.language) for one in Message.objects.order_by("pk")] == [
        ("cy@example.org", "zh-hans"),
        ("dee@example.org", ""),
    ]


def test_an_address_that_has_an_account_stands_for_it(block, now):
    user = UserFactory(email="cy@example.org", language="zh-hans")
    notifications.proposal_received(talk_by("Cy", block), now=now)
    message = Message.objects.get()
    assert (message.recipient_id, message.language) == (user.pk, "zh-hans")


def test_a_message_has_all_that_sending_needs(block, now):
    talk = talk_by("Cy", block)
    notifications.decision_told(talk, now=now)
    message, event = Message.objects.get(), block.session.event
    part = talk.talk_speakers.get()
    assert (message.kind, message.payload) == (
        "talk_decided",
        {"talk": talk.pk, "part": part.pk, "state": "confirmed"},
    )
    assert (message.group_ref, message.event_ref, message.is_secret) == (event.group_id, event.pk, True)
    assert (message.scopes, message.priority, message.expires_at) == ([], Priority.NORMAL, event.ends_at)


def test_a_decision_is_told_anew_each_time_it_changes(block, now):
    talk = talk_by("Cy", block, state="accepted")
    for minutes, state in enumerate(("accepted", "declined", "accepted")):
        talk.state, talk.position = state, 0 if state == "accepted" else None
        talk.save()
        notifications.decision_told(talk, now=now + minutes * MINUTE)
    assert written(now + HOUR) == [
        "Your talk is accepted: XLA night",
        "skipped: the talk is accepted since",
        "Your talk is accepted: XLA night",
    ]


@pytest.mark.parametrize(
    ("policy", "fields", "subject"),
    [
        ("curated", {"state": "submitted"}, "We got your talk: XLA night"),
        ("first_come", {"state": "accepted"}, "Confirm your talk: XLA night"),
        ("first_come", {"state": "confirmed"}, "You have a slot: XLA night"),
        ("first_come", {"state": "stand_by", "queue_position": 1}, "On stand-by: XLA night"),
        ("draw", {"state": "declined"}, "skipped: the talk is declined"),
    ],
)
def test_what_was_received_is_answered_by_what_became_of_it(block, now, policy, fields, subject):
    call_for(block, policy)
    notifications.proposal_received(talk_by("Cy", block, **fields), now=now)
    assert written(now) == [subject]


def test_organisers_hear_who_withdrew_and_only_they(block, now):
    MembershipFactory(group=block.session.event.group, role="host")
    talk = talk_by("Cy", block, state="withdrawn")
    notifications.talk_withdrawn(talk, now=now)
    assert (queued(), written(now)) == (
        [("talk_withdrawn", "ada@example.org")],
        ["Cy withdrew a talk: XLA night"],
    )
    assert Message.objects.get().is_secret is False
    Talk.objects.update(state="submitted")
    assert written(now) == ["skipped: the talk is decided otherwise since"]


def test_organisers_are_flagged_once_and_not_about_who_confirmed_meanwhile(block, now):
    talks = [accepted(name, block, told_at=now) for name in ("Cy", "Dee")]
    notifications.unconfirmed_flagged(block, talks, now=now)
    notifications.unconfirmed_flagged(block, talks[::-1], now=now + HOUR)
    assert written(now) == ["2 talks are not confirmed: XLA night"]
    Talk.objects.filter(pk=talks[0].pk).update(state="confirmed")
    assert written(now) == ["1 talk is not confirmed: XLA night"]
    Talk.objects.update(state="confirmed")
    assert written(now) == ["skipped: all are confirmed"]


def test_an_offer_is_said_while_it_is_open_and_its_end_when_it_has_expired(block, now):
    talk = talk_by("Cy", block, state="stand_by", queue_position=1)
    offer = offer_for(talk, now)
    notifications.slot_offered(offer, now=now)
    message = Message.objects.get()
    assert (message.expires_at, message.priority) == (now + DAY, Priority.NOW)
    assert written(now) == ["A slot is free for you: XLA night"]
    assert written(now + DAY) == ["skipped: the offer is over"]
    SlotOffer.objects.update(state="expired", answered_at=now + DAY)
    notifications.offer_expired(offer, now=now + DAY)
    assert written(now + DAY) == ["skipped: the offer is expired", "The slot went on: XLA night"]
    Talk.objects.update(state="withdrawn", queue_position=None)
    assert written(now + DAY)[1] == "skipped: the talk is withdrawn"
    SlotOffer.objects.all().delete()
    assert written(now + DAY) == ["skipped: the offer is gone"] * 2


def test_what_is_asked_again_is_not_when_it_was_done(block, now):
    talk = accepted("Cy", block, told_at=now)
    notifications.confirmation_chased(talk, number=1, now=now)
    Talk.objects.update(told_state="stand_by")
    assert written(now) == ["skipped: the talk was told stand_by since"]
    Talk.objects.update(state="confirmed")
    notifications.slides_due(talk, now=now)
    notifications.running_order_told(talk, now=now)
    assert written(now)[1:] == ["Your slides, please: XLA night", "You’re on about 02:00: XLA night"]
    deck_of(talk, now)
    Talk.objects.update(started_at=now)
    assert written(now)[1:] == ["skipped: the slides are there", "skipped: the talk has begun"]


def test_what_was_said_for_another_date_is_not_said(block, now):
    talk = talk_by("Cy", block)
    notifications.slides_due(talk, now=now)
    notifications.running_order_told(talk, now=now)
    move_round(block, now + 11 * DAY)
    assert written(now) == ["skipped: the round was moved; there is a letter for the new time"] * 2
    talk.refresh_from_db()
    notifications.slides_due(Talk.objects.get(), now=now)
    assert written(now)[2:] == ["Your slides, please: XLA night"]


def test_who_is_next_but_one_hears_at_once_and_once_and_a_rehearsal_tells_nobody(block, now):
    talk, begins = talk_by("Cy", block), block.session.starts_at
    notifications.called_up(talk, is_next=False, expected_at=now + 5 * MINUTE, now=now)
    assert queued() == []
    for minutes in (0, 2):
        at = begins + minutes * MINUTE
        notifications.called_up(talk, is_next=False, expected_at=begins + 12 * MINUTE, now=at)
    message = Message.objects.get()
    assert (message.priority, message.is_secret, message.expires_at) == (0, False, begins + 22 * MINUTE)
    assert written(begins) == ["You’re next but one, about 02:12: XLA night"]
    Talk.objects.update(started_at=begins)
    assert written(begins) == ["skipped: the talk has begun"]
    Talk.objects.update(started_at=None, state="no_show")
    assert written(begins) == ["skipped: the talk is no_show"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (lambda: Event.objects.update(status="cancelled"), "the event is cancelled"),
        (lambda: Event.objects.update(status="draft"), "the event is draft"),
        (lambda: Session.objects.update(status="cancelled"), "the round is cancelled"),
        (lambda: TalkSpeaker.objects.all().delete(), "this person does not give the talk any more"),
        (lambda: Talk.objects.all().delete(), "this person does not give the talk any more"),
    ],
)
def test_what_is_off_is_not_talked_about(block, now, changed, reason):
    notifications.decision_told(talk_by("Cy", block), now=now)
    assert written(now) == ["You have a slot: XLA night"]
    changed()
    assert written(now) == [f"skipped: {reason}"]


def test_decisions_are_told_of_what_is_postponed_and_reminders_are_not(block, now):
    talk = accepted("Cy", block, told_at=now)
    notifications.decision_told(talk, now=now)
    notifications.confirmation_chased(talk, number=1, now=now)
    Event.objects.update(status="postponed")
    assert written(now) == ["Your talk is accepted: XLA night", "skipped: the event is postponed"]


def test_of_what_is_over_nothing_is_queued(block, now):
    over = block.session.event.ends_at
    talk = talk_by("Cy", block)
    notifications.proposal_received(talk, now=over)
    notifications.slides_due(talk, now=block.session.starts_at)
    notifications.talk_withdrawn(talk, now=over)
    assert queued() == []
    notifications.proposal_received(talk, now=over - MINUTE)
    assert written(over) == ["skipped: the event is over"]


def test_a_strangers_words_are_not_carried_to_an_address_that_is_not_proven(block, now):
    call_for(block, "first_come")
    talk = talk_by("Win", block, state="accepted", title="Visit evil.example")
    notifications.proposal_received(talk, now=now)
    (letter,) = (words_of(message, now=now) for message in Message.objects.all())
    assert isinstance(letter, Letter)
    whole = letter.subject + letter.text + letter.html
    assert [word in whole for word in ("Win", "evil", "/p/")] == [False, False, True]
    Talk.objects.update(proposed_by=UserFactory().pk)
    (letter,) = (words_of(message, now=now) for message in Message.objects.all())
    assert letter.text.startswith("Hello Win,\n")
    assert "Your talk  Visit evil.example\n" in letter.text


def decisions(talks, now):
    for talk in talks:
        notifications.decision_told(talk, now=now)


def orders(talks, now):
    for talk in talks:
        notifications.running_order_told(talk, now=now)


def offers(talks, now):
    Talk.objects.update(state="stand_by", position=None)
    for number, talk in enumerate(talks):
        Talk.objects.filter(pk=talk.pk).update(queue_position=number + 1)
        notifications.slot_offered(offer_for(talk, now), now=now)


def flags(talks, now):
    Talk.objects.update(state="accepted")
    for talk in talks:
        notifications.unconfirmed_flagged(talk.block, [talk], now=now)


# The messages, parts of talks with all that belongs to them, the meetup's number; then what only some letters say.
@pytest.mark.parametrize(("queue", "queries"), [(decisions, 3), (orders, 5), (offers, 5), (flags, 5)])
@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_takes_as_many_queries_for_three_as_for_one(
    block, now, queue, queries, count, django_assert_num_queries
):
    queue([talk_by(f"Cy{number}", block) for number in range(count)], now)
    with django_assert_num_queries(queries):
        messages = list(Message.objects.order_by("pk"))
        prepare_writing(messages, now=now)
        letters = [words_of(message, now=now) for message in messages]
    assert [type(letter) for letter in letters] == [Letter] * count
    alone = [words_of(message, now=now) for message in Message.objects.order_by("pk")]
    assert letters == alone


def test_the_day_stands_with_a_time_that_is_not_on_the_first_day(block, now):
    event = block.session.event
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at - DAY)
    notifications.running_order_told(talk_by("Cy", block), now=now)
    assert written(now) == ["You’re on about Saturday 28 November at 02:00: XLA night"]


def test_the_words_hold_what_they_say_about_time(block, now):
    talk = talk_by("Cy", block)
    notifications.slides_due(talk, now=now)
    (letter,) = (words_of(message, now=now) for message in Message.objects.all())
    assert "Please upload your slides by Friday 27 November at 02:00 (Singapore time)." in " ".join(letter.text.split())
    Message.objects.update(created_at=block.session.starts_at - dt.timedelta(hours=20))
    (letter,) = (words_of(message, now=now) for message in Message.objects.all())
    assert "Please upload them as soon as you can." in " ".join(letter.text.split())
