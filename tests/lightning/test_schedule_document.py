"""The schedule document: what it shows, always in the same bytes, and that its fingerprint moves with it."""

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.zones import local_text
from events.models import Event, EventRoom, Group, Room, Session, SessionResource, SessionSpeaker, Track, Venue
from events.selectors.events import published_event
from lightning.models import Block, Talk, TalkResource, TalkSpeaker
from lightning.schedule_document import build_schedule_document, schedule_bytes, schedule_fingerprint
from speakers.models import Speaker, Topic
from tests.factories import (
    BlockFactory,
    EventRoomFactory,
    SessionFactory,
    SessionResourceFactory,
    SessionSpeakerFactory,
    SpeakerFactory,
    TalkFactory,
    TalkResourceFactory,
    TalkSpeakerFactory,
    TopicFactory,
    TrackFactory,
)
from tests.factories.lightning import DeckFactory, StageFactory
from tests.lightning.schedule_samples import at, long_programme, rich_programme

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)

GOLDEN = Path(__file__).parent.parent / "golden" / "schedule" / "rich.json"


def build(event: Event) -> dict:
    return build_schedule_document(published_event(event.slug))


def test_the_document_is_the_one_in_the_golden_file() -> None:
    document = build(rich_programme())
    shown = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(shown)

    assert shown == GOLDEN.read_text(), "Meant? Then run the tests once with RENEW_GOLDEN=1 and read the difference."


def test_its_bytes_are_compact_utf_8_and_the_same_every_time() -> None:
    event = rich_programme()

    first, second = schedule_bytes(build(event)), schedule_bytes(build(event))

    assert first == second
    assert json.loads(first) == build(event)
    assert b'"title":"' + "开场".encode() + b'"' in first
    assert b"\n" not in first


def test_sessions_stand_by_start_then_room_then_position_and_the_untimed_last() -> None:
    document = build(rich_programme())

    assert [session["title"] for session in document["sessions"]] == [
        "Doors",
        "开场",
        "Side room",
        "Lightning",
        "Party",
    ]


def test_a_session_for_everybody_stands_before_those_beside_each_other() -> None:
    event = rich_programme()
    SessionFactory(event=event, title="Everybody", starts_at=at(5))
    SessionFactory(event=event, title="Earlier in the list", starts_at=at(5), position=0, parallel=True)
    Session.objects.filter(title="Everybody").update(position=1)

    titles = [session["title"] for session in build(event)["sessions"]]

    assert titles[1:5] == ["Earlier in the list", "Everybody", "开场", "Side room"]


def test_talks_have_their_planned_times_until_they_have_been_given() -> None:
    block = build(rich_programme())["sessions"][3]["block"]

    assert [(talk["slot"], talk["starts_at"][11:16], talk["ends_at"][11:16]) for talk in block["talks"]] == [
        (1, "20:02", "20:08"),
        (2, "20:06", "20:11"),
        (4, "20:18", "20:23"),
    ]
    assert (block["slots"], block["open_slots"]) == (4, 1)


def test_a_round_without_times_has_talks_without_times_and_unknown_slots() -> None:
    block = BlockFactory(session__starts_at=None, session__minutes=None)
    TalkFactory(block=block)

    document = build(block.session.event)["sessions"][0]["block"]

    assert (document["slots"], document["open_slots"]) == (None, None)
    assert (document["talks"][0]["starts_at"], document["talks"][0]["ends_at"]) == (None, None)


def test_who_waits_for_a_slot_is_not_shown() -> None:
    assert "Waits" not in schedule_bytes(build(rich_programme())).decode()


def test_a_private_address_never_leaves_the_database() -> None:
    event = rich_programme()
    Event.objects.filter(pk=event.pk).update(online_url="https://meet.example/secret")

    assert b"secret" not in schedule_bytes(build(event))


def test_times_at_the_end_of_the_calendar_do_not_break_it() -> None:
    event = rich_programme()
    Event.objects.filter(pk=event.pk).update(ends_at="9999-12-31T23:00:00Z")

    assert build(event)["event"]["ends_at"] == "9999-12-31T23:00:00+00:00"


@pytest.mark.parametrize(("sessions", "talks"), [(1, 0), (3, 0), (30, 0), (1, 1), (1, 27), (0, 0)])
def test_it_takes_six_queries_however_long_the_programme(sessions: int, talks: int) -> None:
    event = published_event(long_programme(sessions, talks).slug)
    for talk in Talk.objects.all():
        DeckFactory(talk=talk)
    Talk.objects.update(started_at=event.starts_at)
    for block in Block.objects.all():
        StageFactory(block=block, state="on", version=1)

    with CaptureQueriesContext(connection) as queries:
        build_schedule_document(event)

    assert len(queries) == 6


@pytest.mark.parametrize(("sessions", "talks"), [(1, 1), (3, 27)])
def test_its_fingerprint_takes_one(sessions: int, talks: int) -> None:
    event = long_programme(sessions, talks)

    with CaptureQueriesContext(connection) as queries:
        schedule_fingerprint(event)

    assert len(queries) == 1


