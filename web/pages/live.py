"""Now and next: what an event's audience looks at on the phone while it runs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from events.selectors.events import published_event
from lightning.now_and_next import OnStage, RoomNow, now_and_next
from lightning.schedule_document import build_schedule_document
from lightning.selectors.stage import rounds_to_follow
from web.answers import page_answer
from web.head import Page
from web.stage_panel import see_round
from web.stage_words import LIVE
from web.vocabulary import script_words


def live(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/live/`: each room now and next, and the clock of a round that is on stage."""
    now = timezone.now()
    try:
        found = published_event(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error
    answer = now_and_next(build_schedule_document(found), now)
    rounds = rounds_to_follow(found, now=now)
    shown = {block.session_id for block in rounds}  # these have a clock of their own
    context: dict[str, Any] = {
        "page": Page(title=_("Live: %(event)s") % {"event": found.title}, section="events"),
        "event": found,
        "state": _state(found, now),
        "rooms": [told for room in answer["rooms"] if (told := _room(room, shown))["now"] or told["next"]],
        "changes_at": answer["changes_at"] or "",
        "rounds": [see_round(block) for block in rounds],
        "script_words": script_words(LIVE),
    }
    return page_answer(request, "live/live.html", context)


def _state(found: Event, now: dt.datetime) -> str:
    """cancelled, postponed, over, before, or running."""
    if found.status in (Event.Status.CANCELLED, Event.Status.POSTPONED):
        return str(found.status)
    if found.is_over(now=now):
        return "over"
    return "before" if now < found.starts_at else "running"


def _room(room: RoomNow, shown: set[int]) -> dict[str, Any]:
    name = room["room"]["name"] if room["room"] else ""
    return {"name": name, "now": _told(room["now"], shown), "next": _told([room["next"]], shown)}


def _told(items: Iterable[OnStage | None], without: set[int]) -> list[dict[str, Any]]:
    return [
        item
        | {"starts": dt.datetime.fromisoformat(item["starts_at"]), "ends": dt.datetime.fromisoformat(item["ends_at"])}
        for item in items
        if item and item["session"] not in without
    ]
