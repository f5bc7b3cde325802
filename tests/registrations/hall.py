"""A hall in memory: what registrations.rules promise, played through without a database."""

import datetime as dt
from dataclasses import dataclass, field

from registrations.rules import Seats, Waiting, WaitingList, admission, promotions, queue_order
from registrations.states import HOLDS_A_SEAT, TABLE, Command, State


@dataclass
class Guest:
    """Somebody who came to the hall's website."""

    id: int
    party: int
    state: State
    joined_at: dt.datetime
    priority: int = 0
    offer_until: dt.datetime | None = None


@dataclass
class Hall:
    """One place of one event; `promoted` lists who got a seat out of the queue last, in order."""

    capacity: int | None
    policy: WaitingList
    offer_length: dt.timedelta
    starts_at: dt.datetime
    guests: dict[int, Guest] = field(default_factory=dict)
    promoted: list[int] = field(default_factory=list)

    @property
    def held(self) -> int:
        """Seats somebody has."""
        return sum(guest.party for guest in self.guests.values() if guest.state in HOLDS_A_SEAT)

    @property
    def queue(self) -> list[Waiting]:
        """Who waits, the next in line first."""
        waiting = (guest for guest in self.guests.values() if guest.state is State.WAITING)
        entries = (Waiting(guest.id, guest.party, guest.priority, guest.joined_at) for guest in waiting)
        return sorted(entries, key=queue_order)

    @property
    def seats(self) -> Seats:
        """The counters as they should stand."""
        return Seats(self.capacity, self.held, len(self.queue))

    def arrive(self, person: int, party: int, *, now: dt.datetime) -> State:
        """Ask for seats."""
        state = TABLE[State.PENDING][admission(self.seats, party)]
        priority = self.guests[person].priority if person in self.guests else 0
        self.guests[person] = Guest(person, party, state, now, priority)
        return state

    def step(self, person: int, command: Command) -> None:
        """Leave, accept, expire."""
        guest = self.guests[person]
        guest.state, guest.offer_until = TABLE[guest.state][command], None

    def promote(self, *, now: dt.datetime) -> None:
        """Give free seats to who waits; `promoted` lists who got some this time."""
        self.promoted = []
        until, rules = self.starts_at, self.policy
        for promotion in list(
            promotions(self.queue, self.seats, policy=rules, offer_length=self.offer_length, starts_at=until, now=now)
        ):
            guest = self.guests[promotion.id]
            guest.offer_until = promotion.offer_until
            guest.state = State.OFFERED if promotion.offer_until else State.GOING
            self.promoted.append(guest.id)
