"""What rounds know about one account, for its owner."""

from django.db.models import Q, QuerySet

from accounts.models import User
from lightning.models import Talk


def talks_of(user: User) -> "QuerySet[Talk]":
    """Proposed from this account or given by its profile, however they ended, with slides; three queries."""
    mine = Talk.objects.filter(Q(proposed_by=user) | Q(talk_speakers__speaker__user=user)).values("pk")
    whole = Talk.objects.filter(pk__in=mine).select_related("block__session__event__group", "deck")
    return whole.prefetch_related("topics", "resources").order_by("created_at", "id")
