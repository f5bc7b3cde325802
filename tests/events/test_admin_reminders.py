"""Reminders on an event's page: changed in a tab, looked at on a page of their own, only by the group's organisers."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from events.models import Event, ReminderStep
from tests.admin_forms import ada_of, errors_on, save, signed_in
from tests.factories import EventFactory, GroupFactory, MembershipFactory, UserFactory
from tests.factories.registrations import PlanFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
SEVEN_IN_SINGAPORE = dt.datetime(2035, 3, 15, 11, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def types_are_known():
    """Content types are read once a process: in which test that is, is chance."""
    for model in admin.site._registry:
        ContentType.objects.get_for_model(model)


@pytest.fixture
def event() -> Event:
    event = EventFactory(title="Third Thursday", starts_at=SEVEN_IN_SINGAPORE, time_zone="Asia/Singapore")
    ReminderStep.objects.create(event=event, days=7)
    return event


@pytest.fixture
def ada(event) -> Client:
    return signed_in(ada_of(event.group))


def page_of(event: Event, name: str = "change") -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def plan() -> list[tuple]:
    return list(ReminderStep.objects.order_by("pk").values_list("audience", "days", "minutes", "at_time", "note"))


def test_the_plan_is_changed_in_a_tab(event, ada):
    answer = save(
        ada,
        page_of(event),
        {"reminder_steps-0-note": "Bring photo ID."},
        reminder_steps=[{"audience": "waiting", "anchor": "event", "days": "1", "minutes": "0", "at_time": "18:00"}],
    )
    assert answer.status_code == 302, errors_on(answer)
    assert plan() == [("going", 7, 0, None, "Bring photo ID."), ("waiting", 1, 0, dt.time(18), "")]
    save(ada, page_of(event), {"reminder_steps-0-DELETE": "on"})
    assert plan() == [("waiting", 1, 0, dt.time(18), "")]


def test_saving_the_page_as_it_is_changes_nothing(event, ada):
    before = (list(ReminderStep.objects.values()), ReminderStep.history.count())
    assert save(ada, page_of(event), {}).status_code == 302
    assert (list(ReminderStep.objects.values()), ReminderStep.history.count()) == before


def test_the_tab_says_when_each_goes_out(event, ada):
    text = ada.get(page_of(event)).content.decode()
    assert "Thu 8 Mar 2035, 19:00" in text


def test_a_new_event_has_no_plan_to_change_yet(event, ada):
    assert "reminder_steps" not in ada.get(reverse("admin:events_event_add")).content.decode()


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        ({"audience": "hosts"}, "days", "Say how long before: days, minutes, or both."),
        ({"audience": "going", "anchor": "talk", "days": "1"}, "anchor", "Only speakers have a talk of their own."),
        ({"audience": "going", "at_time": "20:00"}, "at_time", "The event starts at 19:00 that day."),
        ({"audience": "going", "days": "91"}, "days", "Ensure this value is less than or equal to 90."),
        ({"audience": "bribed", "days": "1"}, "audience", "Select a valid choice."),
        ({"audience": "going", "days": "7"}, "", "This audience gets a reminder then already."),
        ({"audience": "going", "minutes": "5", "at_time": "18:00"}, "", "Give minutes or a time of day, not both."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(event, ada, row, field, text):
    before = plan()
    new = {"anchor": "event", "days": "0", "minutes": "0"} | row
    answer = save(ada, page_of(event), {}, reminder_steps=[new])
    assert answer.status_code == 200
    (said,) = errors_on(answer)["-".join(filter(None, ("reminder_steps-1", field)))]
    assert text in said
    assert plan() == before


def test_the_page_says_how_many_mails_go_out_when(event, ada):
    RegistrationFactory.create_batch(2, event=event)
    text = ada.get(page_of(event, "reminders")).content.decode()
    assert "Thu 8 Mar 2035, 19:00: 2 mails" in text
    assert "It is not published" not in text


def test_the_mail_is_shown_as_its_reader_will_see_it(event, ada):
    PlanFactory(event=event, room=80)
    step = ReminderStep.objects.get()
    html = ada.get(page_of(event, "reminders"), {"step": step.pk})
    text = ada.get(page_of(event, "reminders"), {"step": step.pk, "part": "text"}).content.decode()
    assert "In 7 days: Third Thursday" in html.content.decode()
    assert text.startswith("In 7 days: Third Thursday\n\nHello Bo,")
    assert "sandbox" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize("audience", ReminderStep.Audience.values)
@pytest.mark.parametrize("anchor", ["event", "deadline"])
def test_every_audience_has_a_mail_to_look_at(event, ada, audience, anchor):
    PlanFactory(event=event, closes_at=SEVEN_IN_SINGAPORE - dt.timedelta(hours=5))
    ReminderStep.objects.update(audience=audience, anchor=anchor)
    answer = ada.get(page_of(event, "reminders"), {"step": ReminderStep.objects.get().pk})
    assert "Third Thursday" in answer.content.decode()


@pytest.mark.parametrize("step", ["0", "abc", "9" * 40, "-1", ""])
def test_a_mail_that_there_is_not_is_not_found(event, ada, step):
    assert ada.get(page_of(event, "reminders"), {"step": step}).status_code == 404


def test_only_organisers_of_the_group_reach_it(event, ada):
    host, member = UserFactory(is_staff=True), UserFactory()
    MembershipFactory(group=event.group, user=host, role="host")
    MembershipFactory(group=event.group, user=member)
    dee = signed_in(ada_of(GroupFactory(), name="Dee"))
    cast = {"Ada": ada, "Host": signed_in(host), "Bo": signed_in(member), "Dee": dee, "nobody": Client()}
    address = page_of(event, "reminders")
    found = {name: client.get(address).status_code for name, client in cast.items()}
    assert found == {"Ada": 200, "Host": 302, "Bo": 302, "Dee": 302, "nobody": 302}
    assert dee.get(address).url == reverse("admin:index")
    step = ReminderStep.objects.get()
    theirs = EventFactory(group=GroupFactory())
    eve = signed_in(ada_of(theirs.group, name="Eve"))
    assert eve.get(page_of(theirs, "reminders"), {"step": step.pk}).status_code == 404
    fields = {"reminder_steps-TOTAL_FORMS": "1", "reminder_steps-0-id": str(step.pk), "reminder_steps-0-days": "1"}
    assert save(eve, page_of(theirs), fields).status_code == 200
    assert plan() == [("going", 7, 0, None, "")]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_for_one_and_three_people(event, ada, count, django_assert_num_queries):
    RegistrationFactory.create_batch(count, event=event)
    with django_assert_num_queries(9):
        ada.get(page_of(event, "reminders"))
