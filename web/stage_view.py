"""A stage's document as the server draws it: complete and true whenever it is read, so without a running clock.

Pure. Scripts put the countdown in its place: static/js/lib/stage-view.js reads the document in the same way.
"""

import datetime as dt
from dataclasses import dataclass

from lightning.stage_types import StageDocument, StageTalk
from web.wording import columns

TO_COME = ("accepted", "confirmed")
LONG = 18  # columns of a name that fill a line of the projector
VERY_LONG = 44
SECOND_MS, MINUTE_MS = 1_000, 60_000
AT_THE_FRONT = 2


@dataclass(frozen=True)
class Names:
    """Who gives a talk, as large letters say it; `long` is "", "long" or "very": how much smaller they are set."""

    name: str
    affiliation: str
    title: str

    @property
    def long(self) -> str:
        """By its columns: Chinese letters take two."""
        width = columns(self.name)
        return "" if width <= LONG else "long" if width <= VERY_LONG else "very"


@dataclass(frozen=True)
class StageView:
    """One round: `talk` is on stage (on, paused) or comes next (ready, between), `coming` are those after it."""

    document: StageDocument
    talk: StageTalk | None
    names: Names
    coming: list[StageTalk]
    places: int
    cells: list[str]

    @property
    def is_on(self) -> bool:
        """Whether somebody's time runs or stands still."""
        return self.document["state"] in ("on", "paused")

    @property
    def front(self) -> list[StageTalk]:
        """Who should come to the front: the next two; before the round who opens it is one of them."""
        opener = [self.talk] if self.talk and self.document["state"] == "ready" else []
        return [*opener, *self.coming][:AT_THE_FRONT]

    @property
    def until(self) -> dt.datetime | None:
        """When the time of who is on is over, questions and all; None while nobody's time runs."""
        stage = self.document
        if stage["state"] != "on" or stage["started_at"] is None:
            return None
        length = stage["length_ms"] + stage["extra_ms"] + stage["paused_ms"] + stage["question_ms"]
        return dt.datetime.fromisoformat(stage["started_at"]) + dt.timedelta(milliseconds=length)

    @property
    def left(self) -> str:
        """3:12 where a clock stands still: of the talk, else of its questions; empty while it runs."""
        stage = self.document
        if stage["paused_at"] is None or stage["started_at"] is None:
            return ""
        ran = dt.datetime.fromisoformat(stage["paused_at"]) - dt.datetime.fromisoformat(stage["started_at"])
        left_ms = stage["length_ms"] + stage["extra_ms"] + stage["paused_ms"] - ran // dt.timedelta(milliseconds=1)
        seconds = -(-left_ms // SECOND_MS)
        return countdown(seconds if seconds >= 0 else -(-(left_ms + stage["question_ms"]) // SECOND_MS))

    @property
    def done(self) -> list[StageTalk]:
        """Who has been on, the latest first."""
        given = [talk for talk in self.document["talks"] if talk["state"] == "given"]
        return sorted(given, key=lambda talk: talk["started_at"] or "", reverse=True)

    @property
    def late_minutes(self) -> int:
        """Whole minutes that what comes is late, as things went so far; negative when early."""
        return ((self.document["late_ms"] or 0) + MINUTE_MS // 2) // MINUTE_MS  # halves go up, as in scripts


def see_stage(document: StageDocument) -> StageView:
    """The document with what every screen reads off it."""
    talk = next((one for one in document["talks"] if one["id"] == document["talk"]), None)
    places = max([document["slots"] or 0, *(one["slot"] or 0 for one in document["talks"])])
    coming = [one for one in document["talks"] if one is not talk and one["state"] in TO_COME]
    return StageView(
        document=document,
        talk=talk,
        names=names_of(talk) if talk else Names("", "", ""),
        coming=[] if document["state"] == "finished" else coming,
        places=places,
        cells=_cells(document, talk, coming, places),
    )


def countdown(seconds: int) -> str:
    """3:12, and +0:17 for what is over."""
    ahead = abs(seconds)
    return f"{'+' if seconds < 0 else ''}{ahead // 60}:{ahead % 60:02}"


def names_of(talk: StageTalk) -> Names:
    """A talk without speakers is called by its title."""
    name = ", ".join(speaker["name"] for speaker in talk["speakers"])
    affiliations = dict.fromkeys(speaker["affiliation"] for speaker in talk["speakers"])
    return Names(name or talk["title"], ", ".join(filter(None, affiliations)), talk["title"] if name else "")


def _cells(document: StageDocument, talk: StageTalk | None, coming: list[StageTalk], places: int) -> list[str]:
    """One word for each place of the round: done, now, next, open or nothing."""
    is_on = document["state"] in ("on", "paused")
    following = (coming[0] if coming else None) if is_on else talk
    by_slot = {one["slot"]: one for one in document["talks"]}

    def word(one: StageTalk | None) -> str:
        if one is None:
            return "open"
        if one is talk and is_on:
            return "now"
        if one is following:
            return "next"
        return "" if one["state"] in TO_COME else "done"

    return [word(by_slot.get(number)) for number in range(1, places + 1)]
