"""Running orders as lists of talk ids, slot by slot, with 0 for an open slot: how they are moved, shuffled, compared.

`fixed` are talks that keep their slots, because they have been on stage.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from lightning.draw import number_of

OPEN = 0
Order = list[int]


def order_of(places: Mapping[int, int], slots: int | None) -> Order:
    """Slot by slot, from each talk's place; as long as there are slots, or talks beyond them."""
    order = [OPEN] * max(slots or 0, max(places.values(), default=-1) + 1)
    for talk, place in places.items():
        order[place] = talk
    return order


def places_of(order: Sequence[int]) -> dict[int, int]:
    """Each talk's place."""
    return {talk: place for place, talk in enumerate(order) if talk != OPEN}


def name_of(order: Sequence[int]) -> str:
    """A short text that differs as soon as one talk has another place; open slots at the end do not count."""
    places = sorted(places_of(order).items())
    return hashlib.sha256(repr(places).encode()).hexdigest()[:16]


def is_rearranged(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether both hold the same talks, once each, in no more slots."""
    return len(after) <= len(before) and sorted(places_of(before)) == sorted(talk for talk in after if talk != OPEN)


def moved_by_force(before: Sequence[int], after: Sequence[int], fixed: Collection[int]) -> list[int]:
    """Those of `fixed` that would lose their slots."""
    old, new = places_of(before), places_of(after)
    return [talk for talk in old if talk in fixed and old[talk] != new.get(talk)]


def stepped(order: Sequence[int], talk: int, step: int, fixed: Collection[int]) -> Order:
    """The talk one slot earlier (-1) or later (1), changing places with whatever is there, where it can."""
    after = list(order)
    place = after.index(talk)
    other = place + step
    if talk not in fixed and 0 <= other < len(after) and after[other] not in fixed:
        after[place], after[other] = after[other], after[place]
    return after


def sorted_by(order: Sequence[int], ranks: Mapping[int, Any], fixed: Collection[int]) -> Order:
    """Those that may move, by rank, in the slots that they have between them."""
    movable = iter(sorted((talk for talk in places_of(order) if talk not in fixed), key=lambda talk: ranks[talk]))
    return [talk if talk == OPEN or talk in fixed else next(movable) for talk in order]


def shuffled(order: Sequence[int], names: Mapping[int, str], seed: str, fixed: Collection[int]) -> Order:
    """The same seed and talks give the same order, however they stood before. `names` last as long as the talks."""
    return sorted_by(order, {talk: number_of(seed, names[talk]) for talk in places_of(order)}, fixed)


def closed_up(order: Sequence[int], fixed: Collection[int]) -> Order:
    """The same order with open slots at the end only; who is fixed stays."""
    last = max((place for place, talk in enumerate(order) if talk in fixed), default=-1)
    rest = [talk for talk in order[last + 1 :] if talk != OPEN]
    return [*order[: last + 1], *rest, *[OPEN] * (len(order) - last - 1 - len(rest))]


def has_gap(order: Sequence[int]) -> bool:
    """Whether a slot is open in front of a talk."""
    return closed_up(order, ()) != list(order)


def read_order(text: str) -> Order:
    """From “12,0,7”. Raises ValueError for anything else."""
    return [_read_id(part) for part in text.split(",")] if text else []


def write_order(order: Iterable[int]) -> str:
    """As read_order reads it."""
    return ",".join(map(str, order))


def _read_id(part: str) -> int:
    if not (part.isascii() and part.isdecimal() and len(part) < 19):
        raise ValueError(part)
    return int(part)
