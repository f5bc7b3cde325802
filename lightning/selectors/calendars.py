"""Talks that the public calendars show: those with a place in the running order of a public event."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from events.calendar_values import Window
from events.models import Event, Session
from events.selectors.calendars import public_sessions, session_rows
from lightning.models import Block, Talk, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from speakers.models import Speaker, Topic


def public_talks() -> TalkQuerySet:
    """In running order."""
    return Talk.objects.filter(block__session__in=public_sessions()).in_lineup()


def talks_in_window(talks: TalkQuerySet, window: Window) -> TalkQuerySet:
    """Those whose block lies between the outer bounds of the day's window."""
    return talks.filter(block__session__ends_at__gt=window.opens_at, block__session__starts_at__lt=window.closes_at)


def with_entries(talks: TalkQuerySet) -> TalkQuerySet:
    """With all that an entry reads; three queries."""
    parts = TalkSpeaker.objects.select_related("speaker")
    related = talks.select_related(
        "block__session__event__group", "block__session__event__venue", "block__session__room"
    )
    return related.prefetch_related("topics", Prefetch("talk_speakers", queryset=parts))


def talk_rows(talks: TalkQuerySet) -> list[QuerySet[Any]]:
    """Every row that an entry of these talks is made of, their sessions and events included."""
    return [
        *session_rows(Session.objects.filter(block__talks__in=talks)),
        Block.objects.filter(talks__in=talks),
        talks,
        TalkSpeaker.objects.filter(talk__in=talks),
        Speaker.objects.filter(talk_speakers__talk__in=talks),
        Talk.topics.through.objects.filter(talk__in=talks),
        Topic.objects.filter(talks__in=talks),
    ]


def own_talks(user: User) -> TalkQuerySet:
    """Talks of this person's claimed profile with a place in the running order, also those of unlisted groups."""
    timed = Session.objects.filter(event__in=Event.objects.published(), starts_at__isnull=False, minutes__isnull=False)
    return Talk.objects.filter(block__session__in=timed, talk_speakers__speaker__user=user).in_lineup()
