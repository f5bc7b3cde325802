"""Which reminders are due soon, and what an event's plan will send to how many people."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from events import mail_scopes
from events.audiences import deadlines_of
from events.models import Event, ReminderRun, ReminderStep
from events.reminder_slots import Person, Timing
from events.reminder_times import Lead, start_version
from events.selectors.notices import unheard_changes

Anchor = ReminderStep.Anchor
HORIZON = dt.timedelta(hours=36)  # planned so long before; longer than anybody's quiet hours
PASS_EVERY = dt.timedelta(minutes=10)
AT_ONCE = 5000  # events begin one after the other, so those behind come next time
LONGEST_LEAD = dt.timedelta(days=92)
FIELDS = (
    "pk", "audience", "anchor", "days", "minutes", "at_time",
    "event", "event__group", "event__starts_at", "event__time_zone", "event__language",
)  # fmt: skip


class StartVersion(Func):
    """What events.reminder_times.start_version says, inside a query."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MI"Z"')"""
    output_field = CharField()


@dataclass(frozen=True)
class DueReminder:
    """One reminder of one event, as plain values; `leads` are all of its audience that count from the same instant."""

    step_id: int
    audience: str
    anchor_kind: str
    lead: Lead
    event_id: int
    group_id: int
    starts_at: dt.datetime
    time_zone: str
    event_language: str
    anchor: dt.datetime
    leads: tuple[Lead, ...] = ()

    @cached_property
    def timing(self) -> Timing:
        """Counted back from the event or the end of RSVP; for talks, from the first that could be."""
        return Timing(self.lead, self.anchor, ZoneInfo(self.time_zone), self.leads)

    @cached_property
    def version(self) -> str:
        """What its run is for."""
        return start_version(self.anchor)

    @property
    def scope(self) -> str:
        """What somebody unsubscribes from who wants no more of this group."""
        return mail_scopes.reminders_of(self.group_id)

    @property
    def language(self) -> str:
        """The event's, where we speak it."""
        return self.event_language if self.event_language in dict(settings.LANGUAGES) else ""

    def timing_for(self, person: Person) -> Timing | None:
        """For this person; None for a speaker whose talk has no time yet."""
        if self.anchor_kind != Anchor.TALK:
            return self.timing
        return self.timing_before(person.talk_at) if person.talk_at else None

    def timing_before(self, anchor: dt.datetime) -> Timing:
        """Counted back from this instant."""
        return self.timing if anchor == self.anchor else Timing(self.lead, anchor, self.timing.zone, self.leads)

    def version_of(self, anchor: dt.datetime) -> str:
        """What a message is for: another talk at another time is another message."""
        return self.version if anchor == self.anchor else start_version(anchor)


def due_reminders(now: dt.datetime) -> tuple[list[DueReminder], list[DueReminder]]:
    """Those to plan now, the nearest event first, and those whose time is over; two queries, three with deadlines."""
    candidates = reminders_of(_candidates(now)[:AT_ONCE])
    due: list[DueReminder] = []
    outlived: list[DueReminder] = []
    for reminder in candidates:
        if _is_over(reminder, now):
            outlived.append(reminder)
        elif reminder.timing.due <= now + HORIZON:
            due.append(reminder)
    return due, outlived


def _is_over(reminder: DueReminder, now: dt.datetime) -> bool:
    """A talk may come late in an event of many days: those are looked at until the event begins."""
    if reminder.anchor_kind == Anchor.TALK:
        return False
    return reminder.timing.useful_until < now or reminder.timing.due >= reminder.anchor


def _candidates(now: dt.datetime) -> QuerySet[Any]:
    """Reminders of published events to come that may be due by then, and that were not looked at just now.

    While a change waits to be told, or to be taken back, nobody knows yet what a reminder would say.
    """
    soon = ReminderStep.objects.filter(
        event__status=Event.Status.PUBLISHED,
        event__starts_at__gt=now,
        event__starts_at__lte=now + LONGEST_LEAD + HORIZON,
    )
    day, minute = Value(dt.timedelta(days=1)), Value(dt.timedelta(minutes=1))
    slack = Case(When(at_time=None, then=Value(dt.timedelta(hours=2))), default=Value(dt.timedelta(hours=26)))
    lead = ExpressionWrapper(F("days") * day + F("minutes") * minute + slack, output_field=DurationField())
    earliest = ExpressionWrapper(F("event__starts_at") - lead, output_field=DateTimeField())
    may_be_due = Q(anchor=Anchor.DEADLINE) | Q(earliest__lte=now + HORIZON)
    same = Q(start_version=OuterRef("version")) | Q(step__anchor=Anchor.DEADLINE)
    runs = ReminderRun.objects.filter(same, step=OuterRef("pk"), planned_until__range=(now - PASS_EVERY, now))
    return (
        soon.annotate(earliest=earliest, version=StartVersion("event__starts_at"))
        .filter(may_be_due, ~Exists(runs), ~Exists(unheard_changes(now).filter(event=OuterRef("event"))))
        .order_by("event__starts_at", "pk")
    )


def reminders_of(steps: QuerySet[Any]) -> list[DueReminder]:
    """As plain values, with their neighbours; one that counts from an end of RSVP that there is not is left out."""
    rows = list(steps.values_list(*FIELDS))
    deadlines = deadlines_of({row[6] for row in rows if row[2] == Anchor.DEADLINE})
    leads = _leads({row[6] for row in rows})
    found = (_reminder(row, deadlines, leads) for row in rows)
    return [reminder for reminder in found if reminder is not None]


def _leads(event_ids: Iterable[int]) -> dict[tuple[int, str, str], tuple[Lead, ...]]:
    found: dict[tuple[int, str, str], tuple[Lead, ...]] = {}
    rows = ReminderStep.objects.filter(event__in=set(event_ids)).order_by("pk")
    for step in rows.values("event", "audience", "anchor", "days", "minutes", "at_time"):
        key = (step["event"], step["audience"], step["anchor"])
        found[key] = (*found.get(key, ()), Lead(step["days"], step["minutes"], step["at_time"]))
    return found


def _reminder(row: tuple[Any, ...], deadlines: dict[int, dt.datetime], leads: Any) -> DueReminder | None:
    pk, audience, kind, days, minutes, at_time, event, group, starts_at, zone, language = row
    anchor = deadlines.get(event) if kind == Anchor.DEADLINE else starts_at
    if anchor is None:
        return None
    lead = Lead(days, minutes, at_time)
    return DueReminder(
        pk, audience, kind, lead, event, group, starts_at, zone, language, anchor, leads[event, audience, kind]
    )


def reminder_for(event: Event, *, audience: str, lead: Lead) -> DueReminder:
    """One that stands in no plan, for a preview of its words."""
    place = (event.pk, event.group_id, event.starts_at, event.time_zone, event.language)
    return DueReminder(0, audience, Anchor.EVENT, lead, *place, anchor=event.starts_at, leads=(lead,))
