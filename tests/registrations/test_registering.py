"""Asking for a seat: who gets one, who is told no, and what is written down."""

import datetime as dt

import pytest
from django.db import OperationalError, connection

from core.errors import RuleViolation
from outbox.models import Message
from registrations.models import Answer, Invitation, Registration, RegistrationChange, Seats
from registrations.selectors.people import place_in_queue
from registrations.selectors.plans import plan_of_event
from registrations.services import registering
from registrations.services.leaving import leave
from registrations.services.registering import approve, confirm_registration, register
from registrations.services.wishes import Wish
from registrations.states import Command, State
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo():
    return UserFactory(email="bo@example.org", name="Bo")


@pytest.fixture
def cy():
    return UserFactory(email="cy@example.org", name="Cy")


@pytest.fixture
def soon(now):
    """An event in three days, two hours long."""
    return EventFactory(starts_at=now + dt.timedelta(days=3), ends_at=now + dt.timedelta(days=3, hours=2))


def plan(event, **facts):
    return plan_of_event(PlanFactory(event=event, **facts).event_id)


def rsvp(plan, user, now, *, is_proven=True, **wish):
    return register(plan=plan, user=user, wish=Wish(**{"name": user.name} | wish), is_proven=is_proven, now=now)


def written() -> dict[str, int]:
    """How much was written down."""
    models = (Registration, RegistrationChange, Message, Answer)
    return {model.__name__: model.objects.count() for model in models}


def test_a_seat_is_a_row_a_line_of_history_a_message_and_a_count(soon, bo, now):
    outcome = rsvp(plan(soon, room=10, max_guests=2), bo, now, guests=2, name="  Bo \t Lin ")
    row, change, message = Registration.objects.get(), RegistrationChange.objects.get(), Message.objects.get()
    assert outcome == (registering.Outcome(row, is_new=True))
    assert (row.state, row.name, row.party, row.version, row.joined_at) == (State.GOING, "Bo Lin", 3, 1, now)
    assert (change.command, change.before, change.after, change.at) == (Command.ENTER, State.PENDING, State.GOING, now)
    assert (message.kind, message.address, message.recipient) == ("registration_admitted", "bo@example.org", bo)
    assert Seats.objects.values("taken", "waiting").get() == {"taken": 3, "waiting": 0}


def test_a_newcomer_costs_one_statement(soon, bo, now, django_assert_num_queries):
    ready = plan(soon, room=10)
    with django_assert_num_queries(1):
        rsvp(ready, bo, now)


def test_asking_twice_is_asking_once(soon, bo, now):
    ready = plan(soon, room=10)
    first, second = rsvp(ready, bo, now), rsvp(ready, bo, now + dt.timedelta(seconds=1))
    assert (first.is_new, second.is_new, second.registration) == (True, False, first.registration)
    assert written() == {"Registration": 1, "RegistrationChange": 1, "Message": 1, "Answer": 0}


def test_the_room_and_the_online_seats_are_counted_apart(soon, bo, cy, now):
    ready = plan(soon, room=1, online=1)
    rsvp(ready, UserFactory(), now)
    assert [rsvp(ready, bo, now).registration.state, rsvp(ready, cy, now, place="online").registration.state] == [
        State.WAITING,
        State.GOING,
    ]


def test_nobody_overtakes_who_waits_but_a_smaller_party_need_not_wait_for_a_larger_one(soon, bo, cy, now):
    ready = plan(soon, room=2, max_guests=2)
    assert rsvp(ready, bo, now, guests=2).registration.state == State.WAITING
    assert rsvp(ready, cy, now).registration.state == State.GOING
    assert place_in_queue(Registration.objects.get(user=bo)) == 1


def test_an_unproven_address_holds_no_seat_and_gets_one_mail_a_day(soon, bo, now):
    ready = plan(soon, room=10)
    first, again = (rsvp(ready, bo, now, is_proven=False) for _ in range(2))
    assert (first.registration.state, again.is_new) == (State.PENDING, False)
    assert Seats.objects.get().taken == 0
    assert list(Message.objects.values_list("kind", flat=True)) == ["registration_confirm"]
    rsvp(ready, bo, now + dt.timedelta(days=1), is_proven=False)
    assert Message.objects.count() == 2


