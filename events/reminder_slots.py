"""When one person gets one reminder, if at all: what they wish and when they joined decide; pure values."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from events.reminder_times import (
    SETTLING,
    Lead,
    Quiet,
    Rhythm,
    Sort,
    digest_name,
    digest_slot,
    due_at,
    outside_quiet_hours,
    sort_of,
    useful_until,
)


class Wishes(NamedTuple):
    """What somebody chose (accounts.MailPreferences), in the order in which it is read from the database."""

    week_before: bool = True
    day_before: bool = True
    hour_before: bool = True
    digest: str = Rhythm.NONE
    digest_time: dt.time = dt.time(8)
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None

    def wants(self, sort: Sort) -> bool:
        """Whether they are reminded that long before."""
        return {Sort.WEEK: self.week_before, Sort.DAY: self.day_before, Sort.HOUR: self.hour_before}[sort]

    @property
    def quiet(self) -> Quiet | None:
        """Their quiet hours."""
        return Quiet(self.quiet_from, self.quiet_until) if self.quiet_from and self.quiet_until else None


class Person(NamedTuple):
    """Somebody in an audience; `user_id` is None for a speaker of whom only an address is known."""

    event_id: int
    key: int  # the row's number, by which a large audience is read on
    user_id: int | None
    address: str
    language: str = ""
    zone: str = ""  # empty: the event's
    since: dt.datetime | None = None  # when they joined; None: not known
    talk_at: dt.datetime | None = None
    wishes: Wishes | None = None  # None: the defaults


class Slot(NamedTuple):
    """When it goes out; in somebody's digest of that day or week when that has a name."""

    at: dt.datetime
    digest: str = ""


@dataclass(frozen=True)
class Timing:
    """One reminder counted back from one instant; `leads` are all that this audience gets before the same instant."""

    lead: Lead
    anchor: dt.datetime
    zone: ZoneInfo
    leads: tuple[Lead, ...] = ()

    @cached_property
    def due(self) -> dt.datetime:
        """When it goes out to who has no wishes."""
        return due_at(self.lead, self.anchor, self.zone)

    @cached_property
    def following(self) -> dt.datetime | None:
        """When the next one is due."""
        return min((due for due in self._dues() if self.due < due < self.anchor), default=None)

    @cached_property
    def useful_until(self) -> dt.datetime:
        """Until when who missed it may still get it."""
        return useful_until(self.due, self.anchor, self._dues())

    @cached_property
    def sort(self) -> Sort:
        """Which switch it belongs to."""
        return sort_of(self.lead, self.anchor, self.zone)

    def _dues(self) -> Iterable[dt.datetime]:
        return [due_at(lead, self.anchor, self.zone) for lead in self.leads]

    def slot_for(self, person: Person, now: dt.datetime) -> Slot | None:
        """When this person gets it; None when they do not want it, or it would come too late to be of use."""
        at = max(now, self._settled(person, now))
        if at > self.useful_until or self.due >= self.anchor:
            return None
        wishes = person.wishes
        if wishes is None:
            return Slot(at)
        if not wishes.wants(self.sort):
            return None
        zone = ZoneInfo(person.zone) if person.zone else self.zone
        if wishes.digest != Rhythm.NONE:
            return self._in_digest(at, wishes, zone, now)
        return self._outside_quiet_hours(at, wishes.quiet, zone, now)

    def _settled(self, person: Person, now: dt.datetime) -> dt.datetime:
        """Due, or one hour after they joined, or were first seen, where that is later."""
        if person.since is not None:
            return max(self.due, person.since + SETTLING)
        return self.due if self.due >= now else now + SETTLING

    def _in_digest(self, at: dt.datetime, wishes: Wishes, zone: ZoneInfo, now: dt.datetime) -> Slot | None:
        if self.sort == Sort.HOUR:
            return None
        rhythm = Rhythm(wishes.digest)
        earliest = at if at > self.due else now
        slot = digest_slot(at, self.anchor, rhythm=rhythm, at=wishes.digest_time, zone=zone, now=earliest)
        return Slot(slot, digest_name(slot, rhythm, zone)) if slot else None

    def _outside_quiet_hours(
        self, at: dt.datetime, quiet: Quiet | None, zone: ZoneInfo, now: dt.datetime
    ) -> Slot | None:
        """Not in the past, and not when the next one comes at the same time."""
        shifted = outside_quiet_hours(at, self.anchor, quiet, zone)
        if shifted < now:
            return None
        if self.following and outside_quiet_hours(self.following, self.anchor, quiet, zone) <= shifted:
            return None
        return Slot(shifted)
