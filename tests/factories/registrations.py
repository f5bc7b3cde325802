"""Plans with seats, and people at events."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from registrations.models import Question, Registration, RegistrationPlan, Seats
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory


class PlanFactory(DjangoModelFactory[RegistrationPlan]):
    """Open to anybody, automatic waiting list; `room=10` seats in the room (None: no limit), `online=…` adds some."""

    class Meta:
        model = RegistrationPlan
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)

    @factory.post_generation
    def room(self: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Seats in the room."""
        Seats.objects.create(plan=self, place="room", capacity=extracted)

    @factory.post_generation
    def online(self: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Seats online, when a number is given."""
        if extracted is not None:
            Seats.objects.create(plan=self, place="online", capacity=extracted)


class QuestionFactory(DjangoModelFactory[Question]):
    """An open question nobody has to answer."""

    class Meta:
        model = Question

    plan = factory.SubFactory(PlanFactory)
    text = "What do you hope for?"


class RegistrationFactory(DjangoModelFactory[Registration]):
    """A row alone, seats not counted: for tests of reading. Tests of rules register through the services."""

    class Meta:
        model = Registration

    event = factory.SubFactory(EventFactory)
    user = factory.SubFactory(UserFactory)
    name = "Bo"
    state = Registration.State.GOING
    created_at = factory.LazyAttribute(lambda row: row.event.starts_at - dt.timedelta(days=7))
    joined_at = factory.SelfAttribute("created_at")
    changed_at = factory.SelfAttribute("created_at")