def test_confirming_decides_the_seat_once(soon, bo, now):
    pending = rsvp(plan(soon, room=10), bo, now, is_proven=False).registration
    first, second = (confirm_registration(registration=pending, now=now) for _ in range(2))
    assert (first.registration.state, first.is_new, second.is_new) == (State.GOING, True, False)
    assert Seats.objects.get().taken == 1


def test_who_asks_in_somebody_elses_name_learns_nothing_and_changes_nothing(soon, bo, now):
    ready = plan(soon, room=10)
    rsvp(ready, bo, now)
    outcome = rsvp(ready, bo, now, is_proven=False, name="Eve")
    assert (outcome.registration.state, Registration.objects.get().name) == (State.GOING, "Bo")
    assert list(Message.objects.order_by("id").values_list("kind", flat=True)) == [
        "registration_admitted",
        "registration_confirm",
    ]


def test_coming_back_after_leaving_is_a_new_place_at_the_end(soon, bo, cy, now):
    ready, later = plan(soon, room=1), now + dt.timedelta(hours=1)
    mine = rsvp(ready, bo, now).registration
    rsvp(ready, cy, now)
    leave(registration=mine, now=later, by=bo)
    back = rsvp(ready, bo, later).registration
    assert (Registration.objects.get(user=cy).state, back.state, back.joined_at) == (State.GOING, State.WAITING, later)
    assert [change.after for change in RegistrationChange.objects.filter(registration=mine)] == [
        State.GOING,
        State.CANCELLED,
        State.WAITING,
    ]


def test_approval_keeps_the_place_of_the_day_of_asking(soon, bo, cy, now):
    ready = plan(soon, room=1, admission="approval")
    asked = [rsvp(ready, user, now + dt.timedelta(minutes=n)).registration for n, user in enumerate((bo, cy))]
    assert [row.state for row in asked] == [State.REQUESTED, State.REQUESTED]
    assert Seats.objects.get().taken == 0
    ada = UserFactory()
    states = [approve(registration=row, by=ada, now=now + dt.timedelta(days=1)).registration for row in asked]
    assert [row.state for row in states] == [State.GOING, State.WAITING]
    assert Registration.objects.get(user=cy).joined_at == now + dt.timedelta(minutes=1)
    assert [change.by for change in RegistrationChange.objects.filter(before=State.REQUESTED)] == [ada, ada]


def test_where_only_invited_people_may_come_the_address_is_the_key(soon, bo, cy, now):
    ready = plan(soon, room=10, admission="invitation")
    Invitation.objects.create(plan=ready, email="BO@example.org", invited_at=now)
    assert rsvp(ready, bo, now).registration.state == State.GOING
    with pytest.raises(RuleViolation) as refusal:
        rsvp(ready, cy, now)
    assert refusal.value.code == "invitation_only"


def test_answers_are_kept_with_the_registration(soon, bo, now):
    ready = plan(soon, room=10)
    diet, code = QuestionFactory(plan=ready, is_required=True), QuestionFactory(plan=ready)
    rsvp(plan_of_event(soon.pk), bo, now, answers={diet.pk: "no  fish\n", code.pk: ""})
    assert list(Answer.objects.values_list("question", "value")) == [(diet.pk, "no fish")]
    assert written() == {"Registration": 1, "RegistrationChange": 1, "Message": 1, "Answer": 1}


REFUSALS = {
    "name_missing": ({"name": " \t "}, "name"),
    "name_too_long": ({"name": "B" * 121}, "name"),
    "name_unprintable": ({"name": "Bo\r\nBcc: all@example.org"}, "name"),
    "place_unknown": ({"place": "roof"}, "place"),
    "too_many_guests": ({"guests": 3}, "guests"),
}


@pytest.mark.parametrize("wish", [wish for wish, _field in REFUSALS.values()], ids=REFUSALS)
def test_a_refusal_names_the_field_and_changes_nothing(soon, bo, now, wish, request):
    field = REFUSALS[request.node.callspec.id][1]
    with pytest.raises(RuleViolation) as refusal:
        rsvp(plan(soon, room=10, max_guests=2), bo, now, **wish)
    assert refusal.value.field == field
    assert set(written().values()) == {0}


