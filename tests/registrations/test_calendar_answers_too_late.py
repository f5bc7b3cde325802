"""Calendars that answer an old date, or about what is closed, over or not possible in a state."""

import datetime as dt
from typing import Any

import pytest

from events.models import Event
from outbox.models import Message
from registrations.models import Registration
from registrations.states import HOLDS_A_SEAT
from tests.events.inbound_cast import HOUR, UID, Evening, evening

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
STAYED = ("going", "waiting")
TO_BO = "bo@example.org"
SENT_AGAIN = f"applied: the invitation was sent again: {UID}"


def test_an_old_date_is_answered_by_the_present_one_once_a_day(full: Evening) -> None:
    outcomes = [
        full.answer("old-sequence"),
        full.answer("old-sequence", {"20261117T175500Z": "20261117T175700Z"}),
        full.answer("refresh"),
    ]
    later = {"20261117T175500Z": "20261118T170000Z"}
    outcomes.append(full.answer("old-sequence", later, now=full.now + dt.timedelta(days=1, hours=1)))

    assert outcomes == [SENT_AGAIN, *["ignored: the invitation was sent again within a day"] * 2, SENT_AGAIN]
    assert (full.invite.revision, full.invite.sequence, full.invite.partstat) == (3, 1, "NEEDS-ACTION")
    assert Message.objects.filter(kind="calendar_invite").count() == 2


def test_an_old_no_is_not_taken_for_the_present_date(full: Evening) -> None:
    assert full.answer("gmail-declined", {"SEQUENCE:1": "SEQUENCE:0"}) == SENT_AGAIN
    assert full.states == STAYED


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        ({"ends_at": -HOUR}, "registration_over"),
        ({"status": "cancelled"}, "registration_cancelled"),
        ({"status": "postponed"}, "registration_postponed"),
    ],
)
def test_what_is_closed_stays_closed_and_the_person_is_told(
    full: Evening, now: dt.datetime, prepare: dict[str, Any], reason: str
) -> None:
    full.answer("gmail-declined")
    if "ends_at" in prepare:
        prepare = {"ends_at": now - HOUR, "starts_at": now - 3 * HOUR}
    Event.objects.update(**prepare)

    outcome = full.answer("gmail-accepted", {"20261117T175500Z": "20261117T175900Z"})

    assert outcome == f"ignored: ACCEPTED is refused: {reason}"
    assert (full.state(full.bo), full.letters()) == ("declined", [("reply_closed", TO_BO)])
    assert full.invite.partstat == "DECLINED"


@pytest.mark.parametrize("name", ["gmail-declined", "gmail-tentative"])
def test_nobody_leaves_what_is_over(full: Evening, now: dt.datetime, name: str) -> None:
    Event.objects.update(starts_at=now - 3 * HOUR, ends_at=now - HOUR)

    assert full.answer(name).endswith("is refused: registration_over")
    assert (full.state(full.bo), full.letters()) == ("going", [("reply_closed", TO_BO)])


def test_who_is_inside_cannot_leave_by_calendar(full: Evening) -> None:
    Registration.objects.filter(user=full.bo).update(state="checked_in")

    assert full.answer("gmail-declined") == "ignored: DECLINED is refused: wrong_state"


@pytest.mark.parametrize(
    ("state", "yes", "no", "maybe"),
    [
        ("pending", "is going", "is declined", "stays pending"),
        ("requested", "stays requested", "is declined", "stays requested"),
        ("waiting", "stays waiting", "is declined", "stays waiting"),
        ("offered", "is going", "is declined", "stays offered"),
        ("going", "stays going", "is declined", "is declined"),
        ("declined", "is going", "stays declined", "stays declined"),
        ("cancelled", "is going", "stays cancelled", "stays cancelled"),
        ("no_show", "stays no_show", None, "stays no_show"),
        ("checked_in", "stays checked_in", None, "stays checked_in"),
    ],
)
@pytest.mark.parametrize("answer", ["yes", "no", "maybe"])
def test_every_state_has_its_answer(
    now: dt.datetime, state: str, yes: str, no: str | None, maybe: str, answer: str
) -> None:
    one = evening(now, capacity=None)
    until = now + HOUR if state == "offered" else None
    Registration.objects.filter(user=one.bo).update(state=state, offer_until=until)
    one.plan.seats.update(taken=1 + (state in HOLDS_A_SEAT), waiting=int(state == "waiting"))
    name = {"yes": "proton-accepted", "no": "gmail-declined", "maybe": "thunderbird-tentative"}[answer]

    outcome = one.answer(name)

    expected = {"yes": yes, "no": no, "maybe": maybe}[answer]
    assert outcome.partition(": ")[2].partition(": ")[2] == (expected or "wrong_state")


def test_an_offer_that_has_run_out_is_refused(full: Evening) -> None:
    Registration.objects.filter(user=full.bo).update(state="offered", offer_until=full.now - MINUTE)

    assert full.answer("gmail-accepted") == "ignored: ACCEPTED is refused: offer_expired"
