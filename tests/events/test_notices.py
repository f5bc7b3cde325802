"""Change notices: written with the change or not at all, each person told once, a kill in the middle resumes."""

import datetime as dt

import pytest
from django.db import connection

from core.errors import RuleViolation
from events.models import CalendarInvite, ChangeNotice, Event
from events.notice_letters import change_words, snapshot, write_notice
from events.services import notices
from events.services.events import cancel_event, postpone_event, publish_event, revise_event
from events.services.notices import Reach, expand_notices, reach_of, stop_notice
from events.services.places import revise_venue
from outbox.models import Message
from outbox.writers import Letter, Skip
from registrations.models import Registration
from registrations.services.invites import settle_people, settle_registrations
from registrations.states import State
from tests.factories import (
    EventFactory,
    SessionFactory,
    SessionSpeakerFactory,
    SpeakerFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.registrations import RegistrationFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DUE = 5 * MINUTE


@pytest.fixture
def evening(now):
    """An event in three days, at a venue."""
    starts = now + dt.timedelta(days=3)
    venue = VenueFactory(name="Google Singapore")
    return EventFactory(title="XLA night", slug="xla", venue=venue, starts_at=starts, ends_at=starts + 2 * HOUR)


@pytest.fixture
def ada():
    return UserFactory(name="Ada")


def comes(event: Event, name: str, state: State = State.WAITING) -> Registration:
    return RegistrationFactory(
        event=event, user=UserFactory(email=f"{name.lower()}@example.org"), name=name, state=state
    )


def later(event: Event, now: dt.datetime, by: dt.timedelta = HOUR, **more) -> Event:
    return revise_event(event=event, now=now, starts_at=event.starts_at + by, ends_at=event.ends_at + by, **more)


def told() -> list[tuple[str, str]]:
    """Which mail to whom."""
    return sorted(Message.objects.values_list("kind", "address"))


def letter_to(name: str, now: dt.datetime) -> Letter:
    written = write_notice(Message.objects.get(kind="change_notice", address=f"{name.lower()}@example.org"), now)
    assert isinstance(written, Letter)
    return written


def test_a_change_is_written_down_with_what_it_was(evening, ada, now):
    before = snapshot(evening)
    later(evening, now, by=HOUR, venue=None)
    notice = ChangeNotice.objects.get()
    assert notice.changed == ["starts_at", "ends_at", "venue"]
    assert notice.before == {name: before[name] for name in ("starts_at", "ends_at", "venue", "venue_name")}
    assert (notice.made_at, notice.due_at, notice.finished_at, notice.is_said) == (now, now + DUE, None, True)


def test_who_holds_an_invite_hears_it_there_and_all_others_by_one_letter(evening, now):
    for name, state in (
        ("Bo", State.GOING),
        ("Dee", State.WAITING),
        ("Eve", State.REQUESTED),
        ("Gus", State.CANCELLED),
    ):
        comes(evening, name, state)
    session = SessionFactory(event=evening, starts_at=evening.starts_at, minutes=30)
    SessionSpeakerFactory(session=session, speaker=SpeakerFactory(name="Cy", email="cy@example.org"))
    settle_registrations(now)
    Message.objects.all().delete()
    later(evening, now)
    assert expand_notices(now + DUE - MINUTE) is False
    assert told() == []
    while expand_notices(now + DUE):
        pass
    assert told() == [
        ("calendar_invite", "bo@example.org"),
        ("calendar_invite", "cy@example.org"),  # the slot is new to this calendar
        ("change_notice", "dee@example.org"),
        ("change_notice", "eve@example.org"),
    ]
    expand_notices(now + HOUR)
    assert len(told()) == 4


def test_a_speaker_who_attends_and_waits_hears_it_once(evening, now):
    bo = comes(evening, "Bo", State.WAITING)
    session = SessionFactory(event=evening, starts_at=None)
    SessionSpeakerFactory(session=session, speaker=SpeakerFactory(name="Bo", user=bo.user))
    comes(evening, "Cy", State.GOING)
    cy = SpeakerFactory(name="Cy", email="Cy@example.org")
    SessionSpeakerFactory(session=session, speaker=cy)
    later(evening, now)
    expand_notices(now + DUE)
    assert told() == [("calendar_invite", "cy@example.org"), ("change_notice", "bo@example.org")]


def test_the_letter_says_what_is_and_what_was(evening, now):
    comes(evening, "Bo")
    later(evening, now, venue=VenueFactory(name="Library"))
    expand_notices(now + DUE)
    written = letter_to("Bo", now + DUE)
    assert written.subject == "New date: XLA night, Saturday 21 November 2026, 03:00"
    for words in (
        "This event has a new date or time.",
        "Saturday 21 November 2026, 03:00 to 05:00",
        "Library",
        "Date before   Saturday 21 November 2026, 02:00 to 04:00",
        "Place before  Google Singapore",
        "https://lectern.example/events/xla/",
        "You get this because you registered for this event.",
    ):
        assert words in written.text
    assert "Google Singapore" in written.html


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        (lambda event, now: cancel_event(event=event, now=now), "Cancelled: XLA night"),
        (lambda event, now: postpone_event(event=event, now=now), "Postponed: XLA night"),
        (lambda event, now: revise_event(event=event, now=now, format="online"), "New place: XLA night"),
    ],
)
def test_each_change_has_its_words(evening, now, change, subject):
    comes(evening, "Bo")
    change(evening, now)
    expand_notices(now + DUE)
    assert letter_to("Bo", now + DUE).subject == subject


