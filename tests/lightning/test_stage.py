"""Commands on stage in the database: what they write, refuse, undo and announce."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import redis

from core.errors import RuleViolation
from core.live_channel import Message, last_known_key
from lightning.models import Block, SlotOffer, Stage, StageLog, Talk
from lightning.services.lineup import place_talks, revise_talk
from lightning.services.stage import command_stage, mark_here
from lightning.services.stage_past import TALK_FIELDS
from lightning.stage_document import build_stage_document
from lightning.stage_round import Command
from tests.factories import EventFactory, SessionFactory, UserFactory
from tests.factories.lightning import BlockFactory, TalkFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
STAGE_FIELDS = ("state", "talk_id", "started_at", "paused_at", "paused_for", "extra", "finished_at")


def a_block(now: dt.datetime, talks: int = 3, **event: Any) -> Block:
    """Ten slots of six minutes, so many talks."""
    session = SessionFactory(event=EventFactory(slug="evening", starts_at=now, **event), kind="lightning", minutes=59)
    block: Block = BlockFactory(session=session)
    TalkFactory.create_batch(talks, block=block)
    return block


class Remote:
    """A host's phone that has just looked; a command a minute."""

    def __init__(self, block: Block, now: dt.datetime) -> None:
        self.block, self.now = block, now

    @property
    def version(self) -> int:
        stage = Stage.objects.filter(block=self.block).first()
        return stage.version if stage else 0

    def press(self, *commands: Command, **more: Any) -> Stage:
        for command in commands:
            stage = command_stage(
                block=self.block, command=command, **{"version": self.version, "now": self.now, **more}
            )
            self.now += MINUTE
        return stage


@pytest.fixture
def remote(now: dt.datetime) -> Remote:
    return Remote(a_block(now), now)


def talks(block: Block) -> list[tuple[Any, ...]]:
    return list(block.talks.order_by("pk").values_list(*TALK_FIELDS))


def stored(block: Block) -> tuple[Any, ...]:
    [found] = Stage.objects.filter(block=block).values_list(*STAGE_FIELDS)
    return (found, talks(block))


def refusal(call: Callable[[], object]) -> tuple[str, str | None]:
    with pytest.raises(RuleViolation) as refused:
        call()
    return refused.value.code, refused.value.field


def test_a_talk_is_started_paused_lengthened_and_given(remote: Remote, now: dt.datetime) -> None:
    first, second, _third = remote.block.talks.in_lineup()
    ada = UserFactory()
    remote.press(Command.START, Command.PAUSE, Command.RESUME, Command.MORE, by=ada)
    stage = Stage.objects.get()
    assert (stage.talk, stage.started_at, stage.paused_for, stage.extra) == (first, now, MINUTE, MINUTE)
    remote.press(Command.NEXT)
    first.refresh_from_db()
    stage.refresh_from_db()
    assert (first.state, first.started_at, first.ended_at) == ("given", now, now + 4 * MINUTE)
    assert (stage.state, stage.version, stage.talk, stage.started_at) == ("between", 5, second, None)
    assert list(first.history.values_list("state", flat=True)) == ["given", "confirmed", "confirmed"]
    log = StageLog.objects.values_list("version", "command", "talk", "by")
    commands = ("start", "pause", "resume", "more")
    given = [(number, command, first.pk, ada.pk) for number, command in enumerate(commands, 1)]
    assert list(log) == [*given, (5, "next", first.pk, None)]


def test_what_was_seen_must_be_what_is(remote: Remote) -> None:
    first, second, _third = remote.block.talks.in_lineup()
    remote.press(Command.START, talk=first.pk)
    before = stored(remote.block)
    assert refusal(lambda: remote.press(Command.NEXT, version=0)) == ("stale_version", None)
    assert refusal(lambda: remote.press(Command.NEXT, version=2)) == ("stale_version", None)
    assert refusal(lambda: remote.press(Command.NEXT, talk=second.pk)) == ("stale_version", None)
    assert refusal(lambda: remote.press(Command.START)) == ("already_on", None)
    assert refusal(lambda: remote.press(Command.BRING_IN)) == ("not_on_stand_by", "talk")
    assert (stored(remote.block), StageLog.objects.count()) == (before, 1)


