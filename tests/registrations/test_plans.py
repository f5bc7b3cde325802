"""How an event takes RSVPs: rules, seats by place, frozen questions, invitations."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.changes import RowChange, RowRefused
from core.errors import RuleViolation
from events.models import Event
from outbox.models import Message
from outbox.writers import Skip, words_of
from registrations.models import Answer, Invitation, Question, Registration, RegistrationPlan, Seats
from registrations.selectors.plans import plan_of_event
from registrations.services.invitations import invite, read_addresses, withdraw_invitation
from registrations.services.plans import change_questions, create_plan, default_seats, delete_plan, revise_plan
from registrations.services.registering import register
from registrations.services.wishes import Wish
from tests.factories import EventFactory, RoomFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def event(now):
    """In ten days."""
    return EventFactory(starts_at=now + 10 * DAY, title="Third Thursday")


def seats_of(event: Event) -> dict[str, tuple[int | None, int, int]]:
    """Capacity, taken, waiting by place."""
    rows = Seats.objects.filter(plan__event=event)
    return {seats.place: (seats.capacity, seats.taken, seats.waiting) for seats in rows}


def rsvp(event: Event, now: dt.datetime, **wish) -> Registration:
    """Somebody comes."""
    plan = plan_of_event(event.pk)
    return register(plan=plan, user=UserFactory(), wish=Wish("Bo", **wish), is_proven=True, now=now).registration


def refused(work, **values) -> tuple[str, str | None]:
    """Code and field of the refusal."""
    with pytest.raises(RuleViolation) as raised:
        work(**values)
    return raised.value.code, raised.value.field


# --- making and changing --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rooms", "expected"), [([], None), ([80], 80), ([80, 120, None], 120), ([None], None), ([0, 30], 30)]
)
def test_seats_are_as_many_as_the_largest_room_in_use_holds(event, rooms, expected):
    for capacity in rooms:
        event.event_rooms.create(room=RoomFactory(venue=event.venue, capacity=capacity))
    RoomFactory(venue=event.venue, capacity=500)
    RoomFactory(venue=event.venue, capacity=600)
    assert default_seats(event) == {"room": expected}


def test_the_only_room_of_the_venue_says_how_many_when_none_is_chosen(event):
    RoomFactory(venue=event.venue, capacity=45)
    RoomFactory(venue=event.venue, capacity=None)
    assert default_seats(event) == {"room": 45}
    assert default_seats(EventFactory(venue=None)) == {"room": None}


@pytest.mark.parametrize(
    ("format_", "expected"), [("online", {"online": None}), ("hybrid", {"room": 45, "online": None})]
)
def test_places_follow_from_the_format(event, format_, expected):
    RoomFactory(venue=event.venue, capacity=45)
    event.format = format_
    assert default_seats(event) == expected


def test_an_event_takes_rsvps_with_one_call_and_only_once(event, now):
    plan = create_plan(event=event, now=now)
    assert (plan.admission, plan.waiting_list, plan.max_guests) == ("open", "automatic", 0)
    assert seats_of(event) == {"room": (None, 0, 0)}
    assert refused(create_plan, event=event, now=now) == ("takes_rsvps_already", None)
    assert RegistrationPlan.history.count() == 1


def test_a_plan_needs_a_place(event, now):
    assert refused(create_plan, event=event, now=now, seats={}) == ("no_place", "has_room")
    assert RegistrationPlan.objects.count() == 0


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (11, None, ("opens_too_late", "opens_at")),
        (None, 11, ("closes_too_late", "closes_at")),
        (5, 4, ("closes_too_early", "closes_at")),
        (5, 5, ("closes_too_early", "closes_at")),
    ],
)
def test_a_window_that_makes_no_sense_names_its_field(event, now, opens, closes, expected):
    window = {"opens_at": opens and now + opens * DAY, "closes_at": closes and now + closes * DAY}
    assert refused(create_plan, event=event, now=now, **window) == expected
    plan = create_plan(event=event, now=now)
    assert refused(revise_plan, plan=plan, now=now, **window) == expected
    plan.refresh_from_db()
    assert (plan.opens_at, plan.closes_at) == (None, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("nobody_is_asked", "reconfirm_days")),
        ({"reconfirm_days": 1}, ("released_too_early", "release_hours")),
        ({"reconfirm_days": 2, "release_hours": 48}, ("released_too_early", "release_hours")),
    ],
)
def test_silent_seats_are_given_away_after_people_were_asked(event, now, fields, expected):
    assert refused(create_plan, event=event, now=now, releases_silent_seats=True, **fields) == expected


@pytest.mark.parametrize(
    ("field", "value"), [("offer_hours", 0), ("offer_hours", 169), ("reconfirm_days", 0), ("admission", "bribe")]
)
def test_a_wrong_value_names_its_field(event, now, field, value):
    plan = create_plan(event=event, now=now)
    with pytest.raises(ValidationError) as raised:
        revise_plan(plan=plan, now=now, **{field: value})
    assert list(raised.value.error_dict) == [field]


def test_more_seats_promote_and_fewer_send_nobody_away(event, now):
    plan = create_plan(event=event, now=now, seats={"room": 1})
    rows = [rsvp(event, now) for _ in range(3)]
    revise_plan(plan=plan, now=now, seats={"room": 2})
    assert seats_of(event) == {"room": (2, 2, 1)}
    revise_plan(plan=plan, now=now, seats={"room": 0})
    assert seats_of(event) == {"room": (0, 2, 1)}
    assert [Registration.objects.get(pk=row.pk).state for row in rows] == ["going", "going", "waiting"]


def test_a_place_is_added_and_taken_away_again_while_nobody_uses_it(event, now):
    plan = create_plan(event=event, now=now, seats={"room": 5})
    revise_plan(plan=plan, now=now, seats={"room": 5, "online": None})
    assert seats_of(event) == {"room": (5, 0, 0), "online": (None, 0, 0)}
    revise_plan(plan=plan, now=now, seats={"online": 9})
    assert seats_of(event) == {"online": (9, 0, 0)}


@pytest.mark.parametrize("state", ["going", "cancelled"])
def test_a_place_people_registered_for_stays(event, now, state):
    plan = create_plan(event=event, now=now, seats={"room": 5, "online": 5})
    RegistrationFactory(event=event, place="online", state=state)
    assert refused(revise_plan, plan=plan, now=now, seats={"room": 5}) == ("place_in_use", "online_seats")
    assert seats_of(event) == {"room": (5, 0, 0), "online": (5, 0, 0)}


def test_an_automatic_queue_moves_as_soon_as_it_is_one(event, now):
    plan = create_plan(event=event, now=now, seats={"room": 1}, waiting_list="manual")
    rsvp(event, now)
    rsvp(event, now)
    revise_plan(plan=plan, now=now, seats={"room": 2})
    assert seats_of(event) == {"room": (2, 1, 1)}
    revise_plan(plan=plan, now=now, waiting_list="automatic")
    assert seats_of(event) == {"room": (2, 2, 0)}


def test_saving_what_is_there_writes_no_history(event, now):
    plan = create_plan(event=event, now=now)
    revise_plan(plan=plan, now=now, admission="open", seats={"room": None})
    assert RegistrationPlan.history.count() == 1


def test_a_plan_is_deleted_until_somebody_registers(event, now):
    delete_plan(plan=create_plan(event=event, now=now))
    assert seats_of(event) == {}
    plan = create_plan(event=event, now=now)
    rsvp(event, now)
    assert refused(delete_plan, plan=plan) == ("plan_in_use", "closes_at")


# --- questions ------------------------------------------------------------------------------------------------------
def test_questions_are_cleaned_and_choices_belong_to_choices(event, now):
    plan = create_plan(event=event, now=now)
    new = [
        {"text": " Food\n or drink? ", "kind": "choice", "choices": ["Soup", " Soup", "Tea "]},
        {"text": "Why?", "kind": "text", "choices": ["left", "over"]},
    ]
    change_questions(plan=plan, changes=[RowChange(None, values) for values in new])
    assert list(Question.objects.values_list("text", "choices")) == [("Food or drink?", ["Soup", "Tea"]), ("Why?", [])]


@pytest.mark.parametrize("choices", [[], ["Soup"], ["Soup", "Soup "], [str(n) for n in range(21)]])
def test_a_choice_has_two_to_twenty_choices(event, now, choices):
    plan = create_plan(event=event, now=now)
    with pytest.raises(RowRefused) as raised:
        change_questions(
            plan=plan, changes=[RowChange(None, {"text": "?", "kind": "choice", "choices": choices}, "q-0")]
        )
    assert (raised.value.key, raised.value.reason.field) == ("q-0", "choices")


@pytest.mark.parametrize(
    ("field", "value"), [("text", "Else?"), ("kind", "yes_no"), ("choices", ["a", "b"]), ("is_required", True)]
)
def test_a_question_is_frozen_once_somebody_answered(field, value):
    question = QuestionFactory(kind="choice", choices=["Soup", "Tea"])
    change = RowChange(question, {field: value})
    answer = Answer(registration=RegistrationFactory(event=question.plan.event), question=question, value="Tea")
    answer.save()
    with pytest.raises(RowRefused) as raised:
        change_questions(plan=question.plan, changes=[change])
    assert (raised.value.reason.code, raised.value.reason.field) == ("question_frozen", field)
    answer.delete()
    change_questions(plan=question.plan, changes=[change])


def test_a_frozen_question_moves_and_stays(now):
    question = QuestionFactory()
    Answer.objects.create(registration=RegistrationFactory(event=question.plan.event), question=question, value="x")
    change_questions(plan=question.plan, changes=[RowChange(question, {"position": 7, "text": question.text})])
    assert Question.objects.get().position == 7
    with pytest.raises(RowRefused):
        change_questions(plan=question.plan, changes=[RowChange(question, None)])
    assert Question.objects.count() == 1


def test_a_question_nobody_answered_goes(now):
    question = QuestionFactory()
    change_questions(plan=question.plan, changes=[RowChange(question, None)])
    assert Question.objects.count() == 0


def test_a_question_of_another_event_is_not_found(now):
    question = QuestionFactory()
    with pytest.raises(Question.DoesNotExist):
        change_questions(plan=PlanFactory(), changes=[RowChange(question, {"text": "Mine"})])


# --- invitations ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pasted", "good", "bad"),
    [
        ("bo@example.org", ["bo@example.org"], []),
        ("bo@example.org, cy@example.org;dee@example.org\neve@example.org", ["bo@", "cy@", "dee@", "eve@"], []),
        ("Bo Li <bo@example.org>, “Cy, Dr” <cy@example.org>", ["bo@", "cy@"], ["“Cy"]),
        ("bo@example.org BO@example.org", ["bo@example.org"], []),
        ("no-address bo@example.org @x", ["bo@example.org"], ["no-address", "@x"]),
        ("李雷 <li@example.cn>", ["li@example.cn"], []),
        ("Bo <bo@example.org\r\nBcc: x@example.org>", ["bo@example.org"], ["Bo", "Bcc:", "x@example.org>"]),
        ("   \n;,", [], []),
    ],
)
def test_pasted_addresses_are_read_one_by_one(pasted, good, bad):
    expected = [one if not one.endswith("@") else f"{one}example.org" for one in good]
    assert read_addresses(pasted) == (expected, bad)


def test_each_person_is_invited_once_with_one_mail(event, now):
    plan, ada = create_plan(event=event, now=now, admission="invitation"), UserFactory(name="Ada")
    first = invite(plan=plan, emails="bo@example.org, what", by=ada, now=now)
    again = invite(plan=plan, emails="BO@example.org, cy@example.org", by=ada, now=now)
    assert (first.new, first.known, first.bad) == (["bo@example.org"], [], ["what"])
    assert (again.new, again.known, again.bad) == (["cy@example.org"], ["BO@example.org"], [])
    assert sorted(Message.objects.values_list("address", flat=True)) == ["bo@example.org", "cy@example.org"]
    assert Invitation.objects.get(email="bo@example.org").invited_by == ada


def test_the_letter_leads_to_the_event(event, now, settings):
    settings.SITE_URL = "https://lectern.example"
    invite(plan=create_plan(event=event, now=now), emails="bo@example.org", by=UserFactory(), now=now)
    letter = words_of(Message.objects.get(), now=now)
    assert letter.subject == "You are invited: Third Thursday"
    assert f"\nRSVP  https://lectern.example/events/{event.slug}/\n" in letter.text
    assert "would like you to come" in letter.text
    assert f'href="https://lectern.example/events/{event.slug}/"' in letter.html


def test_a_letter_that_is_no_longer_true_is_not_sent(event, now):
    plan = create_plan(event=event, now=now)
    invite(plan=plan, emails="bo@example.org cy@example.org dee@example.org", by=UserFactory(), now=now)
    bo, cy, dee = (Message.objects.get(address=f"{name}@example.org") for name in ("bo", "cy", "dee"))
    withdraw_invitation(invitation=Invitation.objects.get(email="bo@example.org"))
    RegistrationFactory(event=event, user=UserFactory(email="cy@example.org"))
    assert [words_of(message, now=now) for message in (bo, cy)] == [
        Skip("the invitation is withdrawn"),
        Skip("this person has registered"),
    ]
    Event.objects.update(status="cancelled")
    assert words_of(dee, now=now) == Skip("the event is cancelled")


@pytest.mark.parametrize(
    ("status", "emails", "expected"),
    [
        ("draft", "bo@example.org", ("not_published", None)),
        ("published", " ", ("no_address", "emails")),
        ("published", ",".join(f"bo{n}@example.org" for n in range(501)), ("too_many_addresses", "emails")),
    ],
)
def test_invitations_that_cannot_be_sent_are_refused(now, status, emails, expected):
    plan = PlanFactory(event=EventFactory(status=status, starts_at=now + DAY))
    assert refused(invite, plan=plan, emails=emails, by=UserFactory(), now=now) == expected
    assert Message.objects.count() == 0


@pytest.mark.parametrize("people", [1, 3])
def test_an_invitation_costs_one_query_and_all_of_them_six(event, now, people, django_assert_num_queries):
    plan, emails = create_plan(event=event, now=now), " ".join(f"bo{n}@example.org" for n in range(people))
    with django_assert_num_queries(6 + people):
        invite(plan=plan, emails=emails, by=UserFactory(), now=now)
