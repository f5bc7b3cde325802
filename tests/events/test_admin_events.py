"""An event's page: saved through services, in the event's own time zone, with refusals on the form."""

import datetime as dt

import pytest
from django.urls import reverse

from events.models import Event, Session
from tests.admin_forms import ada_of, errors_on, fields_of, save, signed_in
from tests.factories import (
    EventFactory,
    EventRoomFactory,
    GroupFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TopicFactory,
    VenueFactory,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db
ADD = reverse("admin:events_event_add")
SEVEN_IN_SINGAPORE = dt.datetime(2027, 1, 21, 11, 0, tzinfo=dt.UTC)
TWO_HOURS = dt.timedelta(hours=2)


def page_of(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def an_evening(**fields) -> Event:
    """From seven to nine in Singapore, with one room."""
    event = EventFactory(starts_at=SEVEN_IN_SINGAPORE, ends_at=SEVEN_IN_SINGAPORE + TWO_HOURS, **fields)
    EventRoomFactory(event=event)
    return event


def test_seven_entered_for_a_group_in_singapore_is_seven_in_singapore():
    group = GroupFactory(time_zone="Asia/Singapore")
    answer = save(
        signed_in(ada_of(group)),
        ADD,
        {"title": "Learn to learn", "starts_at": "2027-01-21T19:00", "ends_at": "2027-01-21T21:00"},
    )
    assert answer.status_code == 302
    event = Event.objects.get()
    assert (event.starts_at, event.time_zone, event.group) == (SEVEN_IN_SINGAPORE, "Asia/Singapore", group)
    assert (event.slug, event.status, event.sequence) == ("learn-to-learn", "draft", 0)


def test_an_empty_zone_becomes_the_chosen_groups_and_the_times_are_read_in_it():
    singapore, berlin = GroupFactory(time_zone="Asia/Singapore"), GroupFactory(time_zone="Europe/Berlin")
    fields = {"group": berlin.pk, "title": "Abend", "time_zone": ""}
    times = {"starts_at": "2027-01-21T19:00", "ends_at": "2027-01-21T21:00"}
    save(signed_in(ada_of(singapore, berlin)), ADD, fields | times)
    event = Event.objects.get()
    assert (event.time_zone, event.starts_at) == ("Europe/Berlin", dt.datetime(2027, 1, 21, 18, 0, tzinfo=dt.UTC))


def test_times_are_shown_by_the_events_clock_with_the_zones_name_beside_them():
    event = an_evening(status="draft")
    SessionFactory(event=event, starts_at=SEVEN_IN_SINGAPORE + dt.timedelta(minutes=15))
    page = signed_in(ada_of(event.group)).get(page_of(event))
    fields = fields_of(page)
    assert fields["starts_at"] == ["2027-01-21T19:00"]
    assert fields["sessions-0-starts_at"] == ["2027-01-21T19:15"]
    assert page.context["adminform"].form.fields["starts_at"].help_text == "Time in Asia/Singapore."


def test_a_new_zone_moves_a_draft_and_keeps_what_the_clock_shows():
    event = an_evening(status="draft")
    session = SessionFactory(event=event, starts_at=event.starts_at)
    save(signed_in(ada_of(event.group)), page_of(event), {"time_zone": "Asia/Tokyo"})
    event.refresh_from_db()
    session.refresh_from_db()
    ten_utc = dt.datetime(2027, 1, 21, 10, 0, tzinfo=dt.UTC)  # 19:00 in Tokyo
    assert (event.time_zone, event.starts_at, session.starts_at) == ("Asia/Tokyo", ten_utc, ten_utc)


def test_saving_a_page_without_touching_it_changes_nothing():
    event = an_evening()
    room = event.rooms.get()
    SessionFactory(event=event, room=room, speakers=[SpeakerFactory()])
    before = Event.objects.values().get(), list(Session.objects.values()), event.history.count()
    answer = save(signed_in(ada_of(event.group)), page_of(event), {})
    assert answer.status_code == 302
    assert (Event.objects.values().get(), list(Session.objects.values()), event.history.count()) == before


def test_new_words_about_a_published_event_leave_its_sequence_alone():
    event = an_evening()
    save(signed_in(ada_of(event.group)), page_of(event), {"summary": "Better"})
    event.refresh_from_db()
    assert (event.summary, event.sequence) == ("Better", 0)


def test_the_history_names_who_made_the_change():
    event = an_evening()
    ada = ada_of(event.group)
    save(signed_in(ada), page_of(event), {"title": "Renamed"})
    assert event.history.first().history_user == ada


def test_topics_are_set_and_move_the_revision():
    event, topic = an_evening(), TopicFactory()
    Event.objects.update(revised_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    save(signed_in(ada_of(event.group)), page_of(event), {"topics": [topic.pk]})
    event.refresh_from_db()
    assert list(event.topics.all()) == [topic]
    assert (event.revised_at.year > 2020, event.sequence) == (True, 0)


def test_a_taken_short_name_is_an_error_on_its_field_whatever_its_case():
    event = an_evening()
    EventFactory(slug="Third-Thursday")
    answer = save(signed_in(ada_of(event.group)), page_of(event), {"slug": "third-thursday"})
    assert errors_on(answer) == {"slug": ["This short name is taken. Choose another one."]}


def test_a_short_name_is_made_of_a_chinese_title_and_numbered_when_taken():
    group = GroupFactory()
    EventFactory(slug="轻量化")
    times = {"starts_at": "2027-01-21T19:00", "ends_at": "2027-01-21T21:00"}
    save(signed_in(ada_of(group)), ADD, {"title": "轻量化", **times})
    assert Event.objects.get(group=group).slug == "轻量化-2"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ends_at": "2027-01-21T18:00"}, {"": ["The event ends before it starts."]}),
        ({"starts_at": "9999-12-31T23:59"}, {"starts_at": ["Choose a year between 1900 and 2199."]}),
        ({"starts_at": "soon"}, {"starts_at": ["Enter a valid date/time."]}),
        ({"title": ""}, {"title": ["This field is required."]}),
        (
            {"time_zone": "Mars/Olympus"},
            {"time_zone": ["Select a valid choice. Mars/Olympus is not one of the available choices."]},
        ),
        ({"title": "a\0b"}, {"title": ["Null characters are not allowed."]}),
        (
            {"online_url": "javascript:alert(1)"},
            {"online_url": ["Enter a valid URL."]},
        ),
    ],
)
def test_what_cannot_be_is_said_on_the_form(fields, errors):
    event = an_evening(status="draft")
    answer = save(signed_in(ada_of(event.group)), page_of(event), fields)
    assert (answer.status_code, errors_on(answer)) == (200, errors)


def test_a_time_that_the_clock_leaps_over_is_refused():
    event = an_evening(time_zone="Europe/Berlin", status="draft")
    answer = save(signed_in(ada_of(event.group)), page_of(event), {"starts_at": "2027-03-28T02:30"})
    (text,) = errors_on(answer)["starts_at"]
    assert "Europe/Berlin" in text


def test_a_series_of_another_group_is_refused_even_when_both_are_hers():
    event, other = an_evening(), GroupFactory()
    series = SeriesFactory(group=other)
    answer = save(signed_in(ada_of(event.group, other)), page_of(event), {"series": series.pk})
    assert errors_on(answer) == {"series": ["This series belongs to another group."]}


def test_the_programme_takes_new_rows_with_speakers_and_keeps_their_order():
    event, room = an_evening(), None
    room = event.rooms.get()
    cy, ta = SpeakerFactory(name="Cy"), SpeakerFactory(name="Ta")
    rows = [
        {
            "starts_at": "2027-01-21T19:15",
            "minutes": "30",
            "kind": "talk",
            "title": "XLA",
            "room": room.pk,
            "people": [cy.pk],
        },
        {"starts_at": "", "minutes": "", "kind": "talk", "title": "Later", "room": "", "people": [ta.pk, cy.pk]},
    ]
    answer = save(signed_in(ada_of(event.group)), page_of(event), {}, sessions=rows)
    assert answer.status_code == 302
    xla, later = Session.objects.in_order()
    assert (xla.title, xla.starts_at, xla.room) == ("XLA", SEVEN_IN_SINGAPORE + dt.timedelta(minutes=15), room)
    assert (later.title, later.starts_at, later.position) == ("Later", None, 1)
    assert sorted(later.session_speakers.values_list("speaker__name", flat=True)) == ["Cy", "Ta"]


def test_two_sessions_in_one_room_may_change_places_in_one_go():
    event = an_evening()
    room = event.rooms.get()
    first = SessionFactory(event=event, room=room, starts_at=SEVEN_IN_SINGAPORE, minutes=30)
    second = SessionFactory(event=event, room=room, starts_at=SEVEN_IN_SINGAPORE + dt.timedelta(minutes=30), minutes=30)
    swapped = {"sessions-0-starts_at": "2027-01-21T19:30", "sessions-1-starts_at": "2027-01-21T19:00"}
    answer = save(signed_in(ada_of(event.group)), page_of(event), swapped)
    assert answer.status_code == 302
    assert list(Session.objects.in_order().values_list("pk", "parallel", "sequence")) == [
        (second.pk, False, 1),
        (first.pk, False, 1),
    ]


def test_two_sessions_in_one_room_at_one_time_are_refused_on_the_row_and_nothing_is_saved():
    event = an_evening()
    room = event.rooms.get()
    SessionFactory(event=event, room=room, starts_at=SEVEN_IN_SINGAPORE, minutes=30, title="First")
    row = {"starts_at": "2027-01-21T19:15", "minutes": "30", "kind": "talk", "title": "Clash", "room": room.pk}
    answer = save(signed_in(ada_of(event.group)), page_of(event), {"title": "Changed"}, sessions=[row])
    text = "Another session is in this room at that time. Move one, or mark one as running in parallel."
    assert errors_on(answer) == {"sessions-1": [text]}
    assert (Session.objects.count(), Event.objects.get().title) == (1, event.title)


def test_a_session_moves_out_and_its_room_leaves_the_event_in_one_go():
    event = an_evening()
    old = event.event_rooms.get()
    other = EventRoomFactory(event=event).room
    session = SessionFactory(event=event, room=old.room)
    changes = {"sessions-0-room": other.pk, "event_rooms-0-DELETE": "on"}
    assert save(signed_in(ada_of(event.group)), page_of(event), changes).status_code == 302
    session.refresh_from_db()
    assert (session.room, list(event.rooms.all())) == (other, [other])


def test_a_room_with_a_session_in_it_cannot_leave_the_event():
    event = an_evening()
    SessionFactory(event=event, room=event.rooms.get(), title="Keynote")
    answer = save(signed_in(ada_of(event.group)), page_of(event), {"event_rooms-0-DELETE": "on"})
    text = "“Keynote” takes place in this room. Move it first."
    assert errors_on(answer) == {"event_rooms": [text]}
    assert event.rooms.count() == 1


def test_a_room_with_a_session_in_it_cannot_be_exchanged_for_another():
    event = an_evening()
    SessionFactory(event=event, room=event.rooms.get(), title="Keynote")
    answer = save(signed_in(ada_of(event.group)), page_of(event), {"event_rooms-0-room": RoomFactory().pk})
    text = "“Keynote” takes place in this room. Move it first."
    assert errors_on(answer) == {"event_rooms-0-room": [text]}


def test_a_room_of_another_event_is_no_choice_for_a_session():
    event, foreign = an_evening(), RoomFactory()
    row = {"starts_at": "", "minutes": "", "kind": "talk", "title": "Lost", "room": foreign.pk}
    answer = save(signed_in(ada_of(event.group)), page_of(event), {}, sessions=[row])
    text = "Select a valid choice. That choice is not one of the available choices."
    assert errors_on(answer) == {"sessions-0-room": [text]}


def test_rooms_and_hosts_and_links_are_added_in_their_order():
    event, room = an_evening(), RoomFactory()
    answer = save(
        signed_in(ada_of(event.group)),
        page_of(event),
        {},
        event_rooms=[{"room": room.pk, "position": "0"}],
        resources=[{"kind": "photos", "title": "Album", "url": "https://photos.example/", "position": "0"}],
        tracks=[{"name": "Hands-on", "position": "0"}],
    )
    assert answer.status_code == 302
    assert list(event.event_rooms.values_list("room", "position"))[1:] == [(room.pk, 1)]
    assert event.resources.get().title == "Album"
    assert event.tracks.get().name == "Hands-on"


def test_the_recap_is_written_on_the_same_page():
    event = an_evening()
    row = {"notes": "It was **good**.", "highlights": "First moment\n\nSecond, with a comma", "published_at": ""}
    save(signed_in(ada_of(event.group)), page_of(event), {}, recap=[row])
    event.refresh_from_db()
    assert event.recap.highlights == ["First moment", "Second, with a comma"]


def test_a_link_without_address_is_refused_on_its_row():
    event = an_evening()
    row = {"kind": "slides", "title": "Slides", "url": "", "position": "0"}
    answer = save(signed_in(ada_of(event.group)), page_of(event), {}, resources=[row])
    assert errors_on(answer) == {"resources-0": ["Give an address or a file, one of the two."]}


def test_the_venues_rooms_come_first_among_the_choices():
    here, there = VenueFactory(name="Zoo"), VenueFactory(name="Aquarium")
    hall, tank = (
        RoomFactory(venue=here, name="Hall", capacity=300),
        RoomFactory(venue=there, name="Tank", capacity=None),
    )
    event = EventFactory(venue=here)
    page = signed_in(ada_of(event.group)).get(page_of(event))
    rooms = next(i for i in page.context["inline_admin_formsets"] if i.formset.prefix == "event_rooms")
    choices = rooms.formset.empty_form.fields["room"].choices
    assert list(choices)[1:] == [("Zoo", [(hall.pk, "Hall (300)")]), ("Aquarium", [(tank.pk, "Tank")])]


@pytest.mark.parametrize(
    "fields",
    [
        {"sessions-TOTAL_FORMS": "abc"},
        {"sessions-TOTAL_FORMS": "-1", "sessions-INITIAL_FORMS": "7"},
        {"sessions-0-id": "abc"},
        {"sessions-0-id": "99999999999999999999999"},
        {"sessions-0-minutes": "99999999999999999999"},
        {"sessions-0-people": ["abc", "99999999999999999999999"]},
        {"group": "99999999999999999999999"},
        {"group": "abc", "time_zone": ""},
        {"topics": ["abc"]},
        {"_to_field": "slug"},
        {"_saveasnew": "1"},
        {"dataset": "x"},
    ],
)
def test_a_tampered_form_is_answered_with_less_than_a_server_error(fields):
    event = an_evening()
    SessionFactory(event=event, title="Before")
    client = signed_in(ada_of(event.group))
    client.raise_request_exception = False
    assert save(client, page_of(event), fields).status_code < 500
    assert list(Session.objects.values_list("title", flat=True)) == ["Before"]


@pytest.mark.django_db(transaction=True)
def test_two_events_of_one_name_made_at_the_same_moment_get_along_or_one_is_told_to_look_again():
    ada = ada_of(GroupFactory())
    fields = {"title": "Same", "starts_at": "2027-01-21T19:00", "ends_at": "2027-01-21T21:00"}
    statuses: list[int] = []
    at_once(*[lambda: statuses.append(save(signed_in(ada), ADD, fields).status_code)] * 2)
    assert set(statuses) <= {200, 302}
    assert Event.objects.count() == statuses.count(302) >= 1
