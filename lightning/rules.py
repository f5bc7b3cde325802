"""What may become of a talk, for how long a slot is held, which changes calendars hear of; pure, no database."""

import datetime as dt
from enum import StrEnum

SIGNIFICANT_FOR_TALKS = frozenset({"position"})

HOUR = dt.timedelta(hours=1)
LONGEST_OFFER = dt.timedelta(days=1)
NIGHT_OFFER = dt.timedelta(minutes=5)

UNDER_WAY = frozenset({"submitted", "accepted", "confirmed", "stand_by"})


class Move(StrEnum):
    """What a speaker can do about a talk of theirs."""

    EDIT = "edit"
    CONFIRM = "confirm"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    TAKE = "take"
    REFUSE = "refuse"
    REJOIN = "rejoin"


MOVES: dict[Move, frozenset[str]] = {
    Move.EDIT: UNDER_WAY,
    Move.CONFIRM: frozenset({"accepted"}),
    Move.DECLINE: frozenset({"accepted"}),
    Move.WITHDRAW: UNDER_WAY,
    Move.TAKE: frozenset({"stand_by"}),
    Move.REFUSE: frozenset({"stand_by"}),
    Move.REJOIN: frozenset({"stand_by"}),
}


def may_move(state: str, move: Move) -> bool:
    """Whether a talk in this state can be moved so by its speaker."""
    return state in MOVES[move]


def first_state(*, policy: str, is_night: bool, is_drawn: bool, has_room: bool, is_proven: bool) -> str:
    """What becomes of a new proposal. On the night nobody decides any more, so whoever comes first is served first.

    `has_room`: a slot is free and nobody waits for it. `is_proven`: the address is known to be the person's.
    """
    if policy != "first_come" and not is_night:
        return "submitted"
    waits_for_the_draw = policy == "draw" and not is_drawn
    if not has_room or waits_for_the_draw:
        return "stand_by"
    return "confirmed" if is_proven else "accepted"


def offer_until(*, begins: dt.datetime, ends: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """How long a slot is held: a day far ahead, a quarter of the time left when near, minutes on the night.

    None once the round is over: nothing is offered any more.
    """
    if now >= ends:
        return None
    left = begins - now
    if left <= HOUR:
        return min(now + NIGHT_OFFER, ends)
    return now + min(LONGEST_OFFER, left / 4)
