"""A meetup that takes RSVPs, and people who press its buttons."""

import datetime as dt
from typing import Any

from django.test import Client

from accounts.models import User
from events.models import Event
from registrations.models import Registration, RegistrationPlan, Seats
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory
from tests.factories.registrations import PlanFactory
from tests.web.conftest import TUESDAY_EVENING

WEEK = dt.timedelta(weeks=1)
FORM = "/events/evening/rsvp/"
CODE = "/events/evening/rsvp/code/"


def evening(*, starts: dt.timedelta = WEEK, of_event: dict[str, Any] | None = None, **plan: Any) -> RegistrationPlan:
    """A meetup at /events/evening/ with its plan; `room`, `online` and the plan's own fields."""
    event: Event = EventFactory(slug="evening", starts_at=TUESDAY_EVENING + starts, **(of_event or {}))
    PlanFactory(event=event, **({"room": 10} | plan))
    return plan_of_event(event.pk)


def going(plan: RegistrationPlan, user: User | None = None, **wish: Any) -> Registration:
    """Somebody proven asks for a seat, and gets what there is."""
    user = user or UserFactory()
    given = Wish(**({"name": user.name} | wish))
    return register(plan=plan, user=user, wish=given, is_proven=True, now=TUESDAY_EVENING).registration


def browser_of(user: User) -> Client:
    """The browser of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


def taken(place: str = "room") -> int:
    """Seats taken at the only meetup there is."""
    return Seats.objects.get(place=place).taken


def main_of(text: str) -> str:
    """A page without its head and frame."""
    return text.split("<main", 1)[1].split("</main>", 1)[0]


def card_of(text: str) -> str:
    """The RSVP card alone."""
    return text.split('id="rsvp"', 1)[1].split("</aside>", 1)[0]
