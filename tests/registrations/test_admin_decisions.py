"""What organisers decide about a registration, with the reason where one is needed."""

import pytest

from outbox.models import Message
from registrations.models import (
    Registration,
    RegistrationChange,
    Seats,
)
from tests.admin_forms import messages_of
from tests.factories.registrations import QuestionFactory, RegistrationFactory
from tests.registrations.admin_cast import DECISIONS, page, rsvp, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types_are_known")]


def test_a_persons_page_tells_what_happened(event, ada):
    row = rsvp(event, "Bo", answers={QuestionFactory(plan=event.registration_plan, text="Food?").pk: "Soup"})
    text = ada.get(page("registration_change", row.pk)).content.decode()
    for words in ("Food?", "Soup", "got a seat", "Tue 6 Mar 2035, 19:00", "going"):
        assert words in text


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_asks_first_and_then_acts_once(event, ada, decision):
    before, after = DECISIONS[decision]
    Seats.objects.update(taken=1 if before == "going" else 0, waiting=1 if before == "waiting" else 0)
    row = RegistrationFactory(event=event, state=before, name="Bo")
    address = page(f"registration_{decision}", row.pk)
    assert ada.get(address).status_code == 200
    assert states() == {"Bo": before}
    answer = ada.post(address, {"reason": "Because", "priority": "3"})
    assert answer.url == page("registration_change", row.pk)
    assert states() == {"Bo": "going" if decision == "prioritise" else after}
    again = ada.post(address, {"reason": "Because", "priority": "3"})
    assert (again.url, len(RegistrationChange.objects.values("by").distinct())) == (
        answer.url,
        1 + (decision == "prioritise"),
    )


@pytest.mark.parametrize("decision", ["take_back", "prioritise"])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 161])
def test_a_reason_is_needed_and_short(event, ada, decision, reason):
    before, _after = DECISIONS[decision]
    row = RegistrationFactory(event=event, state=before, name="Bo")
    answer = ada.post(page(f"registration_{decision}", row.pk), {"reason": reason, "priority": 1})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["reason"])
    assert (states(), RegistrationChange.objects.count()) == ({"Bo": before}, 0)


@pytest.mark.parametrize("priority", ["", "x", "101", "-101", "9" * 40])
def test_a_priority_is_a_small_number(event, ada, priority):
    row = RegistrationFactory(event=event, state="waiting")
    answer = ada.post(page("registration_prioritise", row.pk), {"reason": "x", "priority": priority})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["priority"])


def test_priority_moves_somebody_to_the_front_and_the_reason_stays(event, ada):
    for minute, name in enumerate(("Bo", "Cy", "Dee")):
        rsvp(event, name, minute=minute)
    dee = Registration.objects.get(name="Dee")
    ada.post(page("registration_prioritise", dee.pk), {"priority": 5, "reason": "She speaks"})
    (row,) = ada.get(page("registration_changelist"), {"q": "dee@"}).context["cl"].queryset
    assert row.queue_position == 1
    assert "She speaks" in RegistrationChange.objects.filter(registration=dee).last().reason


def test_a_promotion_that_does_not_fit_is_refused_with_the_cure(event, ada):
    rsvp(event, "Bo")
    cy = rsvp(event, "Cy", minute=1)
    answer = ada.post(page("registration_promote", cy.pk))
    assert messages_of(answer) == ["There are not enough free seats. Raise the capacity first."]
    assert states()["Cy"] == "waiting"


def test_cancelling_gives_the_seat_to_the_next_and_tells_both(event, ada):
    bo = rsvp(event, "Bo")
    rsvp(event, "Cy", minute=1)
    ada.post(page("registration_take_back", bo.pk), {"reason": "Asked by phone"})
    assert states() == {"Bo": "cancelled", "Cy": "going"}
    kinds = Message.objects.exclude(kind="registration_admitted").values_list("kind", "recipient__name")
    assert sorted(kinds) == [("registration_cancelled", "Bo"), ("registration_promoted", "Cy")]


@pytest.mark.parametrize("state", ["checked_in", "no_show", "cancelled"])
def test_what_is_not_possible_has_no_button_and_is_refused(event, ada, state):
    row = RegistrationFactory(event=event, state=state, name="Bo")
    assert ada.get(page("registration_change", row.pk)).context["actions_detail"] == []
    for decision in DECISIONS:
        answer = ada.post(page(f"registration_{decision}", row.pk), {"reason": "x", "priority": 1})
        assert answer.url == page("registration_change", row.pk)
    assert states() == {"Bo": state}


def test_many_are_approved_and_who_cannot_get_a_seat_is_named(event, ada):
    Seats.objects.update(capacity=2)
    asks = [RegistrationFactory(event=event, state="requested", name=name) for name in ("Bo", "Cy", "Dee")]
    data = {"action": "approve_chosen", "_selected_action": [row.pk for row in asks]}
    answer = ada.post(page("registration_changelist"), data)
    assert (messages_of(answer), states()) == (
        ["3 registrations done."],
        {"Bo": "going", "Cy": "going", "Dee": "waiting"},
    )
    answer = ada.post(page("registration_changelist"), data | {"action": "promote_chosen"})
    assert messages_of(answer)[1:] == [
        "Dee: There are not enough free seats. Raise the capacity first.",
        "0 registrations done.",
    ]


@pytest.mark.parametrize("button", sorted(DECISIONS))
@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999"])
def test_a_made_up_registration_is_not_found(ada, button, key):
    assert ada.get(page(f"registration_{button}", key)).url == "/admin/"
