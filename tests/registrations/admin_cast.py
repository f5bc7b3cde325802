"""The cast of the admin's tests, and an event with one seat, far ahead: the pages read the real clock."""

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from events.models import Event
from registrations.models import Invitation, Registration, SeriesRegistration
from registrations.selectors.plans import plan_of_event
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.admin_forms import ada_of, signed_in
from tests.factories import EventFactory, GroupFactory, MembershipFactory, SeriesFactory, UserFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

FAR = dt.datetime(2035, 3, 15, 11, 0, tzinfo=dt.UTC)
# what each decision is possible from, and leads to
DECISIONS = {
    "approve": ("requested", "going"),
    "refuse": ("requested", "declined"),
    "promote": ("waiting", "going"),
    "take_back": ("going", "cancelled"),
    "prioritise": ("waiting", "waiting"),
}


@pytest.fixture
def types_are_known():
    """Content types are read once a process: in which test that is, is chance."""
    for model in admin.site._registry:
        ContentType.objects.get_for_model(model)


@pytest.fixture
def event():
    """Far ahead, with one seat."""
    event = EventFactory(starts_at=FAR, title="Third Thursday", series=None)
    PlanFactory(event=event, room=1, max_guests=2)
    return event


@pytest.fixture
def ada(event) -> Client:
    """Organises the event's group."""
    return signed_in(ada_of(event.group))


def page(name: str, *args: Any) -> str:
    """“registration_change” and the like."""
    app = "events" if name.startswith("event_") else "registrations"
    return reverse(f"admin:{app}_{name}", args=args)


def cast(event: Event) -> dict[str, Client]:
    """Ada organises, the host runs the door, Bo and Cy attend and speak, Dee organises another group."""
    host = UserFactory(name="Host", is_staff=True)
    MembershipFactory(group=event.group, user=host, role="host")
    member = UserFactory(name="Bo")
    MembershipFactory(group=event.group, user=member)
    people = {
        "Ada": signed_in(ada_of(event.group)),
        "Host": signed_in(host),
        "Bo": signed_in(member),
        "Cy": signed_in(UserFactory(name="Cy")),
        "Dee": signed_in(ada_of(GroupFactory(), name="Dee")),
        "Root": signed_in(UserFactory(is_staff=True, is_superuser=True)),
    }
    return people | {"nobody": Client()}


def statuses(clients: dict[str, Client], address: str, data: Any = None) -> dict[str, int]:
    """What each of the cast is answered; None opens the page, anything else posts."""
    return {
        name: (client.get(address) if data is None else client.post(address, data)).status_code
        for name, client in clients.items()
    }


def rsvp(event: Event, name: str, *, minute: int = 0, **wish: Any) -> Registration:
    """Through the service, long before the event."""
    at = FAR - dt.timedelta(days=9) + dt.timedelta(minutes=minute)
    plan, user = plan_of_event(event.pk), UserFactory(name=name, email=f"{name.lower()}@example.org")
    return register(plan=plan, user=user, wish=Wish(name, **wish), is_proven=True, now=at).registration


def states() -> dict[str, str]:
    """By name."""
    return dict(Registration.objects.values_list("name", "state"))


def row_of(name: str, event: Event) -> Any:
    """One row of that model, of the event's group."""
    if name == "registration":
        return RegistrationFactory(event=event, name="Secret")
    if name == "invitation":
        return Invitation.objects.create(plan=event.registration_plan, email="secret@example.org", invited_at=FAR)
    series = SeriesFactory(group=event.group, title="Secret series")
    return SeriesRegistration.objects.create(series=series, user=UserFactory(), name="Secret", since=FAR)
