"""Accounts and access tokens."""

import datetime as dt
from collections.abc import Iterable

import pytest
from allauth.account.models import EmailAddress
from pytest_django import DjangoAssertNumQueries

from accounts.models import ApiToken, User
from accounts.services import create_account, issue_api_token, revoke_api_token, verify_api_token
from core.errors import RuleViolation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def token_for(user: User, now: dt.datetime, scopes: Iterable[str] = ("read",)) -> tuple[ApiToken, str]:
    return issue_api_token(user=user, name="my script", scopes=scopes, expires_at=now + DAY, now=now)


def test_an_account_has_an_address_to_confirm() -> None:
    user = create_account(email="Bo@Example.org", name="  Bo \n Peep ")

    assert (user.email, user.name, user.has_usable_password()) == ("bo@example.org", "Bo Peep", False)
    assert list(EmailAddress.objects.values_list("user", "email", "primary", "verified")) == [
        (user.pk, "bo@example.org", True, False)
    ]


def test_an_address_has_one_account_whatever_its_case() -> None:
    create_account(email="bo@example.org")

    with pytest.raises(RuleViolation) as refusal:
        create_account(email="BO@example.org")

    assert (refusal.value.code, User.objects.count()) == ("email_is_taken", 1)


def test_a_token_is_known_by_its_secret_which_is_not_stored(now: dt.datetime) -> None:
    bo = UserFactory()
    token, secret = token_for(bo, now, ["stage", "read", "read"])

    found = verify_api_token(secret, now=now)

    assert found == token
    assert found.user == bo
    assert found.scopes == ["read", "stage"]
    assert (token.prefix, len(secret)) == (secret[:12], 47)
    assert secret not in [str(value) for value in ApiToken.objects.values_list().get()]


@pytest.mark.parametrize("wrong", ["", "lec_", "lec_" + "x" * 43, "x" * 47, "lec_" + "é" * 43, "lec_" + "x" * 10_000])
def test_another_secret_opens_nothing(wrong: str, now: dt.datetime) -> None:
    token_for(UserFactory(), now)

    assert verify_api_token(wrong, now=now) is None


def test_an_expired_a_revoked_and_a_barred_persons_token_open_nothing(now: dt.datetime) -> None:
    bo, cy = UserFactory(), UserFactory(is_active=False)
    token, secret = token_for(bo, now)
    _token, barred = token_for(cy, now)

    assert verify_api_token(secret, now=now + DAY) is None
    assert verify_api_token(barred, now=now) is None
    revoke_api_token(token=token)
    assert verify_api_token(secret, now=now) is None


def test_the_last_use_is_kept_to_ten_minutes(
    now: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token, secret = token_for(UserFactory(), now)
    verify_api_token(secret, now=now)

    with django_assert_num_queries(1):
        verify_api_token(secret, now=now + dt.timedelta(minutes=9))
    token.refresh_from_db()
    assert token.last_used_at == now

    verify_api_token(secret, now=now + dt.timedelta(minutes=10))
    token.refresh_from_db()
    assert token.last_used_at == now + dt.timedelta(minutes=10)


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "everything"]])
def test_a_token_may_do_what_is_offered_and_at_least_something(scopes: list[str], now: dt.datetime) -> None:
    with pytest.raises(RuleViolation) as refusal:
        token_for(UserFactory(), now, scopes)

    assert (refusal.value.code, refusal.value.field) == ("scope_is_unknown", "scopes")


@pytest.mark.parametrize("days", [-1, 0, 367])
def test_a_token_lives_for_a_year_at_most(days: int, now: dt.datetime) -> None:
    with pytest.raises(RuleViolation) as refusal:
        issue_api_token(user=UserFactory(), name="x", scopes=["read"], expires_at=now + days * DAY, now=now)

    assert refusal.value.code == "token_life_is_out_of_bounds"
