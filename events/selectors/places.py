"""Public reads of venues."""

from django.db.models import Exists, OuterRef, Prefetch

from core.queries import by_slug
from events.models import Event, Room, Venue


def published_venue(slug: str) -> Venue:
    """The venue with its rooms, once a published event takes place there; raises Venue.DoesNotExist. Two queries."""
    hosts_something = Exists(Event.objects.published().filter(venue=OuterRef("pk")))
    rooms = Prefetch("rooms", queryset=Room.objects.order_by("name", "id"))
    return by_slug(Venue.objects.filter(hosts_something).prefetch_related(rooms), slug)
