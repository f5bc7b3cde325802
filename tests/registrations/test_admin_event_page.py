"""RSVP on the event's page: rules, seats and questions, made and changed; what is refused says so at its field."""

import pytest

from registrations.models import (
    Answer,
    Question,
    Registration,
    RegistrationPlan,
    Seats,
)
from tests.admin_forms import ada_of, errors_on, messages_of, save, signed_in
from tests.factories import EventFactory, RoomFactory
from tests.factories.registrations import QuestionFactory, RegistrationFactory
from tests.registrations.admin_cast import FAR, page, rsvp, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types_are_known")]


def test_one_button_takes_rsvps_with_the_seats_of_the_room():
    event = EventFactory(starts_at=FAR)
    event.event_rooms.create(room=RoomFactory(venue=event.venue, capacity=80))
    client = signed_in(ada_of(event.group))
    asked = client.get(page("event_take_rsvps", event.pk))
    assert (asked.status_code, RegistrationPlan.objects.count()) == (200, 0)
    assert "Seats: 80 in the room." in asked.content.decode()
    answer = client.post(page("event_take_rsvps", event.pk))
    assert (answer.url, Seats.objects.get().capacity) == (page("event_change", event.pk), 80)
    again = client.post(page("event_take_rsvps", event.pk))
    assert messages_of(again) == [f"“{event}” takes RSVPs now.", "This event takes RSVPs already."]


def test_buttons_follow_from_whether_rsvps_are_taken(event, ada):
    bare = EventFactory(group=event.group)
    offered = {
        one.pk: [
            action["title"] if "items" not in action else [item["title"] for item in action["items"]]
            for action in ada.get(page("event_change", one.pk)).context["actions_detail"]
        ]
        for one in (event, bare)
    }
    assert offered == {
        event.pk: [
            "Postpone",
            "Cancel event",
            "Move",
            "Reminders",
            ["Attendees", "Invite people", "Export CSV", "Door"],
        ],
        bare.pk: ["Postpone", "Cancel event", "Move", "Reminders", "Take RSVPs"],
    }


def test_rules_seats_and_questions_are_made_on_the_events_page():
    event = EventFactory(starts_at=FAR)
    plan = {
        "has_room": "on", "room_seats": "30", "has_online": "on", "online_seats": "", "admission": "approval",
        "max_guests": "1", "waiting_list": "timed_offer", "offer_hours": "6", "release_hours": "24",
    }  # fmt: skip
    question = {"text": "Food?", "kind": "choice", "choices": "Soup\nTea", "position": "0"}
    answer = save(
        signed_in(ada_of(event.group)),
        page("event_change", event.pk),
        {},
        registration_plan=[plan],
        **{"registrations-question": [question]},
    )
    assert answer.status_code == 302, errors_on(answer)
    made = RegistrationPlan.objects.get()
    assert (made.admission, made.max_guests, made.waiting_list, made.offer_hours) == ("approval", 1, "timed_offer", 6)
    assert dict(Seats.objects.values_list("place", "capacity")) == {"room": 30, "online": None}
    assert list(Question.objects.values_list("text", "choices", "position")) == [("Food?", ["Soup", "Tea"], 0)]


def test_a_plan_that_is_added_on_the_page_proposes_the_seats_of_the_room():
    event = EventFactory(starts_at=FAR, format="hybrid")
    event.event_rooms.create(room=RoomFactory(venue=event.venue, capacity=80))
    answer = signed_in(ada_of(event.group)).get(page("event_change", event.pk))
    (formset,) = [one.formset for one in answer.context["inline_admin_formsets"] if one.opts.model is RegistrationPlan]
    proposed = {name: formset.empty_form.initial.get(name) for name in ("room_seats", "has_online", "online_seats")}
    assert proposed == {"room_seats": 80, "has_online": True, "online_seats": None}


