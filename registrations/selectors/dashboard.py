"""Numbers for organisers: how full events are, and how many of those who had a seat came; never about one person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from events.models import Event, Group
from registrations.models import Place, Registration, Seats
from registrations.states import State

LAST_EVENTS = 10
CAME, MISSED = Q(registrations__state=State.CHECKED_IN), Q(registrations__state=State.NO_SHOW)


@dataclass(frozen=True)
class PlaceNumbers:
    """Seats of one place; `capacity` None means there is no limit."""

    place: str
    taken: int
    capacity: int | None
    waiting: int


@dataclass
class EventNumbers:
    """How full an event is; `came` counts people and their guests, `asks` those who wait for an organiser's yes."""

    places: list[PlaceNumbers] = field(default_factory=list)
    came: int = 0
    missed: int = 0
    asks: int = 0

    @property
    def taken(self) -> int:
        """Seats that are given away, offers included."""
        return sum(place.taken for place in self.places)

    @property
    def capacity(self) -> int | None:
        """All seats; None when one place has no limit."""
        limits = [place.capacity for place in self.places if place.capacity is not None]
        return sum(limits) if len(limits) == len(self.places) else None

    @property
    def waiting(self) -> int:
        """Registrations in the queue."""
        return sum(place.waiting for place in self.places)


@dataclass(frozen=True)
class ShowUp:
    """Of the last `events` whose door was used: people who had a seat in the room and came, or did not."""

    came: int
    missed: int
    events: int

    @property
    def percent(self) -> int:
        """Rounded; there is at least one person."""
        return round(100 * self.came / (self.came + self.missed))


def event_numbers(event_ids: Collection[int]) -> dict[int, EventNumbers]:
    """By id, for the events that take RSVPs; two queries."""
    numbers: dict[int, EventNumbers] = {}
    for seats in Seats.objects.filter(plan__event__in=event_ids).annotate(event_id=F("plan__event")):
        mine = numbers.setdefault(seats.event_id, EventNumbers())
        mine.places.append(PlaceNumbers(seats.place, seats.taken, seats.capacity, seats.waiting))
    counted = (State.CHECKED_IN, State.NO_SHOW, State.REQUESTED)
    rows = Registration.objects.filter(event__in=event_ids, state__in=counted).order_by()
    for event_id, state, people in rows.values_list("event", "state").annotate(people=Sum(F("guests") + 1)):
        name = {State.CHECKED_IN: "came", State.NO_SHOW: "missed", State.REQUESTED: "asks"}[state]
        setattr(numbers.setdefault(event_id, EventNumbers()), name, people)
    return numbers


def show_up_rates(groups: QuerySet[Group] | Iterable[int]) -> dict[int, ShowUp]:
    """By the group's id, over its last events with numbers; groups without are left out. One query."""
    in_room = Q(registrations__place=Place.ROOM)
    events = Event.objects.filter(group__in=groups).annotate(
        came=Count("registrations", filter=CAME & in_room), missed=Count("registrations", filter=MISSED & in_room)
    )
    latest = Window(RowNumber(), partition_by=F("group"), order_by=[F("starts_at").desc(), F("id").desc()])
    counted = events.filter(came__gt=0).annotate(place_in_time=latest).filter(place_in_time__lte=LAST_EVENTS)
    rates: dict[int, ShowUp] = {}
    for group, came, missed in counted.values_list("group", "came", "missed"):
        before = rates.get(group, ShowUp(0, 0, 0))
        rates[group] = ShowUp(before.came + came, before.missed + missed, before.events + 1)
    return rates
