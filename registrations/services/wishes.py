"""What somebody asks for, and why they may be told no before any seat is looked at."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.errors import RuleViolation
from registrations.models import Place, Registration, RegistrationPlan
from registrations.window import Closed, closed_because


@dataclass(frozen=True)
class Wish:
    """What somebody fills in."""

    name: str
    place: str = Place.ROOM
    guests: int = 0
    answers: Mapping[int, str] = field(default_factory=dict)
    source: str = Registration.Source.WEB


def refuse_when_closed(plan: RegistrationPlan, *, now: dt.datetime) -> None:
    """Raise when the window is shut, with the reason an organiser gave."""
    event = plan.event
    closed = closed_because(
        status=event.status,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        now=now,
    )
    if closed is not None:
        raise RuleViolation(f"registration_{closed}", closed_sentence(closed, plan))


def closed_sentence(closed: Closed, plan: RegistrationPlan) -> str:
    """What a person is told."""
    if closed is Closed.CLOSED and plan.closes_because:
        return _("RSVP is closed. %(reason)s") % {"reason": plan.closes_because}
    return {
        Closed.NOT_YET: _("RSVP has not opened yet."),
        Closed.CLOSED: _("RSVP is closed."),
        Closed.OVER: _("This event is over."),
        Closed.CANCELLED: _("This event is cancelled."),
        Closed.POSTPONED: _("This event is postponed. RSVP opens again with its new date."),
        Closed.DRAFT: _("This event is not published."),
    }[closed]


def refuse_party(plan: RegistrationPlan, wish: Wish) -> None:
    """Raise when the place is not offered or the party is larger than the event allows."""
    if wish.place not in plan.places:
        raise RuleViolation("place_unknown", _("This event has no such place. Choose another."), field="place")
    if not 0 <= wish.guests <= plan.max_guests:
        raise RuleViolation("too_many_guests", most_guests_sentence(plan.max_guests), field="guests")


def most_guests_sentence(most: int) -> str:
    """What a person is told who brings more than that."""
    if not most:
        return _("This event has no places for guests.")
    return ngettext("You can bring %d guest.", "You can bring up to %d guests.", most) % most


def refuse_strangers(plan: RegistrationPlan, user: User) -> None:
    """Raise when the event is for invited people and this person is none of them."""
    if plan.admission != RegistrationPlan.Admission.INVITATION:
        return
    if not plan.invitations.filter(email__iexact=user.email).exists():
        raise RuleViolation("invitation_only", _("This event is for invited people. Ask the organisers."))
