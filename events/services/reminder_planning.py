"""Reminders become messages a day and a half before they are due, in pieces: a kill loses and doubles nothing.

The feeder looks for reminders that are due soon, or were due and are still of use. The first pass over an audience
reads it whole, a piece a transaction, the place reached kept with the piece; later ones read who joined or changed.
Small audiences share a piece, since a commit costs more than a hundred messages.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from events.audiences import CROWDS, newest_of, people_of
from events.models import ReminderRun, ReminderStep
from events.reminder_slots import Person
from events.selectors.reminders import DueReminder, due_reminders
from events.services.reminder_messages import messages_for, queue_messages, reminded_before

AT_ONCE = 1000  # people in a piece
REMINDERS_AT_ONCE = 50
SECONDS_AT_ONCE = 2.0
LATE_COMMITS = dt.timedelta(minutes=5)  # a row's own time may be this much older than the moment others see it

Anchor = ReminderStep.Anchor
Runs = list[tuple[DueReminder, ReminderRun]]


@dataclass(frozen=True)
class Piece:
    """Reminders whose people are read with one statement; `newest` is the last row there was before."""

    runs: Runs
    people: list[Person]
    newest: int
    is_first_pass: bool

    @property
    def cut_at(self) -> Person | None:
        """Whoever came last, when there may be more of that event behind."""
        return self.people[-1] if len(self.people) >= AT_ONCE else None

    @property
    def reached(self) -> Runs:
        """Those it holds at least a part of: people come event by event."""
        last = self.cut_at
        if last is None:
            return self.runs
        held = {person.event_id for person in self.people}
        return [(reminder, run) for reminder, run in self.runs if reminder.event_id in held]


def plan_reminders(now: dt.datetime) -> bool:
    """Turn what is due soon into messages; True when more is left than was done."""
    began, planned = time.monotonic(), 0
    due, outlived = due_reminders(now)
    _leave_alone(outlived, now)
    for reminders in _batches(due):
        left = reminders
        while left:
            if planned >= AT_ONCE or time.monotonic() - began > SECONDS_AT_ONCE:
                return True
            count, left = _plan_piece(left, now)
            planned += count
    return False


def _batches(due: list[DueReminder]) -> Iterator[list[DueReminder]]:
    """By audience; the nearest event first."""
    by_audience = defaultdict(list)
    for reminder in due:
        by_audience[reminder.audience].append(reminder)
    for reminders in by_audience.values():
        for start in range(0, len(reminders), REMINDERS_AT_ONCE):
            yield reminders[start : start + REMINDERS_AT_ONCE]


def _leave_alone(outlived: list[DueReminder], now: dt.datetime) -> None:
    """Nobody gets these any more: look at them again as seldom as at those that are planned."""
    runs = [ReminderRun(step_id=one.step_id, start_version=one.version, planned_until=now) for one in outlived]
    unique = ["step", "start_version"]
    ReminderRun.objects.bulk_create(runs, update_conflicts=True, unique_fields=unique, update_fields=["planned_until"])


@transaction.atomic
def _plan_piece(reminders: list[DueReminder], now: dt.datetime) -> tuple[int, list[DueReminder]]:
    """One piece and the place reached, together; how many people it held, and which reminders are left to do."""
    runs = _locked_runs(reminders)
    if not runs:
        return 0, []
    piece = _read(runs)
    people = defaultdict(list)
    for person in piece.people:
        people[person.event_id].append(person)
    known = _reminded(runs, now)
    reached = [one for one, _run in piece.reached]
    queue_messages([row for one in reached for row in messages_for(one, people[one.event_id], now, reminded=known)])
    done = _keep_place(piece, now)
    return len(piece.people), [reminder for reminder, _run in runs if reminder.step_id not in done]


def _locked_runs(reminders: list[DueReminder]) -> Runs:
    """The rows that say how far each has come, made where there are none; those that somebody else holds are left out.

    One that is removed at this very moment undoes the piece; the next round does not see it any more.
    """
    known = {(one.step_id, one.version): one for one in reminders}
    steps = sorted({step for step, _version in known})
    rows = ReminderRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(step__in=steps).order_by("pk")
    runs = list(rows)
    missing = sorted(known.keys() - {(run.step_id, run.start_version) for run in runs})
    if missing:
        new = [ReminderRun(step_id=step, start_version=version) for step, version in missing]
        ReminderRun.objects.bulk_create(new, ignore_conflicts=True)
        runs = list(rows.all())
    pairs = ((known.get((run.step_id, run.start_version)), run) for run in runs)
    return [(reminder, run) for reminder, run in pairs if reminder is not None]


def _reminded(runs: Runs, now: dt.datetime) -> set[tuple[int, str]]:
    """Who got one that is due already for a start that has moved since; one query while none has moved."""
    due = [one for one, _run in runs if one.anchor_kind == Anchor.TALK or one.timing.due <= now]
    versions = ReminderRun.objects.filter(step__in=[one.step_id for one in due]).values_list("step", "start_version")
    now_planned = {(one.step_id, one.version) for one in due}
    moved = {step for step, version in versions if (step, version) not in now_planned} if due else set()
    again = [one for one in due if one.anchor_kind == Anchor.TALK or one.step_id in moved]
    return reminded_before(again) if again else set()


def _read(runs: Runs) -> Piece:
    """As many of them as can be read with one statement: all of a kind, or one that is half done."""
    audience = runs[0][0].audience
    newest = newest_of(audience)
    if audience not in CROWDS:
        return Piece(runs, _people(runs), newest, is_first_pass=False)
    first = [pair for pair in runs if pair[1].planned_until is None]
    half_done = [pair for pair in first if pair[1].after_pk]
    if half_done:
        one = half_done[:1]
        return Piece(one, _people(one, after=one[0][1].after_pk, limit=AT_ONCE), newest, is_first_pass=True)
    if first:
        return Piece(first, _people(first, limit=AT_ONCE), newest, is_first_pass=True)
    return Piece(runs, _changed(runs), newest, is_first_pass=False)


def _people(runs: Runs, **reading: Any) -> list[Person]:
    return people_of(runs[0][0].audience, sorted({reminder.event_id for reminder, _run in runs}), **reading)


def _changed(runs: Runs) -> list[Person]:
    """Who joined or changed since the oldest of these passes; a key keeps whoever is known from a second mail."""
    since = min(run.planned_until for _reminder, run in runs if run.planned_until) - LATE_COMMITS
    return _people(runs, after=min(run.after_pk for _reminder, run in runs), changed_since=since, limit=AT_ONCE)


def _keep_place(piece: Piece, now: dt.datetime) -> set[int]:
    """After a whole pass: until when it holds. Returns the steps that are done.

    Of the event where the piece was cut, a first pass goes on from there; a later one begins again with a first.
    """
    cut = piece.cut_at
    partial = [run for reminder, run in piece.reached if cut and reminder.event_id == cut.event_id]
    whole = [run for _reminder, run in piece.reached if run not in partial]
    for run in partial:
        run.pass_began_at = run.pass_began_at or now
        run.after_pk, run.planned_until = (cut.key if cut and piece.is_first_pass else 0), None
        run.save(update_fields=["after_pk", "planned_until", "pass_began_at"])
    held = ReminderRun.objects.filter(pk__in=[run.pk for run in whole])
    began_at = Coalesce("pass_began_at", Value(now))
    held.update(planned_until=began_at, pass_began_at=None, after_pk=piece.newest)
    return {run.step_id for run in whole}
