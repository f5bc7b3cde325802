"""Calendar invites: one life for each calendar and entry, written by one service, said once."""

import datetime as dt
from dataclasses import replace
from uuid import UUID

import icalendar
import pytest

from events.invited import Guest, Wanted, attendee_entry
from events.models import CalendarInvite, Event, ReplyAddress
from events.notifications import write_invite
from events.services.invites import record_answer, send_again, settle_invites
from outbox.models import Message
from outbox.writers import Letter, Skip
from tests.factories import EventFactory, GroupFactory, UserFactory, VenueFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(minutes=10)


@pytest.fixture
def evening(now):
    """An event in two days."""
    starts = now + dt.timedelta(days=2)
    return EventFactory(
        title="XLA night",
        slug="xla",
        group=GroupFactory(name='TensorFlow "TF"', slug="tf"),
        venue=VenueFactory(name="Google Singapore"),
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
    )


def wish(event: Event, name: str = "Bo", *, said_yes_at: dt.datetime | None = None) -> Wanted:
    user = UserFactory._meta.model.objects.filter(email=f"{name.lower()}@example.org").first()
    user = user or UserFactory(email=f"{name.lower()}@example.org", name=name)
    guest = Guest(CalendarInvite.Role.ATTENDEE, user.email, name, user.pk)
    return Wanted(Event.objects.get(pk=event.pk), attendee_entry(event), guest, said_yes_at)


def move(event: Event, **fields) -> Event:
    for name, value in fields.items():
        setattr(event, name, value)
    event.sequence += 1
    event.save()
    return event


def letter(message: Message, now) -> Letter:
    written = write_invite(message, now)
    assert isinstance(written, Letter)
    return written


def vevent(written: Letter) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(written.calendar.body).walk("VEVENT")
    return event


def test_the_first_invite_is_queued_once_from_an_address_of_its_own(evening, now):
    told = settle_invites([wish(evening, said_yes_at=now)], now=now)
    assert told == {(UUID(str(evening.ical_uid)), "bo@example.org")}
    assert settle_invites([wish(evening, said_yes_at=now)], now=now + LATER) == set()
    invite = CalendarInvite.objects.select_related("reply_address").get()
    message = Message.objects.get()
    assert (invite.method, invite.sequence, invite.revision, invite.partstat) == ("REQUEST", 0, 1, "ACCEPTED")
    assert (invite.stamped_at, invite.organizer) == (now, f"rsvp+{invite.reply_address.token}@lectern.example")
    assert message.dedupe_key == f"calendar_invite:{invite.pk}:1"
    assert (message.sender, message.reply_to) == (f'"TensorFlow \\"TF\\"" <{invite.organizer}>', invite.organizer)
    assert (message.address, message.recipient_id) == ("bo@example.org", invite.user_id)
    assert (message.expires_at, message.scopes, message.is_secret) == (evening.ends_at, [], False)


