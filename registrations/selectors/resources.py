"""What the API shows of registrations, each to who may see it; for everybody else it does not exist."""

import uuid
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.models import User
from core.queries import by_slug
from events.models import Event
from events.permissions import may_see_drafts_of, organised_groups
from registrations.models import Registration
from registrations.selectors.attendees import with_answers
from registrations.selectors.people import with_queue_position


def event_seen_by(person: User, slug: str) -> Event:
    """The event, a draft for its organisers alone; raises Event.DoesNotExist. One query for what is published."""
    event = by_slug(Event.objects.select_related("group"), slug)
    if event.status == Event.Status.DRAFT and not may_see_drafts_of(person, event):
        raise Event.DoesNotExist
    return event


def own_registrations(person: User) -> QuerySet[Any]:
    """The person's own at events that are public, each with `starts_at` to order by; one query."""
    public = _in_full(Registration.objects.filter(user=person)).exclude(event__status=Event.Status.DRAFT)
    return public.annotate(starts_at=F("event__starts_at"))


def registration_seen_by(person: User, public_id: uuid.UUID, *, as_organiser: bool) -> Any:
    """The person's own, or one at an event they organise; raises Registration.DoesNotExist for others. One query."""
    whose = Q(user=person)
    if as_organiser:
        whose |= Q(event__group__in=organised_groups(person))
    return _in_full(Registration.objects.filter(whose)).get(public_id=public_id)


def _in_full(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    return with_answers(with_queue_position(registrations)).select_related("event__group", "user")
