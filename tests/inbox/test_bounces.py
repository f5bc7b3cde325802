"""Mail that came back, from the envelope it left in to the reminders that are no longer sent."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from inbox.bounces import read_bounce
from inbox.handlers import Incoming, Outcome, address_parts
from inbox.models import InboundMail, State
from inbox.services import receive
from outbox.bouncing import message_behind, return_address
from outbox.models import Message, Priority, Suppression
from outbox.selectors import suppressed_scopes
from tests.factories import MessageFactory
from tests.inbox.returned import UNKNOWN, report
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FULL = "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full"


def sent(now: dt.datetime, **fields: object) -> Message:
    message: Message = MessageFactory(**{"state": "sent", "finished_at": now, **fields})
    return message


def comes_back(message: Message, now: dt.datetime, recipients: str = UNKNOWN) -> Outcome:
    return read(return_address(message.pk), now, report(recipients))


def read(address: str, now: dt.datetime, raw: bytes) -> Outcome:
    return read_bounce(Incoming(1, address, address_parts(address)[1], raw, now), now)


@pytest.mark.django_db(transaction=True)
def test_what_comes_back_twice_ends_the_reminders_to_an_address(mail_server: MailServer) -> None:
    for number in (1, 2):
        MessageFactory(subject=f"Number {number}")
    call_command("run_outbox", "--once")
    assert all(re.fullmatch(r"bounce\+\d+\.[0-9a-f]{20}@lectern\.example", one) for one in mail_server.senders)

    for number, address in enumerate(mail_server.senders):
        raw = report(to=address.upper(), number=number)
        receive(raw=raw, recipient=address.upper(), source=InboundMail.Source.PIPE, now=timezone.now())
    MessageFactory(subject="A reminder", scopes=["reminders"], priority=Priority.BULK)
    MessageFactory(subject="A code that was asked for")
    call_command("run_outbox", "--once")

    assert [str(mail["Subject"]) for mail in mail_server.mails[2:]] == ["A code that was asked for"]
    assert Message.objects.get(subject="A reminder").last_error == "bounced: everything"
    assert set(InboundMail.objects.values_list("state", flat=True)) == {State.APPLIED}


def test_one_bounce_is_noted_and_may_be_a_bad_day(now: dt.datetime) -> None:
    message = sent(now)
    assert comes_back(message, now) == Outcome(State.APPLIED, f"mail {message.pk} came back: 5.1.1")
    assert comes_back(message, now) == Outcome(State.IGNORED, "it is known that this mail came back")
    message.refresh_from_db()
    assert (message.state, message.bounce, message.last_error[:40]) == (
        "sent",
        "5.1.1",
        "Came back: 5.1.1 550 5.1.1 <bo@example.o",
    )
    assert not Suppression.objects.exists()


def test_the_second_one_counts_in_any_case_of_the_address_and_is_told(now: dt.datetime) -> None:
    first, second, third = sent(now - 29 * DAY), sent(now, address="Bo@Example.org"), sent(now)
    comes_back(first, now)
    told = comes_back(second, now)
    assert told.reason == f"mail {second.pk} came back: 5.1.1; no more reminders to this address"
    comes_back(third, now)
    assert [(row.scope, row.reason, row.since) for row in Suppression.objects.all()] == [("", "bounced", now)]
    assert (suppressed_scopes("bo@example.org"), suppressed_scopes("cy@example.org")) == ({""}, set())


@pytest.mark.parametrize(
    ("recipients", "days", "address"),
    [(FULL, 0, "bo@example.org"), (UNKNOWN, 31, "bo@example.org"), (UNKNOWN, 0, "cy@example.org")],
)
def test_full_mailboxes_old_bounces_and_other_people_do_not_count(
    now: dt.datetime, recipients: str, days: int, address: str
) -> None:
    comes_back(sent(now - days * DAY, address=address), now, recipients)
    assert comes_back(sent(now), now).state == State.APPLIED
    assert not Suppression.objects.exists()


def test_what_may_still_arrive_changes_nothing(now: dt.datetime) -> None:
    message = sent(now)
    told = comes_back(message, now, "Action: failed\nStatus: 4.4.7\nDiagnostic-Code: smtp; 451 4.4.7 too long")
    assert told == Outcome(State.IGNORED, "not for good: 4.4.7 451 4.4.7 too long")
    assert Message.objects.get().bounce == ""


def test_a_return_address_that_we_never_gave_changes_nothing(now: dt.datetime) -> None:
    message = sent(now)
    victim = return_address(message.pk)
    guesses = [victim.replace(f"+{message.pk}.", f"+{message.pk + 1}."), victim.replace(".", ".0", 1), "bounce+1@x.org"]
    for address in [*guesses, f"bounce+{'9' * 30}.{'a' * 20}@x.org", "bounce+٣.aaaaaaaaaaaaaaaaaaaa@x.org"]:
        assert read(address, now, report()) == Outcome(State.IGNORED, "this return address is not one of ours")
    assert Message.objects.get().bounce == ""
    assert message_behind(address_parts(victim.upper())[1]) == message.pk


def test_mail_that_is_forgotten_or_was_never_sent(now: dt.datetime) -> None:
    waiting = MessageFactory()
    assert read(return_address(waiting.pk + 1), now, report()).reason == "the mail is forgotten"
    assert comes_back(waiting, now).reason == "the mail was not sent: pending"


def test_an_answer_of_a_program_is_no_bounce(now: dt.datetime) -> None:
    away = b"Auto-Submitted: auto-replied\nFrom: bo@example.org\nSubject: Away\n\nBack on Monday.\n"
    assert read(return_address(sent(now).pk), now, away) == Outcome(State.IGNORED, "this is no delivery report")
    assert read(return_address(1), now, b"x" * 2_000_000).reason == "the message has more than 1000000 bytes"
