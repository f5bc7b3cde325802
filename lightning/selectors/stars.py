"""Sessions and talks that people mark for themselves: which may be marked, and which of them calendars show."""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from accounts.stars import stars_of
from events.models import Event, Session
from events.models.session import SessionQuerySet
from lightning.models import Talk
from lightning.models.talk import TalkQuerySet


def markable(uids: Iterable[UUID]) -> set[UUID]:
    """Those that name a session, or a talk with a slot, of a published event; two queries."""
    asked = list(uids)
    sessions = _sessions().filter(ical_uid__in=asked).values_list("ical_uid", flat=True)
    talks = _talks().filter(ical_uid__in=asked).values_list("ical_uid", flat=True)
    return {*sessions, *talks}


def starred_sessions(user: User) -> SessionQuerySet:
    """The sessions with a time that somebody marked, also those of unlisted groups."""
    timed = _sessions().filter(starts_at__isnull=False, minutes__isnull=False)
    return timed.filter(ical_uid__in=stars_of(user).order_by().values("uid"))


def starred_talks(user: User) -> TalkQuerySet:
    """The talks somebody marked whose round has a time."""
    timed = Session.objects.filter(starts_at__isnull=False, minutes__isnull=False)
    return _talks().filter(block__session__in=timed, ical_uid__in=stars_of(user).order_by().values("uid"))


def _sessions() -> SessionQuerySet:
    return Session.objects.filter(event__in=Event.objects.published())


def _talks() -> TalkQuerySet:
    return Talk.objects.filter(block__session__event__in=Event.objects.published()).announced().in_lineup()
