"""Rows of the live page, as its script fills them, too; and when other pages point to it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from events.models import Event
from lightning.progress import to_the_minute
from lightning.schedule_types import ScheduleDocument
from lightning.stage_types import StageTalk
from web.live_now import is_document_live, is_live_now
from web.stage_panel import wall_clock
from web.stage_view import Names, names_of
from web.stage_words import LIVE

AHEAD = dt.timedelta(minutes=30)  # people arrive, and look for the room

register = template.Library()


@register.inclusion_tag("live/_talk.html")
def live_talk(talk: StageTalk | None = None, zone: str = "") -> dict[str, Any]:
    """A talk with when it is expected; an empty row for scripts."""
    if talk is None:
        return {"talk": None, "names": Names("", "", ""), "at": ""}
    at = ""
    if talk["expected_at"]:
        expected = to_the_minute(dt.datetime.fromisoformat(talk["expected_at"]))
        at = str(LIVE["about"]).format(time=wall_clock(expected, zone))
    return {"talk": talk, "names": names_of(talk), "at": at}


@register.inclusion_tag("live/_talk.html")
def live_done(talk: StageTalk | None = None, zone: str = "", slides: Mapping[int, str] | None = None) -> dict[str, Any]:
    """A talk that was on, with when it began, and what is there of it; an empty row for scripts."""
    if talk is None:
        return {"talk": None, "names": Names("", "", ""), "at": "", "is_done": True}
    began = talk["started_at"]
    return {
        "talk": talk,
        "names": names_of(talk),
        "at": wall_clock(dt.datetime.fromisoformat(began), zone) if began else "",
        "slides": (slides or {}).get(talk["id"], ""),
        "is_done": True,
    }


@register.inclusion_tag("live/_item.html")
def live_item(item: dict[str, Any]) -> dict[str, Any]:
    """A session or talk of a room; what has no title yet is called by who speaks."""
    names = ", ".join(item["speakers"])
    return {
        "url": item["url"],
        "title": item["title"] or names or _("Speaker to follow"),
        "names": names if item["title"] else "",
    }


@register.simple_tag
def live_clap(talk: StageTalk | None) -> str:
    """Applaud Ada Lovelace."""
    return str(LIVE["clap"]).format(name=names_of(talk).name) if talk else ""


@register.simple_tag
def live_about(talk: StageTalk | None) -> str:
    """The talk of Ada Lovelace: the panel above may name who comes next."""
    return str(LIVE["aboutTalk"]).format(name=names_of(talk).name) if talk else ""


@register.filter
def is_live_at(event: Event, now: dt.datetime) -> bool:
    """Whether a list points to what is on at this event."""
    return is_live_now(event.status, event.starts_at, event.ends_at, now=now)


@register.filter
def is_programme_live(document: ScheduleDocument, now: dt.datetime) -> bool:
    """Whether the schedule points to what is on."""
    return is_document_live(document, now=now)
