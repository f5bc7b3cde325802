"""What the RSVP card says about an event, and about the person who looks at it; what rows of lists say of seats."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, Sum
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from events.models import Event
from registrations.links import manage_path
from registrations.models import Registration, RegistrationChange, RegistrationPlan, Seats, SeriesRegistration
from registrations.rules import admission
from registrations.selectors.people import place_in_queue, registration_for
from registrations.selectors.plans import plan_or_none
from registrations.states import IS_OVER, Command, State
from registrations.window import Closed, closed_because
from web.ways_in import way_in

Admission = RegistrationPlan.Admission


@dataclass(frozen=True)
class PlaceCard:
    """The numbers of one place; nobody's name is among them."""

    place: str
    capacity: int | None
    taken: int
    waiting: int
    left: int | None
    is_full: bool

    @property
    def filled(self) -> int:
        """For the bar: after the capacity was lowered more may be taken than there is."""
        return min(self.taken, self.capacity or 0)


@dataclass(frozen=True)
class Entrance:
    """One button of who may come in: `way` is enter, queue or ask."""

    place: str
    way: str
    is_primary: bool


@dataclass(frozen=True)
class Card:
    """One RSVP card. `state` is a word of the templates: see `_state`."""

    event: Event
    plan: RegistrationPlan
    state: str
    places: list[PlaceCard]
    is_on: bool  # it began, and is not over
    registration: Registration | None = None
    is_known: bool = False  # a signed-in person, or the holder of a link out of our mail
    action: str = ""  # where the buttons post to
    needs_csrf: bool = True
    manage_path: str = ""
    way_in: str = ""
    position: int | None = None
    moved_up: int = 0  # people who came from the waitlist to the meetup before
    before: Event | None = None
    came: int = 0

    @property
    def entrances(self) -> list[Entrance]:
        """The buttons, places with room first; the first one is yellow."""
        places = sorted(self.places, key=lambda place: place.is_full)
        return [Entrance(place.place, self._way(place), place is places[0]) for place in places]

    def _way(self, place: PlaceCard) -> str:
        if self.plan.admission == Admission.APPROVAL:
            return "ask"
        return "queue" if place.is_full else "enter"

    @property
    def total_left(self) -> int | None:
        """Places somebody could take now, in the room and online; None when there is no limit somewhere."""
        open_ones = [place.left for place in self.places if not place.is_full]
        return None if None in open_ones else sum(left for left in open_ones if left)

    @property
    def waiting(self) -> int:
        """How many registrations wait, in the room and online."""
        return sum(place.waiting for place in self.places)

    @property
    def needs_form(self) -> bool:
        """Whether one click cannot do: something has to be answered, or we do not know who clicks."""
        return not self.is_known or any(question.is_required for question in self.plan.questions.all())

    @property
    def has_more_to_say(self) -> bool:
        """Whether the form asks more than one click can say."""
        asks = self.plan.max_guests or self.plan.questions.all()
        return not self.needs_form and bool(asks or self.event.series_id)

    @property
    def is_live(self) -> bool:
        """Whether the numbers may change while somebody looks at them."""
        return self.state not in ("cancelled", "postponed", "past")

    @property
    def changes_at(self) -> dt.datetime | None:
        """When the clock alone will change what the card says."""
        if self.state == "not_yet":
            return self.plan.opens_at
        return self.plan.closes_at or (self.event.ends_at if self.is_on else self.event.starts_at)


@dataclass(frozen=True)
class RowSeats:
    """What a list says about an event one can go to; `left` None: there is no limit."""

    left: int | None
    capacity: int | None
    waiting: int
    is_full: bool


def signed_in(request: HttpRequest) -> User | None:
    """The person whose session this is."""
    return request.user if isinstance(request.user, User) else None


def card_of(event: Event, *, user: User | None, now: dt.datetime, before: Event | None = None) -> Card | None:
    """The card for a stranger or a signed-in person; None for an event without RSVP. Three queries for a stranger."""
    plan = plan_or_none(event)
    if plan is None:
        return None
    registration = registration_for(event, user) if user else None
    return _card(event, plan, registration, user=user, now=now, before=before)


def card_by_link(registration: Registration, plan: RegistrationPlan, *, now: dt.datetime) -> Card:
    """The card for who holds the link out of our mail, whoever they are signed in as."""
    # The link is the key, no cookie is: a form elsewhere that knows it could just as well follow it
    return _card(registration.event, plan, registration, user=registration.user, now=now, needs_csrf=False)


