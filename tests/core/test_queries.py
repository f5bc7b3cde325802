"""Looking up by short name, and walking down a tree."""

import pytest

from core.queries import by_slug, ids_below
from speakers.models import Topic
from tests.factories import TopicFactory


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["xla", "XLA", "xLa"])
def test_a_short_name_is_found_whatever_its_case(asked: str) -> None:
    topic = TopicFactory(slug="Xla")

    assert by_slug(Topic.objects.all(), asked) == topic


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["", "xl", "xl_", "xl%", "x" * 5000])
def test_anything_else_is_not(asked: str) -> None:
    TopicFactory(slug="xla")

    with pytest.raises(Topic.DoesNotExist):
        by_slug(Topic.objects.all(), asked)


@pytest.mark.parametrize(
    ("roots", "found"), [({1}, {1, 2, 3, 4}), ({2}, {2, 4}), ({4}, {4}), (set(), set()), ({1, 9}, {1, 2, 3, 4, 9})]
)
def test_a_node_is_found_with_all_below_it(roots: set[int], found: set[int]) -> None:
    assert ids_below({1: None, 2: 1, 3: 1, 4: 2, 5: None}, roots) == found


def test_a_tree_tied_into_a_ring_ends() -> None:
    assert ids_below({1: 3, 2: 1, 3: 2}, {2}) == {1, 2, 3}
