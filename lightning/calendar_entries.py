"""From rows of lightning talks to calendar values, at their planned times; asks the database nothing."""

from __future__ import annotations

from events.calendar_entries import (
    coordinates,
    paragraphs,
    session_location,
    session_status,
    spoken_by,
)
from events.calendar_values import CalendarEntry
from events.plain_text import plain_text
from lightning.models import Talk


def talk_entry(talk: Talk, *, site_url: str, transparent: bool = True) -> CalendarEntry | None:
    """One talk of a running order, or None without a place in it or before its block has a time.

    Reads the block with session, room, event, group and venue, the speakers and topics. A talk moves with its
    session and its event: revision and sequence count their changes, too.
    """
    session = talk.block.session
    if talk.position is None or session.starts_at is None:
        return None
    event, times = session.event, talk.block.times
    names = [part.speaker.name for part in talk.talk_speakers.all()]
    speakers = [spoken_by(part.speaker.name, part.affiliation) for part in talk.talk_speakers.all()]
    return CalendarEntry(
        uid=str(talk.ical_uid),
        starts_at=times.planned_start(session.starts_at, talk.position),
        ends_at=times.planned_end(session.starts_at, talk.position),
        zone=event.time_zone,
        summary=talk.title or ", ".join(names) or session.title,
        revised_at=max(talk.revised_at, session.revised_at, event.revised_at),
        created_at=talk.created_at,
        sequence=talk.sequence + session.sequence + event.sequence,
        status=session_status(session),
        description=paragraphs(
            ", ".join(speakers),
            plain_text(talk.notes),
            f"{session.title}, {event.title}",
        ),
        location=session_location(session),
        geo=coordinates(event),
        url=site_url + event.get_absolute_url(),
        categories=tuple(sorted(topic.name for topic in talk.topics.all())),
        contact=event.group.name,
        transparent=transparent,
        parent_uid=str(event.ical_uid),
    )
