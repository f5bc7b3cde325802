"""Lightning rounds; talks are confirmed and take the next place in the running order."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from events.models import Session
from lightning.models import Block, Talk, TalkResource, TalkSpeaker
from speakers.models import Speaker, Topic
from tests.factories.programme import SessionFactory
from tests.factories.speakers import SpeakerFactory


class BlockFactory(DjangoModelFactory[Block]):
    """Five minutes a talk and one to change over, in a session of an hour."""

    class Meta:
        model = Block

    session = factory.SubFactory(SessionFactory, kind=Session.Kind.LIGHTNING, title="Lightning talks", minutes=60)


class TalkFactory(DjangoModelFactory[Talk]):
    """A confirmed talk in the next free slot; `position=None` leaves it without one."""

    class Meta:
        model = Talk
        skip_postgeneration_save = True

    block = factory.SubFactory(BlockFactory)
    title = factory.Sequence(lambda n: f"Talk {n}")
    state = Talk.State.CONFIRMED
    position = factory.LazyAttribute(
        lambda talk: talk.block.talks.exclude(position=None).count() if talk.state in Talk.IN_LINEUP else None
    )

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        """What it is about."""
        self.topics.set(extracted or [])

    @factory.post_generation
    def speakers(self: Any, create: bool, extracted: list[Speaker] | None, **kwargs: Any) -> None:
        """Who speaks, first to last."""
        for position, speaker in enumerate(extracted or []):
            TalkSpeaker.objects.create(talk=self, speaker=speaker, position=position)


class TalkSpeakerFactory(DjangoModelFactory[TalkSpeaker]):
    """A speaker's part in a talk."""

    class Meta:
        model = TalkSpeaker

    talk = factory.SubFactory(TalkFactory)
    speaker = factory.SubFactory(SpeakerFactory)


class TalkResourceFactory(DjangoModelFactory[TalkResource]):
    """The slides of a talk."""

    class Meta:
        model = TalkResource

    talk = factory.SubFactory(TalkFactory)
    kind = TalkResource.Kind.SLIDES
    title = "Slides"
    url = factory.Sequence(lambda n: f"https://slides.example/talk/{n}")
