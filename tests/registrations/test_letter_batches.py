"""Letters of a claimed batch: from one reading, in as many queries for twenty as for one, and word for word alike."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from accounts.models import MailPreferences
from events.models import CalendarInvite, Event, MailText, ReminderStep
from events.services.events import revise_event
from events.services.notices import expand_notices
from events.services.reminder_planning import plan_reminders
from lightning.services.speaker_invites import settle_speakers
from outbox.models import Message
from outbox.writers import Letter, Skip, prepare_writing, words_of
from registrations.models import Invitation
from registrations.notifications import person_invited, registration_admitted
from registrations.services.invites import settle_registrations
from tests.factories import (
    BlockFactory,
    EventFactory,
    GroupFactory,
    MembershipFactory,
    MessageFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
Words = dict[str, Letter | Skip]


@pytest.fixture
def new_event(now) -> Callable[..., Event]:
    """Tomorrow at 19:00 in Singapore, with a programme, a reminder of today for who goes and one for who speaks."""

    def make(**fields) -> Event:
        starts_at = (now + DAY).replace(hour=11)
        event = EventFactory(starts_at=starts_at, ends_at=starts_at + 2 * HOUR, venue=VenueFactory(), **fields)
        Event.objects.filter(pk=event.pk).update(revised_at=now - DAY)
        for audience in ("going", "speakers"):
            ReminderStep.objects.create(event=event, audience=audience, days=1, note="Bring photo ID.")
        SessionFactory(event=event, title="On trees", speakers=[SpeakerFactory(name="Cy"), SpeakerFactory(name="Dee")])
        block = BlockFactory(session=SessionFactory(event=event, kind="lightning", starts_at=starts_at + HOUR))
        TalkFactory.create_batch(2, block=block)
        return event

    return make


def going(events, now, *, digest="none", state="going"):
    """Somebody new at each of these events, who came long ago and has chosen how they are reminded."""
    rows = [RegistrationFactory(event=event, state=state, created_at=now - 9 * DAY) for event in events]
    MailPreferences.objects.bulk_create(
        MailPreferences(user=row.user, digest=digest, changed_at=now - 9 * DAY) for row in rows
    )
    return rows


def reminders(events, now):
    going(events, now)
    plan_reminders(now)


def digests(events, now):
    going(events, now, digest="daily")
    plan_reminders(now - HOUR)


def invites(events, now):
    going(events, now)
    settle_registrations(now)


def notices(events, now):
    going(events, now, state="waiting")
    for event in set(events):
        revise_event(event=event, now=now - HOUR, starts_at=event.starts_at + HOUR, ends_at=event.ends_at + HOUR)
    while expand_notices(now):
        pass


def admissions(events, now, state="going"):
    for row in going(events, now, state=state):
        registration_admitted(row, version=row.version, now=now)


def on_the_waitlist(events, now):
    admissions(events, now, state="waiting")


def invitations(events, now):
    plans = {event.pk: PlanFactory(event=event) for event in set(events)}
    for number, event in enumerate(events):
        email = f"{number}@example.org"
        person_invited(Invitation.objects.create(plan=plans[event.pk], email=email, invited_at=now), now=now)


def queued() -> QuerySet[Message]:
    """Those of the kind that was queued first: a letter of a registration queues an invitation, too."""
    rows = Message.objects.order_by("pk")
    return rows.filter(kind=rows.values("kind")[:1])


def alone(now: dt.datetime) -> Words:
    """As a keeper sees them who looks at one after the other."""
    return {message.dedupe_key: words_of(message, now=now) for message in queued()}


def in_a_batch(now: dt.datetime) -> Words:
    """As delivery writes them."""
    messages = list(queued())
    prepare_writing(messages, now=now)
    return {message.dedupe_key: words_of(message, now=now) for message in messages}


# What a batch asks the database for: the messages themselves, then what their letters say.
QUERIES = [
    (reminders, 14),
    (digests, 11),
    (invites, 5),
    (notices, 5),
    (admissions, 21),
    (on_the_waitlist, 7),
    (invitations, 8),
]


@pytest.mark.parametrize(("queue", "queries"), QUERIES)
@pytest.mark.parametrize("count", [1, 20])
def test_a_batch_takes_as_many_queries_for_twenty_as_for_one(
    new_event, now, queue, queries, count, django_assert_num_queries
):
    queue([new_event()] * count, now)
    with django_assert_num_queries(queries):
        words = in_a_batch(now)
    assert [type(letter) for letter in words.values()] == [Letter] * count


@pytest.mark.parametrize(("queue", "queries"), [pair for pair in QUERIES if pair[0] not in (notices, admissions)])
def test_also_when_each_is_about_another_event(new_event, now, queue, queries, django_assert_num_queries):
    queue([new_event() for _ in range(3)], now)
    with django_assert_num_queries(queries):
        words = in_a_batch(now)
    assert [type(letter) for letter in words.values()] == [Letter] * 3


@pytest.mark.parametrize("queue", [queue for queue, _queries in QUERIES])
def test_alone_each_says_the_same(new_event, now, queue):
    events = [new_event(group=GroupFactory(name="TFDL")), new_event()] * 2
    queue(events, now)
    for number, message in enumerate(queued()):
        Message.objects.filter(pk=message.pk).update(language=["en", "zh-hans", "de", ""][number % 4])
    for kind in ("reminder_going", "registration_going", "registration_waiting"):
        MailText.objects.create(group=events[0].group, kind=kind, language="en", subject="{event}", text="Dear {name}")
    together = in_a_batch(now)
    assert together == alone(now)
    assert len({letter.subject for letter in together.values()}) > 1


@pytest.mark.parametrize("queue", [queue for queue, _queries in QUERIES])
def test_one_that_cannot_be_prepared_costs_the_others_nothing(new_event, now, queue):
    queue([new_event()] * 2, now)
    expected = alone(now)
    MessageFactory(kind=queued()[0].kind, payload={"is": "broken"}, dedupe_key="broken")
    messages = list(queued())
    prepare_writing(messages, now=now)
    found = {one.dedupe_key: words_of(one, now=now) for one in messages if one.dedupe_key != "broken"}
    assert found == expected


def test_every_audience_hears_its_own_in_a_batch_and_what_is_not_true_is_skipped(new_event, now):
    event, other = new_event(), new_event()
    for audience in ("waiting", "stand_by", "hosts"):
        ReminderStep.objects.create(event=event, audience=audience, days=1)
    rows = going([event, event, other, event, event], now)
    waits = going([event, event], now, state="waiting")
    MembershipFactory(group=event.group, user=UserFactory(name="Ada"), role="organiser")
    event.group.memberships.update(joined_at=now - 9 * DAY)
    PlanFactory(event=event, room=80)
    block = event.sessions.get(kind="lightning").block
    TalkFactory(block=block, title="Mine", speakers=[SpeakerFactory(name="Cy", user=rows[0].user)])
    TalkFactory(block=block, title="Spare", state="stand_by", speakers=[SpeakerFactory(name="Eve", email="e@x.org")])
    plan_reminders(now)
    type(rows[1]).objects.filter(pk=rows[1].pk).update(state="cancelled")
    Event.objects.filter(pk=other.pk).update(status="postponed")
    MailPreferences.objects.filter(user=rows[3].user).update(digest="weekly")
    type(rows[4].user).objects.filter(pk=rows[4].user_id).update(is_active=False)
    together = in_a_batch(now)
    assert together == alone(now)
    reasons = sorted(words.reason for words in together.values() if isinstance(words, Skip))
    assert reasons == [
        "the account is not in use",
        "the event is postponed",
        "this person gets a digest instead",
        "this person gets the reminder for speakers",
        "this person is not going any more",
    ]
    letters = "".join(words.text for words in together.values() if isinstance(words, Letter))
    for words in ("Number 1 in line", "Number 2 in line", "Mine", "Spare", "0/80 going", "Hello Cy,", "Hello Eve,"):
        assert letters.count(words) == 1
    assert len(waits) == 2


def test_calendars_of_slots_and_of_seats_in_one_batch(new_event, now):
    event = new_event()
    Event.objects.update(revised_at=now - DAY)
    event.sessions.update(revised_at=now - DAY)
    cy = SpeakerFactory(name="Cy", email="cy@example.org")
    session, block = event.sessions.get(title="On trees"), event.sessions.get(kind="lightning").block
    session.session_speakers.create(speaker=cy)
    talk = TalkFactory(block=block, title="Five minutes", speakers=[cy])
    gone = TalkFactory(block=block, title="Gone", speakers=[cy])
    block.talks.update(revised_at=now - DAY)
    invites([event, event], now)
    settle_speakers(now)
    gone.delete()
    CalendarInvite.objects.filter(uid=talk.ical_uid).update(revision=2)
    together = in_a_batch(now)
    assert together == alone(now)
    assert sorted(words.reason for words in together.values() if isinstance(words, Skip)) == [
        "a newer message to this calendar follows",
        "what it was about is gone",
    ]
    subjects = sorted(words.subject.partition(",")[0] for words in together.values() if isinstance(words, Letter))
    assert subjects == [f"Invitation: {event.title}"] * 2 + ["Invitation: On trees"]


def test_a_batch_makes_all_its_calendars_right_before_it_says_so(new_event, now):
    event = new_event()
    admissions([event] * 3, now)
    in_a_batch(now)
    assert Message.objects.filter(kind="calendar_invite").count() == 3
    in_a_batch(now)
    assert Message.objects.filter(kind="calendar_invite").count() == 3


def test_what_a_reader_stopped_or_left_is_not_in_their_digest_and_in_everybody_elses(new_event, now):
    first, second = new_event(title="First"), new_event(title="Second")
    bo, ada = (going([first], now, digest="daily")[0] for _ in range(2))
    for person in (bo, ada):
        RegistrationFactory(event=second, user=person.user, created_at=now - 9 * DAY)
    plan_reminders(now - HOUR)
    type(bo).objects.filter(user=bo.user, event=second).update(state="cancelled")
    together = in_a_batch(now)
    assert together == alone(now)
    assert sorted(words.subject for words in together.values()) == ["Coming up: 2 meetups", "Coming up: First"]
