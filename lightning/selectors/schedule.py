"""The rows a schedule document is made of: every column it shows and no other, in six queries of any programme."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Literal

from django.core.files.storage import default_storage
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from events.models import Event, EventRoom, Group, Room, Session, SessionResource, SessionSpeaker, Track, Venue
from lightning.models import Block, Deck, SlotOffer, Stage, Talk, TalkResource, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from lightning.schedule_types import ResourceItem, RoomItem, SpeakerItem, TopicItem, TrackItem
from lightning.selectors.decks import GIVEN
from lightning.selectors.slots import held_slots
from speakers.models import Speaker, Topic

Owner = tuple[Literal["session", "talk"], int]  # what a speaker, topic or resource belongs to
Row = dict[str, Any]

# As lightning.selectors.decks.is_deck_out, by what was recorded alone: the document knows no clock
OUT = Q(is_deck_public=True, started_at__isnull=False, state__in=GIVEN)
SESSION_COLUMNS = (
    *("id", "ical_uid", "kind", "title", "number", "status", "starts_at", "ends_at", "minutes", "room_id", "track_id"),
    *("parallel", "level", "language", "abstract", "position"),
    *("block__id", "block__talk_minutes", "block__changeover_minutes", "block__question_minutes"),
    *(f"block__stage__{name}" for name in ("state", "talk_id", "started_at", "paused_at", "paused_for", "extra")),
)
TALK_COLUMNS = (
    *("id", "ical_uid", "block_id", "title", "notes", "state", "position", "language", "started_at", "ended_at"),
    *("code", "told_state"),
)


@dataclass(frozen=True)
class ScheduleRows:
    """What the database says about one programme, grouped by what it belongs to."""

    rooms: list[RoomItem]
    tracks: list[TrackItem]
    sessions: list[Row]
    talks: dict[int, list[Row]]  # by block, in running order
    speakers: dict[Owner, list[SpeakerItem]]
    topics: dict[Owner, list[TopicItem]]
    resources: dict[Owner, list[ResourceItem]]


def read_schedule(event: Event) -> ScheduleRows:
    """Everything the programme of this event shows; six queries."""
    rooms, tracks = _rooms_and_tracks(event)
    talks = defaultdict(list)
    for talk in _talks(event).order_by("position").values(*TALK_COLUMNS):
        talks[talk["block_id"]].append(talk)
    return ScheduleRows(
        rooms=rooms,
        tracks=tracks,
        sessions=list(event.sessions.order_by().annotate(held=held_slots("block")).values(*SESSION_COLUMNS, "held")),
        talks=talks,
        speakers=_speakers(event),
        topics=_topics(event),
        resources=_resources(event),
    )


def schedule_rows(event: Event) -> tuple[QuerySet[Any], ...]:
    """Every row that the document shows: what its fingerprint is taken over."""
    sessions = Session.objects.filter(event=event)
    blocks = Block.objects.filter(session__event=event)
    talks = _talks(event)
    return (
        Event.objects.filter(pk=event.pk),
        Group.objects.filter(events=event.pk),
        Venue.objects.filter(events=event.pk),
        EventRoom.objects.filter(event=event),
        Room.objects.filter(event_rooms__event=event),
        Track.objects.filter(event=event),
        sessions,
        SessionSpeaker.objects.filter(session__in=sessions),
        Speaker.objects.filter(session_speakers__session__in=sessions),
        Session.topics.through.objects.filter(session__in=sessions),
        Topic.objects.filter(sessions__in=sessions),
        SessionResource.objects.filter(session__in=sessions),
        blocks,
        talks,
        TalkSpeaker.objects.filter(talk__in=talks),
        Speaker.objects.filter(talk_speakers__talk__in=talks),
        Talk.topics.through.objects.filter(talk__in=talks),
        Topic.objects.filter(talks__in=talks),
        TalkResource.objects.filter(talk__in=talks),
        Stage.objects.filter(block__in=blocks),
        Deck.objects.filter(talk__in=talks),
        SlotOffer.objects.filter(talk__block__in=blocks),
    )


def _talks(event: Event) -> TalkQuerySet:
    """Who has a slot; who waits for one is nobody else's business yet."""
    return Talk.objects.filter(block__session__event=event, position__isnull=False).order_by()


