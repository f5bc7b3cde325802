"""The schedule document, now and next, single sessions and talks over the API."""

import datetime as dt
import json

import pytest
from django.test import Client

from core.http_cache import rendered
from events.models import Event, Session
from events.selectors.events import published_event
from lightning.schedule_document import build_schedule_document, schedule_bytes
from tests.api.conftest import Read
from tests.factories import BlockFactory, SessionFactory, SpeakerFactory, TalkFactory
from tests.lightning.schedule_samples import at, long_programme, rich_programme

pytestmark = pytest.mark.django_db

PATH = "/api/v1/events/neurips-22/schedule/"


def test_the_schedule_is_the_document_to_the_byte(client: Client) -> None:
    event = rich_programme()

    response = client.get(PATH)

    assert response.content == schedule_bytes(build_schedule_document(published_event(event.slug)))
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_the_schedule_is_what_the_description_promises(read: Read) -> None:
    rich_programme()

    assert len(read("events/neurips-22/schedule/")["sessions"]) == 5


def test_who_holds_the_schedule_gets_a_304_until_it_changes(client: Client) -> None:
    event = rich_programme()
    first = client.get(PATH)

    again = client.get(PATH, headers={"If-None-Match": f'"old", W/{first["ETag"]}'})
    Session.objects.filter(event=event, title="Party").update(title="Pizza")
    changed = client.get(PATH, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert (changed.status_code, b"Pizza" in changed.content) == (200, True)


@pytest.mark.parametrize("sessions", [1, 3, 30])
def test_the_schedule_takes_nine_queries_and_three_while_nothing_changes(
    client: Client, sessions: int, django_assert_num_queries
) -> None:
    path = f"/api/v1/events/{long_programme(sessions, 2).slug}/schedule/"

    with django_assert_num_queries(9):
        etag = client.get(path)["ETag"]
    with django_assert_num_queries(3):
        client.get(path)
    with django_assert_num_queries(3):
        client.get(path, headers={"If-None-Match": etag})


def test_a_signed_in_person_gets_the_same_bytes_but_none_from_memory(client: Client, django_user_model) -> None:
    rich_programme()
    stranger = client.get(PATH)
    rendered.clear()
    client.force_login(django_user_model.objects.create_user("ada@example.org"))

    response = client.get(PATH)

    assert (response.content, response["Cache-Control"]) == (stranger.content, "private, no-cache")
    assert rendered.size == 0


def test_the_schedule_of_an_unlisted_group_is_open_to_who_knows_the_address(client: Client) -> None:
    event = rich_programme()
    event.group.is_listed = False
    event.group.save()

    assert client.get(PATH).status_code == 200
    assert client.get("/api/v1/sessions/7001/").status_code == 404
    assert client.get("/api/v1/talks/7001/").status_code == 404


def test_an_address_without_its_slash_leads_on(client: Client) -> None:
    response = client.get(PATH.rstrip("/") + "?at=1")

    assert (response.status_code, response["Location"]) == (308, PATH + "?at=1")


def test_a_session_of_its_own_names_event_room_and_track(read: Read) -> None:
    rich_programme()
    document = read("events/neurips-22/schedule/")

    session = read("sessions/7001/")

    assert session["room"] == {"id": 7001, "name": "Hall", "capacity": 200}
    assert session["track"] == {"id": 7001, "name": "Papers"}
    assert session["event"] == document["event"]
    of_document = next(item for item in document["sessions"] if item["id"] == 7001)
    assert session == {**of_document, **{name: session[name] for name in ("room", "track", "event")}}


def test_a_talk_of_its_own_names_event_and_session(read: Read) -> None:
    rich_programme()

    talk = read("talks/7002/")

    assert (talk["slot"], talk["notes"], talk["event"]["slug"]) == (2, "Maybe", "neurips-22")
    assert talk["session"] == {
        "id": 7005,
        "title": "Lightning",
        "starts_at": "2026-03-19T20:00:00+08:00",
        "url": "/events/neurips-22/schedule/#session-7005",
        "room": {"id": 7001, "name": "Hall", "capacity": 200},
    }


@pytest.mark.parametrize("path", ["sessions/0/", "sessions/99999999999999999999/", "talks/7004/", "talks/1/"])
def test_what_has_no_place_in_a_public_programme_is_not_found(read: Read, path: str) -> None:
    rich_programme()

    assert read(path, status=404)["code"] == "not_found"


@pytest.mark.parametrize("path", ["sessions/7001/", "talks/7001/"])
def test_what_belongs_to_a_draft_is_not_found(read: Read, path: str) -> None:
    rich_programme()
    Event.objects.update(status="draft")

    read(path, status=404)


@pytest.mark.parametrize("count", [1, 3])
def test_a_session_and_a_talk_take_eight_queries(read: Read, count: int, django_assert_num_queries) -> None:
    block = BlockFactory()
    talks = [TalkFactory(block=block, speakers=[SpeakerFactory()]) for _ in range(count)]
    SessionFactory.create_batch(count, event=block.session.event)

    with django_assert_num_queries(8):
        read(f"sessions/{block.session_id}/")
    with django_assert_num_queries(8):
        read(f"talks/{talks[0].pk}/")


def test_now_and_next_goes_by_the_planned_times_room_by_room(read: Read) -> None:
    rich_programme()

    answer = read("events/neurips-22/live/?at=2026-03-19T19:20:00%2B08:00")

    shown = [
        (
            room["room"] and room["room"]["name"],
            [item["title"] for item in room["now"]],
            room["next"] and room["next"]["title"],
        )
        for room in answer["rooms"]
    ]
    assert shown == [("Hall", ["开场"], "First"), ("Loft", ["Side room"], None)]
    assert (answer["event"], answer["changes_at"]) == ("neurips-22", "2026-03-19T19:25:00+08:00")


def test_now_and_next_without_a_time_means_now(client: Client, read: Read) -> None:
    event = rich_programme()
    Event.objects.filter(pk=event.pk).update(starts_at="2001-01-01T00:00:00Z")
    Session.objects.filter(event=event, starts_at__isnull=False).update(starts_at="2001-01-01T00:00:00Z", parallel=True)

    answer = read("events/neurips-22/live/")

    assert [room["now"] for room in answer["rooms"]] == [[], []]


@pytest.mark.parametrize("at_text", ["noon", "2026-03-19T19:00", "9999-99-99", "٢٠٢٦-٠٣-١٩", "1" * 300])
def test_an_impossible_time_is_named(read: Read, at_text: str) -> None:
    rich_programme()

    assert read(f"events/neurips-22/live/?at={at_text}", status=400)["errors"][0]["field"] == "at"


def test_unknown_parameters_of_the_schedule_are_named(read: Read) -> None:
    rich_programme()

    assert read("events/neurips-22/schedule/?room=1", status=400)["errors"] == [
        {"field": "room", "detail": "There is no such parameter. Known: none."}
    ]


def test_the_document_of_a_thousand_sessions_still_takes_nine_queries(
    client: Client, django_assert_num_queries
) -> None:
    event = long_programme(1)
    model = Session.objects.get(event=event)
    Session.objects.bulk_create(
        Session(
            event=event, title=f"S{number}", starts_at=at(0) + dt.timedelta(minutes=number), minutes=5, parallel=True
        )
        for number in range(999)
    )

    with django_assert_num_queries(9):
        response = client.get(f"/api/v1/events/{event.slug}/schedule/")

    assert len(json.loads(response.content)["sessions"]) == 1000
    assert model.event_id == event.pk
