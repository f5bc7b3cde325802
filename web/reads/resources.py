"""What events left behind: slides, videos, code of the event, its sessions and its talks, for many events at once."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse

from events.models import Event, EventResource, Session, SessionResource
from lightning.models import Deck, Talk, TalkResource
from lightning.selectors.schedule import OUT
from speakers.models import ResourceBase
from web.reads.speakers import Appearance


def resources_of_events(events: Iterable[Event]) -> dict[int, list[ResourceBase]]:
    """The events' own resources, by event id; those of sessions and talks stay on their pages. One query."""
    found: dict[int, list[ResourceBase]] = {}
    for resource in EventResource.objects.filter(event__in=[event.pk for event in events]):
        found.setdefault(resource.event_id, []).append(resource)
    return found


def kinds_of_events(events: Iterable[Event]) -> dict[int, list[str]]:
    """Which kinds of resources lie with the sessions and talks of each event, by event id. Two queries."""
    ids = [event.pk for event in events]
    sessions = SessionResource.objects.filter(session__event__in=ids).values_list("session__event", "kind")
    talks = TalkResource.objects.filter(
        Q(talk__position__isnull=False), talk__block__session__event__in=ids
    ).values_list("talk__block__session__event", "kind")
    found: dict[int, set[str]] = {}
    for event_id, kind in [*sessions.distinct(), *talks.distinct()]:
        found.setdefault(event_id, set()).add(kind)
    order = list(ResourceBase.Kind.values)
    return {event_id: sorted(kinds, key=order.index) for event_id, kinds in found.items()}


def of_programme(event: Event) -> list[tuple["Session | Talk", list[ResourceBase]]]:
    """Sessions and talks of the event that left something, in the order of the programme. Four queries."""
    sessions = Session.objects.in_order().filter(event=event, resources__isnull=False).distinct()
    talks = (
        Talk.objects.in_lineup()
        .filter(block__session__event=event, resources__isnull=False)
        .distinct()
        .order_by("block__session__starts_at", "block", "position")
        .prefetch_related("resources", "talk_speakers__speaker")
    )
    both: list[tuple[Session | Talk, list[ResourceBase]]] = []
    both.extend((session, list(session.resources.all())) for session in sessions.prefetch_related("resources"))
    both.extend((talk, list(talk.resources.all())) for talk in talks)
    return both


def resources_of_appearances(appearances: list[Appearance]) -> dict[str, list[ResourceBase]]:
    """Slides, video and code of each appearance, by its anchor. Three queries."""
    sessions = [one.thing_id for one in appearances if one.slot is None]
    talks = [one.thing_id for one in appearances if one.slot is not None]
    found: dict[str, list[ResourceBase]] = {}
    for resource in SessionResource.objects.filter(session__in=sessions):
        found.setdefault(f"session-{resource.session_id}", []).append(resource)
    decks = Deck.objects.filter(talk__in=Talk.objects.filter(OUT, pk__in=talks)).values_list("talk_id", "talk__code")
    for talk_id, code in decks:
        deck = TalkResource(kind=ResourceBase.Kind.SLIDES, url=reverse("deck", args=[code]))
        found.setdefault(f"talk-{talk_id}", []).append(deck)
    for talk_resource in TalkResource.objects.filter(talk__in=talks):
        found.setdefault(f"talk-{talk_resource.talk_id}", []).append(talk_resource)
    return found
