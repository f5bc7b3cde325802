"""Public reads of sessions, outside the schedule of their event.

Ids can be counted through, so a session of an unlisted group is not found here: its event's schedule shows it to who
knows the event's address.
"""

from django.db.models import Prefetch

from events.models import Event, Session, SessionResource, SessionSpeaker
from events.models.session import SessionQuerySet
from speakers.models import Speaker, Topic


def listed_sessions() -> SessionQuerySet:
    """Sessions of events anybody finds, with all that an item shows; four queries."""
    return with_card(Session.objects.filter(event__in=Event.objects.published().listed()))


def event_of_session(pk: int) -> Event:
    """The event of one of them, with group and venue; raises Event.DoesNotExist. One query."""
    return Event.objects.published().listed().select_related("group", "venue").get(sessions__id=pk)


def speaker_sessions(speaker: Speaker) -> SessionQuerySet:
    """A speaker's appearances in programmes, the latest first."""
    return listed_sessions().filter(session_speakers__speaker=speaker).order_by("-event__starts_at", "starts_at", "id")


def with_card(sessions: SessionQuerySet) -> SessionQuerySet:
    """With event, group, room, track, speakers, topics and resources; four queries."""
    parts = SessionSpeaker.objects.select_related("speaker").defer("speaker__email").order_by("position", "id")
    return sessions.select_related("event__group", "event__venue", "room", "track").prefetch_related(
        Prefetch("session_speakers", queryset=parts),
        Prefetch("topics", queryset=Topic.objects.order_by("name", "id")),
        Prefetch("resources", queryset=SessionResource.objects.order_by("position", "id")),
    )
