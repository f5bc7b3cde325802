"""Arithmetic of a lightning block: how many slots fit, and when each talk is planned."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class BlockTimes:
    """Minutes of a block; a slot is a talk, its questions and the change of speakers."""

    talk_minutes: int
    changeover_minutes: int
    question_minutes: int

    @property
    def slot_minutes(self) -> int:
        """From the start of one talk to the start of the next."""
        return self.talk_minutes + self.question_minutes + self.changeover_minutes

    def slots(self, block_minutes: int | None) -> int | None:
        """How many talks fit; nobody changes over after the last one. None when the block's length is not known."""
        if block_minutes is None:
            return None
        return max(0, (block_minutes + self.changeover_minutes) // self.slot_minutes)

    def spare_minutes(self, block_minutes: int) -> int:
        """What is left behind the last slot: too short for another one."""
        slots = self.slots(block_minutes) or 0
        return block_minutes - max(slots * self.slot_minutes - self.changeover_minutes, 0)

    def planned_start(self, block_starts_at: dt.datetime, position: int) -> dt.datetime:
        """When the talk at this position (0 is the first) is planned to begin."""
        return block_starts_at + dt.timedelta(minutes=self.slot_minutes * position)

    def planned_end(self, block_starts_at: dt.datetime, position: int) -> dt.datetime:
        """When its speaker, questions included, is done."""
        length = dt.timedelta(minutes=self.talk_minutes + self.question_minutes)
        return self.planned_start(block_starts_at, position) + length
