"""The table of the stage: every command in every state, then whatever hosts press in whatever order."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from lightning import stage_round
from lightning.models import Talk
from lightning.stage_machine import (
    TABLE,
    Act,
    Command,
    Memory,
    Refusal,
    Refused,
    Round,
    Scene,
    State,
    Wish,
    decide,
)

T = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
OFF = T + dt.timedelta(minutes=5)  # the first came off
ON = T + dt.timedelta(minutes=6)  # the second went on
NOW = T + dt.timedelta(minutes=8)
MINUTE = dt.timedelta(minutes=1)
NOTHING = dt.timedelta(0)
FIRST, SECOND, THIRD, WAITING = 1, 2, 3, 9
SCENES = {
    State.READY: Scene(State.READY, SECOND),
    State.ON: Scene(State.ON, SECOND, started_at=ON),
    State.PAUSED: Scene(State.PAUSED, SECOND, started_at=ON, paused_at=ON + MINUTE),
    State.BETWEEN: Scene(State.BETWEEN, SECOND),
    State.FINISHED: Scene(State.FINISHED, finished_at=NOW - MINUTE),
}
BEFORE = Round(Scene(State.READY, FIRST), (Act(FIRST), Act(SECOND), Act(THIRD)), (WAITING,))
MEMORY = Memory(undo=BEFORE, came_from=Scene(State.ON, FIRST, started_at=T))
WISH = Wish(NOW, WAITING, MEMORY)


def a_round(state: State) -> Round:
    """The first has been on, the second is on or next, the third comes last, one stands by."""
    is_on = state in (State.ON, State.PAUSED)
    first, third = Act(FIRST, "given", T, OFF), Act(THIRD, "accepted")
    return Round(SCENES[state], (first, Act(SECOND, started_at=ON if is_on else None), third), (WAITING,))


def after(state: State, command: Command) -> Round | Refusal:
    try:
        return decide(a_round(state), command, WISH)
    except Refused as refused:
        return refused.reason


def is_on(talk: int, **more: object) -> Scene:
    return replace(Scene(State.ON, talk, started_at=ON), **more)  # type: ignore[arg-type]


def brought_in(state: State, place: int) -> Round:
    scene, before = SCENES[state], a_round(state)
    if state in (State.READY, State.BETWEEN):
        scene = replace(scene, talk=WAITING)
    lineup = (*before.lineup[:place], Act(WAITING), *before.lineup[place:])
    return replace(before, scene=scene, lineup=lineup, stand_by=())


def with_second(sample: State, scene: Scene, /, **act: object) -> Round:
    """The sample in another scene, the second talk changed."""
    return replace(a_round(sample), scene=scene).with_act(SECOND, **act)


def finished(sample: State, /, **act: object) -> Round:
    return with_second(sample, Scene(State.FINISHED, finished_at=NOW), **act)


def between(sample: State, talk: int, /, **act: object) -> Round:
    return with_second(sample, Scene(State.BETWEEN, talk), **act)


def started(state: State) -> Round:
    return with_second(state, Scene(State.ON, SECOND, started_at=NOW), started_at=NOW)


def first_again(state: State, stood: dt.timedelta) -> Round:
    scene = Scene(State.ON, FIRST, started_at=T, paused_for=stood)
    return replace(a_round(state), scene=scene).with_act(FIRST, state="confirmed", ended_at=None)


GIVEN = {"state": "given", "ended_at": NOW}
MISSING = {"state": "no_show", "started_at": None}
NOBODY_ON = dict.fromkeys(
    (Command.NEXT, Command.PAUSE, Command.RESUME, Command.MORE, Command.LESS, Command.RESTART), Refusal.NOBODY_ON
)
PAUSED = SCENES[State.PAUSED]
EXPECTED: dict[State, dict[Command, Round | Refusal]] = {
    State.READY: {
        **NOBODY_ON,
        Command.START: started(State.READY),
        Command.BACK: Refusal.NOTHING_BEFORE,
        Command.SKIP: with_second(State.READY, Scene(State.READY, THIRD), **MISSING),
        Command.BRING_IN: brought_in(State.READY, 1),
        Command.FINISH: finished(State.READY),
        Command.UNDO: BEFORE,
    },
    State.ON: {
        Command.START: Refusal.ALREADY_ON,
        Command.NEXT: between(State.ON, THIRD, **GIVEN),
        Command.BACK: between(State.ON, SECOND, started_at=None),
        Command.PAUSE: with_second(State.ON, Scene(State.PAUSED, SECOND, started_at=ON, paused_at=NOW)),
        Command.RESUME: Refusal.NOT_PAUSED,
        Command.MORE: with_second(State.ON, is_on(SECOND, extra=MINUTE)),
        Command.LESS: with_second(State.ON, is_on(SECOND, extra=-MINUTE)),
        Command.RESTART: started(State.ON),
        Command.SKIP: between(State.ON, THIRD, **MISSING),
        Command.BRING_IN: brought_in(State.ON, 2),
        Command.FINISH: finished(State.ON, **GIVEN),
        Command.UNDO: BEFORE,
    },
    State.PAUSED: {
        Command.START: Refusal.ALREADY_ON,
        Command.NEXT: between(State.PAUSED, THIRD, **GIVEN),
        Command.BACK: between(State.PAUSED, SECOND, started_at=None),
        Command.PAUSE: Refusal.IS_PAUSED,
        Command.RESUME: with_second(State.PAUSED, is_on(SECOND, paused_for=MINUTE)),
        Command.MORE: with_second(State.PAUSED, replace(PAUSED, extra=MINUTE)),
        Command.LESS: with_second(State.PAUSED, replace(PAUSED, extra=-MINUTE)),
        Command.RESTART: started(State.PAUSED),
        Command.SKIP: between(State.PAUSED, THIRD, **MISSING),
        Command.BRING_IN: brought_in(State.PAUSED, 2),
        Command.FINISH: finished(State.PAUSED, **GIVEN),
        Command.UNDO: BEFORE,
    },
    State.BETWEEN: {
        **NOBODY_ON,
        Command.START: started(State.BETWEEN),
        Command.BACK: first_again(State.BETWEEN, NOW - OFF),
        Command.SKIP: between(State.BETWEEN, THIRD, **MISSING),
        Command.BRING_IN: brought_in(State.BETWEEN, 1),
        Command.FINISH: finished(State.BETWEEN),
        Command.UNDO: BEFORE,
    },
    State.FINISHED: {
        **dict.fromkeys(Command, Refusal.IS_OVER),
        Command.BACK: first_again(State.FINISHED, MINUTE),
        Command.UNDO: BEFORE,
    },
}


@pytest.mark.parametrize("command", Command)
@pytest.mark.parametrize("state", State)
def test_what_a_command_does_in_a_state(state: State, command: Command) -> None:
    assert after(state, command) == EXPECTED[state][command]


def test_the_table_has_every_pair() -> None:
    assert {state: set(commands) for state, commands in TABLE.items()} == {state: set(Command) for state in State}


def test_its_names_for_states_of_talks_are_the_models() -> None:
    named = (stage_round.OPEN, stage_round.CONFIRMED, stage_round.GIVEN, stage_round.NO_SHOW)
    states = Talk.State
    assert named == ({states.ACCEPTED, states.CONFIRMED}, states.CONFIRMED, states.GIVEN, states.NO_SHOW)


# --- at the edges ----------------------------------------------------------------------------------------------------


def refusal(before: Round, command: Command, wish: Wish = WISH) -> Refusal | None:
    try:
        decide(before, command, wish)
    except Refused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("command", [Command.NEXT, Command.SKIP])
def test_after_the_last_the_round_is_over(command: Command) -> None:
    last = replace(a_round(State.ON), lineup=a_round(State.ON).lineup[:2])
    assert decide(last, command, WISH).scene == Scene(State.FINISHED, finished_at=NOW)


def test_a_round_without_anybody_stays_ready() -> None:
    alone = Round(Scene(State.READY, SECOND), (Act(SECOND),), (WAITING,))
    empty = decide(alone, Command.SKIP, WISH)
    assert (empty.scene, empty.lineup) == (Scene(State.READY), (Act(SECOND, "no_show"),))
    assert {refusal(empty, command) for command in (Command.START, Command.SKIP)} == {Refusal.NOBODY_LEFT}
    assert decide(empty, Command.BRING_IN, WISH).scene == Scene(State.READY, WAITING)


def test_no_minute_is_taken_that_is_not_there() -> None:
    short = a_round(State.ON)
    for _ in range(5):
        short = decide(short, Command.LESS, WISH)
    assert (short.scene.extra, refusal(short, Command.LESS)) == (-5 * MINUTE, Refusal.NO_TIME_LEFT)


@pytest.mark.parametrize("talk", [None, SECOND, 77])
def test_only_who_stands_by_is_brought_in(talk: int | None) -> None:
    assert refusal(a_round(State.ON), Command.BRING_IN, Wish(NOW, talk)) is Refusal.NOT_ON_STAND_BY


@pytest.mark.parametrize("state", State)
def test_without_a_past_there_is_nothing_to_undo(state: State) -> None:
    assert refusal(a_round(state), Command.UNDO, Wish(NOW)) is Refusal.NOTHING_TO_UNDO


def test_back_past_who_did_not_come_then_to_the_talk_before_then_to_the_beginning() -> None:
    skipped = decide(a_round(State.BETWEEN), Command.SKIP, WISH)
    reopened = decide(skipped, Command.BACK, WISH)
    assert reopened == a_round(State.BETWEEN)
    on = decide(reopened, Command.BACK, WISH)
    assert (on.scene.state, on.scene.talk) == (State.ON, FIRST)
    dropped = decide(on, Command.BACK, WISH)
    assert dropped.scene == Scene(State.BETWEEN, FIRST)
    assert decide(dropped, Command.BACK, WISH).scene == Scene(State.READY, FIRST)


def test_a_clock_that_was_paused_with_extra_time_goes_on_where_it_stood() -> None:
    paused = decide(a_round(State.PAUSED), Command.MORE, WISH)
    off = decide(paused, Command.NEXT, Wish(NOW))
    back = decide(off, Command.BACK, Wish(NOW + 3 * MINUTE, memory=Memory(came_from=paused.scene)))
    assert back.scene == is_on(SECOND, extra=MINUTE, paused_for=NOW + 3 * MINUTE - PAUSED.paused_at)  # type: ignore[operator]


def test_a_talk_given_without_a_record_goes_on_anew() -> None:
    imported = a_round(State.BETWEEN).with_act(FIRST, started_at=None, ended_at=None)
    assert decide(imported, Command.BACK, Wish(NOW)).scene == Scene(State.ON, FIRST, started_at=NOW)


@pytest.mark.parametrize("was", [SCENES[State.READY], SCENES[State.BETWEEN], PAUSED])
def test_back_from_the_end_is_as_before_it(was: Scene) -> None:
    before = replace(a_round(was.state), scene=was)
    over = decide(before, Command.FINISH, Wish(NOW))
    assert decide(over, Command.BACK, Wish(NOW + MINUTE, memory=Memory(came_from=was))) == before


def test_who_is_on_may_have_left_the_running_order() -> None:
    gone = replace(a_round(State.ON), lineup=(Act(FIRST, "given", T, OFF), Act(THIRD)))
    assert decide(gone, Command.NEXT, WISH).scene == Scene(State.BETWEEN, THIRD)
    assert [act.id for act in decide(gone, Command.BRING_IN, WISH).lineup] == [FIRST, WAITING, THIRD]
    over = replace(gone, scene=Scene(State.FINISHED, finished_at=NOW))
    came_from = Memory(came_from=SCENES[State.ON])
    assert decide(over, Command.BACK, Wish(NOW, memory=came_from)).scene == Scene(State.BETWEEN, THIRD)


# --- in whatever order -----------------------------------------------------------------------------------------------


class Hosts(RuleBasedStateMachine):
    """Any command at any time; what is done is written down as the service does it."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.version = T, 0
        lineup = tuple(Act(number) for number in range(1, 5))
        self.round = Round(Scene(State.READY, 1), lineup, (8, 9))
        self.log: list[tuple[Command, Round]] = []

    def remembered(self) -> Memory:
        undo = self.log[-1][1] if self.log else None
        if self.round.scene.state is State.FINISHED:
            return Memory(undo, undo.scene if undo else None)
        scenes = [
            before.scene
            for command, before in self.log
            if command is Command.NEXT and before.scene.talk in [act.id for act in self.round.lineup[: self.place]]
        ]
        return Memory(undo, scenes[-1] if scenes else None)

    @property
    def place(self) -> int:
        next_up = self.round.next_up
        return self.round.lineup.index(next_up) if next_up else len(self.round.lineup)

    @rule(command=st.sampled_from(Command), seconds=st.sampled_from([0, 1, 40, 400]), talk=st.sampled_from([8, 9]))
    def press(self, command: Command, seconds: int, talk: int) -> None:
        self.now += dt.timedelta(seconds=seconds)
        wish, before = Wish(self.now, talk, self.remembered()), self.round
        try:
            self.round = decide(before, command, wish)
        except Refused:
            assert self.round is before
            return
        if command is Command.UNDO:
            self.log.pop()
            return
        self.log.append((command, before))
        assert decide(self.round, Command.UNDO, Wish(self.now, memory=Memory(before))) == before

    @invariant()
    def the_database_would_take_it(self) -> None:
        scene = self.round.scene
        on = scene.state in (State.ON, State.PAUSED)
        assert (scene.started_at is not None) == on
        assert (scene.paused_at is not None) == (scene.state is State.PAUSED)
        assert (scene.finished_at is not None) == (scene.state is State.FINISHED)
        assert scene.talk == self.round.in_question

    @invariant()
    def nobody_is_lost_and_one_at_most_is_on(self) -> None:
        talks = [act.id for act in self.round.lineup]
        assert sorted([*talks, *self.round.stand_by]) == [1, 2, 3, 4, 8, 9]
        on = [act.id for act in self.round.lineup if act.started_at and not act.ended_at]
        assert on == ([self.round.on_stage] if self.round.on_stage else [])
        for act in self.round.lineup:
            assert (act.state == "given") == (act.ended_at is not None)
            assert act.ended_at is None or (act.started_at is not None and act.started_at <= act.ended_at)

    @invariant()
    def time_on_stage_is_never_negative(self) -> None:
        scene = self.round.scene
        if scene.started_at:
            assert (scene.paused_at or self.now) - scene.started_at - scene.paused_for >= NOTHING
            assert self.round.length + scene.extra >= NOTHING


def test_hosts_may_press_what_they_like() -> None:
    run_state_machine_as_test(Hosts, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))
