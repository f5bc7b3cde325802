"""The link at the foot of a mail: looking changes nothing, one press (or one click in the mail program) ends it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from outbox.unsubscribing import Unsubscription, read_token
from web.head import Page
from web.pages.rsvp import too_many
from web.private import unlisted
from web.rate_limits import Limit, network
from web.unsubscribing import ONE_CLICK, press, standing

# The servers of a large mail provider press for all their readers out of a few networks
BY_NETWORK = Limit("unsubscribe", 1200, 3600)


# The address is the secret: mail providers come without cookie and without token (RFC 8058 section 3.2).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """`/u/<token>/`: GET shows what it is about, whoever looks into people's mail; POST does it at once."""
    asked = read_token(token)
    if asked is None:
        return unlisted(render(request, "unsubscribe/unknown.html", {"page": _page()}, status=404))
    if request.method != "POST":
        return unlisted(_shown(request, asked))
    if BY_NETWORK.count(network(request)):
        error = _("Too many at once from your network. Nothing was changed; try again in an hour.")
        return unlisted(too_many(_shown(request, asked, error=error, status=429), BY_NETWORK))
    try:
        press(asked, _action(request), now=timezone.now())
    except RuleViolation as refusal:
        return unlisted(_shown(request, asked, error=refusal.message, status=400))
    return unlisted(_shown(request, asked))


def _action(request: HttpRequest) -> str:
    name, value = ONE_CLICK
    return "stop" if request.POST.get(name) == value else request.POST.get("action", "")


def _shown(request: HttpRequest, asked: Unsubscription, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"page": _page(), "standing": standing(asked), "error": error}
    return render(request, "unsubscribe/unsubscribe.html", context, status=status)


def _page() -> Page:
    return Page(title=_("Emails from Lectern"))
