"""Who asks: sessions and tokens."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import User
from accounts.services import revoke_api_token
from tests.api.cast import bearer
from tests.api.conftest import Read
from tests.factories import EventFactory, GroupFactory, MembershipFactory, SpeakerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bo() -> User:
    return UserFactory(name="Bo", email="bo@example.org")


def test_a_token_with_the_scope_to_read_tells_who_its_bearer_is(read: Read, bo: User) -> None:
    MembershipFactory(user=bo, role="organiser", group=GroupFactory(name="DL", slug="dl", is_listed=False))
    SpeakerFactory(user=bo, name="Bo", slug="bo")

    me = read("me/", **bearer(bo, "read", days=2))

    joined_at = me["memberships"][0].pop("joined_at")
    assert me == {
        "name": "Bo",
        "email": "bo@example.org",
        "language": "",
        "time_zone": "",
        "memberships": [
            {
                "group": {"slug": "dl", "name": "DL", "url": "https://lectern.example/groups/dl/"},
                "role": "organiser",
            }
        ],
        "speaker": {"slug": "bo", "name": "Bo"},
    }
    assert dt.datetime.fromisoformat(joined_at).tzinfo


def test_a_signed_in_browser_is_known_by_its_session(client: Client, bo: User) -> None:
    client.force_login(bo)

    response = client.get("/api/v1/me/")

    assert (response.status_code, response.json()["email"]) == (200, "bo@example.org")
    assert response["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}


def test_a_stranger_is_asked_for_a_token(client: Client) -> None:
    response = client.get("/api/v1/me/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="Lectern"')
    assert response.json()["code"] == "not_authenticated"


def test_a_token_without_the_scope_is_told_which_it_lacks(read: Read, bo: User) -> None:
    problem = read("me/", status=403, **bearer(bo, "stage", days=2))

    assert problem["detail"] == "This token lacks the scope “read”."


@pytest.mark.parametrize("secret", ["", "x", "lec_" + "x" * 43, "lec_" + "é" * 43, "a b c", "x" * 9000, "\udcff"])
def test_an_unknown_token_is_refused_also_where_none_is_needed(client: Client, secret: str) -> None:
    header = f"Bearer {secret}".encode("utf-8", "surrogateescape").decode("latin-1")

    response = client.get("/api/v1/events/", headers={"Authorization": header})

    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")


def test_a_token_ends_when_it_expires_is_revoked_or_its_person_is_barred(read: Read, bo: User) -> None:
    expired, revoked, barred = (bearer(bo, "read", days=days) for days in (1, 2, 2))
    revoke_api_token(token=bo.api_tokens.order_by("id")[1])
    read("me/", status=401, **expired)
    read("me/", status=401, **revoked)
    read("me/", **barred)

    User.objects.update(is_active=False)

    read("me/", status=401, **barred)


@pytest.mark.parametrize("header", ["Basic Ym86Ym8=", "Digest x", "bearer", ""])
def test_other_schemes_pass_unread(client: Client, header: str) -> None:
    EventFactory()
    expected = 401 if header == "bearer" else 200

    assert client.get("/api/v1/events/", headers={"Authorization": header}).status_code == expected


def test_a_public_answer_to_a_known_person_is_private(read: Read, client: Client, bo: User) -> None:
    response = client.get("/api/v1/events/", headers=bearer(bo, "stage", days=2))

    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.parametrize("count", [1, 3])
def test_me_takes_three_queries_and_a_first_use_a_fourth(
    client: Client, bo: User, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        MembershipFactory(user=bo)
    header = bearer(bo, "read", days=2)

    with django_assert_num_queries(4):
        client.get("/api/v1/me/", headers=header)
    with django_assert_num_queries(3):
        client.get("/api/v1/me/", headers=header)
