"""Answers for one person alone: nobody keeps them, nobody lists them, and no other site learns their address."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from accounts.models import User

Arguments = ParamSpec("Arguments")
SIGN_IN = "account_request_login_code"


def unlisted(response: HttpResponse, *, referrer: str = "no-referrer") -> HttpResponse:
    """Marks an answer as private; pages with forms tell their own site where they come from (`same-origin`).

    With `no-referrer` a browser posts forms from nowhere (Origin: null), and they would be refused as forged.
    """
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = referrer
    return response


def for_oneself(
    view: Callable[Concatenate[HttpRequest, User, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A view of the person who is signed in, which gets them as its second argument; others are asked to sign in."""

    @login_required(login_url=SIGN_IN)
    @wraps(view)
    def answer(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        assert isinstance(request.user, User)  # noqa: S101 - says login_required
        response = view(request, request.user, *args, **kwargs)
        return response if "Referrer-Policy" in response else unlisted(response, referrer="same-origin")

    return answer  # type: ignore[return-value]  # wraps() remembers the names of both
