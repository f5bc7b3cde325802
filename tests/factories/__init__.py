"""Rows that are valid by default; name in the call only what the test is about."""

from tests.factories.accounts import UserFactory
from tests.factories.events import (
    EventFactory,
    EventHostFactory,
    EventResourceFactory,
    EventRoomFactory,
    GroupFactory,
    GroupLinkFactory,
    MembershipFactory,
    OrganisationFactory,
    RecapFactory,
    RoomFactory,
    SeriesFactory,
    VenueFactory,
)
from tests.factories.lightning import BlockFactory, TalkFactory, TalkResourceFactory, TalkSpeakerFactory
from tests.factories.outbox import MessageFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory, SessionSpeakerFactory, TrackFactory
from tests.factories.speakers import AffiliationFactory, SpeakerFactory, SpeakerLinkFactory, TopicFactory

__all__ = [
    "AffiliationFactory",
    "BlockFactory",
    "EventFactory",
    "EventHostFactory",
    "EventResourceFactory",
    "EventRoomFactory",
    "GroupFactory",
    "GroupLinkFactory",
    "MembershipFactory",
    "MessageFactory",
    "OrganisationFactory",
    "RecapFactory",
    "RoomFactory",
    "SeriesFactory",
    "SessionFactory",
    "SessionResourceFactory",
    "SessionSpeakerFactory",
    "SpeakerFactory",
    "SpeakerLinkFactory",
    "TalkFactory",
    "TalkResourceFactory",
    "TalkSpeakerFactory",
    "TopicFactory",
    "TrackFactory",
    "UserFactory",
    "VenueFactory",
]
