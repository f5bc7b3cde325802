"""What can never be false about groups, places, events and programmes."""

from events.models.event import Event, EventHost, EventResource, EventRoom
from events.models.group import Group, GroupLink, Membership, Organisation
from events.models.imported import ImportedEvent
from events.models.invite import CalendarInvite, InviteRound, ReplyAddress
from events.models.mail_text import MailText
from events.models.notice import ChangeNotice
from events.models.place import Room, Venue
from events.models.recap import Recap
from events.models.reminder import ReminderRun, ReminderStep
from events.models.series import Series
from events.models.session import Session, SessionResource, SessionSpeaker, Track

__all__ = [
    "CalendarInvite",
    "ChangeNotice",
    "Event",
    "EventHost",
    "EventResource",
    "EventRoom",
    "Group",
    "GroupLink",
    "ImportedEvent",
    "InviteRound",
    "MailText",
    "Membership",
    "Organisation",
    "Recap",
    "ReminderRun",
    "ReminderStep",
    "ReplyAddress",
    "Room",
    "Series",
    "Session",
    "SessionResource",
    "SessionSpeaker",
    "Track",
    "Venue",
]
