"""When talks may be proposed for a round, and why not: values in, values out."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

HOUR = dt.timedelta(hours=1)


class Closed(StrEnum):
    """Why nobody can propose now."""

    NOT_YET = "not_yet"
    CLOSED = "closed"
    OVER = "over"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    DRAFT = "draft"


@dataclass(frozen=True)
class Window:
    """Open when `closed` is None, then until `changes_at`; else it opens at `changes_at`, or never when that is None.

    `is_night` says that slots are given away on the night: from an hour before the round until its end.
    """

    closed: Closed | None
    changes_at: dt.datetime | None = None
    is_night: bool = False

    @property
    def is_open(self) -> bool:
        """Whether talks are taken."""
        return self.closed is None


@dataclass(frozen=True)
class Times:
    """A round's start and end with its call's rules, which are relative to them."""

    begins: dt.datetime
    ends: dt.datetime
    opens_before: dt.timedelta | None
    closes_before: dt.timedelta
    is_open_on_the_night: bool

    @property
    def opens_at(self) -> dt.datetime | None:
        """None: as soon as the event is public."""
        return None if self.opens_before is None else self.begins - self.opens_before

    @property
    def closes_at(self) -> dt.datetime:
        """The last instant for proposals ahead of the night; from then on a draw may be held."""
        closes = self.begins - self.closes_before
        return min(closes, self.night_opens_at) if self.is_open_on_the_night else closes

    @property
    def night_opens_at(self) -> dt.datetime:
        """When the round is near enough for people to sign up in the room."""
        return self.begins - HOUR


def window(times: Times, *, status: str, is_cancelled: bool, now: dt.datetime) -> Window:
    """Whether talks are taken now. `status` is the event's; `is_cancelled` says that the round itself is off."""
    if status != "published":
        return Window(Closed(status))
    if is_cancelled:
        return Window(Closed.CANCELLED)
    if now >= times.ends:
        return Window(Closed.OVER)
    if times.is_open_on_the_night and now >= times.night_opens_at:
        return Window(None, times.ends, is_night=True)
    return _ahead_of_the_night(times, now)


def _ahead_of_the_night(times: Times, now: dt.datetime) -> Window:
    if times.opens_at and now < times.opens_at:
        return Window(Closed.NOT_YET, times.opens_at)
    if now < times.closes_at:
        goes_on = times.is_open_on_the_night and times.closes_at == times.night_opens_at
        return Window(None, times.ends if goes_on else times.closes_at)
    return Window(Closed.CLOSED, times.night_opens_at if times.is_open_on_the_night else None)
