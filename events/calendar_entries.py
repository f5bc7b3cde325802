"""From rows of groups, events and sessions to calendar values; asks the database nothing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from events.calendar_values import CalendarEntry, EntryStatus, Words
from events.models import Event, Session
from events.plain_text import plain_text

_STATUS = {
    Event.Status.PUBLISHED: EntryStatus.CONFIRMED,
    Event.Status.POSTPONED: EntryStatus.POSTPONED,
    Event.Status.CANCELLED: EntryStatus.CANCELLED,
}


def words() -> Words:
    """The words a feed adds to titles, in the language that is active."""
    return Words(cancelled=_("Cancelled"), postponed=_("Postponed"))


def event_entry(event: Event, *, site_url: str, transparent: bool = True) -> CalendarEntry:
    """One event. Reads group, venue, series and topics: fetch them with the event.

    The online address stays out: it is for confirmed attendees only.
    """
    return CalendarEntry(
        uid=str(event.ical_uid),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.time_zone,
        summary=event.title,
        revised_at=event.revised_at,
        created_at=event.created_at,
        sequence=event.sequence,
        status=event_status(event),
        description=paragraphs(event.summary, plain_text(event.description)),
        location=event_location(event),
        geo=coordinates(event),
        url=site_url + event.get_absolute_url(),
        categories=tuple(sorted(topic.name for topic in event.topics.all())),
        contact=event.group.name,
        transparent=transparent,
        series_uid=str(event.series.ical_uid) if event.series else "",
    )


def session_entry(session: Session, *, site_url: str, transparent: bool = True) -> CalendarEntry | None:
    """One item of a programme, or None while it has no time.

    Reads the event with group and venue, the room with its venue, the speakers and topics. What moves the event
    moves the session: it is called off with the event, and revision and sequence count the event's changes, too.
    """
    if session.starts_at is None or session.ends_at is None:
        return None
    event = session.event
    speakers = [spoken_by(part.speaker.name, part.affiliation) for part in session.session_speakers.all()]
    return CalendarEntry(
        uid=str(session.ical_uid),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=event.time_zone,
        summary=session.title,
        revised_at=max(session.revised_at, event.revised_at),
        created_at=session.created_at,
        sequence=session.sequence + event.sequence,
        status=session_status(session),
        description=paragraphs(", ".join(speakers), plain_text(session.abstract), event.title),
        location=session_location(session),
        geo=coordinates(event),
        url=site_url + event.get_absolute_url(),
        categories=tuple(sorted(topic.name for topic in session.topics.all())),
        contact=event.group.name,
        transparent=transparent,
        parent_uid=str(event.ical_uid),
    )


def event_status(event: Event) -> EntryStatus:
    """A draft never gets this far; were it to, the KeyError leaves it out."""
    return _STATUS[Event.Status(event.status)]


def session_status(session: Session) -> EntryStatus:
    """Its own cancellation, or whatever happened to its event."""
    return EntryStatus.CANCELLED if session.is_cancelled else event_status(session.event)


def event_location(event: Event) -> str:
    """`Venue, street, postcode town, country`, or the word for online."""
    if event.format == Event.Format.ONLINE:
        return _("Online")
    return ", ".join(part for part in (event.venue.name, event.venue.address) if part) if event.venue else ""


def session_location(session: Session) -> str:
    """The room in front of the event's place."""
    place = event_location(session.event)
    return ", ".join(part for part in (session.room.name if session.room else "", place) if part)


def coordinates(event: Event) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees of where people meet, when they do and it is known."""
    venue = None if event.format == Event.Format.ONLINE else event.venue
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return float(venue.latitude), float(venue.longitude)


def spoken_by(name: str, affiliation: str) -> str:
    """`Ada Lovelace (Analytical Engines)`."""
    return f"{name} ({affiliation})" if affiliation else name


def paragraphs(*texts: str) -> str:
    """The texts that say something, with a blank line between them."""
    return "\n\n".join(text for text in texts if text)
