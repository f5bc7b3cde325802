"""Deleting a person: places are given up, numbers stay, names go, whatever else happens in the same moment."""

import datetime as dt
import uuid
from threading import Event

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.feed_keys import make_feed_key
from accounts.models import ApiToken, FeedKey, User
from accounts.services import create_account, issue_api_token
from core.errors import RuleViolation
from core.tokens import sign
from events.models import Membership
from outbox.delivery import leases
from outbox.delivery.line import Verdict
from outbox.models import Attempt, Message
from outbox.services import enqueue_message
from outbox.writers import Letter
from registrations.links import PURPOSE, registration_of
from registrations.models import (
    Answer,
    Invitation,
    Registration,
    RegistrationChange,
    Seats,
    SeriesRegistration,
)
from registrations.selectors.plans import plan_of_event
from registrations.services.door import Scan, record_scan
from registrations.services.forgetting import forget_person
from registrations.services.leaving import leave
from registrations.services.queue import change_priority
from registrations.services.registering import refused_ghosts, register
from registrations.services.wishes import Wish
from registrations.states import State
from registrations.tickets import ticket_code
from speakers.models import Speaker
from tests.factories import EventFactory, GroupFactory, MembershipFactory, SeriesFactory, SpeakerFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory
from tests.races import at_once
from web.forgetting import delete_person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def bo() -> User:
    return create_account(email="bo@example.org", name="Bo", email_is_confirmed=True)


@pytest.fixture
def ada() -> User:
    return UserFactory(name="Ada", email="ada@example.org")


def event_in(now: dt.datetime, days: float, *, room: int | None = 1, **plan: object):
    """The plan of an event so many days from now."""
    starts_at = now + days * DAY
    made = PlanFactory(event=EventFactory(starts_at=starts_at, ends_at=starts_at + DAY / 12), room=room, **plan)
    return plan_of_event(made.event_id)


def rsvp(plan, user: User, now: dt.datetime, **wish: object) -> Registration:
    wish = {"name": user.name, **wish}
    return register(plan=plan, user=user, wish=Wish(**wish), is_proven=True, now=now).registration


def seats(plan) -> tuple[int, int]:
    row = Seats.objects.get(plan=plan)
    return row.taken, row.waiting


def attended(plan, user: User, host: User, now: dt.datetime) -> Registration:
    """Somebody who came, seen at the door an hour after the start."""
    registration = rsvp(plan, user, now)
    at = plan.event.starts_at
    scan = Scan(id=uuid.uuid4(), ticket=ticket_code(registration), action="in", at=at, door="front")
    record_scan(event=plan.event, scan=scan, by=host, now=at)
    return registration


def test_the_seat_goes_to_the_next_in_line(bo: User, now: dt.datetime) -> None:
    plan = event_in(now, 3)
    mine = rsvp(plan, bo, now)
    dee = rsvp(plan, UserFactory(name="Dee"), now)

    delete_person(user=bo, now=now)

    mine.refresh_from_db()
    dee.refresh_from_db()
    assert (mine.state, mine.user, mine.name, dee.state) == (State.CANCELLED, None, "", State.GOING)
    assert (seats(plan), User.objects.filter(pk=bo.pk).exists()) == ((1, 0), False)


@pytest.mark.parametrize("state", ["waiting", "requested", "pending"])
def test_a_wish_for_a_seat_goes_too(bo: User, now: dt.datetime, state: str) -> None:
    plan = event_in(now, 3, admission="approval" if state == "requested" else "open")
    if state == "waiting":
        rsvp(plan, UserFactory(), now)
    register(plan=plan, user=bo, wish=Wish(name="Bo"), is_proven=state != "pending", now=now)
    mine = Registration.objects.get(user=bo)
    assert mine.state == state

    delete_person(user=bo, now=now)

    mine.refresh_from_db()
    assert (mine.state, seats(plan)[1]) == (State.CANCELLED, 0)


def test_who_came_is_still_counted_and_named_nowhere(bo: User, ada: User, now: dt.datetime) -> None:
    plan = event_in(now, 1)
    question = QuestionFactory(plan=plan)
    plan = plan_of_event(plan.event_id)
    mine = rsvp(plan, bo, now, answers={question.pk: "I am Bo of Boville"})
    change_priority(registration=mine, priority=1, reason="Bo helps with the chairs", by=ada, now=now)
    scan = Scan(id=uuid.uuid4(), ticket=ticket_code(mine), action="in", at=now + DAY, door="front")
    record_scan(event=plan.event, scan=scan, by=ada, now=now + DAY)
    before, ticket = seats(plan), Registration.objects.get().ticket

    delete_person(user=bo, now=now + 10 * DAY)

    mine = Registration.objects.get()
    assert (mine.state, mine.user, mine.name, seats(plan)) == (State.CHECKED_IN, None, "", before)
    assert (Answer.objects.count(), mine.check_ins.count(), mine.ticket == ticket) == (0, 1, False)
    assert set(RegistrationChange.objects.values_list("reason", flat=True)) == {""}


