"""Moving an event to another date or place, with its programme, so that everybody concerned is told once."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from core.changes import RowChange
from events.models import Event
from events.services.events import revise_event
from events.services.programme import change_programme

MOVABLE = ("starts_at", "ends_at", "time_zone", "format", "venue")


@transaction.atomic
def move_event(
    *, event: Event, now: dt.datetime, by: User | None = None, with_programme: bool = False, **fields: Any
) -> Event:
    """Change dates and place; `with_programme` moves every session by as much as the start. RowRefused names one."""
    before = Event.objects.select_for_update(of=("self",)).get(pk=event.pk).starts_at
    moved = revise_event(event=event, now=now, by=by, **fields)
    shift = moved.starts_at - before
    if with_programme and shift:
        starts = [(one, one.starts_at) for one in moved.sessions.all()]
        changes = [RowChange(one, {"starts_at": begins + shift}, one.title) for one, begins in starts if begins]
        change_programme(event=moved, changes=changes, now=now)
    return moved
