"""What stands in a programme as the page draws it: sessions, and the slots of rounds."""

import datetime as dt
from dataclasses import dataclass, field

from lightning.schedule_types import RoundItem, SessionItem, TalkItem
from web.stage_words import late_words
from web.vocabulary import RESTS


@dataclass(frozen=True)
class Slot:
    """One place in a lightning round; `talk` is None where it is open.

    `expected_at` is set where the talk begins at another minute than planned, as the round goes; `is_left_out` where
    the round was finished before it.
    """

    number: int
    key: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    state: str
    talk: TalkItem | None = None
    version: str = ""
    expected_at: dt.datetime | None = None
    is_left_out: bool = False


@dataclass(frozen=True)
class Entry:
    """One session with its place, its state and, for a round, its slots."""

    session: SessionItem
    key: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    state: str
    room: str
    track: str
    version: str
    slots: list[Slot] = field(default_factory=list)
    stage: RoundItem | None = None  # of a round that is on stage: then that says what is on, not the clock
    is_finished: bool = False  # by its host

    @property
    def is_round(self) -> bool:
        """Whether it is drawn as a lightning strip."""
        return bool(self.session["block"])

    @property
    def on_until(self) -> dt.datetime | None:
        """When the time of who is on stage is over; None while nobody is."""
        ends_at = self.stage["ends_at"] if self.stage else None
        return dt.datetime.fromisoformat(ends_at) if ends_at else None

    @property
    def lateness(self) -> str:
        """Running 7 min late; empty unless the round is on stage."""
        late = self.stage["late_minutes"] if self.stage else None
        return "" if late is None else late_words(late)

    @property
    def is_rest(self) -> bool:
        """Breaks stay when a reader looks at the own choice only."""
        return self.session["kind"] in RESTS

    @property
    def is_cancelled(self) -> bool:
        """Called off, and shown as such."""
        return bool(self.session["status"] == "cancelled")


def talk_line(talk: TalkItem) -> str:
    """Norihiro Shimoda: 300 people at every meetup."""
    names = ", ".join(speaker["name"] for speaker in talk["speakers"])
    return ": ".join(part for part in (names, talk["title"]) if part)
