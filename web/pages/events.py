"""One event: the facts, the programme in short, who speaks, what it left behind, what came before and comes after."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from core.time_words import local
from events.models import Event, EventHost
from events.selectors.events import event_in_full, related_events
from lightning.schedule_document import build_schedule_document
from lightning.schedule_types import ScheduleDocument, SpeakerItem
from lightning.selectors.calls import open_calls
from registrations.permissions import may_run_door
from web import linked_data
from web.answers import page_answer
from web.calendar_menu import calendar_menu, feed_path
from web.head import FeedLink, Page, absolute, describe
from web.live_now import is_document_live
from web.reads.events import neighbours, related_public_event
from web.reads.groups import organisers_of
from web.reads.recaps import published_recap
from web.reads.rsvp import card_of, signed_in
from web.vocabulary import ZONE_SCRIPT, script_words

SPEAKERS_SHOWN = 12


def event(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/`: also for who holds the link to an event of an unlisted group."""
    now = timezone.now()
    try:
        found = event_in_full(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error
    document = build_schedule_document(found)
    people = _people(document)
    before, after = neighbours(found)
    card = card_of(found, user=signed_in(request), now=now, before=before)
    context = {
        "page": _head(found, people),
        "event": found,
        "state": _state(found, now=now),
        "is_live": is_document_live(document, now=now),
        "card": card,
        "runs_door": card is not None and may_run_door(request.user, found),
        "document": document,
        "sessions": document["sessions"],
        "open_calls": open_calls(found, now=now),
        "people": people[:SPEAKERS_SHOWN],
        "more_people": max(0, len(people) - SPEAKERS_SHOWN),
        "materials": _materials(document),
        "hosts": _organisations(found, EventHost.Role.HOST),
        "sponsors": _organisations(found, EventHost.Role.SPONSOR),
        "organisers": organisers_of(found.group),
        "recap": published_recap(found),
        "origin": related_public_event(found),
        "related": list(related_events(found)),
        "before": before,
        "after": after,
        "menu": calendar_menu(found, settings.SITE_URL),
        "minutes": (found.ends_at - found.starts_at) // dt.timedelta(minutes=1),
        "ends_other_day": _ends_other_day(found),
        "script_words": script_words(ZONE_SCRIPT),
    }
    return page_answer(request, "events/event.html", context)


def _state(found: Event, *, now: dt.datetime) -> str:
    """What the card at the side says; a called-off event is not over but off."""
    if found.status in (Event.Status.CANCELLED, Event.Status.POSTPONED):
        return str(found.status)
    if found.is_over(now=now):
        return "past"
    return "running" if found.starts_at <= now else "open"


def _ends_other_day(found: Event) -> bool:
    return local(found.starts_at, found.time_zone).date() != local(found.ends_at, found.time_zone).date()


def _people(document: ScheduleDocument) -> list[SpeakerItem]:
    """Everyone in the programme once, in its order, with the affiliation of their first appearance."""
    parts: list[SpeakerItem] = []
    for session in document["sessions"]:
        parts.extend(session["speakers"])
        for talk in session["block"]["talks"] if session["block"] else []:
            parts.extend(talk["speakers"])
    people: dict[str, SpeakerItem] = {}
    for speaker in parts:
        people.setdefault(speaker["slug"], speaker)
    return list(people.values())


def _materials(document: ScheduleDocument) -> list[dict[str, Any]]:
    """Slides, videos and code of sessions and talks, each with what it belongs to."""
    found: list[dict[str, Any]] = []
    for session in document["sessions"]:
        found.extend({"of": session["title"], "resource": one} for one in session["resources"])
        for talk in session["block"]["talks"] if session["block"] else []:
            title = talk["title"] or ", ".join(speaker["name"] for speaker in talk["speakers"])
            found.extend({"of": title, "resource": one} for one in talk["resources"])
    return found


def _organisations(found: Event, role: str) -> list[Any]:
    return [part.organisation for part in found.event_hosts.all() if part.role == role]


def _head(found: Event, people: list[SpeakerItem]) -> Page:
    listed = found.group.is_listed
    return Page(
        title=found.title,
        description=describe(found.summary, found.description),
        canonical=absolute(found.get_absolute_url()) if listed else "",
        section="events",
        json_ld=[linked_data.event(found, performers=[one["name"] for one in people])],
        calendars=[FeedLink(found.title, absolute(feed_path(found)))] if listed else [],
    )
