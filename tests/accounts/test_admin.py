"""People and tokens in the admin site."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.services import verify_api_token
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PEOPLE, TOKENS = reverse("admin:accounts_user_changelist"), reverse("admin:accounts_apitoken_changelist")
NEW_PERSON, NEW_TOKEN = reverse("admin:accounts_user_add"), reverse("admin:accounts_apitoken_add")


@pytest.fixture
def root() -> User:
    return UserFactory(email="root@example.org", name="Root", is_staff=True, is_superuser=True)


@pytest.fixture
def ada() -> User:
    return UserFactory(email="ada@example.org", name="Ada", is_staff=True)


def make_token(client: Client) -> str:
    page = client.post(NEW_TOKEN, {"name": "script", "scopes": ["read"], "days": "30"}, follow=True)
    found = re.search(r"<code>(lec_[\w-]{43})</code>", page.content.decode())
    assert found is not None
    return found[1]


def test_a_superuser_adds_a_person_who_can_sign_in(client: Client, root: User) -> None:
    client.force_login(root)

    client.post(NEW_PERSON, {"email": "Bo@Example.org", "name": "Bo", "is_staff": "on"})

    bo = User.objects.get(name="Bo")
    assert (bo.email, bo.is_staff, bo.is_superuser) == ("bo@example.org", True, False)
    assert bo.emailaddress_set.get().primary is True
    assert client.get(reverse("admin:accounts_user_change", args=[bo.pk])).status_code == 200


def test_an_address_that_is_taken_is_said_in_the_form(client: Client, root: User, ada: User) -> None:
    client.force_login(root)

    answer = client.post(NEW_PERSON, {"email": "ADA@example.org", "name": "Another Ada"})

    assert answer.status_code == 200
    assert "Somebody has an account with this email already." in answer.content.decode()


def test_a_person_can_be_barred_but_not_by_themselves(client: Client, root: User, ada: User) -> None:
    client.force_login(root)
    for person in (ada, root):
        client.post(
            reverse("admin:accounts_user_change", args=[person.pk]),
            {
                "name": person.name,
                "emailaddress_set-TOTAL_FORMS": "0",
                "emailaddress_set-INITIAL_FORMS": "0",
            },
        )

    assert dict(User.objects.values_list("name", "is_active")) == {"Ada": False, "Root": True}


def test_an_organiser_sees_no_people(client: Client, ada: User) -> None:
    client.force_login(ada)

    assert [client.get(url).status_code for url in (PEOPLE, NEW_PERSON)] == [403, 403]


def test_a_token_is_shown_once_and_works(client: Client, ada: User) -> None:
    client.force_login(ada)

    secret = make_token(client)

    token = verify_api_token(secret, now=timezone.now())
    assert token is not None
    assert (token.user, token.scopes) == (ada, ["read"])
    assert secret not in client.get(TOKENS).content.decode()


def test_tokens_are_seen_and_revoked_by_their_person_alone(client: Client, ada: User) -> None:
    client.force_login(ada)
    make_token(client)
    token = ApiToken.objects.get()
    delete = reverse("admin:accounts_apitoken_delete", args=[token.pk])

    cy = Client()
    cy.force_login(UserFactory(name="Cy", is_staff=True))
    cy.post(delete, {"post": "yes"})
    assert token.prefix not in cy.get(TOKENS).content.decode()
    assert ApiToken.objects.count() == 1

    client.post(delete, {"post": "yes"})
    assert ApiToken.objects.count() == 0


def test_what_only_confuses_is_not_in_the_admin() -> None:
    names = {model._meta.label for model in admin.site._registry}

    assert names.isdisjoint({"auth.Group", "account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession"})
