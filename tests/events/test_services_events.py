"""Events are made, moved, published, postponed, cancelled; SEQUENCE and feeds follow (RFC 5545 3.8.7.4)."""

import datetime as dt

import pytest

from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events import signals
from events.models import Event, EventResource, EventRoom, Track
from events.services.events import (
    cancel_event,
    change_event_rows,
    create_event,
    delete_draft,
    postpone_event,
    publish_event,
    revise_event,
)
from events.services.recaps import delete_recap, write_recap
from tests.factories import (
    EventFactory,
    EventRoomFactory,
    GroupFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    TopicFactory,
    VenueFactory,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
STEPS = {"publish": publish_event, "postpone": postpone_event, "cancel": cancel_event}


@pytest.fixture
def news():
    """The names of the signals sent, in order."""
    heard: list[str] = []
    listeners = {
        "published": lambda **details: heard.append("published"),
        "moved": lambda **details: heard.append(f"moved: {', '.join(sorted(details['changed']))}"),
        "cancelled": lambda **details: heard.append("cancelled"),
    }
    for name, listener in listeners.items():
        getattr(signals, f"event_{name}").connect(listener)
    yield heard
    for name, listener in listeners.items():
        getattr(signals, f"event_{name}").disconnect(listener)


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ("draft", ["publish"]),
        ("published", ["cancel", "postpone", "publish"]),
        ("postponed", ["cancel", "postpone", "publish"]),
        ("cancelled", ["cancel", "publish"]),
    ],
)
def test_every_step_from_every_status_is_taken_or_refused(before, allowed, now):
    outcome = {}
    for name, step in STEPS.items():
        try:
            outcome[name] = step(event=EventFactory(status=before), now=now).status
        except RuleViolation as refusal:
            outcome[name] = refusal.code
    assert sorted(name for name, status in outcome.items() if status != "wrong_status") == allowed


def test_publishing_is_news_and_raises_no_sequence(now, news):
    event = publish_event(event=EventFactory(status="draft"), now=now)
    assert (event.status, event.sequence, event.revised_at, news) == ("published", 0, now, ["published"])


def test_publishing_twice_is_one_piece_of_news(now, news):
    event = EventFactory(status="draft")
    publish_event(event=event, now=now)
    publish_event(event=event, now=now)
    assert news == ["published"]


def test_calling_off_and_bringing_back_each_raise_the_sequence(now, news):
    event = EventFactory()
    assert [step(event=event, now=now).sequence for step in (cancel_event, publish_event, postpone_event)] == [1, 2, 3]
    assert news == ["cancelled", "published", "moved: status"]


@pytest.mark.parametrize(
    ("fields", "sequence", "heard"),
    [
        ({"title": "New"}, 0, []),
        ({"ends_at": dt.timedelta(hours=3)}, 1, ["moved: ends_at"]),
        ({"time_zone": "Asia/Tokyo"}, 1, ["moved: time_zone"]),
        ({"format": "online"}, 1, ["moved: format"]),
        ({}, 0, []),
    ],
)
def test_what_matters_to_calendars_raises_the_sequence_of_a_public_event(fields, sequence, heard, now, news):
    event = EventFactory()
    values = {k: event.starts_at + v if isinstance(v, dt.timedelta) else v for k, v in fields.items()}
    event = revise_event(event=event, now=now, **values)
    assert (event.sequence, news) == (sequence, heard)


def test_a_draft_moves_in_silence(now, news):
    event = EventFactory(status="draft")
    moved = revise_event(event=event, now=now, starts_at=event.starts_at - dt.timedelta(hours=1))
    assert (moved.sequence, news) == (0, [])


def test_a_change_that_is_none_leaves_the_revision_alone(now):
    event = EventFactory()
    before = event.revised_at
    assert revise_event(event=event, now=now, title=event.title).revised_at == before


def test_an_impossible_change_is_refused_and_nothing_is_written(now):
    event = EventFactory()
    with pytest.raises(Exception, match="ends before it starts"):
        revise_event(event=event, now=now, ends_at=event.starts_at - dt.timedelta(hours=1), title="x")
    assert Event.objects.values_list("title", flat=True).get() == event.title


def test_other_topics_move_the_revision_and_not_the_sequence(now):
    old, new = TopicFactory(), TopicFactory()
    event = revise_event(event=EventFactory(topics=[old]), now=now, topics=[new])
    assert (list(event.topics.all()), event.revised_at, event.sequence) == ([new], now, 0)


