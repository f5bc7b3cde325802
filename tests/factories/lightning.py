"""Lightning rounds; talks are confirmed and take the next place in the running order."""

import hashlib
from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from events.models import Session
from lightning.models import Block, Call, Deck, Stage, Talk, TalkResource, TalkSpeaker
from speakers.models import Speaker, Topic
from tests.factories.programme import SessionFactory
from tests.factories.speakers import SpeakerFactory


class BlockFactory(DjangoModelFactory[Block]):
    """Five minutes a talk and one to change over, in a session of an hour."""

    class Meta:
        model = Block

    session = factory.SubFactory(SessionFactory, kind=Session.Kind.LIGHTNING, title="Lightning talks", minutes=60)


class CallFactory(DjangoModelFactory[Call]):
    """First come, first served, from the day the event is public until two hours before, and on the night."""

    class Meta:
        model = Call

    block = factory.SubFactory(BlockFactory)


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


class StageFactory(DjangoModelFactory[Stage]):
    """Ready, with the first talk of the running order next; `state="on"` puts it on stage when the round starts."""

    class Meta:
        model = Stage

    block = factory.SubFactory(BlockFactory)
    talk = factory.LazyAttribute(lambda stage: stage.block.talks.in_lineup().first())
    changed_at = factory.LazyAttribute(lambda stage: stage.block.session.starts_at)
    started_at = factory.LazyAttribute(lambda stage: stage.changed_at if stage.state in ("on", "paused") else None)
    paused_at = factory.LazyAttribute(lambda stage: stage.changed_at if stage.state == "paused" else None)
    finished_at = factory.LazyAttribute(lambda stage: stage.changed_at if stage.state == "finished" else None)
    state = "ready"


class DeckFactory(DjangoModelFactory[Deck]):
    """A small PDF and a thumbnail; `content` are the bytes of the slides."""

    class Meta:
        model = Deck

    class Params:
        content = b"%PDF-1.4 slides"

    talk = factory.SubFactory(TalkFactory)
    kind = Deck.Kind.PDF
    file = factory.LazyAttribute(lambda deck: ContentFile(deck.content, "upload"))
    thumbnail = factory.LazyFunction(lambda: ContentFile(b"RIFF0000WEBP", "upload"))
    size = factory.LazyAttribute(lambda deck: len(deck.content))
    sha256 = factory.LazyAttribute(lambda deck: hashlib.sha256(deck.content).hexdigest())
    pages = 1
    uploaded_at = factory.LazyAttribute(lambda deck: deck.talk.created_at)
