"""Speakers have their slots in their calendars: asked when it is sure, updated when it moves, out when it is gone."""

import datetime as dt

import pytest

from accounts.models import MailPreferences
from events.models import CalendarInvite, Event
from events.notifications import write_invite
from events.services.events import cancel_event, publish_event, revise_event
from events.services.notices import expand_notices
from events.services.programme import cancel_session, delete_session, revise_session
from lightning.models import Talk
from lightning.services.lineup import revise_talk
from lightning.services.speaker_invites import settle_speakers
from outbox.models import Message
from outbox.writers import Letter
from speakers.models import Speaker
from tests.factories import (
    BlockFactory,
    EventFactory,
    SessionFactory,
    SessionSpeakerFactory,
    SpeakerFactory,
    TalkFactory,
    TalkSpeakerFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
LATER = 5 * MINUTE
LONG_AGO = dt.timedelta(days=30)


@pytest.fixture
def evening(now):
    """An event in three days whose programme stands for long."""
    starts = now + dt.timedelta(days=3)
    return settled(EventFactory(title="XLA night", starts_at=starts, ends_at=starts + dt.timedelta(hours=3)), now)


def settled(row, now):
    """The row as if nobody had touched it for a month; auto_now_add would say today."""
    type(row).objects.filter(pk=row.pk).update(revised_at=now - LONG_AGO)
    row.refresh_from_db()
    return row


@pytest.fixture
def session(evening, now):
    """Cy's talk."""
    session = settled(SessionFactory(event=evening, title="Protocols", starts_at=evening.starts_at, minutes=30), now)
    SessionSpeakerFactory(session=session, speaker=SpeakerFactory(name="Cy", email="Cy@example.org"))
    return session


def talk_of(event, now, **fields) -> Talk:
    own = SessionFactory(event=event, kind="lightning", title="Lightning", starts_at=event.starts_at, minutes=60)
    block = BlockFactory(session=settled(own, now))
    talk = settled(TalkFactory(block=block, **{"title": "Fast", "state": "confirmed", "position": 1, **fields}), now)
    dee = Speaker.objects.filter(name="Dee").first() or SpeakerFactory(name="Dee", email="dee@example.org")
    TalkSpeakerFactory(talk=talk, speaker=dee)
    return talk


def said() -> list[tuple[str, str, int]]:
    messages = Message.objects.filter(kind="calendar_invite").order_by("id")
    return [(one.address, one.payload["change"], one.payload["sequence"]) for one in messages]


def test_a_session_with_a_time_asks_its_speaker_once(evening, session, now):
    settle_speakers(now)
    settle_speakers(now + MINUTE)
    invite = CalendarInvite.objects.get()
    assert said() == [("cy@example.org", "invited", 0)]
    assert (invite.uid, invite.role, invite.partstat) == (session.ical_uid, "speaker", "NEEDS-ACTION")
    letter = write_invite(Message.objects.get(), now)
    assert isinstance(letter, Letter)
    assert letter.subject == "Invitation: Protocols, Saturday 21 November 2026, 02:00 to 02:30"
    assert "RSVP=TRUE" in letter.calendar.body.decode().replace("\r\n ", "")
    assert "Your slot  Protocols" in letter.text


def test_a_confirmed_talk_asks_at_its_own_time(evening, now):
    talk = talk_of(evening, now)
    settle_speakers(now)
    invite = CalendarInvite.objects.get()
    planned = talk.block.times.planned_start(evening.starts_at, 1)
    assert (invite.uid, invite.address) == (talk.ical_uid, "dee@example.org")
    assert dt.datetime.fromisoformat(invite.told["starts_at"]) == planned
    letter = write_invite(Message.objects.get(), now)
    assert isinstance(letter, Letter)
    assert letter.subject.startswith("Invitation: Fast, ")


@pytest.mark.parametrize(
    "fields",
    [{"state": "accepted"}, {"state": "submitted", "position": None}, {"state": "confirmed", "position": None}],
)
def test_what_is_not_confirmed_or_has_no_place_is_not_told(evening, now, fields):
    talk_of(evening, now, **fields)
    settle_speakers(now)
    assert said() == []


@pytest.mark.parametrize("without", [{"starts_at": None}, {"minutes": None}, {"status": "cancelled"}])
def test_a_session_without_a_time_is_not_told(evening, session, now, without):
    type(session).objects.filter(pk=session.pk).update(**without)
    settle_speakers(now)
    assert said() == []


@pytest.mark.parametrize("status", [Event.Status.DRAFT, Event.Status.POSTPONED, Event.Status.CANCELLED])
def test_speakers_of_what_does_not_take_place_are_not_asked(evening, session, now, status):
    Event.objects.update(status=status)
    settle_speakers(now)
    assert said() == []


def test_the_accounts_address_goes_before_the_private_one_and_its_choice_holds(evening, session, now):
    cy = UserFactory(email="cy@account.example")
    type(session.speakers.get()).objects.update(user=cy)
    settle_speakers(now)
    assert said() == [("cy@account.example", "invited", 0)]
    MailPreferences.objects.create(user=cy, calendar="feed", changed_at=now)
    settle_speakers(now + MINUTE)
    assert said()[1:] == [("cy@account.example", "called_off", 1)]


def test_an_address_that_has_an_account_stands_for_it(evening, session, now):
    cy = UserFactory(email="cy@example.org")
    settle_speakers(now)
    assert CalendarInvite.objects.get().user == cy


def test_who_cannot_be_written_to_is_left_out(evening, session, now):
    type(session.speakers.get()).objects.update(email="")
    settle_speakers(now)
    assert said() == []


def test_a_slot_that_moves_asks_again_when_the_programme_is_quiet(evening, session, now):
    settle_speakers(now)
    revise_session(session=session, now=now + MINUTE, starts_at=evening.starts_at + 30 * MINUTE)
    settle_speakers(now + 2 * MINUTE)
    revise_session(session=session, now=now + 3 * MINUTE, starts_at=evening.starts_at + 60 * MINUTE)
    settle_speakers(now + 7 * MINUTE)
    assert len(said()) == 1
    settle_speakers(now + 8 * MINUTE)
    settle_speakers(now + 9 * MINUTE)
    assert said()[1:] == [("cy@example.org", "date", 2)]


def test_a_talk_that_moves_up_asks_again(evening, now):
    talk = talk_of(evening, now)
    settle_speakers(now)
    revise_talk(talk=talk, now=now, position=0)
    settle_speakers(now + LATER)
    assert said()[1:] == [("dee@example.org", "date", 1)]


def test_who_is_dropped_is_told_and_who_follows_is_asked(evening, session, now):
    settle_speakers(now)
    revise_session(session=session, now=now, speakers=[SpeakerFactory(name="Bo", email="bo@example.org")])
    settle_speakers(now + MINUTE)
    assert len(said()) == 1
    settle_speakers(now + LATER)
    assert sorted(said()[1:]) == [("bo@example.org", "invited", 0), ("cy@example.org", "called_off", 1)]


@pytest.mark.parametrize("by", ["cancelling", "deleting"])
def test_a_session_that_is_gone_leaves_the_calendar(evening, session, now, by):
    settle_speakers(now)
    if by == "cancelling":
        cancel_session(session=session, now=now)
    else:
        delete_session(session=session)
    settle_speakers(now + LATER)
    letter = write_invite(Message.objects.order_by("id").last(), now + LATER)
    assert isinstance(letter, Letter)
    assert said()[1:] == [("cy@example.org", "called_off", 1)]
    assert (letter.subject, letter.calendar.method) == ("Out of your calendar: Protocols", "CANCEL")


def test_an_event_that_is_off_leaves_the_calendar_at_once_and_comes_back(evening, session, now):
    settle_speakers(now)
    cancel_event(event=evening, now=now + MINUTE)
    expand_notices(now + MINUTE)
    publish_event(event=evening, now=now + 2 * MINUTE)
    settle_speakers(now + 3 * MINUTE)
    expand_notices(now + 7 * MINUTE)
    settle_speakers(now + 8 * MINUTE)
    assert said()[1:] == [("cy@example.org", "called_off", 1), ("cy@example.org", "invited", 2)]
    assert Message.objects.exclude(kind="calendar_invite").count() == 0


def test_another_place_keeps_the_answer_and_another_date_of_the_event_is_a_letter(evening, session, now):
    settle_speakers(now)
    CalendarInvite.objects.update(partstat="ACCEPTED")
    revise_event(event=evening, now=now + MINUTE, venue=VenueFactory(name="Library"))
    settle_speakers(now + 2 * MINUTE)
    expand_notices(now + 6 * MINUTE)
    assert said()[1:] == [("cy@example.org", "place", 1)]
    assert CalendarInvite.objects.get().partstat == "ACCEPTED"
    revise_event(event=evening, now=now + 7 * MINUTE, starts_at=evening.starts_at - 60 * MINUTE)
    expand_notices(now + 12 * MINUTE)
    settle_speakers(now + 13 * MINUTE)
    assert len(said()) == 2  # the slot stays where it is
    assert list(Message.objects.exclude(kind="calendar_invite").values_list("kind", "address")) == [
        ("change_notice", "cy@example.org")
    ]


@pytest.mark.parametrize("slots", [1, 3])
def test_a_round_costs_the_same_for_all(evening, now, slots, django_assert_num_queries):
    for n in range(slots):
        event = settled(EventFactory(starts_at=evening.starts_at, ends_at=evening.ends_at), now)
        own = settled(SessionFactory(event=event, starts_at=event.starts_at, minutes=30), now)
        SessionSpeakerFactory(session=own, speaker=SpeakerFactory(email=f"s{n}@example.org"))
        talk_of(event, now)
    # events, held, 3 of sessions, 3 of talks, accounts, 2 of what moves, lacking; then settle_invites, with a lock each
    with django_assert_num_queries(12 + 9 + slots):
        settle_speakers(now)
    with django_assert_num_queries(12):
        settle_speakers(now)
