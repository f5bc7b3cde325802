"""How full the lightning rounds are that are still to come."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet

from events.models import Event, Group
from lightning.models import Block, Talk

WAITING = (Talk.State.SUBMITTED, Talk.State.STAND_BY)


def with_fill(blocks: QuerySet[Block]) -> QuerySet[Any]:
    """With how many talks have a place (`placed`) and how many wait for one (`waiting`)."""
    placed, waiting = Q(talks__position__isnull=False), Q(talks__state__in=WAITING)
    return blocks.annotate(placed=Count("talks", filter=placed), waiting=Count("talks", filter=waiting))


def blocks_ahead(groups: QuerySet[Group], *, now: dt.datetime, limit: int) -> list[Any]:
    """The next rounds with their fill; one query."""
    ahead = Block.objects.filter(session__event__group__in=groups, session__event__ends_at__gt=now)
    alive = ahead.exclude(session__event__status=Event.Status.CANCELLED).select_related("session__event")
    return list(with_fill(alive).order_by("session__event__starts_at", "session__starts_at", "id")[:limit])
