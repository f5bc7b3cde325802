"""Pages that are the same for every stranger: tagged by their bytes, and kept while nothing in the database changes."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.answer_memory import while_unchanged
from core.http_cache import body_etag, respond

View = Callable[..., HttpResponse]


def page_answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page with a strong tag of its bytes, or 304; untagged and private for who is signed in."""
    body = render_to_string(template, context, request).encode()
    return respond(
        request,
        etag=body_etag(body),
        content_type="text/html; charset=utf-8",
        render=lambda: body,
        personal=True,
    )


def this_minute() -> str:
    """Events begin and end at whole minutes, so that is how often a page that knows the time may change by itself."""
    return timezone.now().strftime("%Y-%m-%dT%H:%M")


def public(view: View) -> View:
    """GET and HEAD of a page that depends on the address, the language and the database alone."""
    return require_safe(while_unchanged(view))


def public_by_the_minute(view: View) -> View:
    """The same for a page that looks at the clock, too."""
    return require_safe(while_unchanged(view, moment=this_minute))
