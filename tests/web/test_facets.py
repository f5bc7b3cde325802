"""Facets: AND between them, OR inside one, and honest counts."""

from web.facets import Person, counts, fitting

ADA = Person(1, {"topic": frozenset({"ml"}), "town": frozenset({"Singapore"})})
BO = Person(2, {"topic": frozenset({"ml", "android"}), "town": frozenset({"天津"})})
CY = Person(3, {"topic": frozenset({"android"}), "town": frozenset()})
PEOPLE = [ADA, BO, CY]


def chosen(**facets: str) -> dict[str, frozenset[str]]:
    """Values of a facet, separated by spaces."""
    return {name: frozenset(values.split()) for name, values in facets.items()}


def test_nothing_chosen_lets_everybody_in() -> None:
    assert fitting(PEOPLE, chosen(topic="", town="")) == PEOPLE


def test_inside_a_facet_one_value_is_enough() -> None:
    assert fitting(PEOPLE, chosen(topic="ml android")) == PEOPLE


def test_between_facets_all_must_fit() -> None:
    assert fitting(PEOPLE, chosen(topic="android", town="天津")) == [BO]


def test_a_value_nobody_carries_finds_nobody() -> None:
    assert fitting(PEOPLE, chosen(town="Atlantis")) == []


def test_counts_heed_the_other_facets_and_not_their_own() -> None:
    choice = chosen(topic="ml", town="天津")
    assert counts(PEOPLE, choice, "topic") == {"ml": 1, "android": 1}
    assert counts(PEOPLE, choice, "town") == {"Singapore": 1, "天津": 1}
