"""HTTP for calendar feeds: methods, language, entity tags, conditional requests and caching.

An entity tag is the hash of a feed's bytes, so it changes when something visible does and never otherwise. It is
known before anything is rendered: each process keeps the tag beside the state of the whole database (while nothing was
written, one tiny query answers), and the cache keeps it beside the fingerprint of the feed's rows. Without a cache
every request renders, and answers the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial, wraps
from typing import Any, Concatenate

from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt

from core.fingerprint import database_state, fingerprint
from core.http_cache import body_etag, rendered, strong_etag
from core.query_values import QueryErrors
from events.calendar_entries import words
from events.calendar_values import CalendarEntry, Feed, Window
from events.ical import FORMAT_VERSION, render_feed
from web.head import absolute

METHODS = ["GET", "HEAD", "OPTIONS"]
MAX_AGE = 900
STATE_SECONDS = 7 * 24 * 3600
BYTES_SECONDS = 24 * 3600
# In each process: asking Redis costs more than asking the database whether anything was written
_asked = LocMemCache("calendars asked for", {"OPTIONS": {"MAX_ENTRIES": 1000}})


@dataclass(frozen=True)
class Source:
    """A feed before it is written.

    `label` is the feed without entries, `path` its own address with the query in a fixed order, `rows` are all rows
    its entries are made of, `entries` reads them. A browser would call the file `filename`.ics.
    """

    label: Feed
    path: str
    filename: str
    rows: Sequence[QuerySet[Any]]
    entries: Callable[[], Iterable[CalendarEntry]]
    keep_seconds: int = BYTES_SECONDS

    def render(self) -> bytes:
        return render_feed(replace(self.label, entries=tuple(self.entries())))


@dataclass(frozen=True)
class _State:
    """What is known of a feed: the version of its rows, the tag of their bytes, since when, their number, its name."""

    version: str
    etag: str
    changed_at: int  # seconds since 1970
    size: int
    filename: str


View = Callable[Concatenate[HttpRequest, Window, ...], Source]


def calendar_feed(view: View) -> Callable[..., HttpResponse]:
    """A view that names a Source for the UTC day, turned into one that answers as calendar clients expect."""

    @csrf_exempt  # a POST is refused for being one, not for lacking a token
    @wraps(view)
    def answer(request: HttpRequest, **names: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(METHODS), "Content-Length": "0"})
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        now = timezone.now()
        try:
            language = asked_language(request)
            with translation.override(language):
                return _answer(request, partial(view, request, **names), language, now)
        except QueryErrors as refusal:
            return plain_answer("\n".join(f"{name}: {text}" for name, text in refusal.errors.items()), status=400)
        except ObjectDoesNotExist:
            return plain_answer("There is no such calendar.", status=404)

    answer.is_calendar_feed = True  # type: ignore[attr-defined]  # web.middleware answers these first
    return answer


def asked_language(request: HttpRequest) -> str:
    """The `lang` parameter, English without one; what the browser prefers does not count, so that caches agree."""
    asked = request.GET.get("lang", settings.LANGUAGE_CODE).lower()
    known = [code for code, _name in settings.LANGUAGES]
    if asked not in known:
        raise QueryErrors({"lang": f"Use one of: {', '.join(known)}."})
    return asked


def _answer(
    request: HttpRequest, source_on: Callable[[Window], Source], language: str, now: dt.datetime
) -> HttpResponse:
    window = Window(now.astimezone(dt.UTC).date())
    key = strong_etag(request.get_full_path(), settings.SITE_URL)
    moment = (database_state(), FORMAT_VERSION, window.day.isoformat())
    state = _asked_before(key, moment)
    response = _respond(request, state, language, now) if state else None
    if response:
        return response
    source = _labelled(source_on(window), language)
    state, body = _current(source, window, now)
    _asked.set(key, (moment, state), MAX_AGE)
    return _respond(request, state, language, now, body) or _written_again(request, source, state, language, now)


def _written_again(
    request: HttpRequest, source: Source, state: _State, language: str, now: dt.datetime
) -> HttpResponse:
    """The feed whose bytes have left the cache."""
    body = source.render()
    state = _remember(source, state.version, body, now)
    return HttpResponse(body, headers=_headers(state, language, now))


def _asked_before(key: str, moment: tuple[str | None, int, str]) -> _State | None:
    """What this address gave, when nothing at all was written since."""
    known = _asked.get(key) if moment[0] else None
    return known[1] if known and known[0] == moment else None


def _respond(
    request: HttpRequest, state: _State, language: str, now: dt.datetime, body: bytes | None = None
) -> HttpResponse | None:
    """304, 412, the headers alone, or the feed; None when its bytes are wanted and nowhere to be had."""
    headers = _headers(state, language, now)
    head = HttpResponse(headers=headers)
    checked = get_conditional_response(request, state.etag, state.changed_at, head) or head
    if checked is not head or request.method == "HEAD":
        checked.headers["Content-Language"] = headers["Content-Language"]
        return checked
    body = body or rendered.get(state.etag) or cache.get(_bytes_key(state.etag))
    if body is None:
        return None
    rendered.put(state.etag, body)
    return HttpResponse(body, headers=headers)


def _headers(state: _State, language: str, now: dt.datetime) -> dict[str, str]:
    return {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'inline; filename="{slugify(state.filename) or "calendar"}.ics"',
        "Content-Language": translation.to_locale(language).replace("_", "-"),
        "Content-Length": str(state.size),
        "Cache-Control": f"public, max-age={MAX_AGE}",
        "ETag": state.etag,
        "Last-Modified": http_date(min(state.changed_at, int(now.timestamp()))),
    }


def _labelled(source: Source, language: str) -> Source:
    """With the words of the language, and the address that gives this very feed."""
    path = source.path
    if language != settings.LANGUAGE_CODE:
        path += f"{'&' if '?' in path else '?'}lang={language}"
    return replace(source, path=path, label=replace(source.label, source=absolute(path), words=words()))


def _current(source: Source, window: Window, now: dt.datetime) -> tuple[_State, bytes | None]:
    """The feed's state, from the cache while its rows are the same; rendered otherwise, and then with its bytes."""
    version = strong_etag(FORMAT_VERSION, window.day, source.label, fingerprint(*source.rows))
    state = _remembered(source)
    if state and state.version == version:
        return state, None
    body = source.render()
    return _remember(source, version, body, now), body


def _remembered(source: Source) -> _State | None:
    values = cache.get(_state_key(source))
    return _State(*values) if values else None


def _remember(source: Source, version: str, body: bytes, now: dt.datetime) -> _State:
    """Note what was rendered. Its time moves forward, by a second at least, when the bytes are others than before."""
    etag, before = body_etag(body), _remembered(source)
    changed_at = int(now.timestamp())
    if before:
        changed_at = before.changed_at if before.etag == etag else max(changed_at, before.changed_at + 1)
    state = _State(version, etag, changed_at, len(body), source.filename)
    cache.set(_state_key(source), astuple(state), STATE_SECONDS)
    cache.set(_bytes_key(etag), body, source.keep_seconds)
    return state


def _state_key(source: Source) -> str:
    return f"calendar:state:{strong_etag(source.label.source)}"


def _bytes_key(etag: str) -> str:
    return f"calendar:bytes:{etag}"


def plain_answer(text: str, *, status: int) -> HttpResponse:
    """A refusal that a calendar program can show; nobody keeps it."""
    body = f"{text}\n".encode()
    headers = {"Cache-Control": "no-store", "Content-Language": "en", "Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type="text/plain; charset=utf-8", headers=headers)
