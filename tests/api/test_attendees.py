"""Who comes, as organisers read it over the API."""

import pytest
from django.test import Client

from registrations.models import RegistrationPlan
from tests.api.cast import Cast, bearer, comes
from tests.api.conftest import Read
from tests.factories.registrations import QuestionFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

PATH = "events/neurips/registrations/"


def test_organisers_list_everybody_in_the_order_they_came(cast: Cast, read: Read) -> None:
    question = QuestionFactory(plan=RegistrationPlan.objects.get())
    comes(cast, "bo", guests=1, answers={question.pk: "tea"})
    comes(cast, "cy")
    comes(cast, "dee", place="online")
    gone = RegistrationFactory(event=cast.event, user=None, name="", state="cancelled")

    page = read(PATH, **bearer(cast.ada, "organise"))

    shown = [
        (one["name"], one["email"], one["state"], one["place"], one["queue_position"], one["answers"])
        for one in page["results"]
    ]
    assert shown == [
        ("Bo", "bo@example.org", "going", "room", None, {str(question.pk): "tea"}),
        ("Cy", "cy@example.org", "waiting", "room", 1, {}),
        ("Dee", "dee@example.org", "going", "online", None, {}),
        ("", None, "cancelled", "room", None, {}),
    ]
    assert page["next"] is None
    assert page["results"][3]["id"] == str(gone.public_id)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=waiting", ["Cy"]),
        ("state=waiting&state=going", ["Bo", "Cy", "Dee"]),
        ("place=online", ["Dee"]),
        ("place=online&state=waiting", []),
    ],
)
def test_the_list_is_narrowed_by_state_and_place(cast: Cast, read: Read, query: str, names: list[str]) -> None:
    comes(cast, "bo", guests=1)
    comes(cast, "cy")
    comes(cast, "dee", place="online")

    assert [one["name"] for one in read(f"{PATH}?{query}", **bearer(cast.ada, "organise"))["results"]] == names


def test_the_list_comes_in_pages(cast: Cast, read: Read) -> None:
    for name in ("bo", "cy", "dee"):
        comes(cast, name)
    token = bearer(cast.ada, "organise")

    first = read(f"{PATH}?page_size=2&place=room", **token)
    second = read(first["next"].removeprefix("https://lectern.example/api/v1/"), **token)

    assert [one["name"] for page in (first, second) for one in page["results"]] == ["Bo", "Cy", "Dee"]
    assert second["next"] is None


@pytest.mark.parametrize(
    "query", ["state=nowhere", "place=moon", "user=1", "ordering=email", "page_size=101", "cursor=x"]
)
def test_a_filter_that_is_none_is_named(cast: Cast, read: Read, query: str) -> None:
    problem = read(f"{PATH}?{query}", status=400, **bearer(cast.ada, "organise"))

    assert problem["errors"][0]["field"] == query.partition("=")[0]


def test_a_list_of_people_is_kept_by_nobody_else(cast: Cast, client: Client) -> None:
    response = client.get(f"/api/v1/{PATH}", headers=bearer(cast.ada, "organise"))

    assert (response["Cache-Control"], response["ETag"] != "") == ("private, no-cache", True)
    assert {"Authorization", "Cookie"} <= {name.strip() for name in response["Vary"].split(",")}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_four_queries_and_one_registration_two(
    cast: Cast, client: Client, count: int, django_assert_num_queries
) -> None:
    rows = RegistrationFactory.create_batch(count, event=cast.event, state="waiting")
    header = bearer(cast.ada, "organise", "read")
    client.get("/api/v1/me/", headers=header)

    with django_assert_num_queries(4):
        client.get(f"/api/v1/{PATH}", headers=header)
    with django_assert_num_queries(2):
        client.get(f"/api/v1/registrations/{rows[0].public_id}/", headers=header)
