"""RSVP over the API: asking for a seat, looking at it, giving it up."""

import datetime as dt
from threading import Event as Signal
from threading import Thread

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from api.throttling import RsvpThrottle
from events.models import Event
from outbox.models import Message
from registrations.links import manage_path
from registrations.models import Answer, Registration, RegistrationPlan, Seats
from registrations.services.leaving import leave
from registrations.services.seating import lock_seats
from registrations.tickets import read_ticket
from tests.api.cast import NOW, Cast, bearer, comes
from tests.api.conftest import Read, Send
from tests.factories import EventFactory
from tests.factories.registrations import QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

PATH = "events/neurips/registrations/"


def fields(response) -> list[str]:
    return [error["field"] for error in response.json()["errors"]]


def test_an_rsvp_is_answered_with_state_ticket_and_links(cast: Cast, send: Send) -> None:
    response = send("post", PATH, {"guests": 1}, status=201, **bearer(cast.bo, "rsvp"))

    row = Registration.objects.get()
    told = response.json()
    assert read_ticket(told.pop("ticket")) == row.ticket
    assert told.pop("manage_url") == f"https://lectern.example{manage_path(row)}"
    assert told == {
        "id": str(row.public_id),
        "name": "Bo",
        "state": "going",
        "place": "room",
        "guests": 1,
        "queue_position": None,
        "offer_until": None,
        "reconfirm_asked_at": None,
        "reconfirmed_at": None,
        "answers": {},
        "created_at": "2026-11-17T18:00:00Z",
        "changed_at": "2026-11-17T18:00:00Z",
        "event": {
            "slug": "neurips",
            "title": cast.event.title,
            "url": "https://lectern.example/events/neurips/",
            "status": "published",
            "starts_at": "2026-11-21T02:00:00+08:00",
            "ends_at": "2026-11-21T04:00:00+08:00",
            "time_zone": "Asia/Singapore",
        },
        "join_url": None,
    }
    assert response["Location"] == f"https://lectern.example/api/v1/registrations/{row.public_id}/"
    assert response["Cache-Control"] == "no-store"
    assert (row.user, row.source, Message.objects.count()) == (cast.bo, "api", 1)


def test_a_signed_in_browser_needs_no_token(cast: Cast, client: Client, send: Send) -> None:
    client.force_login(cast.bo)

    assert send("post", PATH, {"name": "Bo B."}, status=201).json()["name"] == "Bo B."


def test_a_browser_led_here_by_another_site_is_refused(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.bo)

    assert strict.post(f"/api/v1/{PATH}", {}, content_type="application/json").status_code == 403
    assert Registration.objects.count() == 0


def test_asking_again_gives_the_same_registration_and_one_message(cast: Cast, send: Send) -> None:
    token = bearer(cast.bo, "rsvp")
    first = send("post", PATH, {}, status=201, **token)

    again = send("post", PATH, {"guests": 1, "name": "Other"}, status=200, **token)

    assert (again.json(), again["Location"]) == (first.json(), first["Location"])
    assert (Registration.objects.count(), Message.objects.count()) == (1, 1)


def test_who_left_comes_back_at_the_end_of_the_queue(cast: Cast, send: Send) -> None:
    comes(cast, "cy", guests=1)
    leave(registration=comes(cast, "bo", place="online"), now=NOW, by=cast.bo)

    back = send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp")).json()

    assert (back["state"], back["place"], back["queue_position"], back["ticket"]) == ("waiting", "room", 1, None)


def test_a_full_place_gives_a_place_in_the_queue(cast: Cast, send: Send) -> None:
    comes(cast, "cy", guests=1)
    comes(cast, "dee")

    told = send("post", PATH, {"place": "room"}, status=201, **bearer(cast.bo, "rsvp")).json()

    assert (told["state"], told["queue_position"], told["ticket"]) == ("waiting", 2, None)


def test_an_organiser_is_asked_first_where_the_plan_says_so(cast: Cast, send: Send) -> None:
    RegistrationPlan.objects.update(admission="approval")

    assert send("post", PATH, status=201, **bearer(cast.bo, "rsvp")).json()["state"] == "requested"


def test_questions_are_answered_by_their_ids(cast: Cast, send: Send) -> None:
    plan = RegistrationPlan.objects.get()
    lunch = QuestionFactory(plan=plan, kind="choice", choices=["rice", "noodles"], is_required=True)
    hope = QuestionFactory(plan=plan)

    body = {"answers": {str(lunch.pk): "rice", str(hope.pk): " 学习 "}}
    told = send("post", PATH, body, status=201, **bearer(cast.bo, "rsvp")).json()

    assert told["answers"] == {str(lunch.pk): "rice", str(hope.pk): "学习"}
    assert sorted(Answer.objects.values_list("question", "value")) == [(lunch.pk, "rice"), (hope.pk, "学习")]


