"""Facets of the speaker directory; pure: who carries which values in, who fits and how many each value would give out.

Between facets a speaker must fit all, inside a facet one of the chosen values is enough. The number beside a value is
how many speakers one sees on choosing it as well: it heeds what is chosen in the other facets, not in its own.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

Chosen = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Person:
    """A speaker as the facets see one: for each facet the values carried."""

    pk: int
    values: Mapping[str, frozenset[str]]


def fits(person: Person, chosen: Chosen, *, but: str = "") -> bool:
    """Whether the person carries one of the chosen values of every facet; the facet `but` is not asked."""
    return all(
        not values or name == but or values & person.values.get(name, frozenset()) for name, values in chosen.items()
    )


def fitting(people: list[Person], chosen: Chosen) -> list[Person]:
    """Those who fit, in the order given."""
    return [person for person in people if fits(person, chosen)]


def counts(people: list[Person], chosen: Chosen, facet: str) -> Counter[str]:
    """How many speakers each value of the facet would show."""
    found: Counter[str] = Counter()
    for person in people:
        if fits(person, chosen, but=facet):
            found.update(person.values.get(facet, frozenset()))
    return found
