"""Commands on stage: each sees the version it was given for, is written down, and is told to every screen."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import RuleViolation
from core.live_channel import announce
from events.letter_basis import time_of_day
from events.models import Event
from events.services.revisions import announce_schedule
from lightning.models import Block, SlotOffer, Stage, StageLink, StageLog, Talk
from lightning.services import stage_past as past
from lightning.services.calling_up import call_up
from lightning.services.stand_by import lock_block
from lightning.stage_document import build_stage_document
from lightning.stage_machine import decide
from lightning.stage_round import Command, Memory, Refusal, Refused, Round, State, Wish

WHY_NOT = {
    Refusal.NOBODY_ON: gettext_lazy("Nobody is on stage. Start the next talk first."),
    Refusal.ALREADY_ON: gettext_lazy("A talk is on stage. Go to the next one when it is over."),
    Refusal.IS_PAUSED: gettext_lazy("The clock is paused already. Let it go on."),
    Refusal.NOT_PAUSED: gettext_lazy("The clock is not paused."),
    Refusal.IS_OVER: gettext_lazy("The round is over. Go back, or undo the last step, to go on with it."),
    Refusal.NOTHING_BEFORE: gettext_lazy("The round has not begun, so there is nothing to go back to."),
    Refusal.NOBODY_LEFT: gettext_lazy("Nobody is left in the running order. Bring in somebody on stand-by, or finish."),
    Refusal.NO_TIME_LEFT: gettext_lazy("This talk has no minute left to take. Go to the next one."),
    Refusal.NOT_ON_STAND_BY: gettext_lazy("This talk does not stand by. Choose one of the queue."),
    Refusal.NOTHING_TO_UNDO: gettext_lazy("There is nothing to undo."),
}


@dataclass(frozen=True)
class Recalled:
    """What going back and undoing need: for undoing the command's entry and the talks as they were before it."""

    memory: Memory = field(default_factory=Memory)
    entry: StageLog | None = None
    talks: past.Talks | None = None


@transaction.atomic
def command_stage(
    *,
    block: Block,
    command: Command,
    version: int,
    now: dt.datetime,
    by: User | None = None,
    link: StageLink | None = None,
    talk: int | None = None,
) -> Stage:
    """Carry out what a host asked for who saw this version of the stage.

    `talk` is who is brought in; with every other command, who the host saw on stage or coming next, where the remote
    says so. Raises RuleViolation and changes nothing: stale_version when the stage is not what they saw, else the code
    of a Refusal, or changed_since for what cannot be undone.
    """
    locked = lock_block(block.pk)
    stage = Stage.objects.select_for_update().filter(block=locked).first() or Stage(block=locked, changed_at=now)
    rows = _lock_talks(locked)
    talks = {pk: {name: getattr(row, name) for name in past.TALK_FIELDS} for pk, row in rows.items()}
    before = past.round_of(past.scene_of(stage), talks, dt.timedelta(minutes=locked.talk_minutes))
    _refuse_what_is_stale(stage, before, command, version, talk)
    recalled = _recall(stage, before, talks, command)
    now = max(now, stage.changed_at)  # a clock that was set back must not make a pause negative
    after = _decide(before, command, Wish(now, talk, recalled.memory))
    talks_after = recalled.talks or _talks_after(talks, after, now)
    offers = _answer_offers(talk, now) if command is Command.BRING_IN else []
    _write_stage(stage, after, now)
    _write_talks(locked, rows, past.changed(talks, talks_after), now)
    StageLog.objects.create(
        stage=stage,
        version=stage.version,
        command=command.value,
        talk_id=talk if command is Command.BRING_IN else before.in_question,
        at=now,
        by=by,
        link=link,
        before=past.written_down(before.scene, talks, talks_after, offers),
    )
    if recalled.entry:
        _mark_undone(recalled.entry)
    call_up(locked, stage, rows.values(), now)
    _announce_after_commit(locked)
    announce_schedule(locked.session.event)
    return stage


@transaction.atomic
def mark_here(*, talk: Talk, is_here: bool, now: dt.datetime) -> Talk:
    """A speaker was seen in the room, or was not after all; saying so twice keeps the first time."""
    block = lock_block(talk.block_id)
    stored = block.talks.select_for_update().get(pk=talk.pk)
    if (stored.here_at is not None) == is_here:
        return stored
    stored.here_at = now if is_here else None
    stored.save(update_fields=["here_at"])
    _announce_after_commit(block)
    return stored


def announce_stage(block: Block) -> None:
    """Send every screen the stage as the database has it now; the event must be loaded."""
    slug = block.session.event.slug
    payload = {"type": "stage", "event": slug, "block": block.pk, "stage": build_stage_document(block)}
    announce(slug, payload, topic=f"stage:{block.pk}")


