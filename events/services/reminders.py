"""The plan of an event's reminders: made with the event, carried on in a series, changed by its organisers."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import RowChange, RowRefused, change_rows, insert_rows, naming_the_row
from core.errors import RuleViolation
from events.models import Event, ReminderStep

Audience, Anchor = ReminderStep.Audience, ReminderStep.Anchor
MOST_STEPS = 20
DEFAULTS: tuple[dict[str, Any], ...] = (
    {"audience": Audience.GOING, "days": 7},
    {"audience": Audience.GOING, "days": 1},
    {"audience": Audience.GOING, "minutes": 60},
    {"audience": Audience.SPEAKERS, "days": 7},
    {"audience": Audience.SPEAKERS, "days": 1},
    {"audience": Audience.HOSTS, "days": 1},
)
COPIED = ("audience", "anchor", "days", "minutes", "at_time", "note")


def add_reminders(event: Event) -> None:
    """Give a new event the plan of the last one in its series, or what is usual; inside the caller's transaction."""
    steps = _steps_of_series(event) or DEFAULTS
    insert_rows(ReminderStep(event=event, **step) for step in steps)


def _steps_of_series(event: Event) -> list[dict[str, Any]]:
    if event.series_id is None:
        return []
    others = Event.objects.filter(series=event.series_id, reminder_steps__isnull=False).exclude(pk=event.pk)
    last = others.order_by("-starts_at", "-pk").values_list("pk", flat=True).first()
    return list(ReminderStep.objects.filter(event=last).values(*COPIED)) if last else []


@transaction.atomic
def change_reminders(*, event: Event, changes: Iterable[RowChange]) -> None:
    """Add, change and take away reminders; RowRefused says which one cannot be.

    What waits in the outbox for one that is gone is not sent; one that is changed is planned anew.
    """
    stored = Event.objects.select_for_update().get(pk=event.pk)
    todo = list(changes)
    for change in todo:
        with naming_the_row(change):
            _refuse_what_makes_no_sense(stored, change)
    change_rows(ReminderStep, [part for change in todo for part in _as_new(stored, change)], event=stored)
    if todo and stored.reminder_steps.count() > MOST_STEPS:
        refusal = RuleViolation("too_many_reminders", _("An event has at most %d reminders.") % MOST_STEPS)
        raise RowRefused(todo[-1].key, refusal)


def _as_new(event: Event, change: RowChange) -> list[RowChange]:
    """A reminder for another time or audience is another one: nothing planned for the old one stands for it."""
    if change.row is None or change.values is None or not _moves(change):
        return [change]
    return [RowChange(change.row, None, change.key), RowChange(None, _whole(event, change), change.key)]


def _moves(change: RowChange) -> bool:
    return bool(set(change.values or ()) - {"note"})


def _whole(event: Event, change: RowChange) -> dict[str, Any]:
    """Every field as it will be."""
    row = event.reminder_steps.get(pk=change.row.pk) if change.row else None
    stored = {name: getattr(row, name) for name in COPIED} if row else {}
    return stored | dict(change.values or {})


def _refuse_what_makes_no_sense(event: Event, change: RowChange) -> None:
    if change.values is None:
        return
    step = ReminderStep(**_whole(event, change))
    if step.anchor == Anchor.TALK and step.audience != Audience.SPEAKERS:
        raise RuleViolation("only_speakers_have_a_talk", _("Only speakers have a talk of their own."), field="anchor")
    if not step.days and not step.minutes and step.at_time is None:
        raise RuleViolation("reminder_says_not_when", _("Say how long before: days, minutes, or both."), field="days")
    if step.anchor == Anchor.EVENT and not step.days and step.at_time is not None:
        _refuse_after_the_start(event, step)


def _refuse_after_the_start(event: Event, step: ReminderStep) -> None:
    starts = event.starts_at.astimezone(event.zone).time()
    if step.at_time and step.at_time >= starts:
        message = _("The event starts at %(time)s that day. Choose an earlier time, or a day before.")
        raise RuleViolation("reminder_comes_too_late", message % {"time": f"{starts:%H:%M}"}, field="at_time")
