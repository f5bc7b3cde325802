"""A draw as it is published, and whether it is what its seed and entries say: reads JSON values, asks no database."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.text import clean_line
from lightning.draw import ALGORITHM, Entry, Result, digest_of, draw

NUMBERS = ("slots", "first_timer_slots")


class Differs(Exception):
    """A published draw is not what it says; the message tells what is wrong."""


def entries_of(talks: Iterable[tuple[str, bool, str | None]]) -> list[Entry]:
    """Entries by id, first talk, and the name of an organisation, of which only is kept who shares it."""
    rows = [(uid, is_first, organisation_key(name)) for uid, is_first, name in sorted(talks, key=lambda row: row[0])]
    names = dict.fromkeys(name for _uid, _first, name in rows if name)
    labels = {name: f"org-{number}" for number, name in enumerate(names, 1)}
    return [Entry(uid, is_first, labels.get(name, "")) for uid, is_first, name in rows]


def organisation_key(name: str | None) -> str:
    """The same text for the same organisation, however it is written."""
    return clean_line(name or "").casefold()


def held_again(document: Mapping[str, Any]) -> Result:
    """The result that seed, entries and rules of a document lead to. Raises Differs when they make no sense."""
    try:
        entries = [Entry(str(one["id"]), bool(one["first"]), str(one["organisation"])) for one in document["entries"]]
        slots, quota = (int(document[name]) for name in NUMBERS)
        most = document["most_per_organisation"]
        return draw(
            entries,
            seed=str(document["seed"]),
            slots=slots,
            first_timer_slots=quota,
            most_per_organisation=None if most is None else int(most),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Differs(f"This is not a published draw: {error!r}.") from error


def verify(document: Mapping[str, Any]) -> Result:
    """Hold the draw of a published document again; raises Differs when anything in it does not agree."""
    if document.get("algorithm") != ALGORITHM:
        raise Differs(f"Its algorithm is {document.get('algorithm')!r}, and this program knows {ALGORITHM!r} only.")
    if not document.get("seed"):
        raise Differs("The draw has not been held yet: its seed is still secret.")
    if digest_of(str(document["seed"])) != document.get("digest"):
        raise Differs("The seed is not the one whose SHA-256 was published before the draw.")
    result = held_again(document)
    for name, ids in (("winners", result.winners), ("stand_by", result.stand_by)):
        if list(ids) != document.get(name):
            raise Differs(f"The published {name} are not those the seed leads to: {_first_difference(ids, document)}.")
    return result


def _first_difference(ids: tuple[str, ...], document: Mapping[str, Any]) -> str:
    published = [*(document.get("winners") or []), *(document.get("stand_by") or [])]
    missing = [one for one in ids if one not in published]
    return f"{missing[0]} is missing" if missing else "the order or the line between the two lists differs"
