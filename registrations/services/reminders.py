"""What reminders ask of registrations: who is going, who waits, when RSVP ends, and what letters tell them."""

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.audiences import (
    Asked,
    Facts,
    Reader,
    Source,
    Tell,
    register_deadlines,
    register_extra,
    register_source,
)
from events.letters import Fact, Link
from events.models import Event
from events.reminder_slots import Person
from events.selectors.reminder_people import accounts_of, columns, paired, person_of
from registrations.letters import SAMPLE_TICKET, leave_url, manage_url, queue_places, seat_buttons
from registrations.models import Place, Registration, RegistrationPlan
from registrations.selectors.dashboard import EventNumbers, event_numbers
from registrations.states import State

ACCOUNT = columns("user__")


class OfState:
    """The audience of those in one state."""

    def __init__(self, state: State) -> None:
        self.state = state

    def people(
        self,
        event_ids: Collection[int],
        *,
        after: int = 0,
        limit: int | None = None,
        changed_since: dt.datetime | None = None,
    ) -> list[Person]:
        """In the order of their rows; one query."""
        rows = Registration.objects.filter(event__in=event_ids, state=self.state, user__is_active=True)
        new = Q(pk__gt=after)
        if changed_since is not None:
            new |= Q(changed_at__gte=changed_since) | Q(user__mail_preferences__changed_at__gte=changed_since)
        names = ("event", "pk", "user", "changed_at", *ACCOUNT)
        values = rows.filter(new).order_by("event", "pk").values_list(*names)
        return [person_of(*row) for row in values[:limit]]

    def newest(self) -> int:
        """The last row, whatever its event and state."""
        return Registration.objects.aggregate(last=Max("pk"))["last"] or 0

    def facts(self, asked: Collection[Asked]) -> Tell:
        """What their rows say; one query, one more for places in the queue."""
        events, users = {one.event.pk for one in asked}, accounts_of(one.reader for one in asked)
        rows = Registration.objects.filter(event__in=events, user__in=users, state=self.state).select_related("user")
        found = {(row.event_id, row.user_id): row for row in rows}
        places = queue_places(found.values())

        def tell(event: Event, reader: Reader) -> Facts | None:
            registration = found.get((event.pk, reader.user_id)) if reader.user_id else None
            if registration is None:
                return None
            registration.event = event
            return facts_of(registration, places.get(registration.pk))

        return tell

    def events_of(
        self, readers: Collection[Reader], now: dt.datetime, until: dt.datetime
    ) -> Collection[tuple[Reader, int]]:
        """Theirs in between; one query."""
        rows = Registration.objects.filter(user__in=accounts_of(readers), state=self.state)
        soon = rows.filter(event__starts_at__gt=now, event__starts_at__lte=until)
        return paired(soon.values_list("user", "event"), readers)

    def sample(self, event: Event) -> Facts:
        """Of nobody."""
        return facts_of(Registration(event=event, name="Bo", state=self.state, ticket=SAMPLE_TICKET), None)

    def source(self) -> Source:
        """As events.audiences wants it."""
        return Source(self.people, self.facts, self.events_of, self.sample, self.newest)


def facts_of(registration: Registration, place: int | None) -> Facts:
    """With the buttons that show the ticket, lead in online, and free the seat: opening them changes nothing."""
    is_online = registration.place == Place.ONLINE
    if registration.state != State.WAITING:
        return Facts(registration.name, is_online=is_online, buttons=tuple(seat_buttons(registration)))
    line = (Fact(_("Waitlist"), _("Number %(place)s in line") % {"place": place}),) if place else ()
    return Facts(
        registration.name,
        is_online=is_online,
        rows=line,
        buttons=(
            Link(_("My place in line"), manage_url(registration)),
            Link(_("Leave the waitlist"), leave_url(registration)),
        ),
        placeholders={"place_in_queue": place},
    )


def own_place(asked: Collection[Asked]) -> Callable[[Event, Reader], Facts]:
    """Who speaks and has a seat gets the buttons for it, too; one query."""
    going = GOING.facts(asked)

    def tell(event: Event, reader: Reader) -> Facts:
        facts = going(event, reader)
        return Facts(buttons=facts.buttons) if facts else Facts()

    return tell


def numbers(asked: Collection[Asked]) -> Callable[[Event, Reader], Facts]:
    """For organisers and hosts: how many come, how many wait, and the list at the door; three queries."""
    plans = RegistrationPlan.objects.filter(event__in={one.event.pk for one in asked})
    found = event_numbers(list(plans.values_list("event", flat=True)))
    return lambda event, _reader: _in_numbers(event, found[event.pk]) if event.pk in found else Facts()


def _in_numbers(event: Event, found: EventNumbers) -> Facts:
    seats = str(found.taken) if found.capacity is None else f"{found.taken}/{found.capacity}"
    waiting = ngettext("%d on the waitlist", "%d on the waitlist", found.waiting) % found.waiting
    row = Fact(_("RSVPs"), _("%(seats)s going") % {"seats": seats}, (waiting,) if found.waiting else ())
    door = settings.SITE_URL + reverse("door", args=[event.slug])
    return Facts(rows=(row,), buttons=(Link(_("Open the door list"), door),))


def deadlines(event_ids: Collection[int]) -> dict[int, dt.datetime]:
    """When RSVP ends, where it ends before the event does; one query."""
    plans = RegistrationPlan.objects.filter(event__in=event_ids, closes_at__isnull=False)
    found: dict[int, Any] = dict(plans.values_list("event", "closes_at"))
    return found


GOING, WAITING = OfState(State.GOING), OfState(State.WAITING)


def register_audiences() -> None:
    """Tell the floor below; apps call it when ready."""
    register_source("going", GOING.source())
    register_source("waiting", WAITING.source())
    register_extra("speakers", own_place)
    register_extra("stand_by", own_place)
    register_extra("hosts", numbers)
    register_deadlines(deadlines)
