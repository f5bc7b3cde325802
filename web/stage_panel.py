"""The clock of a stage as the server draws it: true whenever it is read, so no digits that would have to run."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from core.time_words import local
from lightning.models import Block
from lightning.stage_document import build_stage_document
from web.stage_view import SECOND_MS, StageView, countdown, see_stage
from web.stage_words import PANEL, late_words


@dataclass(frozen=True)
class Panel:
    """`light` is the stage's state, `word` and `time` say it, `place` is "3 of 27" or empty."""

    light: str
    word: str
    time: str
    place: str


def see_round(block: Block, *, for_hosts: bool = False) -> dict[str, Any]:
    """A round as templates draw it and scripts follow it; three queries."""
    stage = build_stage_document(block, for_hosts=for_hosts)
    view = see_stage(stage)
    api = reverse("api-stage", args=[stage["event"], block.pk])
    return {
        "block": block,
        "stage": stage,
        "view": view,
        "panel": panel_of(view),
        "late": lateness_of(view),
        "api": api,
        "document_id": f"stage-{block.pk}",
    }


def panel_of(view: StageView) -> Panel:
    """Word and time of a round at this moment; static/js/lib/stage-panel.js puts the countdown in their place."""
    stage, talk = view.document, view.talk
    place = str(PANEL["place"]).format(number=talk["slot"], count=view.places) if talk else ""
    light = "between" if stage["state"] == "ready" and not stage["starts_at"] else stage["state"]
    return Panel(stage["state"], str(PANEL[f"light.{light}"]), _time(view), place)


def lateness_of(view: StageView) -> str:
    """Running 7 min late; nothing before the round and after it."""
    if view.document["state"] in ("ready", "finished"):
        return ""
    return late_words(view.late_minutes)


def _time(view: StageView) -> str:
    """When who is on is to end, what is left where the clock stands, when the round begins, what the next one has."""
    stage = view.document
    if stage["state"] == "on" and view.until:
        return wall_clock(view.until, stage["time_zone"])
    if stage["state"] == "ready" and stage["starts_at"]:
        return wall_clock(dt.datetime.fromisoformat(stage["starts_at"]), stage["time_zone"])
    if stage["state"] == "paused":
        return view.left
    return countdown(stage["length_ms"] // SECOND_MS) if view.talk else ""


def wall_clock(instant: dt.datetime, zone: str) -> str:
    """19:42, in the event's zone."""
    return f"{local(instant, zone):%H:%M}"
