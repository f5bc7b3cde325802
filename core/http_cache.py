"""Conditional requests and a small memory of rendered bytes, for what anybody may read (RFC 9110 section 13, RFC 9111).

A view knows the ETag of its answer before it renders: a fingerprint of the rows behind it (core.fingerprint) and all
else the bytes depend on, the language above all. `respond` then answers 304, or with bytes it remembers, or renders.
Whoever carries a session, a flash message or an Authorization header is never answered from memory.
"""

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe

MAX_BYTES = 32 * 1024 * 1024  # in each process
PERSONAL_COOKIES = (settings.SESSION_COOKIE_NAME, "messages")
# What a 304 repeats of the 200 it stands for (RFC 9110 section 15.4.5)
KEPT_BY_304 = ("Cache-Control", "Content-Location", "Content-Language", "ETag", "Expires", "Last-Modified", "Vary")


class ByteCache:
    """The most recently used bodies by ETag, bounded by their size; safe to use from several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> bytes | None:
        """The body, which now counts as just used."""
        with self._lock:
            body = self._bodies.get(etag)
            if body is not None:
                self._bodies.move_to_end(etag)
            return body

    def put(self, etag: str, body: bytes) -> None:
        """Keep a body and let go of what was not used for longest; more than a quarter of the room is too much."""
        if len(body) > self.max_bytes // 4:
            return
        with self._lock:
            self.size += len(body) - len(self._bodies.pop(etag, b""))
            self._bodies[etag] = body
            while self.size > self.max_bytes:
                _oldest, dropped = self._bodies.popitem(last=False)
                self.size -= len(dropped)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._bodies.clear()
            self.size = 0


rendered = ByteCache()


def strong_etag(*parts: object) -> str:
    """A quoted strong entity tag over the parts; the same parts give the same tag in every process."""
    text = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def body_etag(body: bytes) -> str:
    """A quoted strong entity tag of bytes that had to be rendered anyway."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nothing in the request says who asks."""
    return "HTTP_AUTHORIZATION" not in request.META and not any(name in request.COOKIES for name in PERSONAL_COOKIES)


def respond(
    request: HttpRequest,
    *,
    etag: str,
    content_type: str,
    render: Callable[[], bytes | str],
    max_age: int = 0,
    last_modified: dt.datetime | None = None,
    personal: bool = False,
) -> HttpResponse:
    """Answer GET or HEAD: 304, remembered bytes, or freshly rendered ones.

    `etag` is a quoted strong tag of what an anonymous visitor gets. `personal` says that somebody who is known gets
    other bytes, such as a page with their name on top: these carry no tag and stay private.
    """
    anonymous = is_anonymous(request)
    response = HttpResponse(content_type=content_type)
    response["Cache-Control"] = cache_control(anonymous=anonymous, max_age=max_age)
    if personal:
        patch_vary_headers(response, ["Cookie"])
    if personal and not anonymous:
        return _with_body(request, response, _as_bytes(render()))
    response["ETag"] = etag
    if last_modified is not None:
        response["Last-Modified"] = http_date(last_modified.timestamp())
    if is_not_modified(request, etag=etag, last_modified=last_modified):
        return not_modified(response)
    return _with_body(request, response, _body(request, etag, render, anonymous=anonymous))


def cache_control(*, anonymous: bool, max_age: int = 0) -> str:
    """What others may keep: of anonymous answers everything, asking again once it is older than `max_age` seconds."""
    return f"public, max-age={max_age}, must-revalidate" if anonymous else "private, no-cache"


def is_not_modified(request: HttpRequest, *, etag: str, last_modified: dt.datetime | None = None) -> bool:
    """Whether the client holds this representation: If-None-Match decides, If-Modified-Since only in its absence."""
    if request.method not in ("GET", "HEAD"):
        return False
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        known = parse_etags(tags)
        return known == ["*"] or etag in (tag.removeprefix("W/") for tag in known)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and last_modified is not None and int(last_modified.timestamp()) <= since


def not_modified(response: HttpResponse) -> HttpResponse:
    """The 304 that stands for this response."""
    answer = HttpResponseNotModified()
    for name in KEPT_BY_304:
        if name in response:
            answer[name] = response[name]
    return answer


def _body(request: HttpRequest, etag: str, render: Callable[[], bytes | str], *, anonymous: bool) -> bytes:
    remembered = rendered.get(etag) if anonymous else None
    if remembered is not None:
        return remembered
    body = _as_bytes(render())
    # A form's token belongs to one visitor: a page that made one is not kept, whatever its view believes
    if anonymous and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        rendered.put(etag, body)
    return body


def _as_bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else body


def _with_body(request: HttpRequest, response: HttpResponse, body: bytes) -> HttpResponse:
    """The body, or for HEAD its length alone."""
    response["Content-Length"] = str(len(body))
    if request.method != "HEAD":
        response.content = body
    return response
