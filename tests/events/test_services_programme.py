"""The programme: sessions come, move, swap and go, and calendars learn of what matters to them."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events.models import Event, EventRoom, Session, SessionResource, SessionSpeaker
from events.services.programme import (
    Appearance,
    cancel_session,
    change_programme,
    change_session_rows,
    create_session,
    delete_session,
    revise_session,
)
from tests.factories import (
    EventFactory,
    EventRoomFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TopicFactory,
    TrackFactory,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = dt.timedelta(minutes=30)


def evening(status: str = "published") -> tuple[Event, EventRoom]:
    event_room = EventRoomFactory(event__status=status)
    return event_room.event, event_room.room


@pytest.mark.parametrize(
    ("fields", "sequence"),
    [
        ({"title": "New"}, 0),
        ({"starts_at": None}, 1),
        ({"minutes": 45}, 1),
        ({"room": None}, 1),
        ({"status": "cancelled"}, 1),
        ({"parallel": True}, 0),
        ({}, 0),
    ],
)
def test_what_matters_to_calendars_raises_the_sequence(fields, sequence, now):
    event, room = evening()
    session = SessionFactory(event=event, room=room)
    assert revise_session(session=session, now=now, **fields).sequence == sequence


def test_in_a_draft_nothing_raises_the_sequence(now):
    event, _room = evening(status="draft")
    assert revise_session(session=SessionFactory(event=event), now=now, minutes=45).sequence == 0


def test_a_cancelled_session_frees_its_room_and_stays_visible(now):
    event, room = evening()
    session = cancel_session(session=SessionFactory(event=event, room=room), now=now)
    SessionFactory(event=event, room=room)
    assert (session.is_cancelled, event.sessions.count()) == (True, 2)


def test_who_speaks_is_replaced_and_who_stays_keeps_their_part(now):
    cy, ta, li = SpeakerFactory(), SpeakerFactory(), SpeakerFactory()
    session = SessionFactory(speakers=[cy, ta])
    SessionSpeaker.objects.filter(speaker=ta).update(affiliation="Example Labs", role="moderator")
    revise_session(session=session, now=now, speakers=[li, ta])
    parts = session.session_speakers.values_list("speaker", "affiliation", "role", "position")
    assert list(parts) == [(ta.pk, "Example Labs", "moderator", 1), (li.pk, "", "speaker", 2)]


def test_other_speakers_move_the_revision_and_not_the_sequence(now):
    session = revise_session(session=SessionFactory(speakers=[SpeakerFactory()]), now=now, speakers=[SpeakerFactory()])
    assert (session.revised_at, session.sequence) == (now, 0)


def test_topics_are_set_and_without_a_word_stay(now):
    topic = TopicFactory()
    session = revise_session(session=SessionFactory(), now=now, topics=[topic])
    revise_session(session=session, now=now, title="New")
    assert list(session.topics.all()) == [topic]


@pytest.mark.parametrize("part", ["room", "track"])
def test_rooms_and_tracks_of_other_events_are_refused(part, now):
    event, _room = evening()
    fields = {part: RoomFactory() if part == "room" else TrackFactory()}
    for attempt in (
        lambda: create_session(event=event, now=now, title="S", **fields),
        lambda: revise_session(session=SessionFactory(event=event), now=now, **fields),
    ):
        with pytest.raises(RuleViolation) as refused:
            attempt()
        assert refused.value.field == part


def test_three_sessions_change_places_in_a_ring(now):
    event, room = evening()
    at = [event.starts_at + i * HALF_AN_HOUR for i in range(3)]
    a, b, c = (SessionFactory(event=event, room=room, starts_at=when, minutes=30) for when in at)
    changes = [RowChange(row, {"starts_at": at[i]}) for row, i in ((a, 1), (b, 2), (c, 0))]
    change_programme(event=event, changes=changes, now=now)
    assert list(Session.objects.in_order().values_list("pk", "parallel", "sequence")) == [
        (c.pk, False, 1),
        (a.pk, False, 1),
        (b.pk, False, 1),
    ]


def test_a_new_session_takes_the_place_of_one_that_goes(now):
    event, room = evening()
    old = SessionFactory(event=event, room=room)
    fields = {"title": "New", "room": room, "starts_at": old.starts_at, "minutes": 30, "speakers": [SpeakerFactory()]}
    change_programme(event=event, changes=[RowChange(None, fields, "new"), RowChange(old, None)], now=now)
    assert Session.objects.values_list("title", "position", "speakers__name").get() == ("New", 0, "Cy")


def test_a_clash_is_named_and_everything_stays_as_it_was(now):
    event, room = evening()
    a = SessionFactory(event=event, room=room, starts_at=event.starts_at, minutes=30)
    b = SessionFactory(event=event, room=room, starts_at=event.starts_at + HALF_AN_HOUR, minutes=30)
    changes = [RowChange(a, {"title": "Changed"}, "a"), RowChange(b, {"starts_at": event.starts_at}, "b")]
    with pytest.raises(RowRefused) as refused:
        change_programme(event=event, changes=changes, now=now)
    assert (refused.value.key, type(refused.value.reason)) == ("b", ValidationError)
    assert list(Session.objects.in_order().values_list("title", "parallel")) == [(a.title, False), (b.title, False)]


def test_a_session_that_runs_in_parallel_still_does_after_a_change(now):
    event, room = evening()
    session = SessionFactory(event=event, room=room, parallel=True)
    change_programme(event=event, changes=[RowChange(session, {"title": "New"})], now=now)
    assert Session.objects.values_list("title", "parallel").get() == ("New", True)


def test_a_session_of_another_event_is_refused(now):
    event, theirs = EventFactory(), SessionFactory()
    with pytest.raises(RowRefused) as refused:
        change_programme(event=event, changes=[RowChange(theirs, {"title": "Mine"}, "row")], now=now)
    assert (refused.value.reason.code, Session.objects.get().title) == ("not_in_event", theirs.title)


def test_parts_of_a_session_follow_the_same_door(now):
    session, cy = SessionFactory(), SpeakerFactory()
    part = RowChange(None, {"speaker": cy, "affiliation": "Example Labs"})
    change_session_rows(session=session, model=SessionSpeaker, changes=[part], now=now)
    link = RowChange(None, {"kind": "slides", "url": "https://slides.example/"})
    change_session_rows(session=session, model=SessionResource, changes=[link], now=now)
    session.refresh_from_db()
    assert (session.revised_at, session.speakers.get(), session.resources.get().kind) == (now, cy, "slides")


def test_a_speaker_who_is_taken_off_leaves_a_new_revision_behind(now):
    session = SessionFactory(speakers=[SpeakerFactory()])
    part = RowChange(session.session_speakers.get(), None)
    change_session_rows(session=session, model=SessionSpeaker, changes=[part], now=now)
    session.refresh_from_db()
    assert (session.revised_at, session.session_speakers.count()) == (now, 0)


def test_a_deleted_session_takes_its_parts_along_and_leaves_the_speakers(now):
    cy = SpeakerFactory()
    delete_session(session=SessionFactory(speakers=[cy]))
    cy.refresh_from_db()
    assert (Session.objects.count(), SessionSpeaker.objects.count()) == (0, 0)


def test_open_pages_are_told_once_the_change_is_committed_and_not_when_there_is_none(
    now, django_capture_on_commit_callbacks
):
    session = SessionFactory()
    with django_capture_on_commit_callbacks() as rings:
        revise_session(session=session, now=now, title="New")
    assert len(rings) == 1
    with django_capture_on_commit_callbacks() as rings:
        revise_session(session=session, now=now, title="New")
    assert len(rings) == 0


def test_a_new_session_says_who_speaks_as_what(now):
    cy = SpeakerFactory()
    appearance = Appearance(cy, "Example Labs", SessionSpeaker.Role.MODERATOR)
    session = create_session(event=EventFactory(), now=now, title="Panel", appearances=[appearance])
    assert session.session_speakers.values_list("affiliation", "role").get() == ("Example Labs", "moderator")


@pytest.mark.django_db(transaction=True)
def test_two_organisers_who_book_one_room_at_the_same_moment_do_not_both_get_it(now):
    event, room = evening()
    fields = {"event": event, "now": now, "title": "S", "room": room, "starts_at": event.starts_at, "minutes": 30}

    def book() -> None:
        try:
            create_session(**fields)
        except ValidationError as error:
            raise RuleViolation("room_taken", "") from error

    assert at_once(book, book, book) == ["done", "room_taken", "room_taken"]
    assert event.sessions.count() == 1