@pytest.mark.parametrize(
    ("status", "subject"),
    [
        (Event.Status.CANCELLED, "It takes place after all: XLA night"),
        (Event.Status.POSTPONED, "New date: XLA night, Saturday 21 November 2026, 02:00"),
    ],
)
def test_an_event_that_is_on_again_is_news(evening, now, status, subject):
    comes(evening, "Bo")
    Event.objects.update(status=status)
    publish_event(event=evening, now=now)
    expand_notices(now + DUE)
    assert letter_to("Bo", now + DUE).subject == subject


def test_that_it_is_off_goes_out_at_once(evening, now):
    comes(evening, "Bo")
    cancel_event(event=evening, now=now)
    expand_notices(now)
    assert told() == [("change_notice", "bo@example.org")]


def test_a_second_change_joins_the_first_and_waits_anew(evening, now):
    comes(evening, "Bo")
    before = snapshot(evening)
    later(evening, now)
    evening.refresh_from_db()
    later(evening, now + 4 * MINUTE, venue=None)
    notice = ChangeNotice.objects.get()
    assert (notice.changed, notice.due_at) == (["starts_at", "ends_at", "venue"], now + 9 * MINUTE)
    assert notice.before["starts_at"] == before["starts_at"]
    expand_notices(now + 8 * MINUTE)
    assert told() == []
    expand_notices(now + 9 * MINUTE)
    assert told() == [("change_notice", "bo@example.org")]


def test_moved_back_in_time_is_as_if_nothing_was(evening, now):
    comes(evening, "Bo", State.GOING)
    settle_registrations(now)
    Message.objects.all().delete()
    later(evening, now)
    evening.refresh_from_db()
    later(evening, now + MINUTE, by=-HOUR)
    assert ChangeNotice.objects.count() == 0
    expand_notices(now + HOUR)
    assert told() == []


def test_moved_back_too_late_is_not_sent_to_who_has_not_read_the_first(evening, now):
    comes(evening, "Bo")
    later(evening, now)
    expand_notices(now + DUE)
    first = Message.objects.get()
    evening.refresh_from_db()
    later(evening, now + 6 * MINUTE, by=-HOUR)
    assert write_notice(first, now + 6 * MINUTE) == Skip("the change was taken back since")


def test_who_left_meanwhile_is_not_told(evening, now):
    mine = comes(evening, "Bo")
    later(evening, now)
    expand_notices(now + DUE)
    Registration.objects.filter(pk=mine.pk).update(state=State.CANCELLED)
    assert write_notice(Message.objects.get(), now + DUE) == Skip("this person has left the event")


def test_a_few_minutes_are_for_calendars_alone(evening, now):
    comes(evening, "Bo", State.GOING)
    comes(evening, "Cy")
    settle_registrations(now)
    Message.objects.all().delete()
    later(evening, now, by=14 * MINUTE)
    assert ChangeNotice.objects.get().is_said is False
    expand_notices(now + DUE)
    assert told() == [("calendar_invite", "bo@example.org")]


