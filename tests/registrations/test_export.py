"""The attendee list as CSV: complete, safe in a spreadsheet, and quick for ten thousand people."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from registrations.admin.export import attendees_csv
from registrations.models import Answer, Registration
from tests.admin_forms import ada_of, signed_in
from tests.factories import EventFactory, MembershipFactory, UserFactory
from tests.factories.registrations import PlanFactory, QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parents[1] / "golden" / "registrations" / "attendees.csv"


@pytest.fixture
def event(now):
    """The third Thursday in Singapore."""
    event = EventFactory(slug="第三个星期四", starts_at=now + dt.timedelta(days=3))
    PlanFactory(event=event, room=10, online=5)
    return event


def text_of(response) -> str:
    """All of the stream."""
    return b"".join(response.streaming_content).decode()


def table_of(response) -> list[list[str]]:
    """The rows as a spreadsheet reads them."""
    return list(csv.reader(text_of(response).removeprefix("\ufeff").splitlines()))


def page_of(event) -> str:
    return reverse("admin:events_event_export_attendees", args=[event.pk])


def test_the_list_is_the_golden_file(event, now):
    food = QuestionFactory(plan=event.registration_plan, text="=Food?", kind="choice", choices=["Soup", "@home"])
    tea = QuestionFactory(plan=event.registration_plan, text="Tea?", kind="yes_no", position=1)
    people = [
        ("李雷", "li@example.cn", {"state": "going", "guests": 2, "reconfirmed_at": now}, {food: "Soup", tea: "yes"}),
        ("=HYPERLINK(\"http://x\")", "=cmd@example.org", {"state": "waiting", "source": "series"}, {food: "@home"}),
        ("Cy, “the other”", "cy@example.org", {"state": "waiting", "priority": 5}, {}),
        ("＋49 30", "dee@example.org", {"state": "checked_in", "place": "online", "source": "walk_in"}, {}),
        ("", None, {"state": "cancelled"}, {}),
    ]  # fmt: skip
    for minute, (name, email, facts, answers) in enumerate(people):
        user = UserFactory(email=email) if email else None
        at = now + dt.timedelta(minutes=minute)
        row = RegistrationFactory(event=event, name=name, user=user, created_at=at, joined_at=at, **facts)
        for question, value in answers.items():
            Answer.objects.create(registration=row, question=question, value=value)
    RegistrationFactory()
    assert text_of(attendees_csv(event)).encode() == GOLDEN.read_bytes()


def test_it_is_a_file_with_a_name_and_nobody_keeps_a_copy(event):
    response = signed_in(ada_of(event.group)).get(page_of(event))
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''attendees-%E7%AC%AC%E4%B8%89%E4%B8%AA%E6%98%9F%E6%9C%9F%E5%9B%9B.csv"
    )
    assert "no-store" in response.headers["Cache-Control"]
    assert len(table_of(response)) == 1


def test_words_are_in_the_readers_language_although_the_stream_is_read_later(event):
    RegistrationFactory(event=event)
    with translation.override("en"):
        response = attendees_csv(event)
    with translation.override("zh-hans"):
        header, row = table_of(response)
    assert (header[:4], row[2:4]) == (["Name", "Email", "State", "Place"], ["going", "in the room"])


def test_only_organisers_of_the_group_get_it(event):
    host = UserFactory(name="Host", is_staff=True)
    MembershipFactory(group=event.group, user=host, role="host")
    cast = {
        "Ada": ada_of(event.group),
        "Host": host,
        "Bo": UserFactory(name="Bo"),
        "Dee": ada_of(EventFactory().group, name="Dee"),
        "Root": UserFactory(is_staff=True, is_superuser=True),
    }
    RegistrationFactory(event=event, name="Secret")
    answers = {name: signed_in(user).get(page_of(event)) for name, user in cast.items()}
    assert {name: answer.status_code for name, answer in answers.items()} == {
        "Ada": 200, "Host": 403, "Bo": 302, "Dee": 302, "Root": 200,
    }  # fmt: skip
    assert answers["Bo"].url.startswith("/admin/login/")
    assert answers["Dee"].url == "/admin/"


def test_ten_thousand_people_take_two_queries(event, now, django_assert_num_queries):
    question = QuestionFactory(plan=event.registration_plan)
    count = 10_000
    users = User.objects.bulk_create(User(email=f"bo{n}@example.org", name=f"Bo {n}") for n in range(count))
    times = {"created_at": now, "joined_at": now, "changed_at": now}
    rows = Registration.objects.bulk_create(
        Registration(event=event, user=user, name=user.name, state="going", ticket=f"T{user.pk}", **times)
        for user in users
    )
    Answer.objects.bulk_create(Answer(registration=row, question=question, value="Soup") for row in rows)
    with django_assert_num_queries(2):
        table = table_of(attendees_csv(event))
    assert (len(table), table[-1][0], table[-1][-1]) == (count + 1, f"Bo {count - 1}", "Soup")