def test_a_series_of_another_group_is_refused_at_birth_and_later(now):
    foreign, event = SeriesFactory(), EventFactory()
    fields = {"title": "E", "slug": "e", "time_zone": "UTC", "starts_at": event.starts_at, "ends_at": event.ends_at}
    for attempt in (
        lambda: revise_event(event=event, now=now, series=foreign),
        lambda: create_event(group=event.group, series=foreign, now=now, **fields),
    ):
        with pytest.raises(RuleViolation) as refused:
            attempt()
        assert (refused.value.code, refused.value.field) == ("series_of_another_group", "series")


def test_an_event_leaves_its_series_when_it_changes_groups(now):
    series, other = SeriesFactory(), GroupFactory()
    event = EventFactory(group=series.group, series=series)
    with pytest.raises(RuleViolation):
        revise_event(event=event, now=now, group=other)
    assert revise_event(event=event, now=now, group=other, series=None).group == other


@pytest.mark.parametrize("status", ["published", "postponed", "cancelled"])
def test_what_was_public_is_not_deleted(status, now):
    event = EventFactory(status=status)
    with pytest.raises(RuleViolation, match="Cancel this event instead"):
        delete_draft(event=event)
    assert Event.objects.count() == 1


def test_a_draft_goes_with_its_programme(now):
    session = SessionFactory(event=EventFactory(status="draft"))
    delete_draft(event=session.event)
    assert Event.objects.count() == 0


def test_rooms_are_added_and_taken_away(now):
    event_room, new = EventRoomFactory(), RoomFactory()
    event = event_room.event
    changes = [RowChange(None, {"room": new, "position": 1}), RowChange(event_room, None)]
    change_event_rows(event=event, model=EventRoom, changes=changes, now=now)
    event.refresh_from_db()
    assert (list(event.rooms.all()), event.revised_at) == ([new], now)


@pytest.mark.parametrize("how", ["taken away", "exchanged"])
def test_a_room_where_something_takes_place_stays(how, now):
    event_room = EventRoomFactory()
    SessionFactory(event=event_room.event, room=event_room.room, title="Keynote")
    values = None if how == "taken away" else {"room": RoomFactory()}
    change = RowChange(event_room, values, "row")
    with pytest.raises(RowRefused) as refused:
        change_event_rows(event=event_room.event, model=EventRoom, changes=[change], now=now)
    assert (refused.value.key, refused.value.reason.code) == ("row", "room_in_use")


def test_a_room_in_use_may_change_its_column(now):
    event_room = EventRoomFactory()
    SessionFactory(event=event_room.event, room=event_room.room)
    change = RowChange(event_room, {"position": 7})
    change_event_rows(event=event_room.event, model=EventRoom, changes=[change], now=now)
    assert EventRoom.objects.get().position == 7


def test_tracks_and_links_follow_the_same_door(now):
    event = EventFactory()
    change_event_rows(event=event, model=Track, changes=[RowChange(None, {"name": "Hands-on"})], now=now)
    link = RowChange(None, {"kind": "photos", "url": "https://photos.example/"})
    change_event_rows(event=event, model=EventResource, changes=[link], now=now)
    assert (event.tracks.get().name, event.resources.get().kind) == ("Hands-on", "photos")


def test_a_recap_is_written_rewritten_and_taken_away(now):
    event = EventFactory()
    first = write_recap(event=event, notes="Good.")
    assert write_recap(event=event, notes="Very good.").pk == first.pk
    delete_recap(recap=first)
    assert Event.objects.filter(recap=None).get() == event


@pytest.mark.django_db(transaction=True)
def test_a_publication_and_a_deletion_at_the_same_moment_do_not_both_happen(now):
    event = EventFactory(status="draft", venue=VenueFactory())
    outcome = at_once(lambda: delete_draft(event=event), lambda: _publish(event, now))
    assert outcome in (["done", "not_a_draft"], ["done", "gone"])
    assert Event.objects.count() == (1 if "not_a_draft" in outcome else 0)


def _publish(event: Event, now: dt.datetime) -> None:
    try:
        publish_event(event=event, now=now)
    except Event.DoesNotExist as error:
        raise RuleViolation("gone", "") from error
