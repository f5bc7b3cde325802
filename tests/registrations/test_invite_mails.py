"""A whole life of invitations, mail by mail: golden .eml files, read back by another reader of iCalendar."""

import datetime as dt
import os
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

import icalendar
import pytest
from django.db import connection

from accounts.models import User
from events.models import Event
from events.services.events import cancel_event, publish_event, revise_event
from events.services.notices import expand_notices
from events.services.programme import revise_session
from lightning.services.speaker_invites import settle_speakers
from outbox.delivery.letters import compose
from outbox.models import Message
from outbox.writers import Letter, words_of
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.invites import settle_registrations
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import (
    EventFactory,
    GroupFactory,
    SessionFactory,
    SessionSpeakerFactory,
    SpeakerFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.registrations import PlanFactory

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[1] / "golden" / "invites"
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
UID = "0f8b7c1e-3f7a-4f0e-9f58-6d2c5d0c7b01"
SLOT = "5a1c1f5e-0000-4000-8000-000000000001"


@pytest.fixture
def clock(now, monkeypatch):
    """Minutes since the fixed clock; what is random or counted elsewhere is the same in every run."""
    tokens = iter("K7M2Q9X4C3V8B5N1 A2B3C4D5E6F7G2H3 Z7Y6X5W4V3U2T7S6".split())
    monkeypatch.setattr("events.services.invites.new_secret", lambda: next(tokens))
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE events_calendarinvite_id_seq RESTART")
    return lambda minutes: now + minutes * MINUTE


@pytest.fixture
def evening(now):
    """An evening in three days with one seat."""
    group = GroupFactory(name="TensorFlow and Deep Learning, Singapore", slug="tfdl")
    event = EventFactory(
        title="XLA: tracing; more",
        slug="xla-night",
        summary="What the compiler does.",
        description="Doors **18:30**.\n\nBring a laptop; badge, too.",
        group=group,
        venue=VenueFactory(name="Google Singapore", street="70 Pasir Panjang Road"),
        ical_uid=UID,
        starts_at=dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 11, 20, 13, 0, tzinfo=dt.UTC),
    )
    Event.objects.filter(pk=event.pk).update(revised_at=now - 24 * HOUR)
    PlanFactory(event=event, room=1)
    return event


def ask(event: Event, name: str, now: dt.datetime) -> Registration:
    user = User.objects.filter(name=name).first() or UserFactory(email=f"{name.lower()}@example.org", name=name)
    plan = plan_of_event(event.pk)
    return register(plan=plan, user=user, wish=Wish(name), is_proven=True, now=now).registration


def mail_of(message: Message, now: dt.datetime) -> bytes:
    """As it goes over the line."""
    words = words_of(message, now=now)
    assert isinstance(words, Letter), words
    words.put_on(message)
    return compose(message).data


def last_mail_to(name: str, now: dt.datetime) -> bytes:
    """The last invitation to somebody."""
    address = f"{name.lower()}@example.org"
    return mail_of(Message.objects.filter(kind="calendar_invite", address=address).latest("id"), now)


def same_as_golden(name: str, data: bytes) -> EmailMessage:
    """Run with UPDATE_GOLDEN=1 to accept new bytes. Only the boundary between the parts may differ."""
    path = GOLDEN / f"{name}.eml"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(data)
    assert normal(data) == normal(path.read_bytes())
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def normal(data: bytes) -> bytes:
    """With the boundaries by number."""
    for number, boundary in enumerate(re.findall(rb'boundary="([^"]+)"', data)):
        data = data.replace(boundary, b"boundary-%d" % number)
    return data


def event_in(mail: EmailMessage) -> icalendar.Event:
    """The one VEVENT, after the structure that calendar programs look for was found."""
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    *_, inline, attached = mail.walk()
    body = inline.get_payload(decode=True)
    assert body == attached.get_payload(decode=True)
    calendar = icalendar.Calendar.from_ical(body)
    assert calendar["METHOD"] == inline.get_param("method")
    assert inline["Content-Disposition"] is None
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    assert mail["From"].addresses[0].addr_spec == mail["Reply-To"].addresses[0].addr_spec
    assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert event["ATTENDEE"] == f"mailto:{mail['To'].addresses[0].addr_spec}"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert max(len(line) for line in mail.as_bytes().split(b"\n") if line.lower().startswith(b"message-id")) <= 76
    return event


