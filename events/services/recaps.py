"""The page after the event."""

from typing import Any

from django.db import transaction

from core.changes import write_fields
from events.models import Event, Recap
from events.services.revisions import announce_schedule


@transaction.atomic
def write_recap(*, event: Event, **fields: Any) -> Recap:
    """Write the event's recap, or write it anew; it is public from its `published_at` on."""
    Event.objects.select_for_update().get(pk=event.pk)
    recap = Recap.objects.filter(event=event).first() or Recap(event=event)
    write_fields(recap, fields)
    announce_schedule(event)
    return recap


@transaction.atomic
def delete_recap(*, recap: Recap) -> None:
    """Take the page after the event away."""
    Event.objects.select_for_update().get(pk=recap.event_id)
    Recap.objects.filter(pk=recap.pk).delete()
    announce_schedule(recap.event)