def test_an_answer_that_is_missing_or_not_offered_is_named_by_the_questions_id(cast: Cast, send: Send) -> None:
    lunch = QuestionFactory(
        plan=RegistrationPlan.objects.get(), kind="choice", choices=["rice", "noodles"], is_required=True
    )
    token = bearer(cast.bo, "rsvp")

    missing = send("post", PATH, {}, status=400, **token)
    wrong = send("post", PATH, {"answers": {str(lunch.pk): "bread"}}, status=400, **token)
    unknown = send("post", PATH, {"answers": {"999": "yes"}}, status=400, **token)

    assert [(r.json()["code"], fields(r)) for r in (missing, wrong, unknown)] == [
        ("answer_missing", [f"answers.{lunch.pk}"]),
        ("answer_unknown", [f"answers.{lunch.pk}"]),
        ("question_unknown", ["answers.999"]),
    ]
    assert Registration.objects.count() == 0


def test_too_many_guests_are_a_matter_of_the_field(cast: Cast, send: Send) -> None:
    problem = send("post", PATH, {"guests": 2}, status=400, **bearer(cast.bo, "rsvp")).json()

    assert problem["code"] == "too_many_guests"
    assert problem["errors"] == [{"field": "guests", "detail": "You can bring 1 guest."}]


def test_the_room_is_meant_unless_there_is_none(cast: Cast, send: Send) -> None:
    Seats.objects.filter(place="room").delete()

    told = send("post", PATH, {}, status=201, **bearer(cast.bo, "rsvp")).json()

    assert (told["place"], told["state"]) == ("online", "going")
    assert fields(send("post", PATH, {"place": "room"}, status=400, **bearer(cast.cy, "rsvp"))) == ["place"]


def test_somebody_without_a_name_is_asked_for_one(cast: Cast, send: Send) -> None:
    cast.bo.name = ""
    cast.bo.save()

    problem = send("post", PATH, {}, status=400, **bearer(cast.bo, "rsvp")).json()

    assert (problem["code"], problem["errors"][0]["field"]) == ("name_missing", "name")


@pytest.mark.parametrize(
    ("plan", "event", "code"),
    [
        ({"opens_at": NOW + dt.timedelta(hours=1)}, {}, "registration_not_yet"),
        ({"closes_at": NOW, "closes_because": "Names go to the building."}, {}, "registration_closed"),
        ({}, {"starts_at": NOW - dt.timedelta(hours=3), "ends_at": NOW}, "registration_over"),
        ({}, {"status": "cancelled"}, "registration_cancelled"),
        ({}, {"status": "postponed"}, "registration_postponed"),
        ({"admission": "invitation"}, {}, "invitation_only"),
    ],
)
def test_a_closed_door_is_a_conflict_that_says_why(cast: Cast, send: Send, plan: dict, event: dict, code: str) -> None:
    RegistrationPlan.objects.update(**plan)
    Event.objects.update(**event)

    problem = send("post", PATH, {}, status=409, **bearer(cast.bo, "rsvp")).json()

    assert problem["code"] == code
    assert plan.get("closes_because", "") in problem["detail"]
    assert (Registration.objects.count(), Message.objects.count()) == (0, 0)


def test_an_event_without_rsvp_says_so(cast: Cast, send: Send) -> None:
    EventFactory(slug="walk-by")

    problem = send("post", "events/walk-by/registrations/", {}, status=409, **bearer(cast.bo, "rsvp")).json()

    assert problem["code"] == "no_rsvp"


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_takes_too_long_is_told_with_a_time_to_try_again(cast: Cast, send: Send) -> None:
    held, done = Signal(), Signal()

    def hold_the_seats() -> None:
        with transaction.atomic():
            lock_seats(event_id=cast.event.pk, place="room")
            held.set()
            done.wait(30)
        connection.close()

    holder = Thread(target=hold_the_seats)
    holder.start()
    held.wait(30)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    response = send("post", PATH, {}, status=503, **bearer(cast.bo, "rsvp"))
    done.set()
    holder.join()
    connection.close()

    assert (response.json()["code"], response["Retry-After"]) == ("busy", "2")
    assert Registration.objects.count() == 0


def test_many_rsvps_in_a_minute_are_told_how_long_to_wait(cast: Cast, send: Send, monkeypatch) -> None:
    monkeypatch.setattr(RsvpThrottle, "THROTTLE_RATES", {"rsvp": "2/min"})
    token = bearer(cast.bo, "rsvp", "read")
    for _ in range(2):
        send("post", PATH, {"guests": 9}, status=400, **token)

    response = send("post", PATH, {}, status=429, **token)

    assert 1 <= int(response["Retry-After"]) <= 60
    send("get", "me/registrations/", **token)
    send("post", PATH, {}, status=201, **bearer(cast.cy, "rsvp"))


def test_one_sees_ones_own_with_the_way_in_only_while_going_online(cast: Cast, read: Read) -> None:
    mine = comes(cast, "bo", place="online")
    waiting = comes(cast, "cy", place="online")

    own = read(f"registrations/{mine.public_id}/", **bearer(cast.bo, "read"))
    queued = read(f"registrations/{waiting.public_id}/", **bearer(cast.cy, "read"))
    leave(registration=mine, now=NOW)
    left = read(f"registrations/{mine.public_id}/", **bearer(cast.bo, "read"))

    assert own["join_url"].startswith("https://lectern.example/join/")
    assert (queued["state"], queued["queue_position"], queued["join_url"]) == ("waiting", 1, None)
    assert (left["state"], left["join_url"], left["ticket"]) == ("cancelled", None, None)
    assert "secret-room" not in str([own, queued, left])


