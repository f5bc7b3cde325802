"""Now and next: what an event's audience looks at on the phone while it runs."""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.models import Event
from events.selectors.events import published_event
from lightning.models import Block
from lightning.now_and_next import OVERRUN
from lightning.schedule_document import build_schedule_document
from lightning.selectors.decks import slides_out
from lightning.selectors.stage import rounds_to_follow
from lightning.stage_round import RUNNING
from web.answers import page_answer
from web.head import Page, absolute
from web.live_rooms import LiveRooms, live_rooms
from web.reads.recaps import published_recap
from web.stage_panel import see_round
from web.stage_words import LIVE
from web.vocabulary import script_words
from web.wording import time_until

OFF = (Event.Status.CANCELLED, Event.Status.POSTPONED)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def live(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/live/`: each room now and next, and the clock of a round that is on stage."""
    now = timezone.now()
    try:
        found = published_event(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error
    rounds = [] if found.status in OFF or now > found.ends_at + OVERRUN else rounds_to_follow(found, now=now)
    state = _state(found, rounds, now)
    told = live_rooms(build_schedule_document(found), {block.session_id for block in rounds}, now=now)
    context: dict[str, Any] = {
        "page": _head(found),
        "event": found,
        "state": state,
        "now": now,
        "rooms": told.rooms if state in ("running", "before") else [],
        "changes_at": _changes_at(found, told, state, now),
        "until": time_until(found.starts_at, now=now, zone=found.time_zone) if state == "before" else "",
        "rounds": [_round(block, now) for block in rounds],
        "recap": published_recap(found) if state == "over" else None,
        "script_words": script_words(LIVE),
    }
    return page_answer(request, "live/live.html", context)


def _state(found: Event, rounds: list[Block], now: dt.datetime) -> str:
    """cancelled, postponed, running, over or before; what is on stage runs, whatever the clock says."""
    if found.status in OFF:
        return str(found.status)
    if any(block.stage.state in RUNNING for block in rounds if hasattr(block, "stage")):
        return "running"
    if found.is_over(now=now):
        return "over"
    return "before" if now < found.starts_at else "running"


def _round(block: Block, now: dt.datetime) -> dict[str, Any]:
    """With the addresses of the slides that are out, and whom one tap applauds; four queries."""
    seen = see_round(block)
    view, out = seen["view"], slides_out(block, now=now)
    slides = {talk["id"]: f"{talk['url']}slides/" for talk in seen["stage"]["talks"] if talk["id"] in out}
    done = view.done
    clapped = view.talk if view.is_on else done[0] if done else None
    return seen | {
        "slides": slides,
        "slides_id": f"slides-{block.pk}",
        "clapped": clapped,
        "deck": slides.get(clapped["id"], "") if clapped else "",
    }


def _changes_at(found: Event, told: LiveRooms, state: str, now: dt.datetime) -> dt.datetime | None:
    """When the page says something else by the clock alone: in its last hour before the beginning every minute."""
    if state not in ("running", "before"):
        return None
    moments = [moment for moment in (told.changes_at, found.starts_at, found.ends_at) if moment and moment > now]
    if state == "before" and found.starts_at - now <= HOUR:
        moments.append(now.replace(second=0, microsecond=0) + MINUTE)
    return min(moments, default=None)


def _head(found: Event) -> Page:
    return Page(
        title=_("Live: %(event)s") % {"event": found.title},
        description=_("What is on now at %(event)s, and what comes next.") % {"event": found.title},
        canonical=absolute(f"{found.get_absolute_url()}live/") if found.group.is_listed else "",
        section="events",
    )
