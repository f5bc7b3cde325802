"""The admin site's first page: what comes next, who comes and what is missing, of the groups somebody organises."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from events.admin.words import local_time
from events.models import Event
from events.permissions import organised_groups
from events.selectors.dashboard import drafts, events_ahead, unfinished_sessions
from lightning.admin.blocks import fill_of
from lightning.selectors.dashboard import blocks_ahead
from registrations.admin.words import number_words, show_up_words
from registrations.selectors.dashboard import EventNumbers, ShowUp, event_numbers, show_up_rates

LIMIT = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What templates/admin/index.html shows."""
    groups, now = organised_groups(request.user), timezone.now()
    ahead, waiting = events_ahead(groups, now=now, limit=LIMIT), drafts(groups, limit=LIMIT)
    numbers = event_numbers([event.pk for event in [*ahead, *waiting]])
    rates, names = show_up_rates(groups), dict(groups.order_by("name").values_list("pk", "name"))
    return context | {
        "organises_something": bool(names),
        "events_ahead": [event_row(event, numbers.get(event.pk)) for event in ahead],
        "drafts": [event_row(event, numbers.get(event.pk)) for event in waiting],
        "unfinished": [session_row(session) for session in unfinished_sessions(groups, now=now, limit=LIMIT)],
        "blocks": [block_row(block) for block in blocks_ahead(groups, now=now, limit=LIMIT)],
        "show_up": [rate_row(names[pk], rates[pk]) for pk in names if pk in rates][:LIMIT],
    }


def event_row(event: Any, numbers: EventNumbers | None) -> dict[str, Any]:
    """One event in a few lines; `numbers` is None when it takes no RSVPs."""
    return {
        "pk": event.pk,
        "title": event.title,
        "group": event.group.name,
        "when": local_time(event.starts_at, event.zone),
        "place": event.venue.name if event.venue else "",
        "sessions": event.number_of_sessions,
        "status": None if event.status in (Event.Status.PUBLISHED, Event.Status.DRAFT) else event.get_status_display(),
        "rsvp": number_words(numbers) if numbers else "",
        "taken": numbers.taken if numbers else 0,
        "capacity": numbers.capacity if numbers else None,
    }


def session_row(session: Any) -> dict[str, Any]:
    """One session and what it lacks."""
    lacks = [_("no time")] if session.starts_at is None or session.minutes is None else []
    lacks += [_("no speaker")] if session.has_no_speaker else []
    return {"pk": session.pk, "title": session.title, "event": session.event.title, "lacks": ", ".join(lacks)}


def block_row(block: Any) -> dict[str, Any]:
    """One round, how full it is, and whether it is more than full."""
    return {
        "pk": block.pk,
        "slug": block.session.event.slug,
        "title": block.session.title,
        "event": block.session.event.title,
        "fill": fill_of(block),
        "placed": block.placed,
        "slots": block.slots,
        "is_overfull": block.slots is not None and block.placed > block.slots,
    }


def rate_row(group: str, rate: ShowUp) -> dict[str, Any]:
    """One group, and how many of its people came."""
    return {"group": group, "words": show_up_words(rate), "percent": rate.percent}
