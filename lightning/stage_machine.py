"""What may happen on stage: states, commands and the table that says what each command does in each state."""

from enum import Enum

# States of a talk, as lightning.models.Talk.State writes them
OPEN = frozenset({"accepted", "confirmed"})  # has a slot, has not been on
GIVEN = "given"
NO_SHOW = "no_show"


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
