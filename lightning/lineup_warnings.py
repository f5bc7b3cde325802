"""What an organiser may want to change about a line-up; nothing of it stands in the way of anything.

Plain values in, codes with figures out: the sentences are in lightning.lineup_warning_words.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

CLOSE = dt.timedelta(days=3)  # from then on, who has not confirmed is worth a call
MOST_FIRST_TALKS = 2  # in a row
Shared = Mapping[Any, str]  # what neighbours may have in common, and what it is called


class Code(Enum):
    """What is wrong."""

    TOO_MANY = "too_many"
    RUNS_INTO = "runs_into"
    ELSEWHERE = "elsewhere"
    SPEAKER_TWICE = "speaker_twice"
    ORGANISATION_TWICE = "organisation_twice"
    TOPIC_TWICE = "topic_twice"
    FIRST_TALKS = "first_talks"
    LANGUAGE_CHANGES = "language_changes"
    UNCONFIRMED = "unconfirmed"
    NO_TITLE = "no_title"
    NO_SLIDES = "no_slides"


@dataclass(frozen=True)
class Item:
    """A talk of the line-up that is still to come; `slot` counts from 1, speakers are names by id."""

    slot: int
    speakers: Mapping[int, str]
    title: str = "A title"
    organisations: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    language: str = ""
    is_first: bool = False
    is_confirmed: bool = True
    has_slides: bool = True
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


@dataclass(frozen=True)
class Engagement:
    """Where one of the speakers is expected besides."""

    speaker: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True)
class Round:
    """What surrounds the talks: None for what is not known."""

    starts_at: dt.datetime
    slots: int | None = None
    slides_due_at: dt.datetime | None = None  # None: nobody is asked for slides
    next_in_room: tuple[str, dt.datetime] | None = None
    elsewhere: tuple[Engagement, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One finding; `slots` are those it is about, `words` names or titles, `count` a figure of its own."""

    code: Code
    slots: tuple[int, ...]
    words: tuple[str, ...] = ()
    count: int = 0


def find_warnings(items: Sequence[Item], around: Round, *, now: dt.datetime) -> list[Finding]:
    """What is worst comes first; `items` are in running order."""
    return [
        *_too_many(items, around),
        *_runs_into(items, around),
        *_elsewhere(items, around),
        *_runs(Code.SPEAKER_TWICE, items, lambda item: item.speakers, 2),
        *_runs(Code.ORGANISATION_TWICE, items, lambda item: _folded(item.organisations), 2),
        *_topics(items),
        *_runs(Code.FIRST_TALKS, items, lambda item: {0: ""} if item.is_first else {}, MOST_FIRST_TALKS + 1),
        *_language_changes(items),
        *_all_at_once(Code.UNCONFIRMED, items, lambda i: now >= around.starts_at - CLOSE and not i.is_confirmed),
        *_all_at_once(Code.NO_TITLE, items, lambda item: not item.title),
        *_all_at_once(Code.NO_SLIDES, items, lambda item: _are_slides_due(around, now) and not item.has_slides),
    ]


def _too_many(items: Sequence[Item], around: Round) -> Iterator[Finding]:
    """After a round was shortened."""
    beyond = tuple(item.slot for item in items if around.slots is not None and item.slot > around.slots)
    if beyond:
        yield Finding(Code.TOO_MANY, beyond, count=around.slots or 0)


def _runs_into(items: Sequence[Item], around: Round) -> Iterator[Finding]:
    """The last talk ends after the next session in the room begins."""
    ends = [item.ends_at for item in items if item.ends_at]
    if around.next_in_room is None or not ends:
        return
    title, begins = around.next_in_room
    late = tuple(item.slot for item in items if item.ends_at and item.ends_at > begins)
    if late:
        yield Finding(Code.RUNS_INTO, late, (title,), _minutes(max(ends) - begins))


def _elsewhere(items: Sequence[Item], around: Round) -> Iterator[Finding]:
    """A speaker is in two places at the same time."""
    for item in items:
        for other in around.elsewhere:
            if other.speaker in item.speakers and _overlap(item, other):
                yield Finding(Code.ELSEWHERE, (item.slot,), (item.speakers[other.speaker], other.title))


def _overlap(item: Item, other: Engagement) -> bool:
    if item.starts_at is None or item.ends_at is None:
        return False
    return item.starts_at < other.ends_at and other.starts_at < item.ends_at


def _topics(items: Sequence[Item]) -> Iterator[Finding]:
    """A topic of more than half of the talks is what the round is about: it cannot be kept apart."""
    counts = Counter(topic for item in items for topic in set(item.topics))
    rare = {topic for topic, count in counts.items() if count * 2 <= len(items)}
    yield from _runs(Code.TOPIC_TWICE, items, lambda item: {topic: topic for topic in item.topics if topic in rare}, 2)


def _language_changes(items: Sequence[Item]) -> Iterator[Finding]:
    """More often than there are other languages: those of one language could be given together."""
    spoken = [(item.slot, item.language) for item in items if item.language]
    changes = tuple(slot for (_slot, before), (slot, after) in pairwise(spoken) if before != after)
    if len(changes) > max(len({language for _slot, language in spoken}) - 1, 0):
        yield Finding(Code.LANGUAGE_CHANGES, changes, count=len(changes))


def _runs(code: Code, items: Sequence[Item], of: Callable[[Item], Shared], least: int) -> Iterator[Finding]:
    """One for each row of at least so many neighbours that have something in common, open slots between them or not."""
    words = {key: word for item in items for key, word in of(item).items()}
    for key, word in words.items():
        flagged = [(key in of(item), item.slot) for item in items]
        for is_common, run in groupby(flagged, itemgetter(0)):
            slots = tuple(slot for _flag, slot in run)
            if is_common and len(slots) >= least:
                yield Finding(code, slots, (word,) if word else ())


def _folded(words: Sequence[str]) -> Shared:
    """Capital letters make no difference."""
    return {word.casefold(): word for word in words}


def _all_at_once(code: Code, items: Sequence[Item], is_wrong: Callable[[Item], bool]) -> Iterator[Finding]:
    """One for all of them together."""
    wrong = tuple(item.slot for item in items if is_wrong(item))
    if wrong:
        yield Finding(code, wrong)


def _are_slides_due(around: Round, now: dt.datetime) -> bool:
    return around.slides_due_at is not None and now >= around.slides_due_at


def _minutes(length: dt.timedelta) -> int:
    """Begun minutes count."""
    return -(-length // dt.timedelta(minutes=1))
