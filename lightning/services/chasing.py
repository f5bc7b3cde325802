"""Speakers are asked and told in time: to confirm, for slides, when they are on. Once a minute, by whoever delivers.

Each letter and the mark that it was queued are one transaction, and the mark is looked at again under the talk's lock:
a kill loses and doubles nothing, and two rounds at once share the talks between them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value

from events.models import Event, Session
from lightning import notifications
from lightning.models import Block, Talk
from lightning.round_times import round_starts_at, slot_starts_at
from lightning.speaker_times import ASKED_TWICE, DAY, FLAGGED, HOUR, chases_due, is_asked_again, order_due_at

AT_ONCE = 100  # talks in a transaction
MOST_LOOKED_AT = 5000
SOONEST_CHASE = HOUR
LONGEST_MORNING = 18 * HOUR  # from eight in the morning to midnight, and an hour when the clocks change
LAST_SLIDES = 2 * HOUR  # nobody is asked for slides later than this before the round

BEGINS = "block__session__starts_at"
PLANNED = Q(block__session__status=Session.Status.PLANNED, block__session__event__status=Event.Status.PUBLISHED)
TOLD_ACCEPTED = Q(state=Talk.State.ACCEPTED, told_state=Talk.State.ACCEPTED, chases__lt=FLAGGED)
NO_SLIDES = Q(state=Talk.State.CONFIRMED, position__isnull=False, deck=None, block__slides_due_hours__gt=0)
WITH_A_SLOT = Q(state=Talk.State.CONFIRMED, position__isnull=False, started_at=None)


@dataclass(frozen=True)
class Task:
    """Talks that may be due, which of them are, and what is done about them."""

    talks: QuerySet[Talk]
    is_due: Callable[[Talk, dt.datetime], bool]
    do: Callable[[Collection[Talk], dt.datetime], None]


def look_after_speakers(now: dt.datetime) -> bool:
    """Queue what is due; True when more is left. Three queries when nothing is."""
    tasks = (
        Task(_unconfirmed(now), _is_chase_due, _chase),
        Task(_without_slides(now), _is_always_due, _ask_for_slides),
        Task(_before_their_round(now), _is_order_due, _tell_order),
    )
    left = [_do_a_part(task, now) for task in tasks]
    return any(left)


def _do_a_part(task: Task, now: dt.datetime) -> bool:
    candidates = task.talks.order_by("pk")[:MOST_LOOKED_AT]
    due = [talk.pk for talk in candidates if task.is_due(talk, now)]
    if due:
        _do(task, due[:AT_ONCE], now)
    return len(due) > AT_ONCE


@transaction.atomic
def _do(task: Task, pks: Collection[int], now: dt.datetime) -> None:
    """Those that somebody else holds are left to the next round."""
    rows = task.talks.filter(pk__in=pks).select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("pk")
    task.do([talk for talk in rows if task.is_due(talk, now)], now)


def _planned(of: Q) -> QuerySet[Talk]:
    return Talk.objects.filter(of, PLANNED).select_related("block__session__event")


def _unconfirmed(now: dt.datetime) -> QuerySet[Talk]:
    """Who was told that the talk is accepted, and has not answered."""
    to_come = Q(**{f"{BEGINS}__gt": now}) | Q(**{BEGINS: None, "block__session__event__starts_at__gt": now})
    return _planned(TOLD_ACCEPTED).filter(to_come, told_at__lte=now - SOONEST_CHASE)


def _is_chase_due(talk: Talk, now: dt.datetime) -> bool:
    return _chases_due(talk, now) > talk.chases


def _chases_due(talk: Talk, now: dt.datetime) -> int:
    begins, zone = round_starts_at(talk.block), talk.block.session.event.zone
    return chases_due(talk.told_at, begins, zone, now) if talk.told_at else 0


def _chase(talks: Collection[Talk], now: dt.datetime) -> None:
    """Ask the second time also whoever could not be asked the first; tell organisers in a letter for each round."""
    silent: dict[Block, list[Talk]] = defaultdict(list)
    for talk in talks:
        if talk.chases < ASKED_TWICE:
            _ask_to_confirm(talk, min(_chases_due(talk, now), ASKED_TWICE), now)
        else:
            silent[talk.block].append(talk)
    for block, theirs in silent.items():
        Talk.objects.filter(pk__in=[talk.pk for talk in theirs]).update(chases=FLAGGED)
        notifications.unconfirmed_flagged(block, theirs, now=now)


def _ask_to_confirm(talk: Talk, number: int, now: dt.datetime) -> None:
    begins, zone = round_starts_at(talk.block), talk.block.session.event.zone
    Talk.objects.filter(pk=talk.pk).update(chases=number)
    if talk.chases == 0 or (talk.told_at and is_asked_again(talk.told_at, begins, zone)):
        notifications.confirmation_chased(talk, number=number, now=now)


def _without_slides(now: dt.datetime) -> QuerySet[Talk]:
    """Who gives a talk, has no slides yet, and has not been asked for this date; a day before they are due."""
    ahead = ExpressionWrapper(
        Value(now + DAY) + F("block__slides_due_hours") * Value(HOUR), output_field=DateTimeField()
    )
    soon = {f"{BEGINS}__lte": ahead, f"{BEGINS}__gt": now + LAST_SLIDES}
    return _planned(NO_SLIDES).filter(**soon).exclude(slides_asked_for=F(BEGINS), slides_asked_for__isnull=False)


def _is_always_due(_talk: Talk, _now: dt.datetime) -> bool:
    return True  # the query says all there is to say


def _ask_for_slides(talks: Collection[Talk], now: dt.datetime) -> None:
    for talk in talks:
        Talk.objects.filter(pk=talk.pk).update(slides_asked_for=talk.block.session.starts_at)
        notifications.slides_due(talk, now=now)


def _before_their_round(now: dt.datetime) -> QuerySet[Talk]:
    """Who is on that day, or in the round that runs, and has not been told for this date."""
    soon = {f"{BEGINS}__lte": now + LONGEST_MORNING, "block__session__event__ends_at__gt": now}
    return _planned(WITH_A_SLOT).filter(**soon).exclude(order_told_for=F(BEGINS), order_told_for__isnull=False)


def _is_order_due(talk: Talk, now: dt.datetime) -> bool:
    """From the morning until they are on: also who gets a slot in between."""
    on_at = slot_starts_at(talk)
    zone = talk.block.session.event.zone
    return on_at is not None and order_due_at(round_starts_at(talk.block), zone) <= now < on_at


def _tell_order(talks: Collection[Talk], now: dt.datetime) -> None:
    for talk in talks:
        Talk.objects.filter(pk=talk.pk).update(order_told_for=talk.block.session.starts_at)
        notifications.running_order_told(talk, now=now)
