"""The programme of an event: its sessions, their speakers and links."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.changes import write_fields
from events.models import Event, Session, SessionResource, SessionSpeaker
from events.rules import SIGNIFICANT_FOR_SESSIONS
from events.services.revisions import revise, touch_session_feeds
from speakers.models import Speaker, Topic


@dataclass(frozen=True)
class Appearance:
    """A speaker on stage, with the affiliation they had then."""

    speaker: Speaker
    affiliation: str = ""
    role: str = SessionSpeaker.Role.SPEAKER


@transaction.atomic
def create_session(
    *,
    event: Event,
    now: dt.datetime,
    appearances: Iterable[Appearance] = (),
    topics: Iterable[Topic] = (),
    resources: Iterable[dict[str, str]] = (),
    **fields: Any,
) -> Session:
    """A new item of the programme; `resources` are {kind, title, url}."""
    Event.objects.select_for_update().get(pk=event.pk)
    session = Session(event=event, revised_at=now.replace(microsecond=0))
    write_fields(session, fields)
    SessionSpeaker.objects.bulk_create(
        SessionSpeaker(session=session, speaker=a.speaker, affiliation=a.affiliation, role=a.role, position=i)
        for i, a in enumerate(appearances)
    )
    session.topics.set(topics)
    SessionResource.objects.bulk_create(
        SessionResource(session=session, position=i, **resource) for i, resource in enumerate(resources)
    )
    touch_session_feeds(session, now=now)
    return session


@transaction.atomic
def revise_session(*, session: Session, now: dt.datetime, **fields: Any) -> Session:
    """Move or change a session; SEQUENCE rises when its time, room or status does."""
    event = Event.objects.select_for_update().get(pk=session.event_id)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    was_public = event.status != Event.Status.DRAFT
    if revise(stored, fields, significant=SIGNIFICANT_FOR_SESSIONS, was_public=was_public, now=now):
        touch_session_feeds(stored, now=now)
    return stored


def cancel_session(*, session: Session, now: dt.datetime) -> Session:
    """Call a session off; it stays visible as cancelled."""
    return revise_session(session=session, now=now, status=Session.Status.CANCELLED)


@transaction.atomic
def delete_session(*, session: Session, now: dt.datetime) -> None:
    """Remove a session that should never have been there."""
    stored = Session.objects.select_for_update().get(pk=session.pk)
    touch_session_feeds(stored, now=now)
    stored.delete()
