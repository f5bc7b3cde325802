"""A round as it was: who spoke, for how long, and how many people applauded."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from lightning.models import Applause
from lightning.schedule_types import ScheduleDocument, SessionItem, TalkItem
from web.talk_times import clock_length


@dataclass(frozen=True)
class Given:
    """A talk that was given; `length` is 5:12, or empty where nobody ran the stage."""

    talk: TalkItem
    length: str
    applause: int


@dataclass(frozen=True)
class Round:
    """The session with its talks in the order in which they were given."""

    session: SessionItem
    given: list[Given]


def rounds_of(document: ScheduleDocument) -> list[Round]:
    """Rounds in which somebody spoke; one query, none where nobody did."""
    talks = {session["id"]: _given_talks(session) for session in document["sessions"]}
    claps = _applause([talk["id"] for spoken in talks.values() for talk in spoken])
    return [
        Round(session, [Given(talk, _length(session, talk), claps.get(talk["id"], 0)) for talk in talks[session["id"]]])
        for session in document["sessions"]
        if talks[session["id"]]
    ]


def _given_talks(session: SessionItem) -> list[TalkItem]:
    talks = session["block"]["talks"] if session["block"] else []
    return sorted((talk for talk in talks if talk["state"] == "given"), key=lambda talk: talk["starts_at"] or "")


def _applause(talks: list[int]) -> dict[int, int]:
    if not talks:
        return {}
    rows = Applause.objects.filter(talk__in=talks).values("talk").annotate(people=Count("id")).order_by()
    return {row["talk"]: row["people"] for row in rows}


def _length(session: SessionItem, talk: TalkItem) -> str:
    """As recorded: a round that never was on stage has planned times alone."""
    if not session["block"] or not session["block"]["stage"] or not talk["starts_at"] or not talk["ends_at"]:
        return ""
    return clock_length(dt.datetime.fromisoformat(talk["ends_at"]) - dt.datetime.fromisoformat(talk["starts_at"]))
