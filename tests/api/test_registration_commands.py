"""What organisers decide over the API."""

import pytest

from outbox.models import Message
from registrations.models import Registration, RegistrationChange, RegistrationPlan
from registrations.services.leaving import leave
from tests.api.cast import NOW, Cast, bearer, comes
from tests.api.conftest import Send

pytestmark = pytest.mark.django_db


def commands(row: Registration) -> str:
    return f"registrations/{row.public_id}/commands/"


def history(row: Registration) -> list[tuple[str, str, str]]:
    """Command, reason and who, but for the first step."""
    changes = RegistrationChange.objects.filter(registration=row).select_related("by")
    return [(change.command, change.reason, change.by.name if change.by else "") for change in changes][1:]


def test_approving_gives_a_seat_and_twice_is_once(cast: Cast, send: Send) -> None:
    RegistrationPlan.objects.update(admission="approval")
    row, token = comes(cast, "bo"), bearer(cast.ada, "organise")

    answers = [send("post", commands(row), {"command": "approve"}, **token).json() for _ in range(2)]

    assert (
        answers
        == [
            {
                "id": str(row.public_id),
                "state": "going",
                "place": "room",
                "priority": 0,
                "offer_until": None,
                "changed_at": "2026-11-17T18:00:00Z",
            }
        ]
        * 2
    )
    assert history(row) == [("enter", "", "Ada")]


def test_there_is_nothing_to_approve_for_who_left(cast: Cast, send: Send) -> None:
    row = leave(registration=comes(cast, "bo"), now=NOW)

    problem = send("post", commands(row), {"command": "approve"}, status=409, **bearer(cast.ada, "organise")).json()

    assert (problem["code"], history(row)) == ("wrong_state", [("leave", "", "")])


def test_refusing_takes_the_seat_and_the_next_in_line_moves_up(cast: Cast, send: Send) -> None:
    row, waiting = comes(cast, "bo", guests=1), comes(cast, "cy")

    body = {"command": "refuse", "reason": "Not a member of the club"}
    told = send("post", commands(row), body, **bearer(cast.ada, "organise")).json()

    waiting.refresh_from_db()
    assert (told["state"], waiting.state) == ("declined", "going")
    assert history(row) == [("refuse", "Not a member of the club", "Ada")]


def test_promoting_passes_the_queue_when_the_party_fits(cast: Cast, send: Send) -> None:
    RegistrationPlan.objects.update(waiting_list="manual")
    party, first, second = comes(cast, "dee", guests=1), comes(cast, "bo", guests=1), comes(cast, "cy")
    token = bearer(cast.ada, "organise")
    full = send("post", commands(second), {"command": "promote"}, status=409, **token).json()
    leave(registration=party, now=NOW)

    told = [send("post", commands(second), {"command": "promote"}, **token).json()["state"] for _ in range(2)]

    first.refresh_from_db()
    assert (full["code"], told, first.state) == ("full", ["going", "going"], "waiting")
    assert Message.objects.filter(kind="registration_promoted").count() == 1


def test_nobody_is_brought_back_who_left(cast: Cast, send: Send) -> None:
    row = leave(registration=comes(cast, "bo"), now=NOW)

    problem = send("post", commands(row), {"command": "promote"}, status=409, **bearer(cast.ada, "organise")).json()

    row.refresh_from_db()
    assert (problem["code"], row.state) == ("wrong_state", "cancelled")


def test_a_priority_moves_somebody_to_the_front_and_its_reason_is_kept(cast: Cast, send: Send) -> None:
    comes(cast, "dee", guests=1)
    first, second = comes(cast, "bo"), comes(cast, "cy")

    body = {"command": "prioritise", "priority": 5, "reason": "Speaks\u2009tonight"}
    told = send("post", commands(second), body, **bearer(cast.ada, "organise")).json()

    places = [
        send("get", f"registrations/{row.public_id}/", **bearer(cast.ada, "read", "organise")).json()["queue_position"]
        for row in (first, second)
    ]
    assert (told["priority"], places) == (5, [2, 1])
    assert history(second) == [("queue", "priority 5: Speaks\u2009tonight", "Ada")]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, ["command"]),
        ({"command": "delete"}, ["command"]),
        ({"command": ["approve"]}, ["command"]),
        ({"command": "approve", "state": "going"}, ["state"]),
        ({"command": "approve", "priority": 1}, ["priority"]),
        ({"command": "refuse"}, ["reason"]),
        ({"command": "refuse", "reason": ""}, ["reason"]),
        ({"command": "refuse", "reason": "a\nb"}, ["reason"]),
        ({"command": "refuse", "reason": "x" * 161}, ["reason"]),
        ({"command": "prioritise"}, ["reason", "priority"]),
        ({"command": "prioritise", "reason": "Speaks", "priority": "5"}, ["priority"]),
        ({"command": "prioritise", "reason": "Speaks", "priority": 5.0}, ["priority"]),
        ({"command": "prioritise", "reason": "Speaks", "priority": True}, ["priority"]),
        ({"command": "prioritise", "reason": "Speaks", "priority": 10**30}, ["priority"]),
    ],
)
def test_a_decision_that_is_not_understood_changes_nothing(cast: Cast, send: Send, body: dict, named: list) -> None:
    row = comes(cast, "bo")

    problem = send("post", commands(row), body, status=400, **bearer(cast.ada, "organise")).json()

    assert ([error["field"] for error in problem["errors"]], history(row)) == (named, [])


def test_the_longest_reason_fits_into_the_history(cast: Cast, send: Send) -> None:
    comes(cast, "dee", guests=1)
    row = comes(cast, "bo")
    body = {"command": "prioritise", "priority": -100, "reason": "学" * 160}

    send("post", commands(row), body, **bearer(cast.ada, "organise"))

    assert history(row) == [("queue", f"priority -100: {'学' * 160}", "Ada")]