def test_a_token_that_only_reads_gets_no_link_that_changes_things(cast: Cast, read: Read) -> None:
    address = f"registrations/{comes(cast, 'bo').public_id}/"

    assert read(address, **bearer(cast.bo, "read"))["manage_url"] is None
    assert read(address, **bearer(cast.bo, "read", "rsvp"))["manage_url"].startswith("https://lectern.example/r/")


def test_an_organiser_sees_the_person_and_no_ticket(cast: Cast, read: Read) -> None:
    row = comes(cast, "bo")

    seen = read(f"registrations/{row.public_id}/", **bearer(cast.ada, "read", "organise"))

    assert (seen["email"], seen["priority"], seen["source"]) == ("bo@example.org", 0, "web")
    assert seen.keys() & {"ticket", "manage_url", "join_url"} == set()
    assert row.ticket not in str(seen)


def test_leaving_twice_is_leaving_once_and_the_next_in_line_moves_up(cast: Cast, send: Send) -> None:
    mine, next_one = comes(cast, "bo", guests=1), comes(cast, "cy")
    address, token = f"registrations/{mine.public_id}/", bearer(cast.bo, "rsvp")

    for _ in range(2):
        assert send("delete", address, status=204, **token)["Cache-Control"] == "no-store"

    next_one.refresh_from_db()
    mine.refresh_from_db()
    assert (mine.state, next_one.state) == ("cancelled", "going")
    assert [change.command for change in mine.changes.all()] == ["enter", "leave"]
    assert Message.objects.filter(kind="registration_cancelled").count() == 1


@pytest.mark.parametrize("state", ["cancelled", "declined"])
def test_a_state_can_be_said_instead(cast: Cast, send: Send, state: str) -> None:
    address, token = f"registrations/{comes(cast, 'bo').public_id}/", bearer(cast.bo, "rsvp")

    assert [send("patch", address, {"state": state}, **token).json()["state"] for _ in range(2)] == [state, state]


def test_nobody_leaves_what_is_over(cast: Cast, send: Send) -> None:
    mine = comes(cast, "bo")
    with time_machine.travel(cast.event.ends_at, tick=False):
        token = bearer(cast.bo, "rsvp")
        for answer in (
            send("delete", f"registrations/{mine.public_id}/", status=409, **token),
            send("patch", f"registrations/{mine.public_id}/", {"state": "declined"}, status=409, **token),
        ):
            assert answer.json()["code"] == "registration_over"
    mine.refresh_from_db()
    assert mine.state == "going"


def test_an_offer_is_accepted_once_and_in_time(cast: Cast, send: Send) -> None:
    RegistrationPlan.objects.update(waiting_list="timed_offer", offer_hours=2)
    first, waiting = comes(cast, "cy", place="online"), comes(cast, "bo", place="online")
    leave(registration=first, now=NOW)
    address = f"registrations/{waiting.public_id}/"

    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=False):
        late = send("patch", address, {"state": "going"}, status=409, **bearer(cast.bo, "rsvp"))
    token = bearer(cast.bo, "rsvp")
    taken = [send("patch", address, {"state": "going"}, **token).json() for _ in range(2)]

    assert late.json()["code"] == "offer_expired"
    assert [(told["state"], told["offer_until"]) for told in taken] == [("going", None)] * 2
    assert taken[0]["join_url"].startswith("https://lectern.example/join/")


def test_without_an_offer_there_is_nothing_to_accept(cast: Cast, send: Send) -> None:
    comes(cast, "cy", guests=1)
    waiting = comes(cast, "bo")

    problem = send(
        "patch", f"registrations/{waiting.public_id}/", {"state": "going"}, status=409, **bearer(cast.bo, "rsvp")
    ).json()

    assert (problem["code"], problem["detail"]) == (
        "wrong_state",
        "That is not possible: this registration is waiting.",
    )


def test_who_still_comes_says_so_and_keeps_the_seat(cast: Cast, send: Send) -> None:
    address, token = f"registrations/{comes(cast, 'bo').public_id}/", bearer(cast.bo, "rsvp")

    told = [send("patch", address, {"reconfirmed": True}, **token).json() for _ in range(2)]

    assert [one["reconfirmed_at"] for one in told] == ["2026-11-17T18:00:00Z"] * 2


@pytest.mark.parametrize("count", [1, 3])
def test_an_rsvp_takes_as_many_queries_however_many_wait(
    cast: Cast, client: Client, count: int, django_assert_num_queries
) -> None:
    RegistrationFactory.create_batch(count, event=cast.event, state="waiting")
    header = bearer(cast.bo, "rsvp", "read")
    client.get("/api/v1/me/", headers=header)

    with django_assert_num_queries(7):
        client.post(f"/api/v1/{PATH}", {}, content_type="application/json", headers=header)
