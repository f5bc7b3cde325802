"""What can never be false about groups, places, events and programmes."""

from events.models.event import Event, EventHost, EventResource, EventRoom
from events.models.group import Group, GroupLink, Membership, Organisation
from events.models.place import Room, Venue
from events.models.recap import Recap
from events.models.series import Series
from events.models.session import Session, SessionResource, SessionSpeaker, Track

__all__ = [
    "Event",
    "EventHost",
    "EventResource",
    "EventRoom",
    "Group",
    "GroupLink",
    "Membership",
    "Organisation",
    "Recap",
    "Room",
    "Series",
    "Session",
    "SessionResource",
    "SessionSpeaker",
    "Track",
    "Venue",
]
