"""Telling open pages that places were taken or given back, or that somebody came through the door."""

from functools import partial

from django.db import transaction

from core.live_channel import announce
from events.models import Event


def announce_seats(event: Event) -> None:
    """After the commit; a ring that gets lost costs a page a minute, nothing else."""
    _ring(event, "seats")


def announce_door(event: Event) -> None:
    """After the commit: the other host's phone counts anew."""
    _ring(event, "door")


def _ring(event: Event, kind: str) -> None:
    transaction.on_commit(partial(announce, event.slug, {"type": kind, "event": event.slug}), robust=True)