def test_words_alone_go_to_calendars_when_the_organiser_says_so(evening, now):
    comes(evening, "Bo", State.GOING)
    comes(evening, "Cy")
    settle_registrations(now)
    Message.objects.all().delete()
    revise_event(event=evening, now=now, title="XLA evening")
    assert ChangeNotice.objects.count() == 0
    revise_event(event=evening, now=now, summary="With pizza", tells_calendars=True)
    expand_notices(now + DUE)
    message = Message.objects.get()
    assert (message.address, message.payload["change"], message.payload["sequence"]) == ("bo@example.org", "texts", 0)


@pytest.mark.parametrize("status", [Event.Status.DRAFT, Event.Status.PUBLISHED])
def test_nobody_is_told_of_drafts_and_of_what_is_over(evening, now, status):
    moment = now if status == Event.Status.DRAFT else evening.ends_at
    Event.objects.update(status=status)
    later(evening, moment)
    publish_event(event=evening, now=moment)
    assert ChangeNotice.objects.count() == 0


def test_an_event_that_is_over_when_its_notice_is_due_tells_nobody(evening, now):
    comes(evening, "Bo")
    later(evening, now)
    expand_notices(evening.ends_at + 2 * HOUR)
    assert (told(), ChangeNotice.objects.get().finished_at) == ([], evening.ends_at + 2 * HOUR)


def test_a_change_nobody_can_be_told_of_is_refused_and_undone(evening, now):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_changenotice ADD CONSTRAINT nothing_goes CHECK (false) NOT VALID")
    for change in (later, lambda event, at: cancel_event(event=event, now=at)):
        with pytest.raises(RuleViolation) as refused:
            change(evening, now)
        assert refused.value.code == "notice_not_written"
    stored = Event.objects.get()
    assert (stored.starts_at, stored.status, stored.sequence) == (evening.starts_at, "published", 0)


def test_a_waiting_notice_can_be_stopped_and_calendars_are_right_at_the_next_update(evening, ada, now):
    comes(evening, "Bo", State.GOING)
    comes(evening, "Cy")
    settle_registrations(now)
    Message.objects.all().delete()
    later(evening, now)
    notice = ChangeNotice.objects.get()
    for _twice in range(2):
        stop_notice(notice=notice, by=ada, now=now + MINUTE)
    expand_notices(now + HOUR)
    settle_registrations(now + HOUR)
    assert told() == []
    revise_event(event=evening, now=now + HOUR, title="XLA evening", tells_calendars=True)
    expand_notices(now + 2 * HOUR)
    message = Message.objects.get()
    assert (message.address, message.payload["change"]) == ("bo@example.org", "date")


def test_what_people_are_being_told_cannot_be_stopped(evening, ada, now):
    later(evening, now)
    expand_notices(now + DUE)
    with pytest.raises(RuleViolation) as refused:
        stop_notice(notice=ChangeNotice.objects.get(), by=ada, now=now + DUE)
    assert refused.value.code == "notice_is_out"


def test_a_kill_between_two_pieces_goes_on_where_it_was(evening, now, monkeypatch):
    monkeypatch.setattr(notices, "CHUNK", 2)
    monkeypatch.setattr(notices, "CHUNKS_AT_ONCE", 1)
    people = [comes(evening, f"P{n}") for n in range(5)]
    later(evening, now)
    assert expand_notices(now + DUE) is True
    notice = ChangeNotice.objects.get()
    assert (notice.stage, notice.after_pk, len(told())) == ("attendees", people[1].pk, 2)
    monkeypatch.setattr(notices, "notice_fields", None)  # dies in the middle of the second piece
    with pytest.raises(TypeError):
        expand_notices(now + DUE)
    monkeypatch.undo()
    monkeypatch.setattr(notices, "CHUNK", 2)
    while expand_notices(now + DUE):
        pass
    assert [address for _kind, address in told()] == [f"p{n}@example.org" for n in range(5)]
    assert ChangeNotice.objects.get().finished_at == now + DUE


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(evening, now, monkeypatch):
    monkeypatch.setattr(notices, "CHUNK", 2)
    for n in range(5):
        comes(evening, f"P{n}")
    later(evening, now)

    def work() -> None:
        for _turn in range(4):
            expand_notices(now + DUE)

    assert at_once(work, work) == ["done", "done"]
    assert [address for _kind, address in told()] == [f"p{n}@example.org" for n in range(5)]