def _refuse_what_is_stale(stage: Stage, before: Round, command: Command, version: int, talk: int | None) -> None:
    saw_another = command is not Command.BRING_IN and talk not in (None, before.in_question)
    if version != stage.version or saw_another:
        raise RuleViolation("stale_version", _who_was_quicker(stage))


def _who_was_quicker(stage: Stage) -> str:
    """Names whose command came last, where there was one by somebody with a name."""
    last = stage.log.select_related("by", "link").last() if stage.pk else None
    name = last and ((last.by and last.by.name) or (last.link and last.link.name))
    if not last or not name:
        return _("The stage has moved on since you looked. Look at it again, then decide.")
    told = {"name": name, "time": time_of_day(last.at, stage.block.session.event.time_zone)}
    words = _("The stage has moved on since you looked: %(name)s pressed at %(time)s. Look at it again, then decide.")
    return words % told


def _recall(stage: Stage, before: Round, talks: past.Talks, command: Command) -> Recalled:
    """What of the past the command needs; raises RuleViolation when it cannot be undone any more."""
    if stage.pk and command is Command.BACK:
        return Recalled(Memory(came_from=past.came_from(stage, before)))
    entry = past.last_command(stage) if stage.pk and command is Command.UNDO else None
    if entry is None:
        return Recalled()
    talks = past.talks_before(entry, talks)
    was = past.round_of(past.scene_before(entry), talks, before.length)
    if was.on_stage is not None and was.on_stage not in [act.id for act in was.lineup]:
        raise past.changed_since()
    return Recalled(Memory(undo=was), entry, talks)


def _decide(before: Round, command: Command, wish: Wish) -> Round:
    try:
        return decide(before, command, wish)
    except Refused as refused:
        field = "talk" if refused.reason is Refusal.NOT_ON_STAND_BY else None
        raise RuleViolation(refused.reason.value, str(WHY_NOT[refused.reason]), field=field) from refused


def _talks_after(talks: past.Talks, after: Round, now: dt.datetime) -> past.Talks:
    """What the machine changed; places move down only as far as there is no open slot in between."""
    found, last = dict(talks), -1
    for act in after.lineup:
        old = talks[act.id]["position"]
        last = last + 1 if old is None else max(old, last + 1)
        values = {"state": act.state, "started_at": act.started_at, "ended_at": act.ended_at, "position": last}
        if old is None:
            values |= {"queue_position": None, "told_state": act.state, "told_at": now}
        found[act.id] = talks[act.id] | values
    return found


def _lock_talks(block: Block) -> dict[int, Talk]:
    """The running order and the queue."""
    waiting = block.talks.filter(state=Talk.State.STAND_BY)
    return {talk.pk: talk for talk in (block.talks.in_lineup() | waiting).order_by("pk").select_for_update()}


def _answer_offers(talk: int | None, now: dt.datetime) -> list[int]:
    """Who is called to the stage has answered."""
    offers = SlotOffer.objects.filter(talk=talk, state=SlotOffer.State.OPEN)
    found = list(offers.values_list("pk", flat=True))
    if found:
        offers.update(state=SlotOffer.State.TAKEN, answered_at=now)
    return found


def _write_stage(stage: Stage, after: Round, now: dt.datetime) -> None:
    in_question = after.scene.talk if after.scene.state in (State.ON, State.PAUSED) else after.in_question
    for name, value in (past.values_of(after.scene) | {"talk_id": in_question}).items():
        setattr(stage, name, value)
    stage.version += 1
    stage.changed_at = now
    stage.save()


def _write_talks(block: Block, rows: dict[int, Talk], changes: past.Talks, now: dt.datetime) -> None:
    """SEQUENCE rises with a new place, as in services.lineup; the database asks at the end whether places are free."""
    was_public = block.session.event.status != Event.Status.DRAFT
    for pk, values in changes.items():
        talk = rows[pk]
        for name, value in values.items():
            setattr(talk, name, value)
        talk.sequence += was_public and "position" in values
        talk.revised_at = now.replace(microsecond=0)
        talk.save(update_fields=[*values, "sequence", "revised_at"])


def _mark_undone(entry: StageLog) -> None:
    past.reopen_offers(entry)
    entry.is_undone = True
    entry.save(update_fields=["is_undone"])


def _announce_after_commit(block: Block) -> None:
    def tell() -> None:  # Django asks a robust hook that fails for its name, and a partial has none
        announce_stage(block)

    transaction.on_commit(tell, robust=True)
