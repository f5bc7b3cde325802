"""What a stage writes down of a command, so that it can be undone or gone back on; callers hold the round's lock.

A log's `before` is `{"stage": {…}, "talks": {"12": {"state": ["confirmed", "given"], …}}, "offers": [ids]}`: the stage
as it was, of each talk the values before and after, and the offers of slots that were answered by bringing somebody in.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.dateparse import parse_datetime, parse_duration
from django.utils.duration import duration_iso_string
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from lightning.models import SlotOffer, Stage, StageLog, Talk
from lightning.stage_round import Act, Command, Round, Scene, State

TALK_FIELDS = ("state", "position", "queue_position", "started_at", "ended_at", "told_state", "told_at")
SCENE_FIELDS = ("talk_id", "started_at", "paused_at", "paused_for", "extra", "finished_at")
Values = dict[str, Any]
Talks = dict[int, Values]  # the fields above, by talk


def scene_of(stage: Stage) -> Scene:
    """The row as the machine knows it."""
    return _scene(State(stage.state), {name: getattr(stage, name) for name in SCENE_FIELDS})


def values_of(scene: Scene) -> Values:
    """The other way round: what the row holds."""
    told = {name: getattr(scene, name.removesuffix("_id")) for name in SCENE_FIELDS}
    return {"state": scene.state.value, **told}


def round_of(scene: Scene, talks: Talks, length: dt.timedelta) -> Round:
    """The running order and the queue, as the machine knows them."""
    placed = sorted((values["position"], talk) for talk, values in talks.items() if values["position"] is not None)
    acts = (
        Act(talk, *(talks[talk][name] for name in ("state", "started_at", "ended_at"))) for _position, talk in placed
    )
    waiting = (talk for talk, values in talks.items() if values["state"] == Talk.State.STAND_BY)
    return Round(scene, tuple(acts), tuple(waiting), length)


def written_down(scene: Scene, before: Talks, after: Talks, offers: Iterable[int]) -> Values:
    """The JSON of a command."""
    changes = {
        str(talk): {name: [_plain(before[talk][name]), _plain(value)] for name, value in values.items()}
        for talk, values in changed(before, after).items()
    }
    stage = {name: _plain(value) for name, value in values_of(scene).items()}
    return {"stage": stage, "talks": changes, "offers": list(offers)}


def changed(before: Talks, after: Talks) -> Talks:
    """The new values that differ, talk by talk."""
    found = {
        talk: {name: value for name, value in values.items() if before[talk][name] != value}
        for talk, values in after.items()
    }
    return {talk: values for talk, values in found.items() if values}


def last_command(stage: Stage) -> StageLog | None:
    """The last that was carried out and is not undone."""
    done = stage.log.filter(is_undone=False).exclude(command=Command.UNDO.value)
    return done.order_by("-version").first()


def came_from(stage: Stage, now_on: Round) -> Scene | None:
    """The stage that going back returns to, as stage_round.Memory says."""
    if now_on.scene.state is State.FINISHED:
        last = last_command(stage)
    else:
        previous = now_on.previous.id if now_on.previous else None
        taken_off = stage.log.filter(is_undone=False, command=Command.NEXT.value, talk=previous)
        last = taken_off.order_by("-version").first()
    return scene_before(last) if last else None


def scene_before(entry: StageLog) -> Scene:
    """The stage as it was before this command."""
    stage = dict(entry.before["stage"])
    state = State(stage.pop("state"))
    durations = {name: parse_duration(stage.pop(name)) for name in ("paused_for", "extra")}
    return _scene(state, {name: _instant(name, value) for name, value in stage.items()} | durations)


def talks_before(entry: StageLog, talks: Talks) -> Talks:
    """The talks as they were before this command; raises RuleViolation where somebody has changed them since."""
    before = {talk: dict(values) for talk, values in talks.items()}
    for talk, changes in entry.before["talks"].items():
        values = before.get(int(talk), {})
        for name, (old, new) in changes.items():
            if name not in values or _plain(values[name]) != new:
                raise changed_since()
            values[name] = _instant(name, old)
    return before


def changed_since() -> RuleViolation:
    """Undoing would overwrite what an organiser did."""
    message = _("The running order was changed after the last command, which cannot be undone any more.")
    return RuleViolation("changed_since", message)


def reopen_offers(entry: StageLog) -> None:
    """Who was brought in stands by again, with the offer that was open; one that ran out ends in a minute."""
    offers = SlotOffer.objects.filter(pk__in=entry.before["offers"], state=SlotOffer.State.TAKEN)
    offers.update(state=SlotOffer.State.OPEN, answered_at=None)


def _scene(state: State, values: Values) -> Scene:
    return Scene(state, **{name.removesuffix("_id"): value for name, value in values.items()})


def _plain(value: Any) -> Any:
    """As JSON holds it, to the microsecond."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return duration_iso_string(value) if isinstance(value, dt.timedelta) else value


def _instant(name: str, value: Any) -> Any:
    return parse_datetime(value) if name.endswith("_at") and value is not None else value
