"""A fixed clock, an empty cache, Ada's group and an evening with a programme."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from core.http_cache import rendered
from events.models import Event, Group, Session
from lightning.models import Talk
from tests.factories import BlockFactory, GroupFactory, RoomFactory, SessionFactory, SpeakerFactory, TalkFactory
from tests.web.calendars.reading import HOUR, NOW, meetup


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[time_machine.Traveller]:
    cache.clear()
    rendered.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def group(db: None) -> Group:
    return GroupFactory(name="Ada's group", slug="ada", tagline="Talks; pizza")


@pytest.fixture
def evening(group: Group) -> Event:
    """A talk by Cy in the Hall, a session without a time, and a round of two talks."""
    event = meetup(group, slug="evening", title="Evening", sequence=1)
    cy = SpeakerFactory(name="Cy", slug="cy")
    hall = RoomFactory(venue=event.venue, name="Hall")
    session = SessionFactory(event=event, title="Keynote", room=hall, speakers=[cy], sequence=2)
    session.session_speakers.update(affiliation="Labs")
    SessionFactory(event=event, title="Some day", starts_at=None, minutes=None, speakers=[cy])
    lightning = SessionFactory(
        event=event, title="Round", kind=Session.Kind.LIGHTNING, starts_at=event.starts_at + HOUR, minutes=30
    )
    block = BlockFactory(session=lightning)
    TalkFactory(block=block, title="First", sequence=4)
    TalkFactory(block=block, title="", speakers=[cy])
    TalkFactory(block=block, title="Not yet", state=Talk.State.SUBMITTED, speakers=[cy])
    return event
