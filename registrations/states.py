"""One registration's states and the commands that move it: the whole table in one place, as pure values."""

from enum import StrEnum


class State(StrEnum):
    """Where a person stands with an event."""

    PENDING = "pending"
    REQUESTED = "requested"
    GOING = "going"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CHECKED_IN = "checked_in"
    NO_SHOW = "no_show"


class Command(StrEnum):
    """What may happen to a registration."""

    ENTER = "enter"  # a seat is theirs
    QUEUE = "queue"  # no seat is free
    REQUEST = "request"  # an organiser has to say yes first
    OFFER = "offer"  # a seat is held until they answer
    ACCEPT = "accept"
    EXPIRE = "expire"  # they did not answer in time: the offer, the confirmation mail, the reconfirmation
    LEAVE = "leave"
    DECLINE = "decline"  # said by a calendar's reply
    REFUSE = "refuse"  # said by an organiser
    CHECK_IN = "check_in"
    UNDO_CHECK_IN = "undo_check_in"
    MISS = "miss"  # the event is over and nobody saw them


HOLDS_A_SEAT = frozenset({State.GOING, State.OFFERED, State.CHECKED_IN, State.NO_SHOW})
IN_QUEUE = frozenset({State.WAITING})
IS_OVER = frozenset({State.DECLINED, State.CANCELLED})

_ADMISSION = {Command.ENTER: State.GOING, Command.QUEUE: State.WAITING, Command.REQUEST: State.REQUESTED}
_LEAVING = {Command.LEAVE: State.CANCELLED, Command.DECLINE: State.DECLINED, Command.REFUSE: State.DECLINED}

TABLE: dict[State, dict[Command, State]] = {
    State.PENDING: {**_ADMISSION, **_LEAVING, Command.EXPIRE: State.CANCELLED},
    State.REQUESTED: {Command.ENTER: State.GOING, Command.QUEUE: State.WAITING, **_LEAVING},
    State.WAITING: {Command.ENTER: State.GOING, Command.OFFER: State.OFFERED, **_LEAVING},
    State.OFFERED: {Command.ACCEPT: State.GOING, Command.EXPIRE: State.CANCELLED, **_LEAVING},
    State.GOING: {
        Command.CHECK_IN: State.CHECKED_IN,
        Command.MISS: State.NO_SHOW,
        Command.EXPIRE: State.CANCELLED,
        **_LEAVING,
    },
    State.CHECKED_IN: {Command.UNDO_CHECK_IN: State.GOING},
    State.NO_SHOW: {Command.CHECK_IN: State.CHECKED_IN},
    State.DECLINED: dict(_ADMISSION),
    State.CANCELLED: dict(_ADMISSION),
}


def after(state: State, command: Command) -> State | None:
    """Where the command leads, or None when it is not possible from here."""
    return TABLE[state].get(command)