def test_raising_the_capacity_on_the_page_promotes(event, ada):
    rsvp(event, "Bo")
    rsvp(event, "Cy", minute=1)
    assert states() == {"Bo": "going", "Cy": "waiting"}
    answer = save(ada, page("event_change", event.pk), {"registration_plan-0-room_seats": "2"})
    assert (answer.status_code, states()) == (302, {"Bo": "going", "Cy": "going"})
    save(ada, page("event_change", event.pk), {"registration_plan-0-room_seats": "0"})
    assert (states(), Seats.objects.get().capacity) == ({"Bo": "going", "Cy": "going"}, 0)


def test_saving_the_page_as_it_is_changes_nothing(event, ada):
    QuestionFactory(plan=event.registration_plan, kind="choice", choices=["Soup", "Tea"])
    before = (RegistrationPlan.history.count(), list(Seats.objects.values()), list(Question.objects.values()))
    assert save(ada, page("event_change", event.pk), {}).status_code == 302
    assert (RegistrationPlan.history.count(), list(Seats.objects.values()), list(Question.objects.values())) == before


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"has_room": []}, "has_room", "Take RSVPs for the room, online, or both."),
        ({"opens_at": "2035-04-01T10:00"}, "opens_at", "RSVP opens after the event is over."),
        ({"closes_at": "2035-04-01T10:00"}, "closes_at", "RSVP closes after the event is over."),
        ({"releases_silent_seats": "on"}, "reconfirm_days", "Say how many days before people are asked"),
        ({"room_seats": "-1"}, "room_seats", "Ensure this value is greater than or equal to 0."),
        ({"room_seats": "99999999999"}, "room_seats", "Ensure this value is less than or equal to 1000000."),
        ({"max_guests": "99999999"}, "max_guests", ""),
        ({"admission": "bribe"}, "admission", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(event, ada, changes, field, text):
    before = RegistrationPlan.objects.values().get()
    answer = save(
        ada, page("event_change", event.pk), {f"registration_plan-0-{name}": value for name, value in changes.items()}
    )
    assert answer.status_code == 200
    (said,) = errors_on(answer)[f"registration_plan-0-{field}"]
    assert text in said
    assert RegistrationPlan.objects.values().get() == before


def test_a_frozen_question_says_so_on_its_row(event, ada):
    question = QuestionFactory(plan=event.registration_plan)
    Answer.objects.create(registration=RegistrationFactory(event=event), question=question, value="x")
    answer = save(ada, page("event_change", event.pk), {"registrations-question-0-text": "Else?"})
    assert errors_on(answer) == {
        "registrations-question-0-text": ["People have answered this as it is. Add another question instead."]
    }
    gone = save(ada, page("event_change", event.pk), {"registrations-question-0-DELETE": "on"})
    assert gone.status_code == 200
    assert Question.objects.get().text == question.text


def test_a_question_of_another_event_cannot_be_slipped_in(event, ada):
    mine, theirs = QuestionFactory(plan=event.registration_plan), QuestionFactory()
    forged = {"registrations-question-0-id": theirs.pk, "registrations-question-0-text": "Mine now"}
    assert save(ada, page("event_change", event.pk), forged).status_code == 200
    assert {mine.text, theirs.text} == set(Question.objects.values_list("text", flat=True))


def test_questions_without_rsvp_say_what_to_do_first():
    event = EventFactory(starts_at=FAR)
    question = {"text": "Food?", "kind": "text", "choices": "", "position": "0"}
    answer = save(
        signed_in(ada_of(event.group)),
        page("event_change", event.pk),
        {},
        **{"registrations-question": [question]},
    )
    assert (answer.status_code, Question.objects.count()) == (200, 0)
    assert "Take RSVPs first, on the tab “RSVP”; then ask." in messages_of(answer)


def test_a_plan_in_use_is_not_deleted(event, ada):
    rsvp(event, "Bo")
    answer = save(ada, page("event_change", event.pk), {"registration_plan-0-DELETE": "on"})
    assert (answer.status_code, RegistrationPlan.objects.count()) == (200, 1)
    assert "People have registered. Let RSVP close now instead." in messages_of(answer)
    Registration.objects.all().delete()
    assert save(ada, page("event_change", event.pk), {"registration_plan-0-DELETE": "on"}).status_code == 302
    assert RegistrationPlan.objects.count() == 0
