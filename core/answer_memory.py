"""Answers that hold as long as nothing at all was committed: one tiny query instead of finding out what a page shows.

A fingerprint (core.fingerprint) reads every row behind an answer; the database's state is one number it keeps anyway.
While that state is the same, whatever was answered before is still right, to the byte. After any commit, wherever it
was, the view runs again, its own ETag decides, and mostly it finds its bytes unchanged in core.http_cache.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from core.fingerprint import database_state
from core.http_cache import is_anonymous, is_not_modified, not_modified, rendered

MAX_ANSWERS = 2000  # in each process; their bodies live in core.http_cache, bounded by size
LONGEST_KEY = 500  # characters of address and Accept header; longer ones are hardly asked twice
KEPT_HEADERS = ("Content-Type", "Content-Language", "Cache-Control", "ETag", "Last-Modified", "Vary")


class Answer(NamedTuple):
    """What was answered, but for its body, and the state of the database before."""

    state: str
    headers: dict[str, str]


class AnswerMemory:
    """The answers most recently given to anonymous visitors; safe to use from several threads."""

    def __init__(self, max_answers: int = MAX_ANSWERS) -> None:
        self.max_answers = max_answers
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, request: HttpRequest, moment: object = None) -> HttpResponse | None:
        """The answer given before, if nothing was committed since; notes the state for `remember`. One query."""
        key = _key(request, moment)
        request.state_before = database_state() if key is not None else None  # type: ignore[attr-defined]
        with self._lock:
            known = self._answers.get(key)
        if known is None or known.state != request.state_before:  # type: ignore[attr-defined]
            return None
        return _answer(request, known.headers)

    def remember(self, request: HttpRequest, response: HttpResponse, moment: object = None) -> None:
        """Keep what the view answered after `recall` had found nothing; passes by what is private or has no tag."""
        key, state = _key(request, moment), getattr(request, "state_before", None)
        if key is None or state is None or not _may_be_kept(request, response):
            return
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        with self._lock:
            self._answers[key] = Answer(state, headers)
            self._answers.move_to_end(key)
            while len(self._answers) > self.max_answers:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._answers.clear()


answers = AnswerMemory()


def while_unchanged(
    view: Callable[..., HttpResponse], *, moment: Callable[[], object] = lambda: None
) -> Callable[..., HttpResponse]:
    """A view whose answers hold until the next commit; `moment` names the time where the answer depends on it, too.

    The answer may depend on the address, the language, the Accept header and the database alone, and must come from
    core.http_cache.respond.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = moment()
        known = answers.recall(request, now)
        if known is not None:
            return known
        response = view(request, *args, **kwargs)
        answers.remember(request, response, now)
        return response

    return answer


def _key(request: HttpRequest, moment: object) -> Hashable | None:
    """What an answer may depend on; None for who is not answered from memory."""
    address, accept = request.get_full_path(), request.headers.get("Accept", "")
    if request.method not in ("GET", "HEAD") or len(address) + len(accept) > LONGEST_KEY or not is_anonymous(request):
        return None
    return address, accept, get_language(), moment


def _may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code in (200, 304)
        and response.get("Cache-Control", "").startswith("public")
        and "ETag" in response
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def _answer(request: HttpRequest, headers: dict[str, str]) -> HttpResponse | None:
    """None where only a 304 was ever given, or where the body has been let go of."""
    if is_not_modified(request, etag=headers["ETag"]):
        return not_modified(HttpResponse(headers=headers))
    body = rendered.get(headers["ETag"])
    if body is None or "Content-Type" not in headers:
        return None
    response = HttpResponse(headers={**headers, "Content-Length": str(len(body))})
    if request.method != "HEAD":
        response.content = body
    return response
