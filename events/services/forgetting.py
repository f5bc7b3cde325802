"""Forgetting somebody's calendar: what it was told, and the address at which it answers."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from events.models import CalendarInvite, ReplyAddress


@transaction.atomic
def forget_invites(*, user: User, addresses: Collection[str]) -> None:
    """A reply that still comes finds nobody. Their calendar keeps what it has: taking it out would need a mail."""
    CalendarInvite.objects.filter(Q(user=user) | Q(address__in=addresses)).delete()
    CalendarInvite.objects.filter(reply_address__address__in=addresses).delete()
    ReplyAddress.objects.filter(address__in=addresses).delete()
