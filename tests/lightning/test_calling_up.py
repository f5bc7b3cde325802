"""Who is next, or next but one, hears of it as the stage moves on: once, and nobody else gets mail."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from events.models import CalendarInvite, Event, Session
from events.services.events import cancel_event
from events.services.notices import expand_notices
from lightning.models import Block, Talk
from lightning.services.speaker_invites import settle_speakers
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from outbox.models import Message
from tests.factories import EventFactory, SessionFactory, SpeakerFactory
from tests.factories.lightning import BlockFactory, TalkFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
START, NEXT, SKIP, BACK, UNDO = Command.START, Command.NEXT, Command.SKIP, Command.BACK, Command.UNDO


def a_round(now: dt.datetime, talks: int = 6) -> Block:
    """Ten slots of six minutes; each speaker can be written to."""
    event = EventFactory(slug="evening", starts_at=now, ends_at=now + 180 * MINUTE)
    block: Block = BlockFactory(session=SessionFactory(event=event, kind="lightning", starts_at=now, minutes=59))
    for number in range(talks):
        speaker = SpeakerFactory(name=f"No {number + 1}", email=f"{number + 1}@example.org")
        TalkFactory(block=block, speakers=[speaker])
    return block


def play(block: Block, now: dt.datetime, *commands: Command, first: int = 0, talk: int | None = None) -> None:
    """A command a minute."""
    for number, command in enumerate(commands, first):
        command_stage(block=block, command=command, version=number, now=now + number * MINUTE, talk=talk)


def told() -> list[str]:
    """To which number, when they are expected, and who is the very next."""
    rows = Message.objects.order_by("id").values_list("address", "payload__expected_at", "payload__is_next")
    return [
        f"{address.partition('@')[0]} {dt.datetime.fromisoformat(at):%H:%M}{' next' if is_next else ''}"
        for address, at, is_next in rows
    ]


@pytest.mark.parametrize(
    ("commands", "whom"),
    [
        ([], []),
        ([START], ["2 18:06 next", "3 18:12"]),
        ([START, NEXT], ["2 18:06 next", "3 18:12"]),
        ([START, NEXT, START], ["2 18:06 next", "3 18:12", "4 18:14"]),
        ([START, SKIP], ["2 18:06 next", "3 18:12"]),
        ([START, NEXT, SKIP], ["2 18:06 next", "3 18:12", "4 18:08"]),
        ([START, BACK, START, UNDO, UNDO, UNDO, START], ["2 18:06 next", "3 18:12", "1 18:01 next"]),
    ],
)
def test_the_two_to_come_are_called_once(commands: list[Command], whom: list[str], now: dt.datetime):
    play(a_round(now), now, *commands)
    assert told() == whom


def test_at_the_end_nobody_is_left_to_call(now: dt.datetime):
    play(a_round(now, talks=3), now, START, NEXT, START, NEXT, START, NEXT)
    assert told() == ["2 18:06 next", "3 18:12"]


def test_who_is_brought_in_as_the_next_is_called_as_the_next(now: dt.datetime):
    block = a_round(now)
    waiting = TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(email="w@x.org")])
    play(block, now, START)
    play(block, now, Command.BRING_IN, first=1, talk=waiting.pk)
    assert told() == ["2 18:06 next", "3 18:12", "w 18:06 next"]


def test_a_whole_round_with_a_skip_a_pause_and_a_stand_by_sends_nothing_else(now: dt.datetime):
    block = a_round(now)
    waiting = TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(email="w@x.org")])
    pauses = (Command.PAUSE, Command.RESUME, Command.MORE)
    play(block, now, START, *pauses, NEXT, SKIP)
    play(block, now, Command.BRING_IN, first=6, talk=waiting.pk)
    play(block, now, START, *[NEXT, START] * 3, NEXT, first=7)
    assert list(block.talks.values_list("state", flat=True)).count("given") == 5
    assert {kind for (kind,) in Message.objects.values_list("kind")} == {"talk_next_but_one"}
    assert sorted(line[0] for line in told()) == ["2", "3", "4", "5", "6", "w"]


@pytest.mark.parametrize("talks", [4, 6])
def test_a_command_costs_the_same_for_any_number_of_talks(
    now: dt.datetime, talks: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    block = a_round(now, talks)
    with django_assert_num_queries(15):
        play(block, now, START)
    assert Talk.objects.filter(started_at=now).count() == 1


def test_speakers_calendars_stay_as_planned_from_the_first_command_on(now: dt.datetime):
    """Given, skipped, moved down by who was brought in: the invite that was mailed days ago is the last."""
    block = a_round(now + 60 * MINUTE)
    waiting = TalkFactory(block=block, state="stand_by", queue_position=1, speakers=[SpeakerFactory(email="w@x.org")])
    for model in (Event, Session, Talk):
        model.objects.update(revised_at=now - dt.timedelta(days=1))
    settle_speakers(now)
    assert CalendarInvite.objects.filter(method="REQUEST").count() == 6
    Message.objects.all().delete()
    begins = now + 60 * MINUTE
    play(block, begins, START, NEXT, SKIP)
    play(block, begins, Command.BRING_IN, first=3, talk=waiting.pk)
    play(block, begins, START, NEXT, START, NEXT, first=4)
    for minutes in (3, 9):
        settle_speakers(begins + minutes * MINUTE)
    assert set(Message.objects.values_list("kind", flat=True)) == {"talk_next_but_one"}


def test_a_round_that_is_called_off_in_the_middle_leaves_the_calendars_of_who_has_not_been_on(now: dt.datetime):
    block = a_round(now)
    for model in (Event, Session, Talk):
        model.objects.update(revised_at=now - dt.timedelta(days=1))
    settle_speakers(now - 60 * MINUTE)
    play(block, now, START, NEXT)
    cancel_event(event=block.session.event, now=now + 2 * MINUTE)
    expand_notices(now + 8 * MINUTE)
    settle_speakers(now + 8 * MINUTE)
    left = CalendarInvite.objects.filter(method="CANCEL").order_by("address").values_list("address", flat=True)
    assert list(left) == [f"{number}@example.org" for number in (2, 3, 4, 5, 6)]
