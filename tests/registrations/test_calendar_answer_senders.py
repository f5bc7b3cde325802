"""Whose answer a calendar's mail is, and what strangers and programs can do with it: nothing."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress

from events.models import CalendarInvite, Event
from outbox.models import Message
from tests.events.inbound_cast import CORPUS, HOUR, UID, Evening

pytestmark = pytest.mark.django_db

STAYED = ("going", "waiting")
TO_BO = "bo@example.org"


def test_any_confirmed_address_of_the_person_is_theirs(full: Evening) -> None:
    EmailAddress.objects.create(user=full.bo, email="bo.meetups@alias.example", verified=True)

    assert full.answer("alias-unknown") == "applied: DECLINED: is declined"


def test_an_address_that_was_never_confirmed_is_nobodys(full: Evening) -> None:
    EmailAddress.objects.create(user=full.bo, email="bo.meetups@alias.example", verified=False)

    assert full.answer("alias-unknown").startswith("asked: ")


def test_a_program_is_heard_but_never_written_to(full: Evening) -> None:
    automatic = {"MIME-Version": "Auto-Submitted: auto-generated\r\nMIME-Version"}

    assert full.answer("alias-unknown", automatic) == "ignored: it is from somebody else, and a program wrote it"
    assert full.answer("counter", automatic).startswith("ignored: ")
    assert full.answer("text-only", automatic) == "ignored: there is no calendar part"
    assert full.letters() == []
    assert full.answer("gmail-declined", automatic) == "applied: DECLINED: is declined"


def test_strangers_learn_and_cause_nothing(full: Evening) -> None:
    dee = {"bo@example.org": "dee@example.org"}

    assert full.answer("counter", dee) == "ignored: COUNTER from somebody else"
    assert full.answer("refresh", dee) == "ignored: REFRESH from somebody else"
    assert full.answer("text-only", dee) == "ignored: there is no calendar part"
    assert (full.letters(), full.states, Message.objects.count()) == ([], STAYED, 0)


def test_whatever_strangers_send_bo_is_asked_once_a_day_and_answer(full: Evening) -> None:
    for number in range(3):
        full.answer("forwarded-to-dee", {"dee@example.org": f"dee{number}@example.org"})
    full.answer("alias-unknown")
    full.answer("forwarded-to-dee", {"20261117T175500Z": "20261117T175700Z"}, now=full.now + dt.timedelta(days=1))

    assert full.letters() == [("reply_confirm", TO_BO)] * 3


def test_nobody_is_asked_about_what_is_over(full: Evening) -> None:
    Event.objects.update(starts_at=full.now - 3 * HOUR, ends_at=full.now - HOUR)

    assert full.answer("alias-unknown") == "ignored: it is from somebody else, and the event is over"
    assert full.letters() == []


def test_an_entry_that_is_over_is_not_sent_again(full: Evening) -> None:
    CalendarInvite.objects.update(told={**full.invite.told, "ends_at": (full.now - HOUR).isoformat()})

    assert full.answer("refresh") == "ignored: the entry was called off, or is over"


def test_a_uid_that_cannot_be_ours_is_none_of_ours(full: Evening) -> None:
    assert full.answer("gmail-declined", {UID: "7@google.example"}) == "ignored: it names no entry of this address"


def test_who_has_left_hears_nothing_of_passing_seats_on(full: Evening) -> None:
    full.answer("gmail-declined")

    assert full.answer("delegated", {"20261117T175500Z": "20261117T175900Z"}) == "applied: DELEGATED: stays declined"
    assert full.letters() == []


def test_mail_to_an_unknown_address_of_ours_does_nothing(full: Evening) -> None:
    raw = (CORPUS / "gmail-declined.eml").read_bytes()

    assert full.read(raw, recipient="rsvp+unknown@meet.example") == "ignored: nobody answers at this address"
    assert full.read(raw, recipient="RSVP+K7Q2M4X5N6P7R2S3@MEET.example") == "applied: DECLINED: is declined"


def test_what_cannot_be_opened_has_a_reason(full: Evening) -> None:
    assert full.read(b"From: bo@example.org\n" + b"Content-Type: multipart/mixed\n" * 40) == (
        "ignored: the message has too many parts inside each other"
    )
