"""Who has a seat has the event in their calendar: whatever happens on the way, and never twice."""

import datetime as dt

import pytest

from accounts.models import FeedKey, MailPreferences, User
from events.models import CalendarInvite, Event
from events.services.events import cancel_event, postpone_event, publish_event
from events.services.invites import record_answer
from events.services.notices import expand_notices
from outbox import feeders
from outbox.models import Message
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services import invites
from registrations.services.invites import settle_people, settle_registrations
from registrations.services.leaving import leave
from registrations.services.registering import register
from registrations.services.wishes import Wish
from registrations.states import Command, State
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def evening(now):
    """An event in three days with two seats."""
    starts = now + 3 * DAY
    event = EventFactory(title="XLA night", starts_at=starts, ends_at=starts + dt.timedelta(hours=2))
    PlanFactory(event=event, room=2)
    return event


def ask(event: Event, now: dt.datetime, name: str = "Bo") -> Registration:
    user = User.objects.filter(email=f"{name.lower()}@example.org").first()
    user = user or UserFactory(email=f"{name.lower()}@example.org", name=name)
    plan = plan_of_event(event.pk)
    return register(plan=plan, user=user, wish=Wish(name), is_proven=True, now=now).registration


def said() -> list[tuple[str, str, int]]:
    """To whom, what, with which SEQUENCE."""
    messages = Message.objects.filter(kind="calendar_invite").order_by("id")
    return [(one.address, one.payload["change"], one.payload["sequence"]) for one in messages]


def test_a_seat_is_an_invite_that_says_accepted(evening, now):
    ask(evening, now)
    settle_registrations(now)
    settle_registrations(now + MINUTE)
    assert said() == [("bo@example.org", "invited", 0)]
    assert CalendarInvite.objects.get().partstat == "ACCEPTED"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.PENDING, []),
        (State.REQUESTED, []),
        (State.WAITING, []),
        (State.DECLINED, []),
        (State.CANCELLED, []),
        (State.NO_SHOW, []),
        (State.GOING, [("bo@example.org", "invited", 0)]),
        (State.CHECKED_IN, [("bo@example.org", "invited", 0)]),
    ],
)
def test_only_a_seat_that_is_theirs_is_in_their_calendar(evening, now, state, told):
    RegistrationFactory(event=evening, user=UserFactory(email="Bo@example.org"), state=state)
    settle_registrations(now)
    assert said() == told


def test_an_offered_seat_is_not_theirs_yet(evening, now):
    user = UserFactory(email="bo@example.org")
    RegistrationFactory(event=evening, user=user, state=State.OFFERED, offer_until=now + DAY)
    settle_registrations(now)
    assert said() == []


def test_who_leaves_comes_back_and_is_promoted_lives_twice(evening, now):
    first = ask(evening, now)
    for name in ("Cy", "Dee"):
        ask(evening, now, name)
    settle_registrations(now)
    leave(registration=first, now=now + MINUTE, by=first.user)
    settle_registrations(now + MINUTE)
    ask(evening, now + 2 * MINUTE)  # the last in line
    settle_registrations(now + 2 * MINUTE)
    leave(registration=Registration.objects.get(user__name="Cy"), now=now + 3 * MINUTE)
    settle_registrations(now + 3 * MINUTE)
    assert said() == [
        ("bo@example.org", "invited", 0),
        ("cy@example.org", "invited", 0),
        ("dee@example.org", "invited", 0),
        ("bo@example.org", "called_off", 1),
        ("bo@example.org", "invited", 2),
        ("cy@example.org", "called_off", 1),
    ]
    stamps = [invite.stamped_at for invite in CalendarInvite.objects.filter(address="bo@example.org")]
    assert stamps == [now + 3 * MINUTE]


def test_the_letter_of_a_change_brings_the_calendar_along(evening, now):
    mine = ask(evening, now)
    written = []
    write = invites.inviting_first(lambda message, at: written.append((message.kind, at)))
    write(Message.objects.get(), now)
    assert (said(), written) == ([("bo@example.org", "invited", 0)], [("registration_admitted", now)])
    leave(registration=mine, now=now + MINUTE, by=mine.user)
    write(Message.objects.get(kind="registration_cancelled"), now + MINUTE)
    write(Message.objects.get(kind="registration_cancelled"), now + 2 * MINUTE)
    assert said() == [("bo@example.org", "invited", 0), ("bo@example.org", "called_off", 1)]


@pytest.mark.parametrize(
    ("choice", "fetched", "told"),
    [
        (None, None, 1),
        (None, 6, 0),
        (None, 8, 1),
        ("auto", 6, 0),
        ("auto", None, 1),
        ("mail", 1, 1),
        ("feed", None, 0),
    ],
)
def test_invitations_come_unless_the_feed_is_read_or_chosen(evening, now, choice, fetched, told):
    mine = ask(evening, now)
    if choice:
        MailPreferences.objects.create(user=mine.user, calendar=choice, changed_at=now)
    if fetched:
        FeedKey.objects.create(user=mine.user, digest="0", created_at=now, last_fetched_at=now - fetched * DAY)
    settle_registrations(now)
    assert len(said()) == told
    settle_people({(evening.pk, mine.user_id)}, now=now)
    assert len(said()) == told


def test_who_chooses_the_feed_gets_back_what_was_sent_and_who_only_reads_it_keeps_it(evening, now):
    for name in ("Bo", "Cy"):
        ask(evening, now, name)
    settle_registrations(now)
    users = {user.name: user for user in User.objects.filter(registrations__event=evening)}
    MailPreferences.objects.create(user=users["Bo"], calendar="feed", changed_at=now)
    FeedKey.objects.create(user=users["Cy"], digest="0", created_at=now, last_fetched_at=now)
    settle_registrations(now + MINUTE)
    settle_people({(evening.pk, users["Cy"].pk)}, now=now + MINUTE)
    assert said()[2:] == [("bo@example.org", "called_off", 1)]


