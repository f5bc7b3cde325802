"""What the remote offers at this moment: the buttons of the state, who comes, who stands by; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lightning.running_order import name_of, order_of
from lightning.stage_machine import TABLE
from lightning.stage_round import Command, Refusal, State
from lightning.stage_types import StageDocument, StageTalk
from web.stage_view import TO_COME, StageView, names_of

WORDS: dict[Command, str | Promise] = {
    Command.START: pgettext_lazy("a talk on stage", "Start"),
    Command.NEXT: pgettext_lazy("the talk after this one", "Next"),
    Command.BACK: pgettext_lazy("to the talk before", "Back"),
    Command.PAUSE: pgettext_lazy("the clock of a talk", "Pause"),
    Command.RESUME: pgettext_lazy("the clock of a talk", "Go on"),
    Command.MORE: gettext_lazy("1 minute"),
    Command.LESS: gettext_lazy("1 minute less"),
    Command.RESTART: gettext_lazy("Start over"),
    Command.SKIP: gettext_lazy("Skip talk"),
    Command.FINISH: gettext_lazy("Finish the round"),
    Command.UNDO: gettext_lazy("Undo"),
}
ICONS = {
    Command.START: "play",
    Command.NEXT: "next",
    Command.BACK: "back",
    Command.PAUSE: "pause",
    Command.RESUME: "play",
    Command.MORE: "plus",
    Command.LESS: "minus",
    Command.RESTART: "restart",
    Command.SKIP: "skip",
    Command.FINISH: "check",
    Command.UNDO: "undo",
}
KEYS = {
    Command.START: "Space",
    Command.PAUSE: "Space",
    Command.RESUME: "Space",
    Command.NEXT: "N",
    Command.SKIP: "S",
    Command.MORE: "+",
}
BESIDE = {State.ON: Command.PAUSE, State.PAUSED: Command.RESUME, State.BETWEEN: Command.BACK}
MAIN = {
    State.READY: Command.START,
    State.BETWEEN: Command.START,
    State.ON: Command.NEXT,
    State.PAUSED: Command.NEXT,
    State.FINISHED: Command.BACK,
}
NEED_SOMEBODY = (Command.START, Command.SKIP)
SMALL = (Command.MORE, Command.LESS, Command.SKIP, Command.BACK, Command.UNDO)
ASKED_ONCE_MORE = {
    Command.RESTART: gettext_lazy("The clock of this talk begins anew."),
    Command.FINISH: gettext_lazy("Who is on stage, if anybody, has given their talk. The screens say that it is over."),
}


@dataclass(frozen=True)
class Key:
    """One button; `warning` is what it asks once more."""

    command: str
    words: str
    icon: str
    shortcut: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Coming:
    """A row of the queue."""

    talk: StageTalk
    name: str
    title: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class Remote:
    """`saw` names the order that the rows stand in."""

    main: Key | None
    beside: Key | None
    small: list[Key]
    asked: list[Key]
    coming: list[Coming]
    stand_by: list[Coming]
    saw: str


def see_remote(view: StageView) -> Remote:
    """The remote of a hosts' document."""
    document = view.document
    state = State(document["state"])
    main, beside = MAIN[state], BESIDE.get(state)
    used = {main, beside}
    return Remote(
        main=_main(view, main) if _is_possible(document, main) else None,
        beside=_key(beside) if beside else None,
        small=[_key(one) for one in SMALL if one not in used and _is_possible(document, one)],
        asked=[_key(one) for one in ASKED_ONCE_MORE if _is_possible(document, one)],
        coming=[] if state is State.FINISHED else _rows(coming_talks(document)),
        stand_by=[] if state is State.FINISHED else _rows(document["stand_by"]),
        saw=name_of(order_of({talk["id"]: (talk["slot"] or 1) - 1 for talk in document["talks"]}, document["slots"])),
    )


def coming_talks(document: StageDocument) -> list[StageTalk]:
    """Who may still be moved: with a slot, and not on stage yet."""
    return [talk for talk in document["talks"] if talk["state"] in TO_COME and talk["started_at"] is None]


def _is_possible(document: StageDocument, command: Command) -> bool:
    """What the table allows, but for what would be refused in this moment."""
    if isinstance(TABLE[State(document["state"])][command], Refusal):
        return False
    if command is Command.UNDO:
        return document["version"] > 0
    return command not in NEED_SOMEBODY or document["talk"] is not None


def _main(view: StageView, command: Command) -> Key:
    """It names who it brings on."""
    who = view.coming[0] if command is Command.NEXT and view.coming else view.talk
    key = _key(command)
    if command is Command.BACK:
        return Key(key.command, _("Back into the round"), key.icon)
    if command is Command.NEXT and not view.coming:
        return Key(key.command, _("Next: the end"), key.icon, key.shortcut)
    if who is None:
        return key
    words = _("Next: %(name)s") if command is Command.NEXT else _("Start: %(name)s")
    return Key(key.command, words % {"name": names_of(who).name}, key.icon, key.shortcut)


def _key(command: Command) -> Key:
    return Key(
        command.value,
        str(WORDS[command]),
        ICONS[command],
        KEYS.get(command, ""),
        str(ASKED_ONCE_MORE.get(command, "")),
    )


def _rows(talks: list[StageTalk]) -> list[Coming]:
    rows = []
    for number, talk in enumerate(talks):
        names = names_of(talk)
        rows.append(Coming(talk, names.name, names.title, number == 0, number == len(talks) - 1))
    return rows
