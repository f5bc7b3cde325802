"""An evening that letters are written about, every byte of it fixed."""

import datetime as dt

from django.utils import translation

from events.letters import event_letter
from events.models import Event, Session
from outbox.writers import Letter
from registrations.letters import SAMPLE_TICKET, letter_values
from registrations.models import Registration
from registrations.states import State
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    VenueFactory,
)

EVENING = dt.datetime(2019, 2, 26, 11, 0, tzinfo=dt.UTC)  # 19:00 in Singapore


def evening() -> Event:
    """The 22nd meetup: a place with directions, four items, one of them a lightning round."""
    venue = VenueFactory(
        name="Google Singapore",
        street="70 Pasir Panjang Road",
        directions="Level 3. *Bring photo ID.*",
        latitude="1.276300",
        longitude="103.799800",
    )
    event = EventFactory(
        title="NeurIPS and the Cutting Edge",
        slug="neurips-and-the-cutting-edge",
        group=GroupFactory(name="TensorFlow and Deep Learning Singapore", earlier_events=21),
        venue=venue,
        starts_at=EVENING,
        ends_at=EVENING + dt.timedelta(minutes=135),
    )
    _programme(event)
    return event


def _programme(event: Event) -> None:
    SessionFactory(event=event, title="Doors, food and drinks", kind=Session.Kind.SOCIAL, minutes=20)
    for minutes, title, speaker in (
        (20, "Advances in Unsupervised and Self Supervised Learning", "Sam Witteveen"),
        (55, "SLAYER for Deep Spiking Neural Network", "Sumit Bam Shrestha"),
    ):
        starts_at = EVENING + dt.timedelta(minutes=minutes)
        SessionFactory(event=event, title=title, starts_at=starts_at, speakers=[SpeakerFactory(name=speaker)])
    lightning = SessionFactory(
        event=event,
        title="NeurIPS Lightning Talks",
        kind=Session.Kind.LIGHTNING,
        starts_at=EVENING + dt.timedelta(minutes=105),
        speakers=[SpeakerFactory(name="Martin Andrews")],
    )
    block = BlockFactory(session=lightning)
    for _number in range(3):
        TalkFactory(block=block)


def letter_to(event: Event, kind: str, *, language: str = "en", **fields: object) -> Letter:
    """What somebody with such a registration gets to read."""
    registration = Registration(event=event, ticket=SAMPLE_TICKET, **({"name": "Thia", "state": State.GOING} | fields))
    with translation.override(language):
        return event_letter(kind, letter_values(kind, registration))
