"""What the code on the projector is for: signing up in the windows of the round's call, else slides and feedback."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from events.models import Event, Session
from lightning.links import propose_path
from lightning.models import Block, Call
from lightning.selectors.calls import times_of
from web.stage_view import MINUTE_MS, StageView
from web.stage_words import SCREEN

Span = tuple[dt.datetime | None, dt.datetime]
LIVE, SIGN_UP = "live", "sign-up"
FIVE = 5 * MINUTE_MS


@dataclass(frozen=True)
class WayIn:
    """An address with what awaits people there; `what` names its code."""

    what: str
    path: str
    head: str
    text: str


def sign_up_spans(block: Block) -> list[Span]:
    """From when (None: since the event is public) until when talks are taken; nothing without a call."""
    call, session = getattr(block, "call", None), block.session
    if call is None or session.event.status != Event.Status.PUBLISHED or session.status == Session.Status.CANCELLED:
        return []
    call.block = block
    times = times_of(call)
    ahead: Span = (times.opens_at, times.closes_at)
    return [ahead, (times.night_opens_at, times.ends)] if call.is_open_on_the_night else [ahead]


def sign_up_path(block: Block) -> str:
    """Where a talk is proposed for this round, as short as can be: it is typed off the wall. One query."""
    event = block.session.event
    is_only_one = not Call.objects.filter(block__session__event=event).exclude(block=block.pk).exists()
    return reverse("propose", args=[event.slug]) if is_only_one else propose_path(block)


def way_in(view: StageView, spans: list[Span], propose: str, *, now: dt.datetime) -> WayIn:
    """As static/js/stage-screen.js chooses it."""
    stage, head = view.document, str(SCREEN["join.slides"])
    slots = stage["open_slots"] or 0
    is_taken = any((begins is None or begins <= now) and now < ends for begins, ends in spans)
    if is_taken and slots and stage["state"] != "finished":
        open_slots = str(SCREEN["join.open.one" if slots == 1 else "join.open.other"]).format(count=slots)
        return WayIn(
            SIGN_UP, propose, open_slots, str(SCREEN["join.five" if stage["length_ms"] == FIVE else "join.turn"])
        )
    if view.talk and view.is_on:
        return WayIn(str(view.talk["id"]), view.talk["url"], head, str(SCREEN["join.thisTalk"]))
    return WayIn(LIVE, reverse("live", args=[stage["event"]]), head, str(SCREEN["join.allTalks"]))
