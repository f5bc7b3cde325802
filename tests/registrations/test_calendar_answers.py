"""Answers of calendars, from the mail to the seat: the right effect or none, once, whatever comes twice or late."""

import datetime as dt
from typing import Any

import pytest

from events.models import CalendarInvite, Event
from inbox.models import InboundMail
from inbox.services import handle, receive
from outbox.models import Message
from registrations.models import Question, Registration, RegistrationChange
from registrations.services.invites import settle_registrations
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import Command
from tests.events.inbound_cast import ADDRESS, CORPUS, HOUR, UID, Evening, evening
from tests.factories import UserFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)
STAYED = ("going", "waiting")
MOVED = ("declined", "going")
TO_BO = "bo@example.org"
SENT_AGAIN = f"applied: the invitation was sent again: {UID}"


# What each mail of the corpus does to Bo, who is going, and Cy, who waits: outcome, states, letters about the answer.
EFFECTS: dict[str, tuple[str, tuple[str, str], list[tuple[str, str]]]] = {
    "alias-unknown": (
        "asked: DECLINED from somebody else: bo@example.org was asked",
        STAYED,
        [("reply_confirm", TO_BO)],
    ),
    "alias-with-email": ("applied: ACCEPTED: stays going", STAYED, []),
    "apple-mail-accepted": ("applied: ACCEPTED: stays going", STAYED, []),
    "attachment-only": ("applied: ACCEPTED: stays going", STAYED, []),
    "auto-reply": ("ignored: there is no calendar part", STAYED, []),
    "broken-base64": ("ignored: the calendar part holds no VCALENDAR", STAYED, [("reply_text", TO_BO)]),
    "broken-charset": ("applied: DECLINED: is declined (“Schöne Grüße”)", MOVED, []),
    "cancel-to-rsvp": ("ignored: CANCEL is no answer", STAYED, []),
    "counter": (
        "ignored: it proposes another time: they were told to ask the organisers",
        STAYED,
        [("reply_counter", TO_BO)],
    ),
    "cut-off": ("ignored: the calendar part is cut off", STAYED, [("reply_text", TO_BO)]),
    "delegated": ("applied: DELEGATED: is declined", MOVED, [("reply_delegated", TO_BO)]),
    "dsn": ("ignored: there is no calendar part", STAYED, []),
    "duplicate": ("applied: ACCEPTED: stays going", STAYED, []),
    "exchange-declined": ("applied: DECLINED: is declined (“Leider verhindert; schöne Grüße”)", MOVED, []),
    "forged-two-from": ("ignored: it names 2 senders", STAYED, []),
    "forwarded-to-dee": (
        "asked: ACCEPTED from somebody else: bo@example.org was asked",
        STAYED,
        [("reply_confirm", TO_BO)],
    ),
    "garbage-partstat": ("ignored: its PARTSTAT is PERHAPS-NOT", STAYED, [("reply_text", TO_BO)]),
    "gmail-accepted": ("applied: ACCEPTED: stays going", STAYED, []),
    "gmail-declined": ("applied: DECLINED: is declined", MOVED, []),
    "gmail-tentative": (
        "applied: TENTATIVE: is declined (“If my train is on time, yes.”)",
        MOVED,
        [("reply_maybe", TO_BO)],
    ),
    "html-only": ("ignored: there is no calendar part", STAYED, [("reply_text", TO_BO)]),
    "latin-1-comment": ("applied: DECLINED: is declined (“Schöne Grüße”)", MOVED, []),
    "malformed": (
        "ignored: the calendar part is broken: its BEGIN and END lines do not match",
        STAYED,
        [("reply_text", TO_BO)],
    ),
    "needs-action": ("ignored: it does not answer yet", STAYED, []),
    "newer-declined": ("applied: DECLINED: is declined", MOVED, []),
    "no-dtstamp": ("ignored: its DTSTAMP is no moment in UTC", STAYED, [("reply_text", TO_BO)]),
    "no-method": ("ignored: the calendar part has no METHOD", STAYED, [("reply_text", TO_BO)]),
    "old-sequence": (SENT_AGAIN, STAYED, []),
    "other-uid": ("ignored: it names no entry of this address", STAYED, []),
    "outlook-com-accepted": ("applied: ACCEPTED: stays going", STAYED, []),
    "proton-accepted": ("applied: ACCEPTED: stays going", STAYED, []),
    "recurrence": ("ignored: it answers one date of a series", STAYED, []),
    "refresh": (SENT_AGAIN, STAYED, []),
    "request-to-rsvp": ("ignored: REQUEST is no answer", STAYED, []),
    "text-only": ("ignored: there is no calendar part", STAYED, [("reply_text", TO_BO)]),
    "thunderbird-tentative": ("applied: TENTATIVE: is declined", MOVED, [("reply_maybe", TO_BO)]),
    "two-attendees": ("ignored: it names 2 ATTENDEEs", STAYED, [("reply_text", TO_BO)]),
    "two-events": ("ignored: it holds several VEVENTs", STAYED, [("reply_text", TO_BO)]),
}


