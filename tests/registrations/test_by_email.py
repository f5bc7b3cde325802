"""RSVP with name and e-mail alone: the same answer for every address."""

import datetime as dt

import pytest

from accounts.models import User
from core.errors import RuleViolation
from outbox.models import Message
from registrations.models import Invitation, Registration, RegistrationPlan
from registrations.selectors.plans import plan_of_event
from registrations.services.by_email import ask_by_email
from registrations.services.wishes import Wish
from tests.factories import EventFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(now):
    """A meetup in three days."""
    return PlanFactory(event=EventFactory(starts_at=now + dt.timedelta(days=3)))


def ask(plan: RegistrationPlan, now: dt.datetime, email: str = "dee@example.org", **wish) -> None:
    """Dee fills in the form."""
    fresh = plan_of_event(plan.event_id)
    ask_by_email(plan=fresh, email=email, language="zh-hans", wish=Wish(**({"name": "Dee"} | wish)), now=now)


def test_a_new_address_makes_an_unproven_account_and_a_registration_that_waits_for_proof(plan, now):
    ask(plan, now)
    registration = Registration.objects.get()
    assert (registration.state, registration.name) == ("pending", "Dee")
    assert (registration.user.email, registration.user.name, registration.user.language) == (
        "dee@example.org",
        "Dee",
        "zh-hans",
    )
    assert list(Message.objects.values_list("kind", "address")) == [("registration_confirm", "dee@example.org")]


def test_an_account_keeps_its_name(plan, now):
    bo = UserFactory(name="Bo", email="bo@example.org")
    ask(plan, now, email="BO@example.org", name="Somebody else")
    bo.refresh_from_db()
    assert (bo.name, Registration.objects.get().user) == ("Bo", bo)


@pytest.mark.parametrize("wish", [{"name": "\n"}, {"name": "Dee\nDee"}, {"guests": 1}, {"answers": {99: "x"}}])
def test_a_refusal_leaves_nothing_behind(plan, now, wish):
    with pytest.raises(RuleViolation):
        ask(plan, now, **wish)
    assert (User.objects.count(), Registration.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_who_is_not_invited_hears_the_same_and_nothing_happens(plan, now):
    RegistrationPlan.objects.update(admission="invitation")
    Invitation.objects.create(plan=plan, email="Cy@example.org", invited_at=now)
    ask(plan, now)
    assert (User.objects.count(), Message.objects.count()) == (0, 0)
    ask(plan, now, email="cy@example.org")
    assert Registration.objects.get().user.email == "cy@example.org"


def test_wrong_answers_are_refused_before_the_list_of_the_invited_is_looked_at(plan, now):
    RegistrationPlan.objects.update(admission="invitation")
    QuestionFactory(plan=plan, is_required=True)
    Invitation.objects.create(plan=plan, email="cy@example.org", invited_at=now)
    for email in ("cy@example.org", "dee@example.org"):
        with pytest.raises(RuleViolation) as refusal:
            ask(plan, now, email=email)
        assert refusal.value.code == "answer_missing"
