"""People who speak, and what about."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from speakers.models import Affiliation, Speaker, SpeakerLink, Topic


class TopicFactory(DjangoModelFactory[Topic]):
    """A node of the vocabulary."""

    class Meta:
        model = Topic

    name = factory.Sequence(lambda n: f"Topic {n}")
    slug = factory.Sequence(lambda n: f"topic-{n}")


class SpeakerFactory(DjangoModelFactory[Speaker]):
    """A listed speaker without e-mail; `topics=[…]` says what about."""

    class Meta:
        model = Speaker
        skip_postgeneration_save = True

    name = "Cy"
    slug = factory.Sequence(lambda n: f"cy-{n}")

    @factory.post_generation
    def topics(self: Any, create: bool, extracted: list[Topic] | None, **kwargs: Any) -> None:
        """What they speak about."""
        self.topics.set(extracted or [])


class SpeakerLinkFactory(DjangoModelFactory[SpeakerLink]):
    """A public address."""

    class Meta:
        model = SpeakerLink

    speaker = factory.SubFactory(SpeakerFactory)
    title = "Home page"
    url = factory.Sequence(lambda n: f"https://cy.example/{n}")


class AffiliationFactory(DjangoModelFactory[Affiliation]):
    """Where they work."""

    class Meta:
        model = Affiliation

    speaker = factory.SubFactory(SpeakerFactory)
    organisation = "Example Labs"
