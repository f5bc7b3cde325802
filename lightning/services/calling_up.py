"""Tells who should come to the front, as the stage moves on."""

import datetime as dt
from collections.abc import Iterable

from lightning import notifications
from lightning.models import Block, Stage, Talk
from lightning.progress import Facts, Slot, progress_at
from lightning.selectors.stage import facts_of_stage
from lightning.stage_round import RUNNING

CALLED = 2  # of those to come: who is next, and who comes after


def call_up(block: Block, stage: Stage, talks: Iterable[Talk], now: dt.datetime) -> None:
    """Queue the letter for the two talks to come, once for each talk.

    Most are called as next but one; as next are the second of a round, and whoever was brought in or moved to there.
    `talks` are the round's own rows as the command left them.
    """
    facts = _facts(block, stage, talks)
    if stage.state not in RUNNING:
        return
    expected = progress_at(facts, now).expected
    rows = {talk.pk: talk for talk in talks}
    for ahead, slot in enumerate(facts.coming[:CALLED]):
        talk = rows[slot.id]
        talk.block = block
        notifications.called_up(talk, is_next=ahead == 0, expected_at=expected[slot.id], now=now)


def _facts(block: Block, stage: Stage, talks: Iterable[Talk]) -> Facts:
    placed = sorted((talk for talk in talks if talk.position is not None), key=lambda talk: talk.position or 0)
    slots = [Slot(one.pk, one.position or 0, one.state, one.started_at, one.ended_at) for one in placed]
    return facts_of_stage(stage, block, slots)
