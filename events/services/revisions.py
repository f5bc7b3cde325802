"""What every visible change brings with it: revision, SEQUENCE, touched feeds, and a ring on the live channel."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q

from core.changes import changed_fields, set_related, write_fields
from core.live_channel import announce
from events.models import Event, Group, Series, Session
from events.rules import is_significant
from speakers.models import Speaker, Topic

_touched_later: ContextVar[frozenset[int]] = ContextVar("events whose feeds are touched later", default=frozenset())


def revise(
    row: Any,
    values: Mapping[str, Any],
    *,
    significant: frozenset[str],
    was_public: bool,
    now: dt.datetime,
    topics: Iterable[Topic] | None = None,
) -> set[str]:
    """Write what differs into the locked row and return its names; SEQUENCE and revision move with it.

    `topics` are what it is about from now on; None leaves them alone.
    """
    changed = changed_fields(row, values)
    written = {name: values[name] for name in changed} | {"revised_at": now.replace(microsecond=0)}
    if set_related(row, "topics", topics):
        changed.add("topics")
    if not changed:
        return changed
    if is_significant(changed, significant, was_public=was_public):
        written["sequence"] = row.sequence + 1
    write_fields(row, written)
    return changed


def date_revision(row: Any, *, now: dt.datetime) -> None:
    """Move the revision of a row whose own fields stay, because something it is shown with has changed."""
    row.revised_at = now.replace(microsecond=0)
    row.save(update_fields=["revised_at"])


def touch_event_feeds(event: Event, *, now: dt.datetime) -> None:
    """Move the date of every feed that shows this event, and tell open schedule pages to look again."""
    if event.pk in _touched_later.get():
        return
    Group.objects.filter(pk=event.group_id).update(touched_at=now)
    Series.objects.filter(pk=event.series_id).update(touched_at=now)
    Topic.objects.filter(Q(events=event) | Q(sessions__event=event)).update(touched_at=now)
    Speaker.objects.filter(sessions__event=event).update(touched_at=now)
    announce_schedule(event)


def touch_session_feeds(session: Session, *, now: dt.datetime) -> None:
    """The same for one session; also called before it goes, while its speakers are still known."""
    Speaker.objects.filter(sessions=session).update(touched_at=now)
    touch_event_feeds(session.event, now=now)


@contextmanager
def touched_once(event: Event, *, now: dt.datetime) -> Iterator[None]:
    """Touch the event's feeds once, at the end: for one transaction that writes a whole programme."""
    before = _touched_later.set(_touched_later.get() | {event.pk})
    try:
        yield
    finally:
        _touched_later.reset(before)
    touch_event_feeds(event, now=now)


def announce_schedule(event: Event) -> None:
    """After the commit, ring open schedule pages; a ring that gets lost costs a minute, nothing else."""
    transaction.on_commit(partial(announce, event.slug, {"type": "schedule", "event": event.slug}), robust=True)
