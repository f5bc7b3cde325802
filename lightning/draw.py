"""A fair draw that anybody can hold again: same entries, same seed, same order.

The seed is chosen when the call is made, and its SHA-256 is public from then on: nobody can look for a seed that suits
them. It is published with the result. The algorithm:

1. Each entry's number is the SHA-256 of the UTF-8 text `seed:id`, as 64 hexadecimal digits; entries are sorted by it.
2. First talks are looked at in this order, until `first_timer_slots` of them have a slot.
3. Then all who have none yet are looked at in this order, until `slots` are given away.
4. In both rounds an entry is passed by whose organisation has `most_per_organisation` slots already; entries without
   an organisation never are.
5. Winners stand in the order of their numbers, whichever round they won in. Everybody else stands by, in the order of
   theirs.

Only the standard library is used, and no outside state: the order of the entries does not matter.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ALGORITHM = "lectern-draw-1"


@dataclass(frozen=True)
class Entry:
    """One talk in the draw; `organisation` only says which entries belong together, empty for none."""

    id: str
    is_first: bool = False
    organisation: str = ""


@dataclass(frozen=True)
class Result:
    """Ids: who has a slot, and who stands by, each in order."""

    winners: tuple[str, ...]
    stand_by: tuple[str, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """Winners first."""
        return self.winners + self.stand_by


def digest_of(seed: str) -> str:
    """What is published before the draw."""
    return hashlib.sha256(seed.encode()).hexdigest()


def number_of(seed: str, entry_id: str) -> str:
    """What entries are sorted by."""
    return hashlib.sha256(f"{seed}:{entry_id}".encode()).hexdigest()


def draw(
    entries: Iterable[Entry],
    *,
    seed: str,
    slots: int,
    first_timer_slots: int = 0,
    most_per_organisation: int | None = None,
) -> Result:
    """Hold it. Raises ValueError when an id is there twice or a number is negative."""
    ordered = sorted(entries, key=lambda entry: number_of(seed, entry.id))
    if len({entry.id for entry in ordered}) < len(ordered):
        raise ValueError("an id is there twice")
    if min(slots, first_timer_slots) < 0:
        raise ValueError("there is no negative number of slots")
    won: set[str] = set()
    given: Counter[str] = Counter()
    rounds = (
        ([entry for entry in ordered if entry.is_first], min(first_timer_slots, slots)),
        (ordered, slots),
    )
    for candidates, limit in rounds:
        for entry in candidates:
            if len(won) >= limit:
                break
            if entry.id not in won and not _is_full(given, entry.organisation, most_per_organisation):
                won.add(entry.id)
                given[entry.organisation] += 1
    winners = tuple(entry.id for entry in ordered if entry.id in won)
    return Result(winners, tuple(entry.id for entry in ordered if entry.id not in won))


def first_timer_slots(slots: int, percent: int) -> int:
    """So many percent of the slots, rounded up."""
    return -(-slots * percent // 100)


def _is_full(given: Counter[str], organisation: str, most: int | None) -> bool:
    return bool(organisation) and most is not None and given[organisation] >= most