def test_the_letter_carries_the_request_and_no_secret(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    written = letter(Message.objects.get(), now)
    event = vevent(written)
    assert written.subject == "Invitation: XLA night, Friday 20 November 2026, 02:00 to 04:00"
    assert written.calendar.method == "REQUEST"
    assert (event["UID"], event["SEQUENCE"]) == (str(evening.ical_uid), 0)
    assert dict(event["ORGANIZER"].params) == {"CN": "TensorFlow 'TF'"}
    assert "https://lectern.example/events/xla/registration/" in written.text
    assert "https://calendar.google.com/calendar/render?" in written.html
    assert "https://lectern.example/calendars/events/xla.ics" in written.text
    assert "google" not in written.text
    assert "/me/mail/" in written.text
    assert "/r/" not in written.text + written.html + str(event)


def test_a_new_date_asks_again_and_a_new_place_keeps_the_answer(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    move(evening, starts_at=evening.starts_at + dt.timedelta(hours=1))
    settle_invites([wish(evening, said_yes_at=now)], now=now + LATER)
    first, second = Message.objects.order_by("id")
    assert write_invite(first, now) == Skip("a newer message to this calendar follows")
    asked = vevent(letter(second, now))
    assert (asked["SEQUENCE"], asked["ATTENDEE"].params["RSVP"]) == (1, "TRUE")
    invite = CalendarInvite.objects.get()
    record_answer(invite=invite, partstat="ACCEPTED", sequence=1, stamped_at=now + LATER, now=now + 2 * LATER)
    move(evening, venue=VenueFactory(name="Library"))
    settle_invites([wish(evening, said_yes_at=now)], now=now + 3 * LATER)
    third = letter(Message.objects.order_by("id").last(), now)
    moved = vevent(third)
    assert (third.subject, moved["SEQUENCE"], moved["ATTENDEE"].params["PARTSTAT"]) == (
        "New place: XLA night, Friday 20 November 2026, 03:00 to 04:00",
        2,
        "ACCEPTED",
    )
    assert "Before  Google Singapore" in third.text
    assert asked["DTSTAMP"].dt < moved["DTSTAMP"].dt


def test_texts_alone_go_out_when_somebody_says_so_with_the_same_sequence(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    evening.title = "XLA evening"
    evening.save()
    assert settle_invites([wish(evening, said_yes_at=now)], now=now + LATER) == set()
    settle_invites([wish(evening, said_yes_at=now)], now=now + LATER, texts_too=True)
    written = letter(Message.objects.order_by("id").last(), now)
    event = vevent(written)
    assert written.subject == "Updated: XLA evening, Friday 20 November 2026, 02:00 to 04:00"
    assert (event["SEQUENCE"], event["SUMMARY"], event["DTSTAMP"].dt) == (0, "XLA evening", now + LATER)


def test_called_off_and_back_again_are_two_lives_of_one_entry(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    organizer = CalendarInvite.objects.get().organizer
    for turn in (1, 2):
        settle_invites([], unwanted=CalendarInvite.objects.all(), now=now)
        settle_invites([], unwanted=CalendarInvite.objects.all(), now=now)
        settle_invites([wish(evening, said_yes_at=now + turn * LATER)], now=now)
    events = []
    for message in Message.objects.order_by("id"):
        CalendarInvite.objects.update(revision=message.payload["revision"], sequence=message.payload["sequence"])
        events.append((message.payload["revision"], message.payload["sequence"], message.payload["change"]))
    assert events == [
        (1, 0, "invited"),
        (2, 1, "called_off"),
        (3, 2, "invited"),
        (4, 3, "called_off"),
        (5, 4, "invited"),
    ]
    invite = CalendarInvite.objects.get()
    assert (invite.organizer, invite.stamped_at) == (organizer, now + dt.timedelta(seconds=4))


def test_who_left_gets_a_cancel_that_names_the_entry_alone(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    settle_invites([], unwanted=CalendarInvite.objects.all(), now=now + LATER)
    written = letter(Message.objects.order_by("id").last(), now)
    event = vevent(written)
    assert (written.subject, written.calendar.method) == ("Out of your calendar: XLA night", "CANCEL")
    assert (event["STATUS"], event["SEQUENCE"], event["SUMMARY"]) == ("CANCELLED", 1, "XLA night")
    assert "calendar.google.com" not in written.html


def test_who_declined_by_calendar_hears_nothing_more_until_they_come_back(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    invite = CalendarInvite.objects.get()
    record_answer(invite=invite, partstat="DECLINED", sequence=0, stamped_at=now + LATER, now=now + LATER)
    assert settle_invites([], unwanted=[invite], now=now + LATER) == set()
    invite.refresh_from_db()
    assert (invite.method, invite.sequence, invite.revision) == ("CANCEL", 0, 1)
    settle_invites([wish(evening, said_yes_at=now + 2 * LATER)], now=now + 2 * LATER)
    invite.refresh_from_db()
    assert (invite.method, invite.sequence, invite.revision, invite.partstat) == ("REQUEST", 1, 2, "ACCEPTED")


def test_an_old_answer_is_answered_with_the_same_request(evening, now):
    settle_invites([wish(evening, said_yes_at=now)], now=now)
    invite = CalendarInvite.objects.get()
    assert send_again(invite=invite, now=now) is True
    event = vevent(letter(Message.objects.order_by("id").last(), now))
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (0, now + dt.timedelta(seconds=1))
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    settle_invites([], unwanted=[invite], now=now)
    assert send_again(invite=invite, now=now) is False


def test_the_address_stays_with_group_and_person(evening, now):
    again = EventFactory(group=evening.group, starts_at=evening.starts_at, ends_at=evening.ends_at)
    elsewhere = EventFactory(starts_at=evening.starts_at, ends_at=evening.ends_at)
    settle_invites([wish(event) for event in (evening, again, elsewhere)], now=now)
    settle_invites([wish(evening, "Cy")], now=now)
    organizers = dict(CalendarInvite.objects.filter(address="bo@example.org").values_list("event", "organizer"))
    assert organizers[evening.pk] == organizers[again.pk] != organizers[elsewhere.pk]
    assert ReplyAddress.objects.count() == 3
    for token in ReplyAddress.objects.values_list("token", flat=True):
        assert (len(token), token) == (16, token.lower())


def test_a_changed_setting_moves_no_organizer_of_a_known_entry(evening, now, settings):
    settle_invites([wish(evening)], now=now)
    before = CalendarInvite.objects.get().organizer
    settings.REPLY_DOMAIN = "calendars.example"
    move(evening, starts_at=evening.starts_at + dt.timedelta(hours=1))
    settle_invites([wish(evening), wish(evening, "Cy")], now=now)
    invites = CalendarInvite.objects.order_by("id")
    assert [invite.organizer.rpartition("@")[2] for invite in invites] == ["lectern.example", "calendars.example"]
    assert invites[0].organizer == before


@pytest.mark.parametrize("people", [1, 3])
def test_many_calendars_cost_as_much_as_one(evening, now, people, django_assert_num_queries):
    wishes = [wish(evening, f"P{n}") for n in range(people)]
    # savepoint and release, lock, rows, reply addresses (2 reads, 1 write), invites, languages, groups, messages
    with django_assert_num_queries(11):
        settle_invites(wishes, now=now)
    move(evening, starts_at=evening.starts_at + dt.timedelta(hours=1))
    wishes = [wish(evening, f"P{n}") for n in range(people)]
    with django_assert_num_queries(8):
        settle_invites(wishes, now=now)
    with django_assert_num_queries(4):
        settle_invites(wishes, now=now)


def test_a_letter_about_what_is_gone_is_not_sent(evening, now):
    gone = replace(wish(evening), entry=replace(attendee_entry(evening), uid="5a1c1f5e-0000-4000-8000-000000000001"))
    settle_invites([gone], now=now)
    message = Message.objects.get()
    assert write_invite(message, now) == Skip("what it was about is gone")
    CalendarInvite.objects.all().delete()
    assert write_invite(message, now) == Skip("the invite is gone")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_invite_once(evening, now):
    wanted = wish(evening)
    told: list[int] = []

    def invite() -> None:
        told.append(len(settle_invites([wanted], now=now)))

    assert at_once(invite, invite) == ["done", "done"]
    assert sorted(told) == [0, 1]
    assert (CalendarInvite.objects.count(), Message.objects.count()) == (1, 1)
