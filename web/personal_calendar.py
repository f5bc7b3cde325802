"""Somebody's own calendar feed: what they go to, wait for, organise, speak at and starred, behind a key of theirs.

Private from end to end: no shared cache keeps it, no search engine lists it, no log names the key (core.logs). An
unknown key is answered like an address that never was; one that was replaced is gone for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from accounts.feed_keys import owner_of_feed, was_replaced
from accounts.models import User
from core.http_cache import body_etag
from core.query_values import QueryErrors
from events.calendar_entries import event_entry, session_entry, words
from events.calendar_values import CalendarEntry, Feed, Window
from events.ical import render_feed
from events.models import Event
from events.models.session import SessionQuerySet
from events.selectors import calendars as programme
from lightning.models.talk import TalkQuerySet
from lightning.selectors import calendars as rounds
from lightning.selectors.stars import starred_sessions, starred_talks
from registrations.calendar_entries import registration_entry
from registrations.selectors.personal import registrations_in_calendar
from registrations.states import State
from web.calendar_answers import MAX_AGE, METHODS, asked_language, plain_answer
from web.head import absolute
from web.ways_in import way_in

ROLES = ("going", "waiting", "organising", "speaking", "starred")
DEFAULT_ROLES = ("going", "waiting", "speaking")
LONGEST_ALARM = 7 * 24 * 60  # minutes
WAITING = (State.WAITING, State.REQUESTED, State.OFFERED)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; `alarm` in minutes before the start."""

    roles: tuple[str, ...]
    alarm: int | None
    language: str


@csrf_exempt  # a POST is refused for being one, not for lacking a token
def personal(request: HttpRequest, key: str) -> HttpResponse:
    """`/calendars/personal/<key>.ics?roles=going,waiting,speaking&alarm=30`."""
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": ", ".join(METHODS), "Content-Length": "0"})
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    now = timezone.now()
    user = owner_of_feed(key, now=now, agent=request.headers.get("User-Agent", ""))
    if user is None:
        return _private(_nobodys(key, now=now))
    try:
        asked = asked_for(request)
    except QueryErrors as refusal:
        said = "\n".join(f"{name}: {text}" for name, text in refusal.errors.items())
        return _private(plain_answer(said, status=400))
    with translation.override(asked.language):
        return _private(_answer(request, feed_of(user, asked, now=now), asked.language))


def _nobodys(key: str, *, now: dt.datetime) -> HttpResponse:
    """Gone for good for a key that was replaced: most programs then stop asking."""
    if was_replaced(key, now=now):
        words = "This address was replaced by its owner. Remove this calendar, and add the new address."
        return plain_answer(words, status=410)
    return plain_answer("There is no such calendar.", status=404)


personal.is_calendar_feed = True  # type: ignore[attr-defined]  # web.middleware answers these first


def asked_for(request: HttpRequest) -> Asked:
    """The roles, the alarm and the language of the address; raises QueryErrors for what there is not."""
    return Asked(_roles(request.GET), _alarm(request.GET), asked_language(request))


def _roles(parameters: QueryDict) -> tuple[str, ...]:
    given = [name.strip() for value in parameters.getlist("roles") for name in value.split(",")]
    asked = {name for name in given if name} or set(DEFAULT_ROLES)
    if not asked <= set(ROLES):
        raise QueryErrors({"roles": f"Use {', '.join(ROLES)}, or several of them with commas between."})
    return tuple(role for role in ROLES if role in asked)


def _alarm(parameters: QueryDict) -> int | None:
    given = parameters.get("alarm", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and 1 <= int(given) <= LONGEST_ALARM):
        raise QueryErrors({"alarm": f"Write the minutes before the start, from 1 to {LONGEST_ALARM}."})
    return int(given)


def feed_of(user: User, asked: Asked, *, now: dt.datetime) -> Feed:
    """The feed in the language that is active; the address is a key, so it does not stand inside."""
    window = Window(now.astimezone(dt.UTC).date())
    found: dict[str, CalendarEntry] = {}
    for entry in _entries(user, asked, window):
        found.setdefault(entry.uid, entry)  # who goes and organises, goes
    return Feed(
        name=_("My events"),
        zone=user.time_zone or settings.TIME_ZONE,
        url=absolute(reverse("me")),
        words=words(),
        entries=tuple(window.nearest_first(list(found.values()))),
    )


def _entries(user: User, asked: Asked, window: Window) -> Iterable[CalendarEntry]:
    if {"going", "waiting"} & set(asked.roles):
        yield from _registered(user, asked, window)
    if "organising" in asked.roles:
        yield from _organising(user, asked, window)
    if "speaking" in asked.roles:
        yield from _of_programme(programme.own_sessions(user), rounds.own_talks(user), asked, window)
    if "starred" in asked.roles:
        yield from _of_programme(starred_sessions(user), starred_talks(user), asked, window)


def _registered(user: User, asked: Asked, window: Window) -> Iterable[CalendarEntry]:
    site, alarm = settings.SITE_URL, asked.alarm
    for row in registrations_in_calendar(user, window):
        if ("waiting" if row.state in WAITING else "going") in asked.roles:
            yield registration_entry(row, site_url=site, join_url=way_in(row), alarm_minutes=alarm)


def _organising(user: User, asked: Asked, window: Window) -> Iterable[CalendarEntry]:
    events = programme.in_window(programme.organised_events(user), window)
    for event in events.select_related("group", "venue", "series").prefetch_related("topics").order_by("starts_at"):
        yield _marked(event_entry(event, site_url=settings.SITE_URL), event, asked)


def _of_programme(
    sessions: SessionQuerySet, talks: TalkQuerySet, asked: Asked, window: Window
) -> Iterable[CalendarEntry]:
    site = settings.SITE_URL
    for session in programme.with_entries(programme.sessions_in_window(sessions, window)):
        if entry := session_entry(session, site_url=site, transparent=False):
            yield _marked(entry, session.event, asked)
    for talk, entry in rounds.talk_entries(rounds.talks_in_window(talks, window), site_url=site, transparent=False):
        yield _marked(entry, talk.block.session.event, asked)


def _marked(entry: CalendarEntry, event: Event, asked: Asked) -> CalendarEntry:
    return replace(entry, private=not event.group.is_listed, alarm_minutes=asked.alarm)


def _answer(request: HttpRequest, feed: Feed, language: str) -> HttpResponse:
    body = render_feed(feed)
    etag = body_etag(body)
    headers = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="my-events.ics"',
        "Content-Language": translation.to_locale(language).replace("_", "-"),
        "Content-Length": str(len(body)),
        "Cache-Control": f"private, max-age={MAX_AGE}",
        "ETag": etag,
    }
    head = HttpResponse(headers=headers)
    checked = get_conditional_response(request, etag, None, head) or head
    if checked is not head or request.method == "HEAD":
        checked.headers.setdefault("Content-Language", headers["Content-Language"])
        return checked
    return HttpResponse(body, headers=headers)


def _private(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
