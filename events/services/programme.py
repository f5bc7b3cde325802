"""The programme of an event: its sessions, their speakers and links."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.changes import RowChange, change_rows, insert_rows, naming_the_row, write_fields
from core.errors import RuleViolation
from events.models import Event, Session, SessionResource, SessionSpeaker, Track
from events.rules import SIGNIFICANT_FOR_SESSIONS
from events.services.revisions import announce_schedule, date_revision, revise
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
    _refuse_parts_of_other_events(event, fields)
    write_fields(session, fields)
    insert_rows(
        SessionSpeaker(session=session, speaker=a.speaker, affiliation=a.affiliation, role=a.role, position=i)
        for i, a in enumerate(appearances)
    )
    session.topics.set(topics)
    insert_rows(SessionResource(session=session, position=i, **resource) for i, resource in enumerate(resources))
    announce_schedule(session.event)
    return session


@transaction.atomic
def revise_session(
    *,
    session: Session,
    now: dt.datetime,
    topics: Iterable[Topic] | None = None,
    speakers: Iterable[Speaker] | None = None,
    **fields: Any,
) -> Session:
    """Move or change a session; SEQUENCE rises when its time, room or status does.

    `speakers` are who is on stage from now on: who stays keeps role, affiliation and place, who is new comes last.
    """
    Event.objects.select_for_update().get(pk=session.event_id)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    _revise(stored, fields, topics=topics, speakers=speakers, now=now)
    return stored


@transaction.atomic
def change_programme(*, event: Event, changes: Iterable[RowChange], now: dt.datetime) -> None:
    """Everything a form says about an event's sessions in one go; RowRefused says which one cannot be.

    Values are a session's fields, and `speakers`. Two sessions may change places: while they are on the way, the
    database is told that they run in parallel, and asked about the room when each has arrived.
    """
    stored = Event.objects.select_for_update().get(pk=event.pk)
    todo = list(changes)
    pks = [change.row.pk for change in todo if change.row]
    sessions = Session.objects.select_for_update().filter(event=stored).in_bulk(pks)
    for change in todo:
        if change.row and change.values is None:
            with naming_the_row(change):
                delete_session(session=sessions.pop(change.row.pk))
    Session.objects.filter(pk__in=sessions).update(parallel=True)
    for change in todo:
        with naming_the_row(change):
            _apply(stored, sessions.get(change.row.pk) if change.row else None, change, now)


def _apply(event: Event, session: Session | None, change: RowChange, now: dt.datetime) -> None:
    if change.values is None:
        return
    fields = dict(change.values)
    speakers = fields.pop("speakers", None)
    if change.row is None:
        fields.setdefault("position", event.sessions.count())
        create_session(event=event, now=now, appearances=[Appearance(one) for one in speakers or ()], **fields)
    elif session is None:
        raise RuleViolation("not_in_event", _("This session is not part of the event any more."))
    else:
        _revise(session, fields, topics=None, speakers=speakers, now=now)
        Session.objects.filter(pk=session.pk).update(parallel=session.parallel)


def _revise(
    session: Session,
    fields: dict[str, Any],
    *,
    topics: Iterable[Topic] | None,
    speakers: Iterable[Speaker] | None,
    now: dt.datetime,
) -> None:
    """Write what differs into a session whose row, and whose event's, the caller has locked."""
    event = session.event
    _refuse_parts_of_other_events(event, fields)
    was_public = event.status != Event.Status.DRAFT
    changed = revise(
        session, fields, significant=SIGNIFICANT_FOR_SESSIONS, was_public=was_public, now=now, topics=topics
    )
    if set_speakers(session.session_speakers, speakers):
        date_revision(session, now=now)
    elif not changed:
        return
    announce_schedule(session.event)


def set_speakers(parts: Any, speakers: Iterable[Speaker] | None) -> bool:
    """Make just these people the speakers of a session or talk, whose related manager `parts` is.

    Who stays keeps role, affiliation and place; who is new comes last. Says whether that changed anything; None
    leaves all as it is.
    """
    if speakers is None:
        return False
    wanted = list(dict.fromkeys(speakers))
    before = dict(parts.values_list("speaker_id", "position"))
    gone = before.keys() - {speaker.pk for speaker in wanted}
    new = [speaker for speaker in wanted if speaker.pk not in before]
    parts.filter(speaker_id__in=gone).delete()
    owner = {parts.field.name: parts.instance}
    last = max(before.values(), default=-1)
    insert_rows(parts.model(**owner, speaker=speaker, position=i) for i, speaker in enumerate(new, last + 1))
    return bool(gone or new)


def _refuse_parts_of_other_events(event: Event, fields: dict[str, Any]) -> None:
    room, track = fields.get("room"), fields.get("track")
    if room and not event.event_rooms.filter(room=room).exists():
        raise RuleViolation("room_not_in_event", _("Add this room to the event's rooms first."), field="room")
    if track and track.event_id != event.pk:
        raise RuleViolation("track_of_another_event", _("This track belongs to another event."), field="track")


@transaction.atomic
def change_session_rows(
    *,
    session: Session,
    model: type[SessionSpeaker] | type[SessionResource],
    changes: Iterable[RowChange],
    now: dt.datetime,
) -> None:
    """Add, change and take away a session's speakers or resources; RowRefused says which one cannot be."""
    Event.objects.select_for_update().get(pk=session.event_id)
    stored = Session.objects.select_for_update().get(pk=session.pk)
    if change_rows(model, changes, session=stored):
        date_revision(stored, now=now)
        announce_schedule(stored.event)


def cancel_session(*, session: Session, now: dt.datetime) -> Session:
    """Call a session off; it stays visible as cancelled."""
    return revise_session(session=session, now=now, status=Session.Status.CANCELLED)


@transaction.atomic
def delete_session(*, session: Session) -> None:
    """Remove a session that should never have been there."""
    stored = Session.objects.select_for_update().get(pk=session.pk)
    announce_schedule(stored.event)
    stored.delete()


@transaction.atomic
def create_track(*, event: Event, name: str) -> Track:
    """A thread through the programme, after those that are there."""
    track = Track()
    write_fields(track, {"event": event, "name": name, "position": event.tracks.count()})
    return track
