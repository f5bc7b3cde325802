"""Programmes for the tests of the schedule document."""

import datetime as dt
import uuid

from events.models import Event, Session
from lightning.models import Block, Talk
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    RoomFactory,
    SessionFactory,
    SessionResourceFactory,
    SessionSpeakerFactory,
    SpeakerFactory,
    TalkFactory,
    TalkResourceFactory,
    TopicFactory,
    TrackFactory,
    VenueFactory,
)

EVENING = dt.datetime(2026, 3, 19, 11, 0, tzinfo=dt.UTC)  # 19:00 in Singapore


def at(minutes: int) -> dt.datetime:
    """So many minutes into the evening."""
    return EVENING + dt.timedelta(minutes=minutes)


def rich_programme() -> Event:
    """One of everything the document can show; ids and UIDs are fixed, so that its bytes are."""
    venue = VenueFactory(pk=7001, name="Google Singapore", slug="google-singapore", latitude="1.276", longitude="103.8")
    hall = RoomFactory(pk=7001, venue=venue, name="Hall", capacity=200)
    loft = RoomFactory(pk=7002, venue=venue, name="Loft", capacity=None)
    event = EventFactory(
        pk=7001,
        rooms=[hall, loft],
        group=GroupFactory(pk=7001, name="Deep Learning", slug="deep-learning"),
        venue=venue,
        title="NeurIPS & <friends>",
        slug="neurips-22",
        starts_at=EVENING,
        ends_at=at(180),
    )
    TrackFactory(pk=7001, event=event, name="Papers")
    cy = SpeakerFactory(pk=7001, name="Cy", slug="cy", email="cy@secret.example")
    ta = SpeakerFactory(pk=7002, name="Ta", slug="ta", is_listed=False)
    xla = TopicFactory(pk=7001, name="XLA", slug="xla")
    _session(7004, event, "Side room", minutes=20, starts_at=at(5), room=loft, kind="workshop", level="beginner")
    _session(7003, event, "Party", minutes=None, starts_at=None, kind="social")
    keynote = _session(7001, event, "开场", minutes=30, starts_at=at(5), room=hall, kind="keynote", number="11.")
    Session.objects.filter(pk=keynote.pk).update(track=7001, abstract="A *new* day", language="zh-Hans")
    keynote.topics.add(xla)
    SessionSpeakerFactory(pk=7001, session=keynote, speaker=ta, role="moderator", position=1)
    SessionSpeakerFactory(pk=7002, session=keynote, speaker=cy, affiliation="Example Labs", position=0)
    SessionResourceFactory(pk=7001, session=keynote, url="https://slides.example/keynote")
    _session(7002, event, "Doors", minutes=5, starts_at=at(0), kind="break", status="cancelled")
    round_of_talks = _session(7005, event, "Lightning", minutes=23, starts_at=at(60), room=hall, kind="lightning")
    _talks(BlockFactory(pk=7001, session=round_of_talks), cy, xla)
    return event


def _session(pk: int, event: Event, title: str, **fields: object) -> Session:
    return SessionFactory(pk=pk, ical_uid=uuid.UUID(int=pk), event=event, title=title, **fields)


def _talks(block: Block, cy: object, xla: object) -> None:
    given = TalkFactory(
        pk=7001, code="first", ical_uid=uuid.UUID(int=1), block=block, title="First", state=Talk.State.GIVEN
    )
    Talk.objects.filter(pk=given.pk).update(started_at=at(62), ended_at=at(68))
    second = TalkFactory(
        pk=7002,
        code="second",
        ical_uid=uuid.UUID(int=2),
        block=block,
        title="",
        notes="Maybe",
        speakers=[cy],
        topics=[xla],
    )
    TalkResourceFactory(pk=7001, talk=second, url="", file="resources/2026/03/deck.pdf")
    TalkFactory(
        pk=7003,
        code="fourth",
        ical_uid=uuid.UUID(int=3),
        block=block,
        title="Fourth",
        position=3,
        state=Talk.State.NO_SHOW,
    )
    TalkFactory(pk=7004, block=block, title="Waits", state=Talk.State.STAND_BY)


def long_programme(sessions: int, talks: int = 0) -> Event:
    """Sessions with two speakers, a topic and slides each, and a round with as many talks."""
    event = EventFactory(ends_at=EVENING + dt.timedelta(days=365), starts_at=EVENING)
    hall = RoomFactory(venue=event.venue)
    for number in range(sessions):
        starts_at = at(30 * number)
        speakers, topics = SpeakerFactory.create_batch(2), [TopicFactory()]
        session = SessionFactory(event=event, room=hall, starts_at=starts_at, speakers=speakers, topics=topics)
        SessionResourceFactory(session=session)
    if talks:
        block = BlockFactory(session__event=event, session__minutes=6 * talks, session__starts_at=at(30 * sessions))
        for _number in range(talks):
            TalkResourceFactory(talk=TalkFactory(block=block, speakers=[SpeakerFactory()], topics=[TopicFactory()]))
    return event
