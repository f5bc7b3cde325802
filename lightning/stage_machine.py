"""What may happen on stage: states, commands and the table that says what each command does in each state."""

from enum import Enum


class State(Enum):
    """Where a round stands."""

    READY = "ready"
    ON = "on"
    PAUSED = "paused"
    BETWEEN = "between"
    FINISHED = "finished"


class Command(Enum):
    """What a host can ask for."""

    START = "start"
    NEXT = "next"
    BACK = "back"
    PAUSE = "pause"
    RESUME = "resume"
    MORE = "more"
    LESS = "less"
    RESTART = "restart"
    SKIP = "skip"
    BRING_IN = "bring_in"
    FINISH = "finish"
    UNDO = "undo"
