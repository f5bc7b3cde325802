"""Answers calendar feeds before sessions, sign-in and languages have a look at the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

PREFIX = "/calendars/"


class CalendarsFirstMiddleware:
    """Feeds are the same for everybody: no cookie, no Vary, and many more requests a second.

    What the skipped middleware would have refused, a foreign Host above all, is refused here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PREFIX):
            request.get_host()
            try:
                match = resolve(request.path_info)
            except Resolver404:
                return self.get_response(request)
            if getattr(match.func, "is_calendar_feed", False):
                request.resolver_match = match
                return match.func(request, *match.args, **match.kwargs)
        return self.get_response(request)