def told(event: icalendar.Event) -> tuple[int, str, str]:
    """SEQUENCE, STATUS, the answer."""
    return event["SEQUENCE"], event["STATUS"], event["ATTENDEE"].params["PARTSTAT"]


def in_order(events: list[icalendar.Event], uid: str) -> None:
    """One entry from one organizer, and each message above the last by (SEQUENCE, DTSTAMP)."""
    assert {str(event["UID"]) for event in events} == {uid}
    assert len({str(event["ORGANIZER"]) for event in events}) == 1
    for before, after in pairwise(events):
        assert (before["SEQUENCE"], before["DTSTAMP"].dt) < (after["SEQUENCE"], after["DTSTAMP"].dt)
        assert before["DTSTAMP"].dt < after["DTSTAMP"].dt


def test_the_life_of_an_attendees_entry(evening, clock):
    life: list[icalendar.Event] = []

    def expect(name: str, minutes: int, person: str = "Bo") -> icalendar.Event:
        data = last_mail_to(person, clock(minutes))
        event = event_in(same_as_golden(name, data))
        if person == "Bo":
            life.append(event)
        return event

    mine = ask(evening, "Bo", clock(0))
    ask(evening, "Cy", clock(1))
    settle_registrations(clock(1))
    assert told(expect("request", 1)) == (0, "CONFIRMED", "ACCEPTED")

    revise_event(event=evening, now=clock(10), starts_at=evening.starts_at + HOUR, ends_at=evening.ends_at + HOUR)
    expand_notices(clock(15))
    moved = expect("update_time", 15)
    assert (told(moved), moved["ATTENDEE"].params["RSVP"]) == ((1, "CONFIRMED", "NEEDS-ACTION"), "TRUE")
    assert moved["DTSTART"].dt == evening.starts_at + HOUR

    revise_event(event=evening, now=clock(20), venue=VenueFactory(name="Library", street="100 Victoria Street"))
    expand_notices(clock(25))
    assert told(expect("update_venue", 25)) == (2, "CONFIRMED", "NEEDS-ACTION")

    revise_event(event=evening, now=clock(30), title="XLA: tracing & more", tells_calendars=True)
    expand_notices(clock(35))
    assert told(expect("same_sequence", 35)) == (2, "CONFIRMED", "NEEDS-ACTION")

    leave(registration=mine, now=clock(40), by=mine.user)
    settle_registrations(clock(40))
    assert told(expect("cancel_leaving", 40)) == (3, "CANCELLED", "NEEDS-ACTION")
    assert told(expect("promoted", 40, "Cy")) == (2, "CONFIRMED", "ACCEPTED")

    plan_of_event(evening.pk).seats.update(capacity=2)
    ask(evening, "Bo", clock(50))
    settle_registrations(clock(50))
    assert told(expect("again", 50)) == (4, "CONFIRMED", "ACCEPTED")

    cancel_event(event=evening, now=clock(60))
    expand_notices(clock(60))
    assert told(expect("event_cancelled", 60)) == (5, "CANCELLED", "ACCEPTED")

    publish_event(event=evening, now=clock(70))
    expand_notices(clock(75))
    assert told(expect("event_on_again", 75)) == (6, "CONFIRMED", "ACCEPTED")

    in_order(life, UID)
    assert Message.objects.filter(kind="calendar_invite", address="bo@example.org").count() == len(life)
    assert Message.objects.filter(kind="change_notice").values_list("address", flat=True).distinct().count() == 1


def test_the_life_of_a_speakers_slot(evening, clock):
    session = SessionFactory(
        event=evening, title="Protocols", ical_uid=SLOT, starts_at=evening.starts_at + HOUR, minutes=30
    )
    SessionSpeakerFactory(session=session, speaker=SpeakerFactory(name="Cy", email="cy@example.org"))
    type(session).objects.filter(pk=session.pk).update(revised_at=clock(-60))
    settle_speakers(clock(0))
    data = last_mail_to("Cy", clock(0))
    first = event_in(same_as_golden("speaker_request", data))
    assert (told(first), first["ATTENDEE"].params["RSVP"]) == ((0, "CONFIRMED", "NEEDS-ACTION"), "TRUE")

    revise_session(session=session, now=clock(10), starts_at=evening.starts_at)
    settle_speakers(clock(15))
    data = last_mail_to("Cy", clock(15))
    second = event_in(same_as_golden("speaker_update", data))
    assert told(second) == (1, "CONFIRMED", "NEEDS-ACTION")
    assert second["DTSTART"].dt == evening.starts_at
    in_order([first, second], SLOT)
