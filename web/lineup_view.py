"""What the line-up page shows, as plain values: rows with slot, planned time, marks and what may be decided."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.time_words import local
from lightning.decisions import decisions_on
from lightning.lineup_warning_words import sentence
from lightning.models import Block, Talk
from lightning.running_order import has_gap, name_of, write_order
from lightning.selectors.lineup import Lineup, lineup_findings, reachable_talks, untold_talks
from web.vocabulary import Words

State = Talk.State
BUTTONS: Words = {
    State.ACCEPTED: pgettext_lazy("decision about a talk", "Accept"),
    State.CONFIRMED: pgettext_lazy("decision about a talk", "Mark as confirmed"),
    State.STAND_BY: pgettext_lazy("decision about a talk", "Put on stand-by"),
    State.DECLINED: pgettext_lazy("decision about a talk", "Decline"),
    State.SUBMITTED: pgettext_lazy("decision about a talk", "Back to submitted"),
}
STATES: Words = {
    State.SUBMITTED: pgettext_lazy("state of a talk", "Submitted"),
    State.ACCEPTED: pgettext_lazy("state of a talk", "Not confirmed yet"),
    State.CONFIRMED: pgettext_lazy("state of a talk", "Confirmed"),
    State.GIVEN: pgettext_lazy("state of a talk", "Given"),
    State.DECLINED: pgettext_lazy("state of a talk", "Declined"),
    State.WITHDRAWN: pgettext_lazy("state of a talk", "Withdrawn"),
    State.STAND_BY: pgettext_lazy("state of a talk", "Stand-by"),
    State.NO_SHOW: pgettext_lazy("state of a talk", "No-show"),
}
STATE_ICONS = {State.CONFIRMED: "check", State.GIVEN: "check", State.NO_SHOW: "close"}
TELLING: Words = {
    State.ACCEPTED: gettext_lazy("Accepted: they are asked to confirm"),
    State.CONFIRMED: gettext_lazy("Accepted and confirmed already"),
    State.STAND_BY: gettext_lazy("On stand-by"),
    State.DECLINED: gettext_lazy("Declined"),
}


@dataclass(frozen=True)
class Row:
    """One talk."""

    talk: Any
    names: str
    time: str
    state: str
    state_icon: str
    choices: list[tuple[str, str]]  # what the button sends, what it says
    is_fixed: bool
    is_untold: bool

    @property
    def label(self) -> str:
        """What the row is called when it is moved."""
        return self.names or self.talk.title or _("A talk without speaker and title")


@dataclass(frozen=True)
class Slot:
    """A place in the running order; open ones have no row."""

    number: int
    time: str
    row: Row | None


@dataclass(frozen=True)
class Section:
    """Talks without a slot."""

    key: str
    title: str
    rows: list[Row]
    is_folded: bool = False


@dataclass(frozen=True)
class LineupView:
    """Everything below the page's title."""

    slots: list[Slot]
    sections: list[Section]
    fill: str
    warnings: list[str]
    order: str
    saw: str
    has_gap: bool
    count: int
    untold: int


def view_of(lineup: Lineup, *, now: dt.datetime) -> LineupView:
    """Seven queries besides those of the line-up."""
    untold = set(untold_talks(lineup.block).values_list("pk", flat=True))
    rows = {talk.pk: _row(lineup, talk, is_untold=talk.pk in untold) for talk in lineup.talks}
    order = lineup.order
    return LineupView(
        slots=[Slot(i + 1, slot_time(lineup.block, i), rows.get(pk)) for i, pk in enumerate(order)],
        sections=_sections(lineup, rows),
        fill=fill_words(lineup),
        warnings=[sentence(one) for one in lineup_findings(lineup, now=now)],
        order=write_order(order),
        saw=name_of(order),
        has_gap=has_gap(order),
        count=sum(pk in rows for pk in order),
        untold=len(reachable_talks(untold)),
    )


@dataclass(frozen=True)
class Telling:
    """Who will hear what, and who cannot be written to."""

    groups: list[tuple[str, list[Row]]]
    unreachable: list[Row]
    count: int


def telling_of(lineup: Lineup) -> Telling:
    """Three queries besides those of the line-up."""
    untold = list(untold_talks(lineup.block).values_list("pk", flat=True))
    reached = reachable_talks(untold)
    rows = [_row(lineup, lineup.by_id[pk], is_untold=True) for pk in untold]
    groups = [
        (str(words), [row for row in rows if row.talk.state == state and row.talk.pk in reached])
        for state, words in TELLING.items()
    ]
    unreachable = [row for row in rows if row.talk.pk not in reached]
    return Telling([group for group in groups if group[1]], unreachable, len(reached))


def names_of(talk: Any) -> str:
    """Who gives it."""
    return ", ".join(part.speaker.name for part in talk.talk_speakers.all())


def slot_time(block: Block, position: int | None) -> str:
    """“19:12”, by the event's clock; nothing without a slot, or before the round has a time."""
    session = block.session
    if position is None or session.starts_at is None:
        return ""
    return f"{local(block.times.planned_start(session.starts_at, position), session.event.time_zone):%H:%M}"


def fill_words(lineup: Lineup) -> str:
    """“25 talks, 2 slots open (1 of them is offered), 3 min free”."""
    block = lineup.block
    placed = sum(pk != 0 for pk in lineup.order)
    parts = [ngettext("%d talk", "%d talks", placed) % placed]
    if block.slots is not None:
        left = max(block.slots - placed, 0)
        parts.append(ngettext("%d slot open", "%d slots open", left) % left)
        offered = sum(talk.has_offer for talk in lineup.talks)
        if offered:
            parts.append(ngettext("%d of them is offered", "%d of them are offered", offered) % offered)
        parts.append(_("%d min free") % block.times.spare_minutes(block.session.minutes or 0))
    return ", ".join(parts)


def _sections(lineup: Lineup, rows: dict[int, Row]) -> list[Section]:
    """Those with nobody in them say nothing, but the two that organisers look for."""

    def of(*states: str) -> list[Row]:
        return [rows[talk.pk] for talk in lineup.in_state(*states)]

    gone = Section("gone", _("Declined or withdrawn"), of(State.DECLINED, State.WITHDRAWN), is_folded=True)
    return [
        Section("submitted", _("Submitted"), of(State.SUBMITTED)),
        Section("stand_by", _("Stand-by queue"), of(State.STAND_BY)),
        *([gone] if gone.rows else []),
    ]


def _row(lineup: Lineup, talk: Any, *, is_untold: bool) -> Row:
    is_fixed = talk.pk in lineup.fixed
    choices = () if is_fixed else decisions_on(talk.state)
    return Row(
        talk=talk,
        names=names_of(talk),
        time=slot_time(lineup.block, talk.position),
        state=str(STATES[talk.state]),
        state_icon=STATE_ICONS.get(talk.state, "clock"),
        choices=[(f"{talk.pk}:{talk.state}:{state}", str(BUTTONS[state])) for state in choices],
        is_fixed=is_fixed,
        is_untold=is_untold,
    )
