"""Accounts: one e-mail, one person."""

import datetime as dt

import pytest
from django.db import IntegrityError

from accounts.models import ApiToken, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_email_is_unique_without_regard_to_case():
    UserFactory(email="bo@example.org")
    with pytest.raises(IntegrityError, match="email_is_unique_without_regard_to_case"):
        User.objects.create(email="Bo@Example.org")


def test_a_person_is_found_by_email_whatever_its_case():
    bo = UserFactory(email="Bo@Example.org")
    assert User.objects.get_by_natural_key("BO@EXAMPLE.ORG") == bo


def test_somebody_without_a_password_cannot_sign_in_with_one():
    assert UserFactory().has_usable_password() is False


def test_an_email_is_what_an_account_needs():
    with pytest.raises(ValueError, match="A user needs an e-mail address"):
        User.objects.create_user("")


def test_a_token_expires_after_it_is_made(now):
    with pytest.raises(IntegrityError, match="token_expires_after_it_is_made"):
        ApiToken.objects.create(
            user=UserFactory(), name="x", digest="0" * 64, scopes=["read"], created_at=now, expires_at=now
        )


def test_somebody_is_called_by_name_or_else_by_email():
    assert str(UserFactory(name="Bo Ek")) == "Bo Ek"
    assert str(UserFactory(name="", email="bo@example.org")) == "bo@example.org"


def test_a_superuser_may_open_the_admin():
    root = User.objects.create_superuser("root@example.org", "secret-enough")
    assert (root.is_staff, root.is_superuser, root.check_password("secret-enough")) == (True, True, True)
    assert dt.datetime.now(tz=dt.UTC) - root.joined_at < dt.timedelta(minutes=1)
