"""Rows of the live page, as its script fills them, too."""

import datetime as dt
from typing import Any

from django import template

from lightning.stage_types import StageTalk
from web.stage_panel import wall_clock
from web.stage_view import Names, names_of
from web.stage_words import LIVE

register = template.Library()


@register.inclusion_tag("live/_talk.html")
def live_talk(talk: StageTalk | None = None, zone: str = "") -> dict[str, Any]:
    """A talk with when it is expected, or when it began; an empty row for scripts."""
    if talk is None:
        return {"talk": None, "names": Names("", "", ""), "at": ""}
    at = ""
    if talk["expected_at"]:
        at = str(LIVE["about"]).format(time=wall_clock(dt.datetime.fromisoformat(talk["expected_at"]), zone))
    elif talk["started_at"]:
        at = wall_clock(dt.datetime.fromisoformat(talk["started_at"]), zone)
    return {"talk": talk, "names": names_of(talk), "at": at}
