"""The address a stranger typed, kept by the browser that typed it: strangers stay without a session."""

from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from events.models import Event

COOKIE = "rsvp"
SECONDS = 86_400
SALT = "lectern.rsvp-address"


def remember_address(response: HttpResponse, found: Event, email: str) -> None:
    """For the pages of this event's RSVP alone, for a day."""
    response.set_signed_cookie(
        COOKIE,
        f"{found.pk}:{quote(email)}",  # a domain may hold letters that no header may
        salt=SALT,
        max_age=SECONDS,
        path=reverse("rsvp", args=[found.slug]),
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )


def remembered_address(request: HttpRequest, found: Event) -> str:
    """What they typed for this event; empty when they did not, or somebody altered it."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=SECONDS) or ""
    event_id, _colon, email = value.partition(":")
    return unquote(email) if event_id == str(found.pk) else ""


def forget_address(response: HttpResponse, found: Event) -> None:
    """It is proven now."""
    response.delete_cookie(COOKIE, path=reverse("rsvp", args=[found.slug]), samesite="Lax")
