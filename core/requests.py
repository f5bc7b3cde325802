"""Turns away requests no view could make sense of, before any of them has to."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class RefuseUnreadableRequestsMiddleware:
    """400 for NUL characters in path or query: PostgreSQL cannot hold them, so no answer could be right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Raise inside the handler, so that the site's own 400 page (or problem document) answers."""
        if "\0" in request.path or any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            raise BadRequest("The address contains a NUL character. Remove %00 and try again.")