def test_no_mail_of_the_corpus_is_forgotten() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml") if not path.stem.startswith("plan-")} == set(EFFECTS)


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_each_mail_has_its_effect_or_none(full: Evening, name: str) -> None:
    outcome = full.answer(name)

    assert (outcome, full.states, full.letters()) == EFFECTS[name]
    assert Event.objects.get().starts_at == full.event.starts_at


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_the_same_mail_once_more_changes_nothing(full: Evening, name: str) -> None:
    full.answer(name)
    before = (full.states, Message.objects.count(), RegistrationChange.objects.count())

    full.answer(name, now=full.now + MINUTE)
    full.answer(name, {"Message-ID: <": "Message-ID: <again-"}, now=full.now + 2 * MINUTE)

    assert (full.states, Message.objects.count(), RegistrationChange.objects.count()) == before


def test_a_decline_leaves_nothing_to_call_off_and_says_so_in_the_history(full: Evening) -> None:
    full.answer("gmail-declined")

    change = RegistrationChange.objects.filter(registration__user=full.bo).latest("id")
    assert (change.command, change.by, change.reason) == (Command.DECLINE, full.bo, "by calendar")
    assert (full.invite.partstat, full.invite.answered_at, full.invite.answer_sequence) == ("DECLINED", full.now, 1)
    kinds = Message.objects.order_by("kind").values_list("kind", "address")
    assert list(kinds) == [("registration_cancelled", TO_BO), ("registration_promoted", "cy@example.org")]


def test_a_yes_after_a_no_stands_in_line_again(full: Evening) -> None:
    full.answer("gmail-declined")
    CalendarInvite.objects.update(method="CANCEL")  # as events.invite_steps notes a decline by the calendar

    outcome = full.answer("gmail-accepted", {"20261117T175500Z": "20261117T175900Z"})

    assert (outcome, full.states) == ("applied: ACCEPTED: is waiting", ("waiting", "going"))
    assert (full.invite.method, full.invite.partstat) == ("REQUEST", "ACCEPTED")


def said(full: Evening, minutes: int) -> list[tuple[str, int]]:
    """Method and SEQUENCE of Bo's invite once everybody's calendar was compared, so many minutes later."""
    settle_registrations(full.now + minutes * MINUTE)
    messages = Message.objects.filter(kind="calendar_invite", address=TO_BO).order_by("pk")
    return [(one.payload["change"], one.payload["sequence"]) for one in messages]


def test_a_no_and_a_yes_by_calendar_are_answered_by_no_invitation(now: dt.datetime) -> None:
    full = evening(now, capacity=None)
    full.answer("gmail-declined")
    assert (said(full, 1), full.states) == ([], ("declined", "going"))

    later = {"20261117T175500Z": "20261117T180300Z"}
    outcome = full.answer("gmail-accepted", later, now=full.now + 4 * MINUTE)

    assert (outcome, said(full, 5)) == ("applied: ACCEPTED: is going", [])
    assert (full.invite.method, full.invite.partstat, full.invite.sequence) == ("REQUEST", "ACCEPTED", 1)


def test_who_comes_back_on_the_page_is_invited_with_a_higher_sequence(now: dt.datetime) -> None:
    full = evening(now, capacity=None)
    full.answer("gmail-declined")
    assert said(full, 1) == []

    later = full.now + 4 * MINUTE
    register(plan=full.plan, user=full.bo, wish=Wish("Bo"), is_proven=True, now=later, by=full.bo)

    assert said(full, 5) == [("invited", 2)]
    stamp = {"20261117T175500Z": "20261117T180900Z", "SEQUENCE:1": "SEQUENCE:2"}
    assert full.answer("gmail-accepted", stamp, now=full.now + 10 * MINUTE) == "applied: ACCEPTED: stays going"
    assert said(full, 11) == [("invited", 2)]


