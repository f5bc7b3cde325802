"""What the filter bar of the schedule offers: only filters with a choice, only values that are there."""

from collections.abc import Iterable, Iterator

from lightning.schedule_types import SessionItem
from web.schedule_view import Programme
from web.vocabulary import LEVELS, RESTS

Pairs = list[tuple[str, str]]


def choices(programme: Programme) -> dict[str, Pairs]:
    """Values and words of each filter, only where there is a choice; kinds in the order of the programme."""
    sessions = [entry.session for entry in programme.entries]
    talks = [slot.talk for entry in programme.entries for slot in entry.slots if slot.talk]
    kinds = dict.fromkeys(session["kind"] for session in sessions if session["kind"] not in RESTS)
    topics = {topic["slug"]: topic["name"] for thing in [*sessions, *talks] for topic in thing["topics"]}
    rooms = dict.fromkeys(entry.room for entry in programme.entries if entry.room)
    return {
        "kind": _worth_choosing((kind, kind) for kind in kinds),
        "topic": _worth_choosing(sorted(topics.items(), key=lambda pair: pair[1].casefold()), at_least=1),
        "level": _worth_choosing(_levels(sessions)),
        "room": _worth_choosing((room, room) for room in rooms),
        "language": _worth_choosing(
            (code, code) for code in sorted({s["language"] for s in sessions if s["language"]})
        ),
    }


def _levels(sessions: list[SessionItem]) -> Iterator[tuple[str, str]]:
    """From easy to hard."""
    present = {session["level"] for session in sessions}
    return ((level, level) for level in LEVELS if level in present)


def _worth_choosing(pairs: Iterable[tuple[str, str]], at_least: int = 2) -> Pairs:
    found = list(pairs)
    return found if len(found) >= at_least else []
