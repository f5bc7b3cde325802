"""The schedule of an event: the page, its plain text, and the worker that keeps it readable offline."""

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.answer_memory import while_unchanged
from core.csp import allow_style
from core.http_cache import respond, strong_etag
from core.time_words import local
from events.models import Event
from events.selectors.events import published_event
from lightning.now_and_next import OVERRUN
from lightning.schedule_document import FORMAT, build_schedule_document, schedule_fingerprint
from lightning.schedule_types import ScheduleDocument
from lightning.selectors.calls import open_calls
from web import linked_data
from web.answers import this_minute
from web.calendar_menu import calendar_menu, feed_path
from web.head import FeedLink, Page, absolute, describe
from web.schedule_choices import choices
from web.schedule_text import schedule_text
from web.schedule_view import see
from web.vocabulary import SCHEDULE_SCRIPT, script_words

PAGE_FORMAT = 5  # part of the page's ETag: raise it when the templates change
GRID_RULES = re.compile(rb'<style id="grid-rules">(.*?)</style>', re.DOTALL)


def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/schedule/`: HTML, or plain text for who prefers that (`Accept: text/plain`)."""
    response = _kept_schedule(request, slug)
    if rules := GRID_RULES.search(response.content):
        allow_style(response, rules[1].decode())
    return response


def _schedule(request: HttpRequest, slug: str) -> HttpResponse:
    if request.get_preferred_type(["text/html", "text/plain"]) == "text/plain":
        response = schedule_as_text(request, slug)
    else:
        response = _as_page(request, _event(slug), now=timezone.now())
    patch_vary_headers(response, ["Accept"])
    return response


_kept_schedule = while_unchanged(_schedule, moment=this_minute)


def schedule_as_text(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/schedule.txt`."""
    found = _event(slug)
    url = absolute(reverse("schedule", args=[found.slug]))
    now = timezone.now()
    is_long_over = now - OVERRUN > found.ends_at
    return respond(
        request,
        etag=strong_etag("schedule text", PAGE_FORMAT, schedule_fingerprint(found), get_language(), is_long_over),
        content_type="text/plain; charset=utf-8",
        render=lambda: schedule_text(build_schedule_document(found), url=url, now=now),
    )


def service_worker(request: HttpRequest) -> HttpResponse:
    """`/service-worker.js`: at the root, because a worker may only look after what lies below its own address."""
    response = HttpResponse(_worker_source(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@cache
def _worker_source() -> str:
    return Path(str(finders.find("js/service-worker.js"))).read_text(encoding="utf-8")


def _event(slug: str) -> Event:
    try:
        return published_event(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error


def _moment(found: Event, *, now: dt.datetime) -> str:
    """Before and after the event the page does not change with the time; while it runs it does every minute."""
    if now < found.starts_at - dt.timedelta(hours=1):
        return "before"
    if now - OVERRUN > found.ends_at:
        return "after"
    return now.strftime("%Y-%m-%dT%H:%M")


def _as_page(request: HttpRequest, found: Event, *, now: dt.datetime) -> HttpResponse:
    fingerprint = schedule_fingerprint(found)
    calls = [call.block_id for call in open_calls(found, now=now)]
    return respond(
        request,
        etag=strong_etag("schedule page", PAGE_FORMAT, fingerprint, get_language(), _moment(found, now=now), calls),
        content_type="text/html; charset=utf-8",
        render=lambda: _html(request, found, fingerprint, calls, now=now),
        personal=True,
    )


def _html(request: HttpRequest, found: Event, fingerprint: str, calls: list[int], *, now: dt.datetime) -> str:
    document = build_schedule_document(found)
    programme = see(document, now=now)
    starts_at, ends_at = found.starts_at, found.ends_at
    context: dict[str, Any] = {
        "page": _head(found, document),
        "document": document,
        "open_calls": calls,
        "document_url": reverse("api-schedule", args=[found.slug]),
        "document_etag": strong_etag("schedule", FORMAT, fingerprint),
        "programme": programme,
        "choices": choices(programme),
        "now": now,
        "is_over": found.is_over(now=now),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "ends_other_day": local(starts_at, found.time_zone).date() != local(ends_at, found.time_zone).date(),
        "menu": calendar_menu(found, settings.SITE_URL),
        "script_words": script_words(SCHEDULE_SCRIPT),
    }
    return render_to_string("schedule/schedule.html", context, request)


def _head(found: Event, document: ScheduleDocument) -> Page:
    title = _("Schedule: %(event)s") % {"event": found.title}
    people = [speaker["name"] for session in document["sessions"] for speaker in session["speakers"]]
    listed = found.group.is_listed
    return Page(
        title=title,
        description=describe(found.summary, found.description),
        canonical=absolute(reverse("schedule", args=[found.slug])) if listed else "",
        section="events",
        json_ld=[linked_data.event(found, performers=dict.fromkeys(people))],
        calendars=[FeedLink(found.title, absolute(feed_path(found)) + "?sessions=1")] if listed else [],
    )