def test_another_address_is_another_calendar(evening, now):
    mine = ask(evening, now)
    settle_registrations(now)
    User.objects.filter(pk=mine.user_id).update(email="Bo@new.example")
    settle_registrations(now + MINUTE)
    assert sorted(said()[1:]) == [("bo@example.org", "called_off", 1), ("bo@new.example", "invited", 0)]


def test_who_declined_in_the_calendar_hears_nothing_and_may_come_back(evening, now):
    mine = ask(evening, now)
    settle_registrations(now)
    record_answer(
        invite=CalendarInvite.objects.get(), partstat="DECLINED", sequence=0, stamped_at=now + MINUTE, now=now + MINUTE
    )
    leave(registration=mine, now=now + MINUTE, command=Command.DECLINE)
    settle_registrations(now + MINUTE)
    assert len(said()) == 1
    ask(evening, now + 2 * MINUTE)
    settle_registrations(now + 2 * MINUTE)
    assert said()[1:] == [("bo@example.org", "invited", 1)]


@pytest.mark.parametrize("is_by_round", [True, False])
def test_a_no_in_the_calendar_and_a_yes_on_the_web_in_one_minute_is_a_new_life(evening, now, is_by_round):
    mine = ask(evening, now)
    settle_registrations(now)
    record_answer(
        invite=CalendarInvite.objects.get(), partstat="DECLINED", sequence=0, stamped_at=now + MINUTE, now=now + MINUTE
    )
    leave(registration=mine, now=now + MINUTE, command=Command.DECLINE)
    ask(evening, now + 2 * MINUTE)
    if is_by_round:
        settle_registrations(now + 2 * MINUTE)
    else:
        settle_people({(evening.pk, mine.user_id)}, now=now + 2 * MINUTE)
    settle_registrations(now + 3 * MINUTE)
    assert said()[1:] == [("bo@example.org", "invited", 1)]
    assert CalendarInvite.objects.get().partstat == "ACCEPTED"


def test_nothing_is_said_about_what_is_over_or_not_public(evening, now):
    mine = ask(evening, now)
    settle_registrations(now)
    Registration.objects.filter(pk=mine.pk).update(state=State.CANCELLED)
    settle_registrations(evening.ends_at)
    assert len(said()) == 1
    for status in (Event.Status.DRAFT, Event.Status.POSTPONED, Event.Status.CANCELLED):
        RegistrationFactory(event=EventFactory(status=status, starts_at=now + DAY, ends_at=now + 2 * DAY))
    settle_registrations(now)
    assert len(said()) == 2  # the one who left


def test_an_event_that_is_off_leaves_every_calendar_and_returns_when_it_is_on(evening, now):
    ask(evening, now)
    settle_registrations(now)
    cancel_event(event=evening, now=now + MINUTE)
    expand_notices(now + MINUTE)
    settle_registrations(now + MINUTE)
    publish_event(event=evening, now=now + 2 * MINUTE)
    settle_registrations(now + 3 * MINUTE)  # the notice waits, so the round does
    assert len(said()) == 2
    expand_notices(now + 7 * MINUTE)
    settle_registrations(now + 8 * MINUTE)
    assert said()[1:] == [("bo@example.org", "called_off", 1), ("bo@example.org", "invited", 2)]
    assert CalendarInvite.objects.get().partstat == "ACCEPTED"
    assert [one.kind for one in Message.objects.exclude(kind="calendar_invite")] == ["registration_admitted"]


def test_a_postponed_event_stays_in_calendars_that_have_it(evening, now):
    ask(evening, now)
    settle_registrations(now)
    ask(evening, now, "Cy")
    postpone_event(event=evening, now=now + MINUTE)
    expand_notices(now + 6 * MINUTE)
    settle_registrations(now + 7 * MINUTE)
    assert said()[1:] == [("bo@example.org", "date", 1)]
    assert CalendarInvite.objects.get().told["status"] == "POSTPONED"
    assert list(Message.objects.filter(kind="change_notice").values_list("address", flat=True)) == ["cy@example.org"]


def test_a_deleted_person_takes_their_invites_along(evening, now):
    mine = ask(evening, now)
    settle_registrations(now)
    mine.user.delete()
    settle_registrations(now + MINUTE)
    assert (CalendarInvite.objects.count(), said()) == (0, [])


@pytest.mark.parametrize("people", [1, 3])
def test_a_round_costs_the_same_for_all(evening, now, people, django_assert_num_queries):
    for n in range(people):
        RegistrationFactory(event=evening, user=UserFactory(email=f"p{n}@example.org"))
    # missing (2), surplus, topics; then settle_invites
    with django_assert_num_queries(4 + 11):
        settle_registrations(now)
    with django_assert_num_queries(2):
        settle_registrations(now)


def test_the_feeder_compares_once_a_minute_and_at_once_while_more_is_left(evening, now, monkeypatch):
    monkeypatch.setattr(invites, "AT_ONCE", 1)
    for n in range(2):
        RegistrationFactory(event=evening, user=UserFactory(email=f"p{n}@example.org"))
    feed = feeders.feeders()["invites"]
    assert [feed(now), feed(now), feed(now), len(said())] == [True, True, False, 2]
    RegistrationFactory(event=evening, user=UserFactory(email="late@example.org"))
    assert [feed(now + dt.timedelta(seconds=59)), len(said())] == [False, 2]
    assert [feed(now + MINUTE), len(said())] == [True, 3]