def test_a_maybe_takes_the_entry_out_of_the_calendar(now: dt.datetime) -> None:
    full = evening(now, capacity=None)
    full.answer("thunderbird-tentative")

    assert (said(full, 1), full.states) == ([("called_off", 2)], ("declined", "going"))
    assert full.letters() == [("reply_maybe", TO_BO)]
    assert not Message.objects.filter(kind="registration_cancelled").exists()


def test_a_maybe_after_a_no_is_still_a_no(full: Evening) -> None:
    full.answer("gmail-declined")
    CalendarInvite.objects.update(method="CANCEL")

    outcome = full.answer("gmail-tentative", {"20261117T175500Z": "20261117T175900Z"})

    assert outcome == "applied: TENTATIVE: stays declined (“If my train is on time, yes.”)"
    assert (full.invite.method, full.invite.partstat) == ("CANCEL", "DECLINED")


def test_what_we_took_out_of_the_calendar_cannot_be_accepted_any_more(full: Evening) -> None:
    leave(registration=Registration.objects.get(user=full.bo), now=full.now - HOUR, by=full.bo)
    CalendarInvite.objects.update(method="CANCEL", sequence=2)

    assert full.answer("gmail-accepted") == "ignored: ACCEPTED is refused: called_off"
    assert (full.states, full.letters()) == (("cancelled", "going"), [("reply_closed", TO_BO)])


@pytest.mark.parametrize(
    ("first", "second", "stamp", "states"),
    [
        ("gmail-accepted", "newer-declined", "20261117T175800Z", MOVED),
        ("newer-declined", "gmail-accepted", "20261117T175500Z", MOVED),
        ("gmail-accepted", "gmail-declined", "20261117T175500Z", STAYED),
    ],
    ids=["newer", "older", "same moment"],
)
def test_the_newest_answer_counts_in_whatever_order_they_come(
    full: Evening, first: str, second: str, stamp: str, states: tuple[str, str]
) -> None:
    full.answer(first)
    full.answer(second, now=full.now + MINUTE)

    assert (full.states, full.invite.answer_stamped_at) == (
        states,
        dt.datetime.strptime("20261117T175800Z" if states == MOVED else stamp, "%Y%m%dT%H%M%S%z"),
    )


def test_a_clock_that_is_fast_does_not_outdate_later_answers(full: Evening) -> None:
    full.answer("gmail-accepted", {"20261117T175500Z": "20991117T175500Z"})

    assert full.invite.answer_stamped_at == full.now
    later = f"{full.now + MINUTE:%Y%m%dT%H%M%SZ}"
    full.answer("gmail-declined", {"20261117T175500Z": later}, now=full.now + 2 * MINUTE)
    assert full.states == MOVED


@pytest.mark.parametrize(("minutes", "states"), [(1, STAYED), (9, MOVED)])
def test_a_newer_answer_on_the_page_counts_more(full: Evening, minutes: int, states: tuple[str, str]) -> None:
    """Bo comes back on the page at 17:54 + minutes; his calendar's no is of 17:55 and arrives after it."""
    bos = Registration.objects.get(user=full.bo)
    RegistrationChange.objects.create(
        registration=bos, at=full.now - minutes * MINUTE + 2 * MINUTE, command="enter", before="", after="", by=full.bo
    )

    outcome = full.answer("gmail-declined")

    assert full.states == states
    assert (outcome == "ignored: DECLINED is refused: answered_since") is (states == STAYED)
    assert full.letters() == []


def test_an_organisers_refusal_outlasts_an_older_yes(full: Evening) -> None:
    bos = Registration.objects.get(user=full.bo)
    leave(registration=bos, now=full.now + 3 * MINUTE, by=full.ada, command=Command.REFUSE)

    outcome = full.answer("gmail-accepted", now=full.now + 4 * MINUTE)

    assert (outcome, full.states) == ("ignored: ACCEPTED is refused: answered_since", MOVED)


def test_two_answers_that_both_came_late_are_weighed_against_each_other(full: Evening) -> None:
    full.answer("gmail-declined", now=full.now + HOUR)

    later = {"20261117T175500Z": "20261117T175800Z"}
    outcome = full.answer("gmail-accepted", later, now=full.now + HOUR + MINUTE)

    assert outcome == "applied: ACCEPTED: is waiting"