WRITES: dict[str, Callable[[Event], object]] = {
    "event": lambda event: Event.objects.filter(pk=event.pk).update(title="x"),
    "group": lambda event: Group.objects.update(name="x"),
    "venue": lambda event: Venue.objects.update(name="x"),
    "venue of the event": lambda event: Event.objects.filter(pk=event.pk).update(venue=None),
    "room": lambda event: Room.objects.filter(name="Hall").update(capacity=1),
    "room of the event added": lambda event: EventRoomFactory(event=event),
    "room of the event moved": lambda event: EventRoom.objects.filter(room__name="Hall").update(position=9),
    "track": lambda event: Track.objects.update(name="x"),
    "track added": lambda event: TrackFactory(event=event),
    "track deleted": lambda event: Track.objects.all().delete(),
    "session": lambda event: Session.objects.filter(title="Party").update(title="x"),
    "session added": lambda event: SessionFactory(event=event),
    "session deleted": lambda event: Session.objects.filter(title="Party").delete(),
    "part of a session": lambda event: SessionSpeaker.objects.filter(pk=7001).update(affiliation="x"),
    "part of a session added": lambda event: SessionSpeakerFactory(session=Session.objects.get(pk=7003)),
    "part of a session deleted": lambda event: SessionSpeaker.objects.filter(pk=7001).delete(),
    "speaker of a session": lambda event: Speaker.objects.filter(slug="ta").update(name="x"),
    "topic": lambda event: Topic.objects.update(name="x"),
    "topic of a session added": lambda event: Session.objects.get(pk=7003).topics.add(TopicFactory()),
    "topic of a session deleted": lambda event: Session.objects.get(pk=7001).topics.clear(),
    "resource of a session": lambda event: SessionResource.objects.update(title="x"),
    "resource of a session added": lambda event: SessionResourceFactory(session=Session.objects.get(pk=7003)),
    "resource of a session deleted": lambda event: SessionResource.objects.all().delete(),
    "block": lambda event: Block.objects.update(talk_minutes=7),
    "block added": lambda event: BlockFactory(session=Session.objects.get(pk=7003)),
    "block deleted": lambda event: Block.objects.all().delete(),
    "talk": lambda event: Talk.objects.filter(pk=7002).update(title="x"),
    "talk added": lambda event: TalkFactory(block=Block.objects.get(), position=2),
    "talk gets a slot": lambda event: Talk.objects.filter(title="Waits").update(position=2, state="accepted"),
    "talk deleted": lambda event: Talk.objects.filter(pk=7003).delete(),
    "part of a talk": lambda event: TalkSpeaker.objects.update(affiliation="x"),
    "part of a talk added": lambda event: TalkSpeakerFactory(talk=Talk.objects.get(pk=7003)),
    "part of a talk deleted": lambda event: TalkSpeaker.objects.all().delete(),
    "speaker of a talk": lambda event: Speaker.objects.filter(slug="cy").update(is_listed=False),
    "topic of a talk added": lambda event: Talk.objects.get(pk=7003).topics.add(TopicFactory()),
    "topic of a talk deleted": lambda event: Talk.objects.get(pk=7002).topics.clear(),
    "stage": lambda event: StageFactory(block=Block.objects.get(), state="between", version=1),
    "slides of a talk": lambda event: DeckFactory(talk=Talk.objects.first()),
    "resource of a talk": lambda event: TalkResource.objects.update(title="x"),
    "resource of a talk added": lambda event: TalkResourceFactory(talk=Talk.objects.get(pk=7003)),
    "resource of a talk deleted": lambda event: TalkResource.objects.all().delete(),
}


@pytest.mark.parametrize("kind", WRITES)
def test_every_kind_of_write_that_shows_moves_the_fingerprint_and_the_bytes(kind: str) -> None:
    event = rich_programme()
    fingerprint, shown = schedule_fingerprint(event), schedule_bytes(build(event))

    WRITES[kind](event)

    assert schedule_fingerprint(event) != fingerprint
    assert schedule_bytes(build(event)) != shown


def test_another_event_leaves_the_fingerprint_alone() -> None:
    event = rich_programme()
    before = schedule_fingerprint(event)

    long_programme(1, 1)
    SpeakerFactory()

    assert schedule_fingerprint(event) == before


def test_a_round_on_stage_says_who_is_on_and_when_the_others_are_expected() -> None:
    event = long_programme(0, 3)
    block = Block.objects.get()
    assert build(event)["sessions"][0]["block"]["stage"] is None
    first, second, third = block.talks.in_lineup()
    begins = block.session.starts_at
    Talk.objects.filter(pk=first.pk).update(state="given", started_at=begins, ended_at=begins + 9 * MINUTE)
    started_at = begins + 10.5 * MINUTE
    Talk.objects.filter(pk=second.pk).update(started_at=started_at)
    StageFactory(block=block, state="on", talk=second, started_at=started_at, version=3)
    shown = build(event)["sessions"][0]["block"]
    zone = event.zone
    assert shown["stage"] == {
        "state": "on",
        "talk": second.pk,
        "started_at": local_text(started_at, zone),
        "ends_at": local_text(started_at + 5 * MINUTE, zone),
        "late_minutes": 5,
    }
    assert [talk["expected_at"] for talk in shown["talks"]] == [None, None, local_text(begins + 17 * MINUTE, zone)]
    assert third.pk == shown["talks"][2]["id"]


def test_slides_are_among_the_resources_from_the_start_of_the_talk_unless_the_speaker_keeps_them() -> None:
    event = long_programme(0, 3)
    on, kept, _coming = talks = Block.objects.get().talks.in_lineup()
    for talk in talks:
        DeckFactory(talk=talk)
    Talk.objects.filter(pk__in=[on.pk, kept.pk]).update(started_at=event.starts_at)
    Talk.objects.filter(pk=kept.pk).update(is_deck_public=False)
    shown = build(event)["sessions"][0]["block"]["talks"]
    decks = [[one for one in talk["resources"] if one["url"].startswith("/t/")] for talk in shown]
    assert decks == [[{"kind": "slides", "title": "", "url": f"/t/{on.code}/slides/"}], [], []]
    assert [talk["permalink"] for talk in shown] == [f"/t/{talk.code}/" for talk in talks]
