"""Talks that the calendars show: those with a place in the running order, at their real times."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from events.calendar_values import CalendarEntry, Window
from events.models import Event, Session
from events.selectors.calendars import public_sessions, session_rows
from lightning.calendar_entries import RealTime, talk_entry
from lightning.models import Block, Stage, Talk, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from lightning.progress import Slot, progress, to_the_minute
from lightning.selectors.stage import facts_of_stage
from lightning.stage_round import RUNNING
from speakers.models import Speaker, Topic

MINUTE = dt.timedelta(minutes=1)


def public_talks() -> TalkQuerySet:
    """In running order."""
    return Talk.objects.filter(block__session__in=public_sessions()).announced().in_lineup()


def talks_in_window(talks: TalkQuerySet, window: Window) -> TalkQuerySet:
    """Those whose block lies between the outer bounds of the day's window."""
    return talks.filter(block__session__ends_at__gt=window.opens_at, block__session__starts_at__lt=window.closes_at)


def with_entries(talks: TalkQuerySet) -> TalkQuerySet:
    """With all that an entry reads; three queries."""
    parts = TalkSpeaker.objects.select_related("speaker")
    related = talks.select_related(
        "block__session__event__group", "block__session__event__venue", "block__session__room", "block__stage"
    )
    return related.prefetch_related("topics", Prefetch("talk_speakers", queryset=parts))


def talk_entries(talks: TalkQuerySet, *, site_url: str, transparent: bool) -> list[tuple[Talk, CalendarEntry]]:
    """Each talk that has a time, as a feed shows it; four queries, one more while a round of theirs is on stage."""
    found = list(with_entries(talks))
    real = real_times(found)

    def entry_of(talk: Talk) -> CalendarEntry | None:
        return talk_entry(talk, site_url=site_url, transparent=transparent, real=real.get(talk.pk))

    entries = ((talk, entry_of(talk)) for talk in found)
    return [(talk, entry) for talk, entry in entries if entry]


def real_times(talks: Sequence[Talk]) -> dict[int, RealTime]:
    """What was recorded, or is expected as the round goes; reads block, session, stage of each. One query at most."""
    stages = {talk.block_id: talk.block.stage for talk in talks if hasattr(talk.block, "stage")}
    running = [pk for pk, stage in stages.items() if stage.state in RUNNING]
    found: dict[int, RealTime] = {}
    for talk in talks:
        if talk.block_id in stages and (given := _as_given(talk, stages[talk.block_id])):
            found[talk.pk] = given
    for block, lineup in _lineups(running).items():
        found |= _expected(next(talk.block for talk in talks if talk.block_id == block), lineup)
    return found


def _as_given(talk: Talk, stage: Stage) -> RealTime | None:
    if talk.state != Talk.State.GIVEN or talk.started_at is None or talk.ended_at is None:
        return None
    return RealTime(talk.started_at, max(talk.ended_at, talk.started_at + MINUTE), stage.changed_at)


def _lineups(blocks: list[int]) -> dict[int, list[Slot]]:
    lineups: dict[int, list[Slot]] = defaultdict(list)
    if blocks:
        rows = Talk.objects.filter(block__in=blocks).in_lineup()
        for row in rows.only("block", "position", "state", "started_at", "ended_at"):
            lineups[row.block_id].append(Slot(row.pk, row.position or 0, row.state, row.started_at, row.ended_at))
    return lineups


def _expected(block: Block, lineup: list[Slot]) -> dict[int, RealTime]:
    """Whole minutes, so that a calendar is not told of seconds."""
    stage, begins = block.stage, block.session.starts_at
    facts = facts_of_stage(stage, block, lineup)
    length = dt.timedelta(minutes=block.talk_minutes + block.question_minutes)
    found = {}
    if facts.talk and facts.started_at and facts.ends_at:
        found[facts.talk] = RealTime(to_the_minute(facts.started_at), to_the_minute(facts.ends_at), stage.changed_at)
    places = {slot.id: slot.position for slot in lineup}
    for talk, start in progress(facts).expected.items():
        at = to_the_minute(start)
        late = 0 if begins is None else round((at - block.times.planned_start(begins, places[talk])) / MINUTE)
        found[talk] = RealTime(at, at + length, stage.changed_at, late)
    return found


def talk_rows(talks: TalkQuerySet) -> list[QuerySet[Any]]:
    """Every row that an entry of these talks is made of, their sessions and events included."""
    return [
        *session_rows(Session.objects.filter(block__talks__in=talks)),
        Block.objects.filter(talks__in=talks),
        Stage.objects.filter(block__talks__in=talks),
        Talk.objects.filter(block__talks__in=talks, position__isnull=False),  # who comes before moves who comes after
        talks,
        TalkSpeaker.objects.filter(talk__in=talks),
        Speaker.objects.filter(talk_speakers__talk__in=talks),
        Talk.topics.through.objects.filter(talk__in=talks),
        Topic.objects.filter(talks__in=talks),
    ]


def own_talks(user: User) -> TalkQuerySet:
    """Talks of this person's claimed profile with a place in the running order, also those of unlisted groups."""
    timed = Session.objects.filter(event__in=Event.objects.published(), starts_at__isnull=False, minutes__isnull=False)
    return Talk.objects.filter(block__session__in=timed, talk_speakers__speaker__user=user).announced().in_lineup()