def test_somebody_inside_at_this_moment_counts_as_having_come(bo: User, ada: User, now: dt.datetime) -> None:
    plan = event_in(now, 1)
    mine = attended(plan, bo, ada, now)

    delete_person(user=bo, now=plan.event.starts_at + DAY / 48)

    mine.refresh_from_db()
    assert (mine.state, mine.user, seats(plan)) == (State.CHECKED_IN, None, (1, 0))


def test_links_and_tickets_of_old_mails_open_nothing(bo: User, now: dt.datetime) -> None:
    mine = rsvp(event_in(now, 3), bo, now)
    token = sign(PURPOSE, mine.ticket)
    assert registration_of(token) == mine

    delete_person(user=bo, now=now)

    assert registration_of(token) is None


def test_invitations_series_and_memberships_go(bo: User, now: dt.datetime) -> None:
    plan = event_in(now, 3)
    Invitation.objects.create(plan=plan, email="Bo@Example.org", invited_at=now)
    Invitation.objects.create(plan=plan, email="dee@example.org", invited_at=now)
    SeriesRegistration.objects.create(series=SeriesFactory(), user=bo, since=now)
    MembershipFactory(user=bo)

    delete_person(user=bo, now=now)

    assert list(Invitation.objects.values_list("email", flat=True)) == ["dee@example.org"]
    assert (SeriesRegistration.objects.count(), Membership.objects.count()) == (0, 0)


def test_mail_to_the_person_and_to_their_addresses_is_dropped_whoever_it_was_written_for(
    bo: User, now: dt.datetime
) -> None:
    EmailAddress.objects.create(user=bo, email="bo@work.example", verified=True)
    EmailAddress.objects.create(user=bo, email="not-proven@example.org", verified=False)
    to = ["bo@example.org", "BO@work.example", "not-proven@example.org", "dee@example.org"]
    for address in to:
        enqueue_message(
            kind="note", dedupe_key=f"note:{address}", address=address, now=now, letter=Letter("Hello", "Hello.\n")
        )
    rsvp(event_in(now, 3), bo, now)

    delete_person(user=bo, now=now)

    left = Message.objects.order_by("id").values_list("address", flat=True)
    assert list(left) == ["not-proven@example.org", "dee@example.org"]


def test_tokens_feed_key_addresses_and_sessions_go(bo: User, now: dt.datetime, client) -> None:
    issue_api_token(user=bo, name="script", scopes=["read"], expires_at=now + DAY, now=now)
    make_feed_key(user=bo, now=now)
    client.force_login(bo)
    bo.usersession_set.create(ip="127.0.0.1", session_key=client.session.session_key)

    delete_person(user=bo, now=now)

    left = [model.objects.count() for model in (ApiToken, FeedKey, EmailAddress, Session, User)]
    assert left == [0, 0, 0, 0, 0]


def test_the_public_profile_stays_unclaimed_and_its_private_address_is_erased(bo: User, now: dt.datetime) -> None:
    speaker = SpeakerFactory(user=bo, name="Bo B.", email="bo@example.org")
    speaker.save()

    delete_person(user=bo, now=now)

    speaker.refresh_from_db()
    assert (speaker.name, speaker.user, speaker.email) == ("Bo B.", None, "")
    assert set(Speaker.history.values_list("user", "email")) == {(None, "")}


def test_the_last_organiser_is_refused_and_told_which_groups(bo: User, ada: User, now: dt.datetime) -> None:
    for name in ("XLA", "Android"):
        MembershipFactory(user=bo, role="organiser", group=GroupFactory(name=name))
    shared = GroupFactory(name="Shared")
    for organiser in (bo, ada):
        MembershipFactory(user=organiser, role="organiser", group=shared)
    mine = rsvp(event_in(now, 3), bo, now)

    with pytest.raises(RuleViolation) as refusal:
        delete_person(user=bo, now=now)

    mine.refresh_from_db()
    assert (refusal.value.code, mine.state, mine.user) == ("last_organiser", State.GOING, bo)
    assert refusal.value.message == (
        "You are the last organiser of Android, XLA. Make somebody else organiser first, then come back."
    )


def test_forgetting_alone_keeps_the_account(bo: User, now: dt.datetime) -> None:
    rsvp(event_in(now, 3), bo, now)
    assert forget_person(user=bo, addresses=["bo@example.org"], now=now) == 1
    assert (forget_person(user=bo, addresses=[], now=now), User.objects.filter(pk=bo.pk).exists()) == (0, True)