def test_who_comes_back_brings_answers_and_as_many_guests_as_are_allowed(now: dt.datetime) -> None:
    one = evening(now, capacity=None)
    question = Question.objects.create(plan=one.plan, text="Diet?", is_required=True)
    bos = Registration.objects.get(user=one.bo)
    bos.answers.create(question=question, value="none")
    Registration.objects.filter(pk=bos.pk).update(guests=3)
    one.plan.seats.update(taken=5)
    one.answer("gmail-declined")
    type(one.plan).objects.update(max_guests=1)

    one.answer("gmail-accepted", {"20261117T175500Z": "20261117T175900Z"})

    bos.refresh_from_db()
    assert (bos.state, bos.guests, [answer.value for answer in bos.answers.all()]) == ("going", 1, ["none"])


def test_without_a_registration_an_answer_is_noted_and_no_more(full: Evening) -> None:
    Registration.objects.filter(user=full.bo).update(user=None)

    assert full.answer("gmail-declined") == "applied: DECLINED: there is no registration"
    assert full.state(full.cy) == "waiting"


def test_a_speakers_no_is_told_to_the_organisers_once_and_keeps_their_seat(now: dt.datetime) -> None:
    one = evening(now, role="speaker", name="[Bo](https://evil.example)")
    sam = UserFactory(email="sam@example.org", language="zh-hans")
    one.event.group.memberships.create(user=sam, role="organiser")

    outcomes = [
        one.answer("exchange-declined"),
        one.answer("gmail-declined", {"20261117T175500Z": "20261117T175900Z"}),
    ]

    assert outcomes[0] == "applied: DECLINED: the organisers are told (“Leider verhindert; schöne Grüße”)"
    assert one.letters() == [
        ("reply_speaker_declined", "ada@example.org"),
        ("reply_speaker_declined", "sam@example.org"),
    ]
    assert (one.states, one.invite.partstat) == (STAYED, "DECLINED")


def test_a_speakers_yes_is_noted(now: dt.datetime) -> None:
    one = evening(now, role="speaker", user=None, partstat="NEEDS-ACTION")

    assert one.answer("gmail-accepted") == "applied: ACCEPTED"
    assert (one.invite.partstat, one.letters()) == ("ACCEPTED", [])


@pytest.mark.parametrize(("name", "queries"), [("gmail-accepted", 17), ("gmail-declined", 30)])
def test_an_answer_costs_so_many_queries(
    full: Evening, django_assert_num_queries: Any, name: str, queries: int
) -> None:
    raw = (CORPUS / f"{name}.eml").read_bytes()
    mail = receive(raw=raw, recipient=ADDRESS, source=InboundMail.Source.PIPE, now=full.now)

    with django_assert_num_queries(queries):
        handle(mail.pk, now=full.now)


@pytest.mark.django_db(transaction=True)
def test_one_mail_read_by_many_workers_at_once_counts_once(now: dt.datetime) -> None:
    full = evening(now)
    raw = (CORPUS / "gmail-declined.eml").read_bytes()
    copies = [raw, raw.replace(b"Message-ID: <", b"Message-ID: <again-"), raw.replace(b"Tue, 17", b"Wed, 17")]
    pks = [receive(raw=copy, recipient=ADDRESS, source="pipe", now=now).pk for copy in copies]

    at_once(*[lambda pk=pk: handle(pk, now=now) for pk in pks * 2])

    assert full.states == MOVED
    assert RegistrationChange.objects.filter(registration__user=full.bo, command=Command.DECLINE).count() == 1
    assert sorted(InboundMail.objects.values_list("state", flat=True)) == ["applied", "ignored", "ignored"]


@pytest.mark.django_db(transaction=True)
def test_a_decline_while_others_register_and_leave_never_oversells(now: dt.datetime) -> None:
    full = evening(now)
    raw = (CORPUS / "gmail-declined.eml").read_bytes()
    mail = receive(raw=raw, recipient=ADDRESS, source="pipe", now=now)
    dee = UserFactory(email="dee@example.org")
    cys = Registration.objects.get(user=full.cy)

    done = at_once(
        lambda: handle(mail.pk, now=now),
        lambda: leave(registration=cys, now=now, by=full.cy),
        lambda: register(plan=full.plan, user=dee, wish=Wish("Dee"), is_proven=True, now=now, by=dee),
    )

    assert done == ["done"] * 3
    assert (full.states, full.state(dee)) == (("declined", "cancelled"), "going")
    assert full.plan.seats.get().taken == 1
