"""What the letters about a registration say beside the facts of the event, and which of them a group may reword."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import time_words
from events.letter_basis import Basis
from events.letters import Fact, Link, event_values, plain_name
from events.mail_texts import register_mail_kind
from events.models import Event
from registrations.links import confirmation_code, join_path, manage_path
from registrations.models import Place, Registration
from registrations.selectors.people import with_queue_position
from registrations.states import State
from registrations.tickets import ticket_code

INVITATION = "registration_invitation"
SAMPLE_TICKET = "SAMPLE"


@dataclasses.dataclass(frozen=True)
class Kind:
    """One letter: what organisers call it, the state it tells of, its buttons, and its own placeholders."""

    label: Promise
    state: State
    buttons: Callable[[Registration], list[Link]]
    placeholders: tuple[str, ...] = ("name",)


def letter_values(
    kind: str, registration: Registration, *, places: Mapping[int, int] | None = None, basis: Basis | None = None
) -> dict[str, Any]:
    """What the templates of these letters name, in the active language. Reads event, group, venue and person.

    `places` are queue_places of many registrations; without them, this one's is asked for.
    Whoever is not proven yet is not greeted: the name may be a stranger's message to this address.
    """
    event, offer = registration.event, registration.offer_until
    is_proven = registration.state != State.PENDING
    name = plain_name(registration.name) if is_proven else ""
    offer_until = time_words.moment(offer, event.time_zone) if offer else ""
    place_in_queue = (queue_places([registration]) if places is None else places).get(registration.pk)
    values = event_values(
        event,
        is_online=registration.place == Place.ONLINE,
        facts=[*_place_in_line(place_in_queue), *_party(registration.guests)],
        buttons=KINDS[kind].buttons(registration),
        basis=basis,
    )
    return values | {
        "registration": registration,
        "name": name,
        "offer_until": offer_until,
        "code": confirmation_code(registration),
        "manage_url": manage_url(registration),
        "preferences_url": values["preferences_url"] if is_proven else "",
        "placeholders": {"name": name, "offer_until": offer_until, "place_in_queue": place_in_queue},
    }


def invitation_values(event: Event, *, basis: Basis | None = None) -> dict[str, Any]:
    """The same for somebody who may have no account."""
    values = event_values(event, basis=basis)
    return values | {"buttons": [Link(_("RSVP"), values["event_url"])], "preferences_url": ""}


def manage_url(registration: Registration) -> str:
    """The page on which they confirm, leave, take an offer: opening it changes nothing."""
    return settings.SITE_URL + manage_path(registration)


def leave_url(registration: Registration) -> str:
    """The same page, at the button that gives the seat up."""
    return f"{manage_url(registration)}#go-leave"


def seat_buttons(registration: Registration) -> list[Link]:
    """For who has a seat: the way in, and the way to free it."""
    return [_way_in(registration), Link(_("I can’t come"), leave_url(registration))]


def queue_places(registrations: Iterable[Registration]) -> dict[int, int]:
    """By their keys, for those who wait: 1 for who is next. One query, none where nobody waits."""
    waiting = [registration.pk for registration in registrations if registration.state == State.WAITING]
    if not waiting:
        return {}
    rows = with_queue_position(Registration.objects.filter(pk__in=waiting, state=State.WAITING))
    return dict(rows.values_list("pk", "queue_position"))


def _way_in(registration: Registration) -> Link:
    if registration.place != Place.ONLINE:
        return Link(_("Show my door code"), settings.SITE_URL + reverse("ticket", args=[ticket_code(registration)]))
    if registration.event.online_url:
        return Link(_("Join online"), settings.SITE_URL + join_path(registration))
    return Link(_("My place"), manage_url(registration))


def _to_page(words: Promise, leave: Promise | None = None) -> Callable[[Registration], list[Link]]:
    """A button to the registration's page, and perhaps one to its way out."""

    def buttons(registration: Registration) -> list[Link]:
        out = [Link(str(leave), leave_url(registration))] if leave else []
        return [Link(str(words), manage_url(registration)), *out]

    return buttons


def _place_in_line(place: int | None) -> list[Fact]:
    return [Fact(_("Waitlist"), _("Number %(place)s in line") % {"place": place})] if place else []


def _party(guests: int) -> list[Fact]:
    if not guests:
        return []
    return [Fact(_("Who"), ngettext("You and %(count)d guest", "You and %(count)d guests", guests) % {"count": guests})]


KINDS = {
    "registration_confirm": Kind(
        gettext_lazy("confirm the address"), State.PENDING, _to_page(gettext_lazy("Confirm my RSVP")), ()
    ),
    "registration_going": Kind(gettext_lazy("going"), State.GOING, seat_buttons),
    "registration_waiting": Kind(
        gettext_lazy("on the waitlist"),
        State.WAITING,
        _to_page(gettext_lazy("My place in line"), gettext_lazy("Leave the waitlist")),
        ("name", "place_in_queue"),
    ),
    "registration_requested": Kind(
        gettext_lazy("request received"),
        State.REQUESTED,
        _to_page(gettext_lazy("My request"), gettext_lazy("Take back my request")),
    ),
    "registration_offered": Kind(
        gettext_lazy("a place is held"),
        State.OFFERED,
        _to_page(gettext_lazy("Take the place"), gettext_lazy("Let it go")),
        ("name", "offer_until"),
    ),
    "registration_promoted": Kind(gettext_lazy("moved up from the waitlist"), State.GOING, seat_buttons),
    "registration_offer_expired": Kind(
        gettext_lazy("the offer has run out"), State.CANCELLED, _to_page(gettext_lazy("Join the waitlist again"))
    ),
    "registration_cancelled": Kind(
        gettext_lazy("not going any more"), State.CANCELLED, _to_page(gettext_lazy("Register again"))
    ),
    "registration_reconfirm": Kind(
        gettext_lazy("still coming?"),
        State.GOING,
        _to_page(gettext_lazy("I’m still coming"), gettext_lazy("I can’t come")),
    ),
}


def sample_values(kind: str, event: Event) -> dict[str, Any]:
    """A letter to nobody, for the preview of a group's own words."""
    state = KINDS[kind].state
    offer_until = event.starts_at - dt.timedelta(days=1) if state == State.OFFERED else None
    sample = Registration(event=event, name="Bo", state=state, ticket=SAMPLE_TICKET, offer_until=offer_until)
    return letter_values(kind, sample)


def register_kinds() -> None:
    """Let groups reword all of these."""
    for name, kind in KINDS.items():
        register_mail_kind(name, kind.label, kind.placeholders, sample=_sampler(name))
    register_mail_kind(INVITATION, gettext_lazy("invitation to RSVP"), sample=invitation_values)


def _sampler(kind: str) -> Callable[[Event], dict[str, Any]]:
    return lambda event: sample_values(kind, event)
