"""Forms on pages that are the same for every stranger hold no token: the browser says where they were sent from."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]


def is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent the form: by Sec-Fetch-Site, else by Origin; who says neither is refused."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    own = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin", "") in {own, settings.SITE_URL}


def posted_from_here(view: View) -> View:
    """A view for POSTs of our own pages, in the place of a token."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_from_here(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer
