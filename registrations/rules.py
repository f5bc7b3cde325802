"""Who gets a seat, who waits, who is next: values in, values out."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from registrations.states import Command

LAST_HOUR = dt.timedelta(hours=1)
SHORT_OFFERS = dt.timedelta(hours=12)
SHORTEST_OFFER = dt.timedelta(minutes=15)


class WaitingList(StrEnum):
    """What happens when a seat comes free."""

    AUTOMATIC = "automatic"
    TIMED_OFFER = "timed_offer"
    MANUAL = "manual"


@dataclass(frozen=True)
class Seats:
    """Seats of one place (the room, or online): `capacity` None means there is no limit."""

    capacity: int | None
    taken: int
    waiting: int

    @property
    def free(self) -> int | None:
        """Seats nobody holds; never negative, also after the capacity was lowered; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def fits(self, party: int) -> bool:
        """Whether so many people can sit down now."""
        return self.free is None or party <= self.free


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue; `party` counts them and their guests."""

    id: int
    party: int
    priority: int
    joined_at: dt.datetime


@dataclass(frozen=True)
class Promotion:
    """A seat for somebody who waited; `offer_until` None makes it theirs at once."""

    id: int
    party: int
    offer_until: dt.datetime | None


def admission(seats: Seats, party: int, *, needs_approval: bool = False) -> Command:
    """What a newcomer gets: nobody overtakes those who wait, even when a seat happens to be free this instant."""
    if needs_approval:
        return Command.REQUEST
    return Command.ENTER if seats.waiting == 0 and seats.fits(party) else Command.QUEUE


def queue_order(entry: Waiting) -> tuple[int, dt.datetime, int]:
    """Who comes before whom: priority first, then who came first."""
    return (-entry.priority, entry.joined_at, entry.id)


def promotions(
    queue: Iterable[Waiting],
    seats: Seats,
    *,
    policy: WaitingList,
    offer_length: dt.timedelta,
    starts_at: dt.datetime,
    now: dt.datetime,
) -> Iterator[Promotion]:
    """Who gets the free seats, in the queue's order.

    A party that does not fit as a whole keeps its place and lets smaller ones pass.
    """
    if policy is WaitingList.MANUAL or now >= starts_at:
        return
    free = seats.free
    until = None if policy is WaitingList.AUTOMATIC else offer_until(offer_length, starts_at=starts_at, now=now)
    for entry in sorted(queue, key=queue_order):
        if free == 0:
            return
        if free is None or entry.party <= free:
            free = None if free is None else free - entry.party
            yield Promotion(entry.id, entry.party, until)


def offer_until(length: dt.timedelta, *, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """How long an offer stands: shorter in the last twelve hours; None (no asking any more) in the last hour.

    It never outlasts the moment one hour before the start, so that the next in line has a chance, too.
    """
    left = starts_at - now
    if left <= LAST_HOUR:
        return None
    if left <= SHORT_OFFERS:
        length = min(length, max(SHORTEST_OFFER, left / 4))
    return now + min(length, max(SHORTEST_OFFER, left - LAST_HOUR))
