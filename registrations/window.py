"""When and for whom RSVP is open: values in, a refusal or nothing out."""

import datetime as dt
from enum import StrEnum


class Closed(StrEnum):
    """Why nobody can register now."""

    NOT_YET = "not_yet"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    DRAFT = "draft"


def closed_because(
    *,
    status: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    opens_at: dt.datetime | None,
    closes_at: dt.datetime | None,
    now: dt.datetime,
) -> Closed | None:
    """None while RSVP is open; without a closing time it is open until the end, for who comes late."""
    if status != "published":
        return Closed(status)
    if now >= ends_at:
        return Closed.OVER
    if opens_at and now < opens_at:
        return Closed.NOT_YET
    if closes_at and now >= closes_at:
        return Closed.CLOSED
    return None
