"""Who taps: an account, or a random mark that a browser gets when it taps first, and not before."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from core.tokens import new_secret, sign, unsign
from lightning.clappers import clapper_of, clapper_of_mark

COOKIE = "mark"
PURPOSE = "applause"
PATH = "/t/"
KEPT_SECONDS = 30 * 24 * 3600  # a talk is heard for a week


class Clapper:
    """One visitor; `digest` is what is kept of them."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = request.user if isinstance(request.user, User) else None
        self.known = unsign(PURPOSE, request.COOKIES.get(COOKIE, ""))
        self.mark = self.known or new_secret()

    @property
    def digest(self) -> str:
        return clapper_of(self.user) if self.user else clapper_of_mark(self.mark)

    def remember(self, response: HttpResponseBase) -> None:
        """Give a stranger's browser its mark; signed, so that none can be made up."""
        if self.user or self.known:
            return
        response.set_cookie(
            COOKIE,
            sign(PURPOSE, self.mark),
            max_age=KEPT_SECONDS,
            path=PATH,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
