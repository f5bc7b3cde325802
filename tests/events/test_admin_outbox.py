"""The outbox as organisers see it."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from events.models import Group, Membership
from outbox.models import Message, State
from tests.factories import GroupFactory, MessageFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:outbox_message_changelist")


@pytest.fixture
def group() -> Group:
    return GroupFactory()


@pytest.fixture
def ada(client: Client, group: Group) -> Client:
    """Ada's browser, who organises the group."""
    user = UserFactory(name="Ada", is_staff=True)
    Membership.objects.create(group=group, user=user, role=Membership.Role.ORGANISER)
    client.force_login(user)
    return client


def reminder(group: Group | None, **changes: object) -> Message:
    bo = UserFactory(name="Bo Bennett", email="bo@example.org")
    return MessageFactory(group_ref=group and group.pk, recipient=bo, kind="reminder", **changes)


def test_an_organiser_sees_names_and_states_and_no_address(ada: Client, group: Group, now: dt.datetime) -> None:
    reminder(group, state=State.DEAD, finished_at=now, last_error="550 <bo@example.org> is unknown")
    MessageFactory(group_ref=group.pk, subject="For a guest", address="guest@example.org")

    page = ada.get(LIST).content.decode()

    for words in ("Doors open at seven", "Bo Bennett", "failed for good", "For a guest", "somebody without an account"):
        assert words in page
    assert "550 &lt;…@…&gt; is unknown" in page
    for words in ("bo@example.org", "guest@example.org"):
        assert words not in page


def test_a_mail_that_holds_a_key_is_listed_as_what_it_is(ada: Client, group: Group) -> None:
    MessageFactory(group_ref=group.pk, subject="123456 is your code", is_secret=True, kind="registration_confirm")
    page = ada.get(LIST).content.decode()
    assert ("Registration confirm" in page, "123456" in page) == (True, False)


def test_what_is_not_of_their_groups_is_not_there(ada: Client, group: Group) -> None:
    MessageFactory(group_ref=group.pk + 1, subject="Another group's")
    MessageFactory(subject="Nobody's")

    page = ada.get(LIST).content.decode()

    for words in ("Another group&#x27;s", "Nobody"):
        assert words not in page


def test_a_message_itself_is_for_superusers(ada: Client, group: Group) -> None:
    message = reminder(group, text="https://lectern.example/r/secret")

    assert ada.get(reverse("admin:outbox_message_change", args=[message.pk])).status_code == 403


def test_organisers_cancel_and_send_again_what_is_theirs(ada: Client, group: Group, now: dt.datetime) -> None:
    waits, theirs = reminder(group), MessageFactory(group_ref=group.pk + 1, address="dee@example.org")
    for _turn in range(2):
        answer = ada.post(LIST, {"_selected_action": [waits.pk, theirs.pk], "action": "cancel"}, follow=True)
    states = dict(Message.objects.values_list("pk", "state"))
    assert (states[waits.pk], states[theirs.pk]) == (State.SKIPPED, State.PENDING)
    page = answer.content.decode()
    assert "Doors open at seven (Bo Bennett): Only a message that waits can be cancelled." in page
    assert "bo@example.org" not in page
    ada.post(LIST, {"_selected_action": [waits.pk, theirs.pk], "action": "resend"})
    waits.refresh_from_db()
    assert waits.state == State.PENDING


def test_somebody_who_organises_nothing_sees_nothing(client: Client, group: Group) -> None:
    reminder(group)
    client.force_login(UserFactory(name="Dee", is_staff=True))

    assert client.get(LIST).status_code == 403


def test_searching_by_address_finds_nothing_for_an_organiser(ada: Client, group: Group) -> None:
    reminder(group)

    assert "Bo Bennett" in ada.get(LIST, {"q": "Bennett"}).content.decode()
    assert "Bo Bennett" not in ada.get(LIST, {"q": "bo@example.org"}).content.decode()


def test_the_list_says_what_leaves_when(ada: Client, group: Group, now: dt.datetime) -> None:
    future = dt.datetime.now(dt.UTC).replace(minute=10, second=0, microsecond=0) + dt.timedelta(days=3)
    for minutes in range(3):
        MessageFactory(group_ref=group.pk, kind="reminder", available_at=future + dt.timedelta(minutes=minutes))
    MessageFactory(group_ref=group.pk + 1, kind="reminder", available_at=future)

    page = " ".join(ada.get(LIST).content.decode().split())

    assert f"{future:%a} {future.day} {future:%b %H}:00: 3 × Reminder" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_messages(
    ada: Client, group: Group, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        MessageFactory(group_ref=group.pk, recipient=UserFactory(email=f"p{number}@example.org"))
    ada.get(LIST)

    with django_assert_max_num_queries(12) as queries:
        ada.get(LIST)
    assert len([query for query in queries if "accounts_user" in query["sql"]]) == 2
