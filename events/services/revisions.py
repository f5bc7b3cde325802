"""What every visible change brings with it: revision, SEQUENCE, and a ring on the live channel."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import transaction

from core.changes import changed_fields, set_related, write_fields
from core.live_channel import announce
from events.models import Event
from events.rules import is_significant
from speakers.models import Topic

_announced_later: ContextVar[frozenset[int]] = ContextVar("events that are announced later", default=frozenset())


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


def announce_schedule(event: Event) -> None:
    """After the commit, ring open schedule pages; a ring that gets lost costs a minute, nothing else."""
    if event.pk not in _announced_later.get():
        transaction.on_commit(partial(announce, event.slug, {"type": "schedule", "event": event.slug}), robust=True)


@contextmanager
def announced_once(event: Event) -> Iterator[None]:
    """Ring once, at the end: for one transaction that writes a whole programme."""
    before = _announced_later.set(_announced_later.get() | {event.pk})
    try:
        yield
    finally:
        _announced_later.reset(before)
    announce_schedule(event)
