"""A round on stage as pure values: states and commands, the stage as instants, the running order, what one remembers.

Who is next is always the first of the running order who has not been on, so that an order which organisers change
meanwhile holds.
"""

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import Enum

# States of a talk, as lightning.models.Talk.State writes them
CONFIRMED = "confirmed"
OPEN = frozenset({"accepted", CONFIRMED})  # has a slot, has not been on
GIVEN = "given"
NO_SHOW = "no_show"
NONE = dt.timedelta(0)
MINUTE = dt.timedelta(minutes=1)


class State(Enum):
    """Where a round stands."""

    READY = "ready"
    ON = "on"
    PAUSED = "paused"
    BETWEEN = "between"
    FINISHED = "finished"


BEGUN = tuple(state.value for state in State if state is not State.READY)  # as rows write it
RUNNING = (State.ON.value, State.PAUSED.value, State.BETWEEN.value)  # as rows write it: from the first talk to the last


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


class Refusal(Enum):
    """Why a command is not possible as things stand."""

    NOBODY_ON = "nobody_on"
    ALREADY_ON = "already_on"
    IS_PAUSED = "is_paused"
    NOT_PAUSED = "not_paused"
    IS_OVER = "is_over"
    NOTHING_BEFORE = "nothing_before"
    NOBODY_LEFT = "nobody_left"
    NO_TIME_LEFT = "no_time_left"
    NOT_ON_STAND_BY = "not_on_stand_by"
    NOTHING_TO_UNDO = "nothing_to_undo"


class Refused(Exception):
    """The command changes nothing."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Scene:
    """The stage as instants; `talk` is on stage (on, paused) or comes next (ready, between)."""

    state: State = State.READY
    talk: int | None = None
    started_at: dt.datetime | None = None
    paused_at: dt.datetime | None = None
    paused_for: dt.timedelta = NONE
    extra: dt.timedelta = NONE
    finished_at: dt.datetime | None = None


@dataclass(frozen=True)
class Act:
    """A talk of the running order as the stage changes it."""

    id: int
    state: str = CONFIRMED
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Round:
    """All that commands read and change: the stage, the running order, who stands by, and how long a talk is."""

    scene: Scene
    lineup: tuple[Act, ...]
    stand_by: tuple[int, ...] = ()
    length: dt.timedelta = 5 * MINUTE

    @property
    def next_up(self) -> Act | None:
        """The first who has not been on and is not on."""
        return next((act for act in self.lineup if act.state in OPEN and act.id != self.on_stage), None)

    @property
    def previous(self) -> Act | None:
        """The talk just before the next one in the running order."""
        next_up = self.next_up
        closed = [act for act in self.lineup if act.state not in OPEN] if next_up is None else []
        before = list(self.lineup[: self.lineup.index(next_up)]) if next_up else closed
        return before[-1] if before else None

    @property
    def on_stage(self) -> int | None:
        """Whose clock runs or is paused."""
        return self.scene.talk if self.scene.state in (State.ON, State.PAUSED) else None

    @property
    def in_question(self) -> int | None:
        """Who is on stage, else who comes next; nobody when the round is over."""
        if self.scene.state in (State.ON, State.PAUSED):
            return self.scene.talk
        return self.next_up.id if self.next_up and self.scene.state is not State.FINISHED else None

    def with_act(self, talk: int | None, **changes: object) -> "Round":
        """The same, with changes to one talk; nothing changes for a talk that left the running order."""
        lineup = (replace(act, **changes) if act.id == talk else act for act in self.lineup)  # type: ignore[arg-type]
        return replace(self, lineup=tuple(lineup))


@dataclass(frozen=True)
class Memory:
    """What of the past a command may need.

    `undo` is the round before the last command that is not undone. `came_from` is the stage that going back returns
    to: when the round is over as it was before that, otherwise as it was when the talk before came off.
    """

    undo: Round | None = None
    came_from: Scene | None = None


@dataclass(frozen=True)
class Wish:
    """A command's circumstances; `talk` is who is brought in."""

    now: dt.datetime
    talk: int | None = None
    memory: Memory = field(default_factory=Memory)
