"""What may happen on stage: the table that says what each command does in each state, as pure values."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from lightning.stage_round import (
    CONFIRMED,
    GIVEN,
    MINUTE,
    NO_SHOW,
    NONE,
    OPEN,
    Act,
    Command,
    Memory,
    Refusal,
    Refused,
    Round,
    Scene,
    State,
    Wish,
)

__all__ = ["TABLE", "Act", "Command", "Memory", "Refusal", "Refused", "Round", "Scene", "State", "Wish", "decide"]

Move = Callable[[Round, Wish], Round]


def decide(before: Round, command: Command, wish: Wish) -> Round:
    """The round after a command; raises Refused and changes nothing where it is not possible."""
    move = TABLE[before.scene.state][command]
    if isinstance(move, Refusal):
        raise Refused(move)
    return move(before, wish)


def _start(before: Round, wish: Wish) -> Round:
    act = before.next_up
    if act is None:
        raise Refused(Refusal.NOBODY_LEFT)
    on = replace(before, scene=Scene(State.ON, act.id, started_at=wish.now))
    return on.with_act(act.id, started_at=wish.now, ended_at=None)


def _next(before: Round, wish: Wish) -> Round:
    return _move_on(_come_off(before, wish), wish)


def _finish(before: Round, wish: Wish) -> Round:
    off = _come_off(before, wish)
    return replace(off, scene=Scene(State.FINISHED, finished_at=wish.now))


def _skip(before: Round, wish: Wish) -> Round:
    talk = before.in_question
    if talk is None and before.next_up is None:
        raise Refused(Refusal.NOBODY_LEFT)
    missing = before.with_act(talk, state=NO_SHOW, started_at=None, ended_at=None)
    return _move_on(missing, wish)


def _pause(before: Round, wish: Wish) -> Round:
    return replace(before, scene=replace(before.scene, state=State.PAUSED, paused_at=wish.now))


def _resume(before: Round, wish: Wish) -> Round:
    return replace(before, scene=_running(before.scene, wish.now))


def _more(before: Round, wish: Wish) -> Round:
    return replace(before, scene=replace(before.scene, extra=before.scene.extra + MINUTE))


def _less(before: Round, wish: Wish) -> Round:
    extra = before.scene.extra - MINUTE
    if before.length + extra < NONE:
        raise Refused(Refusal.NO_TIME_LEFT)
    return replace(before, scene=replace(before.scene, extra=extra))


def _restart(before: Round, wish: Wish) -> Round:
    anew = replace(before, scene=Scene(State.ON, before.scene.talk, started_at=wish.now))
    return anew.with_act(before.scene.talk, started_at=wish.now)


def _bring_in(before: Round, wish: Wish) -> Round:
    if wish.talk is None or wish.talk not in before.stand_by:
        raise Refused(Refusal.NOT_ON_STAND_BY)
    ids = [act.id for act in before.lineup]
    if before.on_stage in ids:
        place = ids.index(before.on_stage) + 1
    else:
        place = ids.index(before.next_up.id) if before.next_up else len(ids)
    lineup = (*before.lineup[:place], Act(wish.talk), *before.lineup[place:])
    waiting = tuple(talk for talk in before.stand_by if talk != wish.talk)
    return _naming_next(replace(before, lineup=lineup, stand_by=waiting))


def _undo(before: Round, wish: Wish) -> Round:
    if wish.memory.undo is None:
        raise Refused(Refusal.NOTHING_TO_UNDO)
    return wish.memory.undo


def _drop(before: Round, wish: Wish) -> Round:
    """Back from a talk: it has not been on."""
    off = before.with_act(before.scene.talk, started_at=None, ended_at=None)
    return _naming_next(replace(off, scene=Scene(State.BETWEEN)))


def _back_to_talk(before: Round, wish: Wish) -> Round:
    """Back to the talk before, whose clock goes on where it stood; or to the beginning."""
    previous = before.previous
    if previous is None:
        return _naming_next(replace(before, scene=Scene(State.READY)))
    if previous.state == NO_SHOW:
        return _naming_next(before.with_act(previous.id, state=CONFIRMED))
    started_at, stopped_at = previous.started_at or wish.now, previous.ended_at or wish.now
    was = wish.memory.came_from
    if was is None or was.talk != previous.id or was.started_at is None:
        was = Scene(State.ON, previous.id, started_at=started_at)
    scene = _running(replace(was, paused_at=was.paused_at or stopped_at), wish.now)
    return replace(before, scene=scene).with_act(previous.id, state=CONFIRMED, ended_at=None, started_at=was.started_at)


def _back_into_round(before: Round, wish: Wish) -> Round:
    """As before it was over; who was on goes on where the clock stood."""
    was = wish.memory.came_from or Scene(State.BETWEEN)
    closed = next((act for act in before.lineup if act.id == was.talk and act.state not in OPEN), None)
    opened = before.with_act(closed.id, state=CONFIRMED, started_at=was.started_at, ended_at=None) if closed else before
    if was.started_at is None or closed is None:
        state = was.state if was.started_at is None else State.BETWEEN
        return _naming_next(replace(opened, scene=Scene(state)))
    if was.state is State.ON:
        was = _running(replace(was, paused_at=before.scene.finished_at), wish.now)
    return replace(opened, scene=was)


def _come_off(before: Round, wish: Wish) -> Round:
    """Who is on has given their talk."""
    return before.with_act(before.on_stage, state=GIVEN, started_at=before.scene.started_at, ended_at=wish.now)


def _move_on(before: Round, wish: Wish) -> Round:
    """To whoever is left: a round that has not begun stays ready, any other is over without them."""
    empty = replace(before, scene=Scene(State.READY if before.scene.state is State.READY else State.BETWEEN))
    if empty.next_up is None and empty.scene.state is State.BETWEEN:
        return replace(empty, scene=Scene(State.FINISHED, finished_at=wish.now))
    return _naming_next(empty)


def _naming_next(after: Round) -> Round:
    return replace(after, scene=replace(after.scene, talk=after.in_question))


def _running(scene: Scene, now: dt.datetime) -> Scene:
    """The clock goes on; what it stood still counts as paused."""
    stood = now - (scene.paused_at or now)
    return replace(scene, state=State.ON, paused_at=None, paused_for=scene.paused_for + stood)


_ON_STAGE: dict[Command, Move | Refusal] = {
    Command.START: Refusal.ALREADY_ON,
    Command.NEXT: _next,
    Command.BACK: _drop,
    Command.MORE: _more,
    Command.LESS: _less,
    Command.RESTART: _restart,
    Command.SKIP: _skip,
    Command.BRING_IN: _bring_in,
    Command.FINISH: _finish,
    Command.UNDO: _undo,
}
_NOBODY_ON: dict[Command, Move | Refusal] = {
    Command.START: _start,
    Command.NEXT: Refusal.NOBODY_ON,
    Command.PAUSE: Refusal.NOBODY_ON,
    Command.RESUME: Refusal.NOBODY_ON,
    Command.MORE: Refusal.NOBODY_ON,
    Command.LESS: Refusal.NOBODY_ON,
    Command.RESTART: Refusal.NOBODY_ON,
    Command.SKIP: _skip,
    Command.BRING_IN: _bring_in,
    Command.FINISH: _finish,
    Command.UNDO: _undo,
}
TABLE: dict[State, dict[Command, Move | Refusal]] = {
    State.READY: {**_NOBODY_ON, Command.BACK: Refusal.NOTHING_BEFORE},
    State.ON: {**_ON_STAGE, Command.PAUSE: _pause, Command.RESUME: Refusal.NOT_PAUSED},
    State.PAUSED: {**_ON_STAGE, Command.PAUSE: Refusal.IS_PAUSED, Command.RESUME: _resume},
    State.BETWEEN: {**_NOBODY_ON, Command.BACK: _back_to_talk},
    State.FINISHED: {
        **dict.fromkeys(Command, Refusal.IS_OVER),
        Command.BACK: _back_into_round,
        Command.UNDO: _undo,
    },
}
