"""Groups over the API."""

import pytest

from tests.api.conftest import Read
from tests.factories import GroupFactory, GroupLinkFactory, TopicFactory

pytestmark = pytest.mark.django_db


def test_a_group_is_shown_with_all_that_is_public(read: Read) -> None:
    group = GroupFactory(
        name="Tianjin GDG", slug="tianjin-gdg", town="Tianjin", country="China", time_zone="Asia/Shanghai",
        languages=["zh-Hans"], topics=[TopicFactory(name="Android", slug="android")],
    )  # fmt: skip
    GroupLinkFactory(group=group, title="Blog", url="https://blog.example/")

    assert read("groups/tianjin-gdg/") == {
        "slug": "tianjin-gdg",
        "name": "Tianjin GDG",
        "tagline": "",
        "description": "",
        "town": "Tianjin",
        "country": "China",
        "time_zone": "Asia/Shanghai",
        "languages": ["zh-Hans"],
        "founded_date": None,
        "topics": [{"slug": "android", "name": "Android"}],
        "links": [{"title": "Blog", "url": "https://blog.example/"}],
        "url": "https://lectern.example/groups/tianjin-gdg/",
    }


def test_groups_are_listed_by_name_whatever_its_case(read: Read) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        GroupFactory(name=name)

    assert [group["name"] for group in read("groups/")["results"]] == ["Alpha", "beta", "Gamma"]


def test_an_unlisted_group_is_found_by_its_name_only(read: Read) -> None:
    GroupFactory(slug="secret", is_listed=False)

    assert read("groups/") == {"next": None, "results": []}
    assert read("groups/SECRET/")["slug"] == "secret"


def test_a_group_nobody_knows_is_a_problem(read: Read) -> None:
    assert read("groups/nobody/", status=404)["code"] == "not_found"


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_groups_takes_four_queries(read: Read, count: int, django_assert_num_queries) -> None:
    for group in GroupFactory.create_batch(count, topics=[TopicFactory()]):
        GroupLinkFactory(group=group)

    with django_assert_num_queries(4):
        read("groups/")
