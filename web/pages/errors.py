"""What answers when a request cannot be served; the API answers with problem documents instead."""

import sys

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

BACK_IN_SECONDS = 5  # a restart of PostgreSQL, or the holder of a lock


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; our own refusals carry a sentence for the reader, the framework's words stay inside."""
    reason = str(exception) if type(exception) is BadRequest else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away; drawn without the request: what broke must not break this page, too."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(BACK_IN_SECONDS)})
    return HttpResponse(render_to_string("500.html"), status=500)
