"""Recaps as the public sees them: published ones of published events."""

from events.models import Event, Recap


def published_recap(event: Event) -> Recap | None:
    """The event's recap, once it is out."""
    return Recap.objects.select_related("author").filter(event=event, published_at__isnull=False).first()