@pytest.mark.parametrize("guests", [-1, -(2**31), 2**31, 10**30])
def test_guests_that_make_no_sense_are_refused(soon, bo, now, guests):
    with pytest.raises(RuleViolation) as refusal:
        rsvp(plan(soon, room=None, max_guests=2), bo, now, guests=guests)
    assert (refusal.value.field, set(written().values())) == ("guests", {0})


def test_answers_that_were_not_asked_for_are_refused_on_their_field(soon, bo, now):
    ready = plan(soon, room=10)
    wanted = QuestionFactory(plan=ready, kind="choice", choices=["S", "M"], is_required=True)
    foreign = QuestionFactory()
    ready = plan_of_event(soon.pk)
    cases = {
        f"question-{foreign.pk}": {wanted.pk: "S", foreign.pk: "x"},
        f"question-{wanted.pk}": {wanted.pk: "XXL"},
    }
    for field, answers in cases.items():
        with pytest.raises(RuleViolation) as refusal:
            rsvp(ready, bo, now, answers=answers)
        assert refusal.value.field == field
    with pytest.raises(RuleViolation) as missing:
        rsvp(ready, bo, now)
    assert (missing.value.code, set(written().values())) == ("answer_missing", {0})


@pytest.mark.parametrize(
    ("event", "rules", "code"),
    [
        ({"status": "draft"}, {}, "registration_draft"),
        ({"status": "cancelled"}, {}, "registration_cancelled"),
        ({"status": "postponed"}, {}, "registration_postponed"),
        ({}, {"opens_at": dt.timedelta(hours=1)}, "registration_not_yet"),
        (
            {},
            {"closes_at": dt.timedelta(hours=-1), "closes_because": "Names are with the porter."},
            "registration_closed",
        ),
    ],
)
def test_a_closed_window_says_why(soon, bo, now, event, rules, code):
    for name, value in event.items():
        setattr(soon, name, value)
    soon.save()
    times = {name: now + value if isinstance(value, dt.timedelta) else value for name, value in rules.items()}
    with pytest.raises(RuleViolation) as refusal:
        rsvp(plan(soon, room=10, **times), bo, now)
    assert (refusal.value.code, set(written().values())) == (code, {0})
    if code == "registration_closed":
        assert refusal.value.message == "RSVP is closed. Names are with the porter."


def test_an_event_that_is_over_takes_nobody(soon, bo, now):
    ready = plan(soon, room=10)
    assert rsvp(ready, bo, soon.ends_at - dt.timedelta(minutes=1)).registration.state == State.GOING
    with pytest.raises(RuleViolation) as refusal:
        rsvp(ready, UserFactory(), soon.ends_at)
    assert refusal.value.code == "registration_over"


@pytest.mark.django_db(transaction=True)
def test_what_breaks_in_the_middle_leaves_nothing_behind(soon, bo, now, monkeypatch):
    ready = plan(soon, room=10)
    diet = QuestionFactory(plan=ready)

    def break_off(*args, **kwargs):
        raise OperationalError("the database went away")

    monkeypatch.setattr(registering, "admit", break_off)
    with pytest.raises(OperationalError):
        rsvp(plan_of_event(soon.pk), bo, now, answers={diet.pk: "rice"})
    assert (set(written().values()), Seats.objects.get().taken) == ({0}, 0)


@pytest.mark.django_db(transaction=True)
def test_who_lost_a_race_for_the_same_row_looks_again(soon, bo, now, monkeypatch):
    """Somebody leaves and comes back on another screen between our look at the row and the lock."""
    ready = plan(soon, room=10)
    leave(registration=rsvp(ready, bo, now).registration, now=now, by=bo)
    admit, calls = registering.admit, []

    def outrun_once(registration, **facts):
        calls.append(registration.version)
        if len(calls) == 1:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE registrations_registration SET version = version + 1")
        return admit(registration, **facts)

    monkeypatch.setattr(registering, "admit", outrun_once)
    outcome = rsvp(ready, bo, now)
    assert (outcome.registration.state, len(calls), Seats.objects.get().taken) == (State.GOING, 2, 1)
