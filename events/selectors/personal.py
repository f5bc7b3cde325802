"""What events know about one person's calendar: the invites sent to it, and what it answered."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import User
from events.models import CalendarInvite


def invites_of(user: User, addresses: Collection[str]) -> QuerySet[CalendarInvite]:
    """Every entry their calendars were told of, the first first; one query."""
    theirs = CalendarInvite.objects.filter(Q(user=user) | Q(address__in=addresses))
    return theirs.select_related("event__group").order_by("id")
