"""What the door needs to know: who is expected, who is here, by names alone; hosts see no addresses."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from core.text import search_words
from events.models import Event
from registrations.models import CheckIn, Place, Registration
from registrations.states import State

CODE_LENGTH = 8  # of the ticket: enough to tell people of one event apart, not enough to print one
EXPECTED = frozenset({State.GOING, State.CHECKED_IN, State.NO_SHOW})


@dataclass(frozen=True)
class DoorPerson:
    """One registration as a host sees it; `in_*` say when and where they came in, while they are in."""

    id: uuid.UUID
    name: str
    guests: int
    state: str
    place: str
    code: str
    is_walk_in: bool
    in_at: dt.datetime | None = None
    in_door: str = ""
    in_by: str = ""

    @property
    def party(self) -> int:
        """Heads: the person and their guests."""
        return 1 + self.guests

    @property
    def is_expected(self) -> bool:
        """Whether a seat in the room is theirs."""
        return self.place == Place.ROOM and self.state in EXPECTED

    @property
    def is_in(self) -> bool:
        """Whether they came."""
        return self.state == State.CHECKED_IN


@dataclass(frozen=True)
class DoorList:
    """Everybody of one event, by name, and the counts of heads."""

    people: list[DoorPerson]

    @property
    def expected(self) -> list[DoorPerson]:
        """Those with a seat in the room, whether they are in or not."""
        return [person for person in self.people if person.is_expected]

    @property
    def expected_count(self) -> int:
        """Heads."""
        return heads(self.expected)

    @property
    def here_count(self) -> int:
        """Heads."""
        return heads(person for person in self.expected if person.is_in)

    @property
    def walk_in_count(self) -> int:
        """Those among them who came without a seat."""
        return heads(person for person in self.expected if person.is_in and person.is_walk_in)

    def matching(self, text: str, show: str = "") -> list[DoorPerson]:
        """Whose name holds all the words; without words those with a seat. `show` is in, out or nothing."""
        words = search_words(text).split()
        people = self.people if words else self.expected
        found = [person for person in people if all(word in search_words(person.name) for word in words)]
        return [person for person in found if not show or person.is_in == (show == "in")]


def heads(people: Iterable[DoorPerson]) -> int:
    """How many people that is, guests included."""
    return sum(person.party for person in people)


def door_list(event: Event) -> DoorList:
    """Two queries, however many come. Whoever deleted their account, and undone walk-ins, are not looked for."""
    arrivals = CheckIn.objects.filter(action=CheckIn.Action.IN).select_related("by").order_by("at", "received_at")
    gone = Q(state__in=(State.CANCELLED, State.DECLINED)) & (Q(user=None) | Q(name="", user__name=""))
    rows = Registration.objects.filter(event=event).exclude(gone).select_related("user")
    people = [door_person(row) for row in rows.prefetch_related(Prefetch("check_ins", arrivals, to_attr="arrivals"))]
    return DoorList(sorted(people, key=lambda person: (search_words(person.name), str(person.id))))


def door_person(registration: Registration) -> DoorPerson:
    """The row as hosts see it; without `arrivals` prefetched it costs a query for who is in."""
    arrival = _arrival(registration) if registration.state == State.CHECKED_IN else None
    return DoorPerson(
        id=registration.public_id,
        name=registration.name or (registration.user.name if registration.user else ""),
        guests=registration.guests,
        state=registration.state,
        place=registration.place,
        code=registration.ticket[:CODE_LENGTH],
        is_walk_in=registration.source == Registration.Source.WALK_IN,
        in_at=arrival.at if arrival else None,
        in_door=arrival.door if arrival else "",
        in_by=arrival.by.name if arrival and arrival.by else "",
    )


def _arrival(registration: Registration) -> CheckIn | None:
    known: list[CheckIn] | None = getattr(registration, "arrivals", None)
    if known is not None:
        return known[-1] if known else None
    rows = registration.check_ins.filter(action=CheckIn.Action.IN).select_related("by")
    return rows.order_by("at", "received_at").last()
