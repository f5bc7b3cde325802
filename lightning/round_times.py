"""When a round and its talks are planned; reads what was fetched with the talk, asks the database nothing."""

import datetime as dt

from lightning.models import Block, Talk


def round_starts_at(block: Block) -> dt.datetime:
    """As planned; while it has no time yet, the event's."""
    return block.session.starts_at or block.session.event.starts_at


def round_ends_at(block: Block) -> dt.datetime:
    """As planned; while its length is not known, the event's."""
    return block.session.ends_at or block.session.event.ends_at


def slot_starts_at(talk: Talk) -> dt.datetime | None:
    """As planned; None without a slot or before the round has a time."""
    begins, position = talk.block.session.starts_at, talk.position
    return None if begins is None or position is None else talk.block.times.planned_start(begins, position)


def slot_ends_at(talk: Talk) -> dt.datetime | None:
    """When its questions are over; None as above."""
    begins, position = talk.block.session.starts_at, talk.position
    return None if begins is None or position is None else talk.block.times.planned_end(begins, position)
