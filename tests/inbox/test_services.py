"""Each message is kept before it is read, and read once, whatever crashes."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RuleViolation
from inbox import handlers
from inbox.handlers import Incoming, Outcome, address_parts
from inbox.models import InboundMail, State
from inbox.services import (
    digest_of,
    erase_old,
    forget_mails,
    handle,
    handle_again,
    handle_waiting,
    note_outcome,
    receive,
)
from inbox.tasks import erase_old_mail
from outbox.bouncing import return_address
from tests.factories import UserFactory
from tests.factories.inbox import InboundMailFactory
from tests.races import at_once

MINUTE = dt.timedelta(minutes=1)
RAW = b"From: Bo <bo@example.org>\nTo: all@example.org, Test+ABC@lectern.example\nSubject: Yes\n\nI come.\n"
TO = "test+abc@lectern.example"


class Reader:
    """A handler that remembers what it was asked and says, or raises, what it is told to."""

    def __init__(self) -> None:
        self.asked: list[Incoming] = []
        self.error: Exception | None = None
        self.effect: Callable[[], object] = lambda: None

    def __call__(self, incoming: Incoming, now: dt.datetime) -> Outcome:
        self.asked.append(incoming)
        self.effect()
        if self.error:
            raise self.error
        return Outcome(State.APPLIED, f"{incoming.token} says yes")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """Who reads mail to test+…@."""
    reader = Reader()
    monkeypatch.setattr(handlers, "_handlers", {"test": reader})
    return reader


def keep(raw: bytes = RAW, *, now: dt.datetime, recipient: str = TO) -> InboundMail:
    return receive(raw=raw, recipient=recipient, source=InboundMail.Source.PIPE, now=now)


@pytest.mark.parametrize(
    ("recipient", "parts"),
    [
        ("RSVP+Abc@Meet.example", ("rsvp", "abc")),
        ("rsvp@meet.example", ("rsvp", "")),
        ("rsvp+a+b@meet.example", ("rsvp", "a+b")),
        ("rsvp+abc", ("rsvp", "abc")),
        ("", ("", "")),
    ],
)
def test_an_address_has_a_prefix_and_a_token(recipient: str, parts: tuple[str, str]) -> None:
    assert address_parts(recipient) == parts


@pytest.mark.django_db
def test_a_message_is_kept_as_it_came(reader: Reader, now: dt.datetime) -> None:
    mail = keep(recipient="<Test+ABC@Lectern.example>", now=now)

    assert (mail.recipient, mail.sender, mail.subject, bytes(mail.raw)) == (TO, "bo@example.org", "Yes", RAW)
    assert (mail.state, mail.received_at, mail.source, reader.asked) == (State.WAITING, now, "pipe", [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "recipient"),
    [
        (b"To: all@example.org, Test+ABC@lectern.example", TO),
        (b"Delivered-To: me@example.org\nX-Original-To: test+abc@lectern.example\nTo: x@example.org", TO),
        (b"Delivered-To: me@example.org\nTo: x@example.org", "me@example.org"),
        (b"Subject: To nobody", ""),
    ],
)
def test_without_an_envelope_the_header_says_for_whom(
    reader: Reader, now: dt.datetime, header: bytes, recipient: str
) -> None:
    assert keep(header + b"\n\nHi", recipient="", now=now).recipient == recipient


@pytest.mark.django_db
def test_the_same_mail_by_another_route_is_the_same_row(reader: Reader, now: dt.datetime) -> None:
    first = keep(now=now)
    header = b"Return-Path: <bo@example.org>\r\nReceived: from a\r\n\tby b; today\r\nX-Spam: no\r\n yes\r\n"
    routed = header + b"ARC-Seal: i=1\r\nDelivered-To: x@example.org\r\n" + RAW.replace(b"\n", b"\r\n")

    assert keep(routed, now=now + MINUTE) == first
    assert keep(RAW.replace(b"Yes", b"No"), now=now) != first
    assert keep(now=now, recipient="test+other@lectern.example") != first


def test_what_looks_like_a_hop_header_in_the_text_counts() -> None:
    assert digest_of(RAW + b"X-A: b\n", TO) != digest_of(RAW, TO)
    assert digest_of(b"Subject: x\nReceived: a", TO) == digest_of(b"Received: b\nSubject: x", TO)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "code"), [(b"", "mail_is_empty"), (b" \r\n", "mail_is_empty"), (b"x" * 1_000_001, "mail_is_too_large")]
)
def test_what_is_no_mail_is_refused(now: dt.datetime, raw: bytes, code: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        keep(raw, now=now)

    assert (refusal.value.code, InboundMail.objects.count()) == (code, 0)


@pytest.mark.django_db
def test_what_waits_is_read_once_by_whose_address_it_is(reader: Reader, now: dt.datetime) -> None:
    mail = keep(now=now)

    assert handle_waiting(now + MINUTE) is False
    assert handle_waiting(now + MINUTE) is False

    mail.refresh_from_db()
    assert reader.asked == [Incoming(mail.pk, TO, "abc", RAW, now)]
    assert (mail.state, mail.outcome, mail.handled_at) == (State.APPLIED, "abc says yes", now + MINUTE)


@pytest.mark.django_db
def test_mail_for_nobody_is_ignored_with_a_reason(reader: Reader, now: dt.datetime) -> None:
    mail = keep(recipient="info@lectern.example", now=now)

    handle_waiting(now)

    mail.refresh_from_db()
    assert (mail.state, mail.outcome, reader.asked) == (State.IGNORED, "nobody reads mail to this address", [])


@pytest.mark.django_db
def test_a_failure_undoes_everything_and_is_tried_again_later(reader: Reader, now: dt.datetime) -> None:
    mail = keep(now=now)
    reader.effect, reader.error = lambda: UserFactory(email="half@example.org"), LookupError("no such\nthing")
    tried = []
    for minutes in (0, 0.5, 1, 4, 5, 20, 59, 60, 600):
        before = len(reader.asked)
        handle_waiting(now + minutes * MINUTE)
        tried += [minutes] * (len(reader.asked) - before)

    mail.refresh_from_db()
    assert tried == [0, 1, 5, 20, 60]
    assert (mail.state, mail.attempts, mail.outcome) == (State.FAILED, 5, "LookupError: no such thing")
    assert mail.handled_at == now + 60 * MINUTE
    assert not UserFactory._meta.model.objects.filter(email="half@example.org").exists()


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_next(reader: Reader, now: dt.datetime) -> None:
    broken, fine = keep(now=now), keep(RAW + b"!", now=now)

    def fail_once() -> None:
        if len(reader.asked) == 1:
            raise RuntimeError

    reader.effect = fail_once
    handle_waiting(now)

    assert dict(InboundMail.objects.values_list("pk", "state")) == {broken.pk: State.WAITING, fine.pk: State.APPLIED}


@pytest.mark.django_db
def test_a_round_is_short_and_says_that_more_is_left(
    reader: Reader, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    InboundMailFactory.create_batch(3)
    monkeypatch.setattr("inbox.services.BATCH", 2)
    assert (handle_waiting(now), len(reader.asked)) == (True, 2)

    monkeypatch.setattr("inbox.services.BATCH_SECONDS", -1.0)
    assert (handle_waiting(now), len(reader.asked)) == (True, 2)

    monkeypatch.undo()
    assert handle_waiting(now) is False


@pytest.mark.django_db
@pytest.mark.parametrize("mails", [1, 3])
def test_a_round_costs_five_queries_a_message(
    reader: Reader, now: dt.datetime, django_assert_num_queries: Any, mails: int
) -> None:
    InboundMailFactory.create_batch(mails)

    with django_assert_num_queries(1 + 4 * mails):  # what is due; savepoint, lock, outcome, release
        handle_waiting(now)


@pytest.mark.django_db(transaction=True)
def test_two_workers_read_a_message_once(reader: Reader, now: dt.datetime) -> None:
    mail = keep(now=now)

    at_once(*[lambda: handle(mail.pk, now=now)] * 4)

    assert (len(reader.asked), InboundMail.objects.get().state) == (1, State.APPLIED)


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_twice_at_once_is_one_row(reader: Reader, now: dt.datetime) -> None:
    assert at_once(*[lambda: keep(now=now)] * 4) == ["done"] * 4
    assert InboundMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_mail_is_kept_while_redis_is_away(redis_is_away: None, reader: Reader, now: dt.datetime) -> None:
    keep(now=now)

    assert handle_waiting(now) is False
    assert InboundMail.objects.get().state == State.APPLIED


@pytest.mark.django_db
def test_a_person_has_it_read_again(reader: Reader, now: dt.datetime) -> None:
    mail = InboundMailFactory(state=State.FAILED, handled_at=now, attempts=5, outcome="LookupError")

    handle_again(mail=mail, now=now)
    with pytest.raises(RuleViolation) as refusal:
        handle_again(mail=mail, now=now)
    handle_waiting(now)

    mail.refresh_from_db()
    assert (refusal.value.code, mail.state, mail.attempts) == ("mail_is_waiting", State.APPLIED, 0)


@pytest.mark.django_db
def test_words_are_erased_two_weeks_after_they_were_handled(now: dt.datetime) -> None:
    old = InboundMailFactory(state=State.IGNORED, handled_at=now - dt.timedelta(days=14))
    young = InboundMailFactory(state=State.IGNORED, handled_at=now - dt.timedelta(days=13))
    InboundMailFactory()

    assert (erase_old(now=now), erase_old(now=now)) == (1, 0)

    old.refresh_from_db()
    young.refresh_from_db()
    assert (bytes(old.raw), bytes(young.raw) != b"") == (b"", True)
    with pytest.raises(RuleViolation) as refusal:
        handle_again(mail=old, now=now)
    assert refusal.value.code == "mail_is_erased"


@pytest.mark.django_db
def test_the_beat_has_words_erased() -> None:
    old = InboundMailFactory(state=State.IGNORED, handled_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    erase_old_mail()

    old.refresh_from_db()
    assert bytes(old.raw) == b""


@pytest.mark.django_db
def test_mail_of_who_is_deleted_goes_with_them() -> None:
    InboundMailFactory(sender="bo@example.org")
    InboundMailFactory(sender="mailer-daemon@example.org", recipient=return_address(7))
    dees = InboundMailFactory(sender="dee@example.org", recipient=return_address(77))

    assert forget_mails(addresses=["BO@example.org", "bo@work.example"], messages=[6, 7]) == 2
    assert list(InboundMail.objects.all()) == [dees]


@pytest.mark.django_db
def test_what_was_confirmed_later_is_noted_while_the_row_is_there(now: dt.datetime) -> None:
    mail = InboundMailFactory(state=State.ASKED, handled_at=now - MINUTE)

    note_outcome(pk=mail.pk, outcome=Outcome(State.APPLIED, "confirmed: x"), now=now)
    note_outcome(pk=mail.pk + 1, outcome=Outcome(State.APPLIED, "confirmed: y"), now=now)

    assert list(InboundMail.objects.values_list("state", "outcome", "handled_at")) == [("applied", "confirmed: x", now)]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.text(max_size=400))
def test_any_bytes_for_anybody_are_kept_or_refused(raw: bytes, recipient: str) -> None:
    moment = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)

    mail = keep(raw + b".", recipient=recipient, now=moment)

    assert (bytes(mail.raw), connection.needs_rollback) == (raw + b".", False)