def test_a_refused_command_leaves_no_stage(remote: Remote) -> None:
    assert refusal(lambda: remote.press(Command.NEXT)) == ("nobody_on", None)
    assert refusal(lambda: remote.press(Command.UNDO)) == ("nothing_to_undo", None)
    assert not Stage.objects.exists()


@pytest.mark.parametrize(
    "commands",
    [
        [Command.START],
        [Command.SKIP],
        [Command.FINISH],
        *([Command.START, after] for after in Command if after.value in {"next", "back", "pause", "more", "skip"}),
        [Command.START, Command.LESS],
        [Command.START, Command.RESTART],
        [Command.START, Command.FINISH],
        [Command.START, Command.PAUSE, Command.NEXT],
        [Command.START, Command.NEXT, Command.BACK],
        [Command.START, Command.FINISH, Command.BACK],
        [Command.START, Command.BRING_IN],
        [Command.BRING_IN],
    ],
    ids=lambda commands: " ".join(command.value for command in commands),
)
def test_undoing_gives_back_exactly_what_was_there(remote: Remote, commands: list[Command]) -> None:
    waiting = TalkFactory(block=remote.block, state="stand_by", queue_position=1)
    Stage.objects.create(block=remote.block, talk=remote.block.talks.in_lineup().first(), changed_at=remote.now)
    for command in commands[:-1]:
        remote.press(command)
    before, version = stored(remote.block), remote.version
    remote.press(commands[-1], talk=waiting.pk if commands[-1] is Command.BRING_IN else None)
    assert stored(remote.block) != before
    remote.press(Command.UNDO)
    assert (stored(remote.block), remote.version) == (before, version + 2)


def test_undoing_goes_back_command_by_command(remote: Remote) -> None:
    remote.press(Command.START)
    before = stored(remote.block)
    remote.press(Command.MORE, Command.PAUSE, Command.UNDO, Command.UNDO)
    assert stored(remote.block) == before
    remote.press(Command.UNDO)
    assert refusal(lambda: remote.press(Command.UNDO)) == ("nothing_to_undo", None)
    assert list(StageLog.objects.values_list("command", "is_undone")) == [
        *[("start", True), ("more", True), ("pause", True)],
        *[("undo", False)] * 3,
    ]


def test_what_an_organiser_changed_since_is_not_undone(remote: Remote) -> None:
    remote.press(Command.START, Command.NEXT)
    first = remote.block.talks.in_lineup()[0]
    revise_talk(talk=first, now=remote.now, state="no_show")
    before = stored(remote.block)
    assert refusal(lambda: remote.press(Command.UNDO)) == ("changed_since", None)
    assert stored(remote.block) == before


def test_who_left_the_running_order_is_not_put_back_on_stage(remote: Remote) -> None:
    remote.press(Command.START, Command.PAUSE)
    revise_talk(talk=remote.block.talks.in_lineup()[0], now=remote.now, state="withdrawn")
    assert refusal(lambda: remote.press(Command.UNDO)) == ("changed_since", None)
    assert remote.press(Command.NEXT).state == "between"


@pytest.mark.parametrize("is_on", [True, False])
def test_who_is_brought_in_comes_next_and_pushes_others_as_far_as_an_open_slot(remote: Remote, is_on: bool) -> None:
    block = remote.block
    first, second, third = block.talks.in_lineup()
    place_talks(block=block, places={first.pk: 0, second.pk: 1, third.pk: 4}, now=remote.now)
    waiting = TalkFactory(block=block, state="stand_by", queue_position=7)
    offer = SlotOffer.objects.create(talk=waiting, offered_at=remote.now, expires_at=remote.now + MINUTE)
    if is_on:
        remote.press(Command.START)
    stage = remote.press(Command.BRING_IN, talk=waiting.pk)
    shown = block.talks.in_lineup().values_list("pk", "position", "sequence", "state")
    order = [first, waiting, second] if is_on else [waiting, first, second]
    moved = [(talk.pk, place, int(talk != first or not is_on)) for place, talk in enumerate(order)]
    assert list(shown) == [*((*row, "confirmed") for row in moved), (third.pk, 4, 1, "confirmed")]
    waiting.refresh_from_db()
    offer.refresh_from_db()
    assert (waiting.queue_position, waiting.told_state, offer.state) == (None, "confirmed", "taken")
    assert stage.talk_id == (first if is_on else waiting).pk
    remote.press(Command.UNDO)
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at) == ("open", None)


