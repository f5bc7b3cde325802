"""One person's registrations, and their place in the queue."""

from typing import Any

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, When

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


def with_queue_position(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    """Each with `queue_position`: 1 for who is next, None for who does not wait.

    The whole queue counts, however the rows are filtered; the order is that of registrations.rules.queue_order.
    """
    earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), pk__lte=OuterRef("pk"))
    queue = Registration.objects.filter(state=State.WAITING, event=OuterRef("event"), place=OuterRef("place"))
    ahead = queue.filter(Q(priority__gt=OuterRef("priority")) | Q(priority=OuterRef("priority")) & earlier)
    number = ahead.order_by().values("event").annotate(count=Count("pk")).values("count")
    return registrations.annotate(queue_position=Case(When(state=State.WAITING, then=Subquery(number))))


def place_in_queue(registration: Registration) -> int | None:
    """1 for who is next; None for who does not wait."""
    if registration.state != State.WAITING:
        return None
    position: int | None = with_queue_position(Registration.objects.filter(pk=registration.pk)).get().queue_position
    return position
