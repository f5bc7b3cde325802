"""The attendee list: who, where, which place in the queue; the same few queries however long it is."""

import pytest

from registrations.models import (
    Answer,
    Invitation,
    Registration,
    RegistrationChange,
    Seats,
    SeriesRegistration,
)
from tests.admin_forms import ada_of, signed_in
from tests.factories import EventFactory, GroupFactory, SeriesFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory
from tests.registrations.admin_cast import FAR, page, rsvp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types_are_known")]


def test_the_list_says_who_where_and_which_place_in_the_queue(event, ada):
    question = QuestionFactory(plan=event.registration_plan)
    bo = rsvp(event, "Bo")
    rsvp(event, "Cy", minute=1, guests=2, answers={question.pk: "Soup for three"})
    rsvp(event, "Dee", minute=2)
    Registration.objects.filter(pk=bo.pk).update(user=None, name="")
    text = ada.get(page("registration_changelist"), {"event": event.pk}).content.decode()
    for words in ("Cy", "cy@example.org", "Soup for three", "somebody who left", "1/1"[:1], "Export CSV"):
        assert words in text
    positions = {
        row.name: row.queue_position for row in ada.get(page("registration_changelist")).context["cl"].queryset
    }
    assert positions == {"": None, "Cy": 1, "Dee": 2}
    assert "1 of 1 in the room, 2 waiting" in text


def test_the_place_in_the_queue_does_not_depend_on_the_filter(event, ada):
    for minute, name in enumerate(("Bo", "Cy", "Dee")):
        rsvp(event, name, minute=minute)
    (row,) = ada.get(page("registration_changelist"), {"q": "dee@"}).context["cl"].queryset
    assert (row.name, row.queue_position) == ("Dee", 2)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state__exact": "waiting"}, ["Cy"]),
        ({"place__exact": "online"}, ["Eve"]),
        ({"q": "EVE@example"}, ["Eve"]),
        ({"when": "past"}, ["Old"]),
        ({"event": "x"}, []),
        ({"event": "9" * 30}, []),
        ({"event": "²"}, []),
    ],
)
def test_the_list_is_filtered(event, ada, query, found):
    Seats.objects.create(plan=event.registration_plan, place="online")
    rsvp(event, "Bo")
    rsvp(event, "Cy")
    rsvp(event, "Eve", place="online")
    RegistrationFactory(event=EventFactory(group=event.group, starts_at=FAR.replace(year=2020)), name="Old", user=None)
    answer = ada.get(page("registration_changelist"), query)
    assert [row.name for row in answer.context["cl"].queryset] == found


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("registration", 9), ("invitation", 7), ("seriesregistration", 7)])
def test_a_list_takes_the_same_queries_with_one_and_with_three_rows(name, queries, count, django_assert_num_queries):
    group = GroupFactory()
    client = signed_in(ada_of(group))
    for number in range(count):
        event = EventFactory(group=group)
        plan = PlanFactory(event=event)
        row = RegistrationFactory(event=event)
        Answer.objects.create(registration=row, question=QuestionFactory(plan=plan), value="x")
        Invitation.objects.create(plan=plan, email=f"bo{number}@example.org", invited_at=FAR, invited_by=UserFactory())
        series = SeriesFactory(group=group)
        SeriesRegistration.objects.create(series=series, user=UserFactory(), since=FAR)
    with django_assert_num_queries(queries):
        client.get(page(f"{name}_changelist"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_persons_page_takes_the_same_queries_however_much_happened(event, ada, count, django_assert_num_queries):
    row = rsvp(event, "Bo")
    for number in range(count):
        question = QuestionFactory(plan=event.registration_plan)
        Answer.objects.create(registration=row, question=question, value=str(number))
        RegistrationChange.objects.create(
            registration=row, at=FAR, command="check_in", after="checked_in", by=UserFactory(name=f"By {number}")
        )
    with django_assert_num_queries(11):
        ada.get(page("registration_change", row.pk))
