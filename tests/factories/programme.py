"""Items of a programme; they start with their event, last thirty minutes, and have no room unless one is named."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from events.models import EventRoom, Session, SessionResource, SessionSpeaker, Track
from speakers.models import Speaker, Topic
from tests.factories.events import EventFactory
from tests.factories.speakers import SpeakerFactory


class TrackFactory(DjangoModelFactory[Track]):
    """A thread through one event."""

    class Meta:
        model = Track

    event = factory.SubFactory(EventFactory)
    name = factory.Sequence(lambda n: f"Track {n}")


class SessionFactory(DjangoModelFactory[Session]):
    """A talk; a `room` it names becomes one of its event's rooms, `speakers=[…]` speak in that order."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    title = factory.Sequence(lambda n: f"Session {n}")
    starts_at = factory.SelfAttribute("event.starts_at")
    minutes = 30

    @classmethod
    def _create(cls, model_class: type[Session], *args: Any, **kwargs: Any) -> Session:
        """A session lies in its event's rooms: the database insists."""
        event, room = kwargs["event"], kwargs.get("room")
        if room is not None:
            EventRoom.objects.get_or_create(event=event, room=room, defaults={"position": event.event_rooms.count()})
        session: Session = super()._create(model_class, *args, **kwargs)
        session.refresh_from_db(fields=["ends_at"])
        return session

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        """What it is about."""
        self.topics.set(extracted or [])

    @factory.post_generation
    def speakers(self: Any, create: bool, extracted: list[Speaker] | None, **kwargs: Any) -> None:
        """Who speaks, first to last."""
        for position, speaker in enumerate(extracted or []):
            SessionSpeaker.objects.create(session=self, speaker=speaker, position=position)


class SessionSpeakerFactory(DjangoModelFactory[SessionSpeaker]):
    """A speaker's part in a session."""

    class Meta:
        model = SessionSpeaker

    session = factory.SubFactory(SessionFactory)
    speaker = factory.SubFactory(SpeakerFactory)


class SessionResourceFactory(DjangoModelFactory[SessionResource]):
    """The slides of a session."""

    class Meta:
        model = SessionResource

    session = factory.SubFactory(SessionFactory)
    kind = SessionResource.Kind.SLIDES
    title = "Slides"
    url = factory.Sequence(lambda n: f"https://slides.example/{n}")
