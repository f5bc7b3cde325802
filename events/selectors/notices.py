"""Which changes of events wait to be told."""

import datetime as dt

from django.db.models import QuerySet

from events.models import ChangeNotice

STUCK = dt.timedelta(hours=1)  # a notice that does not get out in this time holds nothing back any more


def unheard_changes(now: dt.datetime) -> QuerySet[ChangeNotice]:
    """Changes that not everybody has heard of yet: until then they may be taken back, and reminders wait."""
    return ChangeNotice.objects.filter(finished_at=None, due_at__gt=now - STUCK)
