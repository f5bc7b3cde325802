"""Letters about registrations: queued with the change, written when they are sent, skipped when no longer true."""

import datetime as dt
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest

from events.services.events import cancel_event
from outbox.delivery import drain
from outbox.models import Message, State
from registrations.links import confirmation_code, manage_path
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.registering import confirm_registration, register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, GroupFactory, UserFactory, VenueFactory
from tests.factories.registrations import PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def soon(now):
    """An event in three days, at a place."""
    venue = VenueFactory(name="Google Singapore", street="70 Pasir Panjang Road")
    times = {"starts_at": now + dt.timedelta(days=3), "ends_at": now + dt.timedelta(days=3, hours=2)}
    return EventFactory(title="NeurIPS & the Cutting Edge", venue=venue, time_zone="Asia/Singapore", **times)


def ask(event, now, *, name="Bo", is_proven=True, language=""):
    user = UserFactory(email=f"{name.lower()}@example.org", name=name, language=language)
    plan = plan_of_event(event.pk)
    return register(plan=plan, user=user, wish=Wish(name), is_proven=is_proven, now=now).registration


def send(now) -> None:
    drain(clock=lambda: now, keep_going=lambda: True)


def sent(mail_server) -> list[tuple[str, str]]:
    """To whom, and the subject, in the order of sending."""
    return [(mail["To"], mail["Subject"]) for mail in mail_server.letters()]


def test_who_goes_is_told_when_and_where_with_a_link_of_their_own(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    mine = ask(soon, now)
    send(now)
    [mail] = mail_server.letters()
    text = mail.get_body(("plain",)).get_content()
    assert sent(mail_server) == [("bo@example.org", "You’re going: NeurIPS & the Cutting Edge")]
    for words in (
        "Saturday 21 November 2026, 02:00 to 04:00",
        "Singapore time (UTC+8)",
        "Google Singapore",
        manage_path(mine),
    ):
        assert words in text
    assert "NeurIPS &amp; the Cutting Edge" in mail.get_body(("html",)).get_content()


def test_it_comes_from_the_group_whatever_its_name_is_made_of(mail_server, soon, now):
    typed = [
        'Ada, "Bo" & Co',
        "TFDL\r\nBcc: dee",
        "深度学习小组，新加坡" * 6,
        "=?utf-8?q?Ada?=",
        "Bank <pay@bank.example>",
    ]
    for number, name in enumerate(typed):
        group = GroupFactory(name=name)
        event = EventFactory(group=group, starts_at=soon.starts_at, ends_at=soon.ends_at)
        PlanFactory(event=event)
        ask(event, now, name=f"Bo{number}")
    send(now)
    shown = [typed[0], "TFDL Bcc: dee", typed[2], typed[3], "Bank pay bank example"]
    assert [who(mail) for mail in mail_server.letters()] == [(name, "hello@lectern.example") for name in shown]
    assert [mail["Bcc"] for mail in mail_server.mails] == [None] * 10
    invites = [who(mail) for mail in mail_server.mails if mail not in mail_server.letters()]
    assert [(name, address.partition("+")[0]) for name, address in invites] == [(name, "rsvp") for name in shown]


def who(mail) -> tuple[str, str]:
    """From, decoded as mail programs do."""
    name, address = parseaddr(message_from_bytes(mail.as_bytes())["From"])
    return str(make_header(decode_header(name))), address


def test_the_mail_to_confirm_carries_code_and_link_and_is_forgotten_once_sent(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    pending = ask(soon, now, is_proven=False)
    send(now)
    [mail] = mail_server.letters()
    text = mail.get_body(("plain",)).get_content()
    assert confirmation_code(pending) in text
    assert manage_path(pending) in text
    assert Message.objects.values("text", "html").get() == {"text": "", "html": ""}


def test_what_is_no_longer_true_is_not_sent(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    mine = ask(soon, now)
    leave(registration=mine, now=now, by=mine.user)
    send(now)
    assert sent(mail_server) == [("bo@example.org", "You’re not going: NeurIPS & the Cutting Edge")]
    skipped = Message.objects.get(kind="registration_admitted")
    assert (skipped.state, skipped.last_error) == (State.SKIPPED, "the registration is cancelled since")


def test_who_confirmed_meanwhile_is_told_where_they_stand_by_either_mail(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    pending = ask(soon, now, is_proven=False)
    confirm_registration(registration=pending, now=now)
    send(now)
    assert sent(mail_server) == [("bo@example.org", "You’re going: NeurIPS & the Cutting Edge")] * 2


def test_the_queue_hears_of_its_seat_and_nobody_else_does(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    ada, _bo, cy = (ask(soon, now + dt.timedelta(seconds=n), name=name) for n, name in enumerate(("Ada", "Bo", "Cy")))
    later = now + dt.timedelta(minutes=1)
    send(later)
    leave(registration=ada, now=later, by=ada.user)
    mail_server.mails.clear()
    send(later)
    assert sorted(to for to, _subject in sent(mail_server)) == ["ada@example.org", "bo@example.org"]
    assert Registration.objects.get(pk=cy.pk).state == "waiting"


def test_an_event_that_is_called_off_sends_no_ticket(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    ask(soon, now)
    cancel_event(event=soon, now=now)
    send(now)
    assert mail_server.letters() == []
    assert Message.objects.get(kind="registration_admitted").last_error == "the event is cancelled"


def test_a_letter_that_comes_after_the_event_is_of_no_use(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    ask(soon, now)
    send(soon.ends_at)
    assert (mail_server.letters(), Message.objects.get().state) == ([], State.PENDING)


def test_a_person_reads_it_in_their_language(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    ask(soon, now, language="zh-hans")
    send(now)
    [mail] = mail_server.letters()
    assert mail["Content-Language"] == "zh-hans"
    assert "2026年11月21日 星期六" in mail.get_body(("plain",)).get_content()


def test_a_name_is_text_and_never_markup_or_a_header(mail_server, soon, now):
    PlanFactory(event=soon, room=1)
    soon.title = "<b>Bold</b> [click](https://evil.example)"
    soon.save()
    ask(soon, now)
    send(now)
    [mail] = mail_server.letters()
    assert "<b>Bold</b>" not in mail.get_body(("html",)).get_content()
    assert mail["Subject"].strip() == "You’re going: <b>Bold</b> [click](https://evil.example)"
