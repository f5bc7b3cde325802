"""Tells who should come to the front, as the stage moves on."""

import datetime as dt
from collections.abc import Iterable

from lightning import notifications
from lightning.models import Block, Stage, Talk
from lightning.progress import Facts, Slot, progress_at
from lightning.selectors.stage import facts_of_stage
from lightning.stage_round import RUNNING

NEXT_BUT_ONE = 1  # of those to come, the first of whom is next


def call_up(block: Block, stage: Stage, talks: Iterable[Talk], now: dt.datetime) -> None:
    """Queue the letter for the talk after the next, once for each talk; no query while nobody is that far.

    `talks` are the round's own rows as the command left them.
    """
    facts = _facts(block, stage, talks)
    if stage.state not in RUNNING or len(facts.coming) <= NEXT_BUT_ONE:
        return
    called = facts.coming[NEXT_BUT_ONE].id
    talk = next(row for row in talks if row.pk == called)
    talk.block = block
    notifications.next_but_one_told(talk, expected_at=progress_at(facts, now).expected[called], now=now)


def _facts(block: Block, stage: Stage, talks: Iterable[Talk]) -> Facts:
    placed = sorted((talk for talk in talks if talk.position is not None), key=lambda talk: talk.position or 0)
    slots = [Slot(one.pk, one.position or 0, one.state, one.started_at, one.ended_at) for one in placed]
    return facts_of_stage(stage, block, slots)
