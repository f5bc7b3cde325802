"""Speakers are asked to confirm, asked for slides and told the order: in time, once, also when things move."""

import datetime as dt

import pytest

from accounts.models import MailPreferences
from events.models import Event
from lightning.models import Talk
from lightning.services import chasing
from lightning.services.chasing import look_after_speakers
from outbox.delivery.loop import deliver
from outbox.feeders import feeders
from outbox.models import Message
from tests.factories import UserFactory
from tests.lightning.letter_cast import (
    DAY,
    HOUR,
    MINUTE,
    accepted,
    deck_of,
    move_round,
    queued,
    round_in,
    talk_by,
    written,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
CHASED, FLAGGED = "talk_chased", "talk_unconfirmed"


def chases() -> list[int]:
    return list(Talk.objects.order_by("pk").values_list("chases", flat=True))


def test_who_does_not_confirm_is_asked_after_three_and_seven_days_then_organisers_hear(now):
    accepted("Cy", round_in(20 * DAY, now), told_at=now)
    asked = []
    for hours in (71, 72, 73, 167, 168, 191, 192, 300):
        look_after_speakers(now + hours * HOUR)
        asked.append((hours, len(queued()), chases()))
    assert asked == [
        *((71, 0, [0]), (72, 1, [1]), (73, 1, [1]), (167, 1, [1])),
        *((168, 2, [2]), (191, 2, [2]), (192, 3, [3]), (300, 3, [3])),
    ]
    assert queued() == [(CHASED, "cy@example.org"), (CHASED, "cy@example.org"), (FLAGGED, "ada@example.org")]
    assert written(now + 192 * HOUR) == [
        "Please confirm your talk: XLA night",
        "Do you still give your talk? XLA night",
        "1 talk is not confirmed: XLA night",
    ]


@pytest.mark.parametrize(
    "fields", [{"state": "confirmed"}, {"state": "declined", "position": None}, {"told_state": ""}, {"told_at": None}]
)
def test_who_answered_or_was_not_told_is_not_asked(now, fields):
    talk = accepted("Cy", round_in(20 * DAY, now), told_at=now)
    Talk.objects.filter(pk=talk.pk).update(**fields)
    look_after_speakers(now + 4 * DAY)
    assert queued() == []


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled"])
def test_what_does_not_take_place_asks_nobody(now, status):
    block = round_in(20 * DAY, now)
    accepted("Cy", block, told_at=now)
    Event.objects.update(status=status)
    look_after_speakers(now + 4 * DAY)
    assert queued() == []


def test_a_round_that_comes_nearer_is_chased_sooner(now):
    block = round_in(20 * DAY, now)
    accepted("Cy", block, told_at=now)
    look_after_speakers(now + DAY)
    move_round(block, now + 3 * DAY)
    look_after_speakers(now + DAY)
    assert queued() == [(CHASED, "cy@example.org")]


def test_after_an_outage_one_letter_comes_and_organisers_hear_a_round_later(now):
    accepted("Cy", round_in(20 * DAY, now), told_at=now)
    late = now + 10 * DAY
    look_after_speakers(late)
    assert (queued(), chases()) == ([(CHASED, "cy@example.org")], [2])
    look_after_speakers(late + MINUTE)
    assert (queued()[1:], chases()) == ([(FLAGGED, "ada@example.org")], [3])


def test_in_the_last_hours_one_letter_is_all(now):
    accepted("Cy", round_in(6 * HOUR, now), told_at=now)
    for minutes in range(0, 360, 30):
        look_after_speakers(now + minutes * MINUTE)
    assert (queued(), chases()) == ([(CHASED, "cy@example.org"), (FLAGGED, "ada@example.org")], [3])


def test_organisers_hear_of_all_who_are_silent_in_one_letter(now):
    block = round_in(20 * DAY, now)
    for name in ("Cy", "Dee"):
        accepted(name, block, told_at=now, chases=2)
    look_after_speakers(now + 8 * DAY)
    assert written(now + 8 * DAY) == ["2 talks are not confirmed: XLA night"]


def test_a_reminder_waits_for_the_end_of_quiet_hours_and_a_time_on_stage_does_too(now):
    user = UserFactory(name="Cy", email="cy@example.org", time_zone="Asia/Singapore")  # 02:00 there
    MailPreferences.objects.create(user=user, quiet_from=dt.time(22), quiet_until=dt.time(9), changed_at=now)
    block = round_in(20 * DAY - 7 * HOUR, now, slides_due_hours=0)
    accepted("Cy", block, told_at=now - 3 * DAY, user=user)
    look_after_speakers(now)
    message = Message.objects.get()
    assert (message.available_at, message.scopes[0]) == (
        now + 7 * HOUR,
        f"reminders:group:{block.session.event.group_id}",
    )
    Talk.objects.update(state="confirmed")
    morning = block.session.starts_at.replace(hour=0)  # eight o’clock there
    look_after_speakers(morning)
    order = Message.objects.get(kind="talk_running_order")
    assert (order.available_at, order.scopes) == (morning + HOUR, [])


def test_slides_are_asked_for_a_day_before_they_are_due_and_again_for_another_date(now):
    block = round_in(20 * DAY, now, slides_due_hours=24)
    talk_by("Cy", block)
    deck_of(talk_by("Dee", block), now)
    accepted("Eve", block, told_at=None)
    due = block.session.starts_at - 48 * HOUR
    look_after_speakers(due - MINUTE)
    assert queued() == []
    look_after_speakers(due)
    look_after_speakers(due + MINUTE)
    assert queued() == [("talk_slides_due", "cy@example.org")]
    move_round(block, now + 40 * DAY)
    look_after_speakers(due + HOUR)
    look_after_speakers(due + 20 * DAY)
    assert queued() == [("talk_slides_due", "cy@example.org")] * 2


@pytest.mark.parametrize(("hours", "count"), [(0, 0), (24, 1)])
def test_nobody_is_asked_for_slides_where_organisers_want_none(now, hours, count):
    talk_by("Cy", round_in(30 * HOUR, now, slides_due_hours=hours))
    look_after_speakers(now)
    assert len(queued()) == count


def test_on_the_day_everybody_hears_when_they_are_on_and_who_comes_later_too(now):
    block = round_in(20 * HOUR, now, slides_due_hours=0)  # 22:00 in Singapore, where it is 02:00
    talk_by("Cy", block)
    accepted("Dee", block, told_at=None)
    morning = now + 6 * HOUR
    look_after_speakers(morning - MINUTE)
    assert queued() == []
    look_after_speakers(morning)
    look_after_speakers(morning + MINUTE)
    assert queued() == [("talk_running_order", "cy@example.org")]
    Talk.objects.filter(title="Dee’s talk").update(state="confirmed")
    look_after_speakers(block.session.starts_at + MINUTE)
    assert queued()[1:] == [("talk_running_order", "dee@example.org")]


def test_who_should_be_on_stage_already_needs_no_running_order(now):
    block = round_in(HOUR, now)
    talk_by("Cy", block)
    look_after_speakers(block.session.starts_at)
    assert queued() == []


@pytest.mark.parametrize("talks", [0, 3])
def test_looking_costs_three_queries_however_many_talks_are_not_due(now, talks, django_assert_num_queries):
    block = round_in(20 * DAY, now)
    for number in range(talks):
        accepted(f"Cy{number}", block, told_at=now - DAY)
    with django_assert_num_queries(3):
        assert look_after_speakers(now) is False


def test_many_are_done_in_parts(now, monkeypatch):
    monkeypatch.setattr(chasing, "AT_ONCE", 2)
    block = round_in(20 * DAY, now)
    for number in range(3):
        accepted(f"Cy{number}", block, told_at=now - 3 * DAY)
    assert [look_after_speakers(now), look_after_speakers(now)] == [True, False]
    assert chases() == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_write_everything_once(now):
    block = round_in(20 * DAY, now)
    for number in range(6):
        accepted(f"Cy{number}", block, told_at=now - 3 * DAY)
    assert at_once(*[lambda: look_after_speakers(now)] * 4) == ["done"] * 4
    look_after_speakers(now)
    assert (len(queued()), chases()) == (6, [1] * 6)


@pytest.mark.django_db(transaction=True)
def test_delivery_asks_once_a_minute_and_sends_what_is_due(now, mail_server):
    accepted("Cy", round_in(20 * DAY, now), told_at=now - 3 * DAY)
    assert "lightning" in feeders()
    deliver(clock=lambda: now, keep_going=lambda: True)
    deliver(clock=lambda: now + MINUTE, keep_going=lambda: True)
    (mail,) = mail_server.mails
    assert (mail["To"], mail["Subject"]) == ("cy@example.org", "Please confirm your talk: XLA night")
    assert "List-Unsubscribe" in mail
    message = Message.objects.get()
    assert (message.state, message.text) == ("sent", "")