def _rooms_and_tracks(event: Event) -> tuple[list[RoomItem], list[TrackItem]]:
    """One query: rows are (0 for a room, 1 for a track; position; order of making; id; name; seats)."""
    rooms = EventRoom.objects.filter(event=event).order_by()
    tracks = Track.objects.filter(event=event).order_by()
    nothing = Cast(Value(None), IntegerField())
    rows = rooms.values_list(Value(0), "position", "id", "room_id", "room__name", "room__capacity").union(
        tracks.values_list(Value(1), "position", "id", F("id"), "name", nothing), all=True
    )
    ordered = sorted(rows, key=lambda row: row[:3])
    return (
        [RoomItem(id=row[3], name=row[4], capacity=row[5]) for row in ordered if row[0] == 0],
        [TrackItem(id=row[3], name=row[4]) for row in ordered if row[0] == 1],
    )


def _speakers(event: Event) -> dict[Owner, list[SpeakerItem]]:
    """One query; everybody in the order of their parts."""
    person = ("speaker__name", "speaker__slug", "speaker__is_listed", "affiliation")
    in_sessions = SessionSpeaker.objects.filter(session__event=event).order_by()
    in_talks = TalkSpeaker.objects.filter(talk__in=_talks(event).announced()).order_by()
    rows = in_sessions.values_list(Value("session"), "session_id", "position", "id", *person, "role").union(
        in_talks.values_list(Value("talk"), "talk_id", "position", "id", *person, Value("speaker")), all=True
    )
    found: dict[Owner, list[SpeakerItem]] = defaultdict(list)
    for what, owner, _position, _id, name, slug, is_listed, affiliation, role in sorted(rows, key=lambda row: row[:4]):
        url = reverse("speaker", args=[slug]) if is_listed else None
        item = SpeakerItem(name=name, slug=slug, url=url, role=role, affiliation=affiliation)
        found[what, owner].append(item)
    return found


def _topics(event: Event) -> dict[Owner, list[TopicItem]]:
    """One query; topics by name."""
    of_sessions = Session.topics.through.objects.filter(session__event=event).order_by()
    of_talks = Talk.topics.through.objects.filter(talk__in=_talks(event).announced()).order_by()
    rows = of_sessions.values_list(Value("session"), "session_id", "topic__name", "topic__slug").union(
        of_talks.values_list(Value("talk"), "talk_id", "topic__name", "topic__slug"), all=True
    )
    found: dict[Owner, list[TopicItem]] = defaultdict(list)
    for what, owner, name, slug in sorted(rows):
        found[what, owner].append(TopicItem(slug=slug, name=name))
    return found


def _resources(event: Event) -> dict[Owner, list[ResourceItem]]:
    """One query; slides that are out, then links and files in their own order."""
    of_sessions = SessionResource.objects.filter(session__event=event).order_by()
    of_talks = TalkResource.objects.filter(talk__in=_talks(event).announced()).order_by()
    decks = Deck.objects.filter(talk__in=_talks(event).filter(OUT)).order_by()
    shown = ("kind", "title", "url", "file")
    deck = (Value("slides"), Value(""), Value(""), Value(""), "talk__code")
    rows = of_sessions.values_list(Value("session"), "session_id", "position", "id", *shown, Value("")).union(
        of_talks.values_list(Value("talk"), "talk_id", "position", "id", *shown, Value("")),
        decks.values_list(Value("talk"), "talk_id", Value(-1), "id", *deck),
        all=True,
    )
    found: dict[Owner, list[ResourceItem]] = defaultdict(list)
    for what, owner, _position, _id, kind, title, url, file, code in sorted(rows, key=lambda row: row[:4]):
        address = reverse("deck", args=[code]) if code else url or default_storage.url(file)
        found[what, owner].append(ResourceItem(kind=kind, title=title, url=address))
    return found
