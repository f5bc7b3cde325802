"""When pages about an event point to its live page; pure, so it costs them no query."""

import datetime as dt

from events.models import Event
from lightning.now_and_next import round_on_stage
from lightning.schedule_types import ScheduleDocument

AHEAD = dt.timedelta(minutes=30)  # people arrive, and look for the room


def is_live_now(status: str, starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime) -> bool:
    """While the event runs, and shortly before; not for what is called off."""
    return status == Event.Status.PUBLISHED and starts_at - AHEAD <= now < ends_at


def is_document_live(document: ScheduleDocument, *, now: dt.datetime) -> bool:
    """The same, and while a round is on stage, however late it runs."""
    event = document["event"]
    if event["status"] != Event.Status.PUBLISHED:
        return False
    starts_at, ends_at = (dt.datetime.fromisoformat(event[name]) for name in ("starts_at", "ends_at"))
    is_on_stage = any(round_on_stage(document, session, now) for session in document["sessions"])
    return is_on_stage or is_live_now(event["status"], starts_at, ends_at, now=now)
