"""The rules and seats of an event."""

from django.db.models import QuerySet

from events.models import Event
from registrations.models import RegistrationPlan


def plans_in_full() -> QuerySet[RegistrationPlan]:
    """With event, seats and questions; three queries."""
    return RegistrationPlan.objects.select_related("event__group").prefetch_related("seats", "questions")


def plan_of_event(event_id: int) -> RegistrationPlan:
    """The event's rules; raises RegistrationPlan.DoesNotExist for an event without RSVP."""
    return plans_in_full().get(event_id=event_id)


def plan_or_none(event: Event) -> RegistrationPlan | None:
    """The event's rules, if it takes RSVPs."""
    return plans_in_full().filter(event=event).first()
