"""Telling open pages that places were taken or given back, or that somebody came through the door."""

from functools import partial

from django.db import transaction

from core.live_channel import announce_soon
from events.models import Event


def announce_seats(event: Event) -> None:
    """After the commit; a ring that gets lost costs a page a minute, nothing else."""
    transaction.on_commit(partial(announce_soon, event.slug, "seats"), robust=True)


def announce_door(event: Event) -> None:
    """After the commit: the other host's phone counts anew."""
    transaction.on_commit(partial(announce_soon, event.slug, "door"), robust=True)
