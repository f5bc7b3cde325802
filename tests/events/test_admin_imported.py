"""Invite the site in the admin: the secret address, and warnings on what was called off."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from events.models import Group, ImportedEvent
from tests.admin_forms import ada_of, signed_in
from tests.events.test_imported_events import Club, club
from tests.factories import GroupFactory, MembershipFactory, UserFactory

__all__ = ("club",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    """A group whose address nobody has asked for yet."""
    return GroupFactory(name="Paper Club")


def page(group: Group, name: str = "change") -> str:
    return reverse(f"admin:events_group_{name}", args=[group.pk])


def cast(group: Group) -> dict[str, Client]:
    """Ada organises it, Dee another one, the host runs the door."""
    host = UserFactory(is_staff=True)
    MembershipFactory(group=group, user=host, role="host")
    return {
        "Ada": signed_in(ada_of(group)),
        "Dee": signed_in(ada_of(GroupFactory(), name="Dee")),
        "Host": signed_in(host),
        "Root": signed_in(UserFactory(is_staff=True, is_superuser=True)),
        "nobody": Client(),
    }


def test_the_address_is_made_after_a_question_and_shown_to_organisers(group: Group) -> None:
    ada = signed_in(ada_of(group))
    address = page(group, "new_mail_address")
    assert "None yet." in ada.get(page(group)).content.decode()
    question = ada.get(address).content.decode()
    group.refresh_from_db()
    assert (group.mail_token, "stops working" in question) == (None, False)

    done = ada.post(address)

    group.refresh_from_db()
    told = str(next(iter(get_messages(done.wsgi_request))))
    found = re.search(r"plan\+\w{16}@\S+", ada.get(page(group)).content.decode())
    assert found
    assert found.group() in told
    assert "stops working at once" in ada.get(address).content.decode()


def test_a_new_address_replaces_the_old_one(group: Group) -> None:
    Group.objects.update(mail_token="old")

    signed_in(ada_of(group)).post(page(group, "new_mail_address"))

    group.refresh_from_db()
    assert group.mail_token not in (None, "old")


def test_only_its_organisers_make_and_see_the_address(group: Group) -> None:
    Group.objects.filter(pk=group.pk).update(mail_token="secrettoken")
    people = cast(group)
    asked = {name: client.get(page(group, "new_mail_address")).status_code for name, client in people.items()}
    seen = [name for name, client in people.items() if "secrettoken" in client.get(page(group)).content.decode()]
    for name in ("Dee", "Host", "nobody"):
        people[name].post(page(group, "new_mail_address"))

    group.refresh_from_db()
    assert (asked, seen) == ({"Ada": 200, "Dee": 302, "Host": 302, "Root": 200, "nobody": 302}, ["Ada", "Root"])
    assert group.mail_token == "secrettoken"


def test_the_public_page_of_a_group_keeps_the_secret(group: Group, client: Client) -> None:
    Group.objects.update(mail_token="secrettoken")

    for address in (group.get_absolute_url(), f"/api/v1/groups/{group.slug}/"):
        answer = client.get(address)
        assert (answer.status_code, "secrettoken" in answer.content.decode()) == (200, False)


def test_what_was_called_off_is_marked_on_its_page_and_in_the_list(club: Club) -> None:
    ada = signed_in(ada_of(club.group, name="Second Ada"))
    club.mail("plan-google")
    pages = [reverse("admin:events_event_changelist"), reverse("admin:events_event_change", args=[club.event.pk])]
    assert ["called off" in ada.get(address).content.decode() for address in pages] == [False, False]

    club.mail("plan-google-cancel")

    words = "draft, called off by its organizer on Wed 18 Nov 2026, 02:00"
    assert [words in ada.get(address).content.decode() for address in pages] == [True, True]


def test_organisers_see_what_came_in_for_their_groups_and_change_nothing(club: Club) -> None:
    club.mail("plan-google", {"STATUS:CONFIRMED": "RRULE:FREQ=DAILY"})
    imported = ImportedEvent.objects.get()
    address = reverse("admin:events_importedevent_change", args=[imported.pk])
    people = cast(club.group)

    assert {name: client.get(address).status_code for name, client in people.items()} == {
        "Ada": 200,
        "Dee": 302,
        "Host": 403,
        "Root": 200,
        "nobody": 302,
    }
    shown = people["Ada"].get(address).content.decode()
    assert "it repeats: only its first date became a draft" in shown
    assert people["Ada"].post(address, {"uid": "x"}).status_code == 403
    assert people["Ada"].get(reverse("admin:events_importedevent_add")).status_code == 403
    listed = people["Ada"].get(reverse("admin:events_importedevent_changelist")).content.decode()
    assert ("Paper club, December" in listed, "cy@example.org" in listed) == (True, True)


def test_a_deleted_draft_is_said_to_be_deleted(club: Club) -> None:
    club.mail("plan-google")
    club.event.delete()
    listed = signed_in(ada_of(club.group, name="Ada")).get(reverse("admin:events_importedevent_changelist"))

    assert "(the draft was deleted)" in listed.content.decode()