@pytest.mark.parametrize("people", [1, 3])
def test_a_piece_costs_the_same_for_all(evening, now, people, django_assert_num_queries):
    for n in range(people):
        comes(evening, f"Going{n}", State.GOING)
        comes(evening, f"Waiting{n}")
    settle_registrations(now)
    later(evening, now)
    # savepoints (2), notice, people, held, topics, settle_invites (8), who knows, letters, the notice itself
    with django_assert_num_queries(17):
        notices._expand_next(now + DUE)


def test_the_reach_of_a_change_is_known_before_it_is_made(evening, now):
    for name, state in (("Bo", State.GOING), ("Cy", State.GOING), ("Dee", State.WAITING)):
        comes(evening, name, state)
    settle_registrations(now)
    before = snapshot(evening)
    assert reach_of(event=evening, before=before, now=now) == Reach(0, 0)
    evening.starts_at += HOUR
    assert reach_of(event=evening, before=before, now=now) == Reach(2, 1)
    assert reach_of(event=evening, before=before, now=now).people == 3
    evening.starts_at += 10 * MINUTE - HOUR
    assert reach_of(event=evening, before=before, now=now) == Reach(2, 0)
    evening.status = Event.Status.CANCELLED
    assert reach_of(event=evening, before=before, now=now) == Reach(2, 1)
    evening.status = Event.Status.DRAFT
    assert reach_of(event=evening, before=before, now=now) == Reach(0, 0)
    assert CalendarInvite.objects.filter(revision=1).count() == 2


def test_changes_are_named_in_the_words_of_the_form():
    assert change_words(["starts_at", "venue", "texts"]) == ["starts", "venue", "texts"]


def test_who_registered_meanwhile_is_told_when_a_change_is_taken_back(evening, now):
    comes(evening, "Bo", State.GOING)
    settle_registrations(now)
    start, at = evening.starts_at, now + MINUTE
    later(evening, at, by=dt.timedelta(minutes=30))
    cy = comes(evening, "Cy", State.GOING)
    settle_people({(evening.pk, cy.user_id)}, now=at)
    Message.objects.all().delete()
    evening.refresh_from_db()
    later(evening, at + MINUTE, by=dt.timedelta(minutes=-30))
    while expand_notices(at + MINUTE):
        pass
    assert told() == [("calendar_invite", "cy@example.org")]
    starts = {dt.datetime.fromisoformat(one.told["starts_at"]) for one in CalendarInvite.objects.all()}
    assert (starts, ChangeNotice.objects.get().is_said) == ({start}, False)


def test_the_preview_of_a_change_counts_what_waits_to_be_told(evening, now):
    comes(evening, "Bo", State.GOING)
    comes(evening, "Dee")
    settle_registrations(now)
    start = evening.starts_at
    later(evening, now)
    evening.refresh_from_db()
    back = snapshot(evening)
    evening.starts_at, evening.ends_at = start, start + 2 * HOUR
    assert reach_of(event=evening, before=back, now=now) == Reach(0, 0)
    evening.starts_at += 2 * HOUR
    evening.ends_at += 2 * HOUR
    assert reach_of(event=evening, before=back, now=now) == Reach(1, 1)


def test_a_venue_with_another_address_is_told_to_calendars_alone(evening, now):
    for name, state in (("Bo", State.GOING), ("Dee", State.WAITING)):
        comes(evening, name, state)
    settle_registrations(now)
    Message.objects.all().delete()
    before = evening.sequence
    revise_venue(venue=evening.venue, now=now, name="Google Singapore", website="https://example.org/")
    assert not ChangeNotice.objects.exists()
    revise_venue(venue=evening.venue, now=now, street="80 Pasir Panjang Road")
    notice = ChangeNotice.objects.get()
    assert (change_words(notice.changed), notice.is_said) == (["address"], False)
    while expand_notices(now + DUE):
        pass
    assert told() == [("calendar_invite", "bo@example.org")]
    invite, event = CalendarInvite.objects.get(), Event.objects.get(pk=evening.pk)
    assert ("80 Pasir Panjang Road" in invite.told["location"], invite.sequence) == (True, before + 1)
    assert event.sequence == before + 1


def test_an_address_that_is_put_back_in_time_tells_nobody(evening, now):
    comes(evening, "Bo", State.GOING)
    settle_registrations(now)
    street = evening.venue.street
    for words in ("Elsewhere 1", street):
        revise_venue(venue=evening.venue, now=now, street=words)
    assert not ChangeNotice.objects.exists()