def test_somebody_else_is_untouched(bo: User, now: dt.datetime) -> None:
    plan = event_in(now, 3, room=5)
    question = QuestionFactory(plan=plan)
    plan = plan_of_event(plan.event_id)
    dee = rsvp(plan, UserFactory(name="Dee"), now, answers={question.pk: "yes"})
    rsvp(plan, bo, now, answers={question.pk: "no"})

    delete_person(user=bo, now=now)

    dee.refresh_from_db()
    assert (dee.name, dee.state, dee.user.name) == ("Dee", State.GOING, "Dee")
    assert list(Answer.objects.values_list("value", flat=True)) == ["yes"]


@pytest.mark.django_db(transaction=True)
class TestRaces:
    """Threads with connections of their own."""

    def test_two_last_organisers_who_leave_at_once_do_not_both_leave(self, now: dt.datetime) -> None:
        group = GroupFactory()
        people = [MembershipFactory(user=UserFactory(), role="organiser", group=group).user for _ in range(2)]
        done = at_once(*(lambda person=person: delete_person(user=person, now=now) for person in people))
        assert (done, Membership.objects.filter(role="organiser").count()) == (["done", "last_organiser"], 1)

    def test_deleting_twice_at_once_is_deleting_once(self, bo: User, now: dt.datetime) -> None:
        plan = event_in(now, 3)
        rsvp(plan, bo, now)
        done = at_once(*(lambda: delete_person(user=User(pk=bo.pk, email=bo.email), now=now) for _ in range(4)))
        assert (done, User.objects.count(), seats(plan)) == (["done"] * 4, 0, (0, 0))

    @pytest.mark.parametrize("attempt", range(5))
    def test_registering_meanwhile_leaves_no_seat_behind(self, bo: User, now: dt.datetime, attempt: int) -> None:
        plans = [event_in(now, days, room=1) for days in range(1, 6)]
        rsvp(plans[0], bo, now)
        rsvps = [lambda plan=plan: rsvp(plan, bo, now) for plan in plans[1:]]
        at_once(lambda: delete_person(user=bo, now=now), *rsvps)
        assert [seats(plan) for plan in plans] == [(0, 0)] * 5
        assert (Registration.objects.exclude(user=None).count(), Message.objects.count()) == (0, 0)
        assert User.objects.count() == 0

    def test_who_was_half_registered_when_they_were_deleted_is_refused(self, bo: User, now: dt.datetime) -> None:
        """The deletion commits while the other transaction has written and not committed: the commit is refused."""
        plan, written, deleted = event_in(now, 3), Event(), Event()

        def register_slowly() -> None:
            with refused_ghosts(), transaction.atomic():
                rsvp(plan, bo, now)
                written.set()
                deleted.wait(10)

        def delete() -> None:
            written.wait(10)
            delete_person(user=bo, now=now)
            deleted.set()

        assert at_once(register_slowly, delete) == ["done", "person_gone"]
        assert (seats(plan), Registration.objects.count(), Message.objects.count()) == ((0, 0), 0, 0)

    def test_people_of_the_same_events_leave_and_are_deleted_at_once(self, now: dt.datetime) -> None:
        plans = [event_in(now, days, room=2) for days in (1, 2, 3)]
        people = [UserFactory() for _ in range(6)]
        for person in people:
            for plan in plans:
                rsvp(plan, person, now)
        gone, going = people[:3], people[3:]
        calls = [lambda person=person: delete_person(user=person, now=now) for person in gone]
        calls += [
            lambda row=row: leave(registration=row, now=now)
            for row in Registration.objects.filter(user__in=going[:1]).order_by("-event__starts_at")
        ]
        assert at_once(*calls) == ["done"] * 6
        for plan in plans:
            held = Registration.objects.filter(event=plan.event, state=State.GOING)
            assert (seats(plan), held.filter(user__in=going[1:]).count()) == ((2, 0), 2)

    def test_a_mail_that_a_worker_has_taken_is_not_sent(self, bo: User, now: dt.datetime) -> None:
        rsvp(event_in(now, 3), bo, now)
        (message,) = leases.claim(now=now, limit=10)
        delete_person(user=bo, now=now)
        assert leases.fence(message) is False

    def test_a_mail_that_is_being_sent_is_settled_without_a_trace(self, bo: User, now: dt.datetime) -> None:
        rsvp(event_in(now, 3), bo, now)
        (message,) = leases.claim(now=now, limit=10)
        assert leases.fence(message)
        result = leases.Result(message, Verdict(Attempt.Outcome.SENT, code=250), now, now)
        settle = lambda: leases.settle(result)  # noqa: E731
        assert at_once(lambda: delete_person(user=bo, now=now), settle) == ["done", "done"]
        assert (Message.objects.count(), Attempt.objects.count(), User.objects.count()) == (0, 0, 0)
