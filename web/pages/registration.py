"""One registration, for who holds the link out of our mail: where they stand, and what they can do about it."""

import datetime as dt

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from core.tokens import unsign
from events.models import Event
from registrations.links import PURPOSE, registration_of
from registrations.models import Registration
from registrations.selectors.plans import plan_or_none
from registrations.tickets import ticket_code
from web.head import Page
from web.private import unlisted
from web.reads.rsvp import Card, card_by_link, comes_to_series
from web.registration_actions import act


# The address is the secret, and no cookie counts here: who could forge a form to it could just as well follow it.
# A token in the form would be refused anyway: pages that send no referrer post from nowhere (Origin: null).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """`/r/<token>/`: GET changes nothing, whoever looks into people's mail; POST presses one of the buttons."""
    found, now = registration_of(token), timezone.now()
    card = _card(found, now=now) if found else None
    if found is None or card is None:
        status = 404 if unsign(PURPOSE, token) is None else 410
        page = Page(title="", section="")
        return unlisted(render(request, "registrations/gone.html", {"page": page, "status": status}, status=status))
    if request.method != "POST":
        return unlisted(standing_page(request, card))
    try:
        act(found, request.POST.get("action", ""), place=request.POST.get("place", ""), now=now)
    except RuleViolation as refusal:
        return unlisted(standing_page(request, card, error=refusal.message, status=409))
    response = HttpResponseRedirect(request.path)
    response.status_code = 303
    return unlisted(response)


def _card(found: Registration, *, now: dt.datetime) -> Card | None:
    """None for who deleted their account, and for an event that is withdrawn or takes no RSVPs any more."""
    plan = plan_or_none(found.event)
    if plan is None or found.user is None or found.event.status == Event.Status.DRAFT:
        return None
    return card_by_link(found, plan, now=now)


def standing_page(request: HttpRequest, card: Card, *, error: str = "", status: int = 200) -> HttpResponse:
    """Where the person stands; with what went wrong, when something did."""
    one = card.registration
    assert one is not None  # noqa: S101 - callers have one
    context = {
        "page": Page(title=card.event.title, section="events"),
        "card": card,
        "event": card.event,
        "registration": one,
        "ticket": ticket_code(one),
        "error": error,
        "may_join_series": bool(card.event.series_id) and card.is_live and one.state != Registration.State.PENDING,
        "comes_to_series": comes_to_series(one),
    }
    return render(request, "registrations/registration.html", context, status=status)
