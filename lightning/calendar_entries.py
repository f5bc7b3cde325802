"""From rows of lightning talks to calendar values; asks the database nothing.

A mailed invite stands at the planned time. A feed says what is real: it is asked for again and again, and interrupts
nobody.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.time_words import local
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


@dataclass(frozen=True)
class RealTime:
    """When a talk was on, is on, or is expected; `noted_at` is when the stage last moved.

    `late_minutes` is how much later than planned it is expected; negative when early.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    noted_at: dt.datetime
    late_minutes: int = 0


def talk_entry(
    talk: Talk, *, site_url: str, transparent: bool = True, real: RealTime | None = None
) -> CalendarEntry | None:
    """One talk of a running order, or None without a place in it or before its block has a time.

    Reads the block with session, room, event, group and venue, the speakers and topics. A talk moves with its
    session and its event: revision and sequence count their changes, too. `real` takes the place of the planned time,
    and is a new revision; SEQUENCE counts plans alone, so that no calendar takes it for news against a mailed invite.
    """
    session = talk.block.session
    if talk.position is None or session.starts_at is None:
        return None
    event, times = session.event, talk.block.times
    names = [part.speaker.name for part in talk.talk_speakers.all()]
    speakers = [spoken_by(part.speaker.name, part.affiliation) for part in talk.talk_speakers.all()]
    return CalendarEntry(
        uid=str(talk.ical_uid),
        starts_at=real.starts_at if real else times.planned_start(session.starts_at, talk.position),
        ends_at=real.ends_at if real else times.planned_end(session.starts_at, talk.position),
        zone=event.time_zone,
        summary=talk.title or ", ".join(names) or session.title,
        revised_at=max(talk.revised_at, session.revised_at, event.revised_at, *([real.noted_at] if real else [])),
        created_at=talk.created_at,
        sequence=talk.sequence + session.sequence + event.sequence,
        status=session_status(session),
        description=paragraphs(
            _lateness(real, event.time_zone),
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


def _lateness(real: RealTime | None, zone: str) -> str:
    if real is None or not real.late_minutes:
        return ""
    late, time = real.late_minutes, f"{local(real.starts_at, zone):%H:%M}"
    if late > 0:
        return _("Running %(minutes)d min late, about %(time)s.") % {"minutes": late, "time": time}
    return _("Running %(minutes)d min early, about %(time)s.") % {"minutes": -late, "time": time}
