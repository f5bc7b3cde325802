"""The page after an event: notes, highlights, and what each session left behind."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from events.models import Event, Recap
from events.selectors.events import event_in_full
from lightning.schedule_document import build_schedule_document
from lightning.schedule_types import ScheduleDocument, SessionItem
from web import linked_data
from web.answers import page_answer
from web.head import Page, absolute, describe
from web.reads.events import related_public_event
from web.reads.recaps import published_recap
from web.reads.rounds import rounds_of
from web.vocabulary import RESTS


def recap(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/recap/`: once it is published."""
    try:
        found = event_in_full(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error
    notes = published_recap(found)
    if notes is None:
        raise Http404
    document = build_schedule_document(found)
    context = {
        "page": _head(found, notes),
        "event": found,
        "recap": notes,
        "author": notes.byline or (notes.author.name if notes.author else ""),
        "sessions": [session for session in document["sessions"] if _left_something(session)],
        "picks": _picks(found, document),
        "rounds": rounds_of(document),
        "origin": related_public_event(found),
    }
    return page_answer(request, "recaps/recap.html", context)


def _left_something(session: SessionItem) -> bool:
    """What was left with a talk that was given stands in its round."""
    talks = session["block"]["talks"] if session["block"] else []
    return bool(session["resources"] or any(talk["resources"] for talk in talks if talk["state"] != "given"))


def _picks(found: Event, document: ScheduleDocument) -> list[Any]:
    """For a recap of somebody else's event: the sessions that were picked from it, with their words."""
    if not found.relation:
        return []
    return [session for session in document["sessions"] if session["kind"] not in RESTS]


def _head(found: Event, notes: Recap) -> Page:
    return Page(
        title=_("Recap: %(event)s") % {"event": found.title},
        description=describe(" ".join(notes.highlights), notes.notes),
        canonical=absolute(notes.get_absolute_url()) if found.group.is_listed else "",
        section="events",
        json_ld=[linked_data.event(found)],
    )