def _card(
    event: Event,
    plan: RegistrationPlan,
    registration: Registration | None,
    *,
    user: User | None,
    now: dt.datetime,
    before: Event | None = None,
    needs_csrf: bool = True,
) -> Card:
    places = [place_card(seats) for seats in plan.seats.all()]
    state = _state(event, plan, places, registration, user=user, now=now)
    path = manage_path(registration) if registration else ""
    return Card(
        event=event,
        plan=plan,
        state=state,
        places=places,
        is_on=event.starts_at <= now < event.ends_at,
        registration=registration,
        is_known=user is not None,
        action=reverse("rsvp", args=[event.slug]) if needs_csrf else path,
        needs_csrf=needs_csrf,
        manage_path=path,
        way_in=way_in(registration) if registration else "",
        position=place_in_queue(registration) if registration and state == "waiting" else None,
        moved_up=moved_up(before) if before and state == "full" else 0,
        before=before,
        came=came(event) if state == "past" else 0,
    )


def place_card(seats: Seats) -> PlaceCard:
    """The numbers as a newcomer meets them: a free seat that somebody waits for is not free."""
    count = seats.count
    is_full = admission(count, 1) is Command.QUEUE
    left = 0 if is_full else count.free
    return PlaceCard(seats.place, count.capacity, count.taken, count.waiting, left, is_full)


def _state(
    event: Event,
    plan: RegistrationPlan,
    places: list[PlaceCard],
    registration: Registration | None,
    *,
    user: User | None,
    now: dt.datetime,
) -> str:
    """The event's own state goes first, then the person's, then whether a newcomer may come in."""
    closed = window(event, plan, now=now)
    if closed in (Closed.CANCELLED, Closed.POSTPONED, Closed.DRAFT):
        return closed.value
    if closed is Closed.OVER:
        return "past"
    if registration is not None and registration.state not in IS_OVER:
        return _standing(registration, now=now)
    if closed is not None:
        return closed.value
    if plan.admission == Admission.INVITATION and not is_invited(plan, user):
        return "not_invited" if user else "invitation"
    return "full" if places and all(place.is_full for place in places) else "open"


def _standing(registration: Registration, *, now: dt.datetime) -> str:
    if registration.state == State.OFFERED and registration.offer_until and registration.offer_until <= now:
        return "lapsed"
    if registration.state == State.GOING and registration.reconfirm_asked_at and not registration.reconfirmed_at:
        return "reconfirm"
    return str(registration.state)


def window(event: Event, plan: RegistrationPlan, *, now: dt.datetime) -> Closed | None:
    """Why nobody can register now; None while they can."""
    return closed_because(
        status=event.status,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        now=now,
    )


def is_invited(plan: RegistrationPlan, user: User | None) -> bool:
    """Whether an organiser asked this person to come."""
    return user is not None and plan.invitations.filter(email__iexact=user.email).exists()


def moved_up(event: Event) -> int:
    """How many people came from the waitlist to a seat."""
    from_queue = Q(before=State.WAITING) | Q(before=State.OFFERED)
    steps = RegistrationChange.objects.filter(from_queue, registration__event=event, after=State.GOING)
    return steps.values("registration").distinct().count()


def came(event: Event) -> int:
    """How many people the door counted, guests included; 0 where nobody kept the door."""
    arrived = Registration.objects.filter(event=event, state=State.CHECKED_IN)
    return arrived.aggregate(people=Sum(1 + F("guests")))["people"] or 0


def comes_to_series(registration: Registration) -> bool:
    """Whether this person is registered for all events of the series."""
    event, user = registration.event, registration.user_id
    standing = SeriesRegistration.objects.filter(series=event.series_id, user=user, left_at=None)
    return bool(event.series_id and user and standing.exists())


def seats_of(events: Iterable[Event], *, now: dt.datetime) -> dict[int, RowSeats]:
    """Places of the events that take RSVPs from anybody now, by event id. One query."""
    rows = Seats.objects.filter(plan__event__in=[event.pk for event in events]).select_related("plan__event")
    found: dict[int, list[PlaceCard]] = {}
    for seats in rows.order_by("-place"):
        plan = seats.plan
        if plan.admission == Admission.OPEN and window(plan.event, plan, now=now) is None:
            found.setdefault(plan.event_id, []).append(place_card(seats))
    return {event_id: _row_seats(places) for event_id, places in found.items()}


def _row_seats(places: list[PlaceCard]) -> RowSeats:
    open_ones = [place for place in places if not place.is_full]
    return RowSeats(
        left=None if any(place.left is None for place in open_ones) else sum(place.left or 0 for place in open_ones),
        capacity=None if any(place.capacity is None for place in places) else sum(p.capacity or 0 for p in places),
        waiting=sum(place.waiting for place in places),
        is_full=not open_ones,
    )
