"""One person's registrations, and their place in the queue."""

from django.db.models import Q, QuerySet

from accounts.models import User
from events.models import Event
from registrations.models import Registration
from registrations.states import State


def my_registrations(user: User) -> QuerySet[Registration]:
    """Everything this person ever registered for, with event, group and venue; the latest event first."""
    return user.registrations.select_related("event__group", "event__venue").order_by("-event__starts_at", "-id")


def registration_for(event: Event, user: User) -> Registration | None:
    """This person's registration for this event, whatever became of it."""
    return Registration.objects.filter(event=event, user=user).select_related("event__group", "user").first()


def place_in_queue(registration: Registration) -> int | None:
    """1 for who is next; None for who does not wait. The order is that of registrations.rules.queue_order."""
    if registration.state != State.WAITING:
        return None
    mine = registration
    earlier = Q(joined_at__lt=mine.joined_at) | Q(joined_at=mine.joined_at, pk__lt=mine.pk)
    queue = Registration.objects.filter(event_id=mine.event_id, place=mine.place, state=State.WAITING)
    return queue.filter(Q(priority__gt=mine.priority) | Q(priority=mine.priority) & earlier).count() + 1