def test_back_lets_the_clock_go_on_where_it_stood(remote: Remote, now: dt.datetime) -> None:
    remote.press(Command.START, Command.MORE, Command.PAUSE, Command.RESUME, Command.NEXT, Command.START, Command.BACK)
    stage = remote.press(Command.BACK)
    shown = (stage.state, stage.started_at, stage.extra, stage.paused_for)
    assert shown == ("on", now, MINUTE, 4 * MINUTE)  # one of a pause, three since it came off


def test_a_clock_that_was_set_back_makes_nothing_negative(remote: Remote, now: dt.datetime) -> None:
    remote.press(Command.START)
    stage = remote.press(Command.NEXT, now=now - MINUTE)
    assert Talk.objects.get(state="given").ended_at == stage.changed_at == now


def test_who_is_here_is_marked_once(remote: Remote, now: dt.datetime) -> None:
    talk = remote.block.talks.in_lineup()[0]
    for is_here, minute, expected in [(True, 0, now), (True, 1, now), (False, 2, None)]:
        assert mark_here(talk=talk, is_here=is_here, now=now + minute * MINUTE).here_at == expected
    assert talk.history.count() == 3


# --- at the same moment, at night, and when a process dies ---------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_eight_remotes_one_wins_and_the_others_see_what_is(now: dt.datetime) -> None:
    block = a_block(now)
    first = at_once(*[lambda: command_stage(block=block, command=Command.START, version=0, now=now)] * 8)
    then = at_once(*[lambda: command_stage(block=block, command=Command.NEXT, version=1, now=now + MINUTE)] * 8)
    assert first == then == ["done", *["stale_version"] * 7]
    document = build_stage_document(block)
    assert (document["version"], document["state"]) == (2, "between")
    assert [talk["state"] for talk in document["talks"]] == ["given", "confirmed", "confirmed"]


@pytest.mark.django_db(transaction=True)
def test_screens_are_sent_the_stage_and_schedule_pages_hear_of_it(
    now: dt.datetime, redis_client: "redis.Redis"
) -> None:
    block = a_block(now)
    Remote(block, now).press(Command.START)
    mark_here(talk=block.talks.in_lineup()[0], is_here=True, now=now)
    kept = redis_client.hgetall(last_known_key("evening"))
    told = {topic.decode(): json.loads(Message.parse(line).data) for topic, line in kept.items()}
    stage = {"type": "stage", "event": "evening", "block": block.pk, "stage": build_stage_document(block)}
    assert told == {f"stage:{block.pk}": stage, "schedule": {"type": "schedule", "event": "evening"}}
    assert told[f"stage:{block.pk}"]["stage"]["talks"][0]["is_here"] is True


def test_the_hour_that_comes_twice_adds_nothing(now: dt.datetime) -> None:
    """In Berlin 02:59 on 25 October 2026 is followed by 02:00."""
    starts_at = dt.datetime(2026, 10, 25, 0, 57, tzinfo=dt.UTC)  # 02:57 in summer
    block = a_block(starts_at, time_zone="Europe/Berlin")
    remote = Remote(block, starts_at)
    remote.press(Command.START)
    remote.press(Command.NEXT, now=starts_at + 7 * MINUTE)  # 02:04 in winter
    remote.press(Command.START, now=starts_at + 8 * MINUTE)
    document = build_stage_document(block)
    _first, second, third = document["talks"]
    assert (second["starts_at"], third["starts_at"]) == ("2026-10-25T01:03:00.000Z", "2026-10-25T01:09:00.000Z")
    assert (document["started_at"], third["expected_at"]) == ("2026-10-25T01:05:00.000Z", "2026-10-25T01:11:00.000Z")
    assert (document["late_ms"], document["length_ms"]) == (120_000, 300_000)
