"""RSVP for one event: the form and what it leads to, and the numbers that keep the card up to date.

The event's page is the same bytes for every stranger, so it holds no form token: its button leads here, where the page
is the visitor's own. Signed-in people, whose event page is private anyway, post from there with one click.
"""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event
from events.selectors.events import published_event
from registrations.links import join_path
from registrations.selectors.people import registration_for
from registrations.services.by_email import ask_by_email
from registrations.services.registering import register
from registrations.services.series import join_series
from registrations.states import IS_OVER
from web.answers import page_answer
from web.asked_address import remember_address
from web.head import Page
from web.pages.registration import standing_page
from web.private import unlisted
from web.rate_limits import Limit, network
from web.reads.rsvp import Card, card_of, signed_in
from web.registration_actions import act
from web.rsvp_form import RsvpForm

# A whole hall behind one router may RSVP at once; one address needs no more than a few mails an hour.
ASKING_BY_NETWORK = Limit("rsvp-network", 120, 600)
ASKING_BY_ADDRESS = Limit("rsvp-address", 10, 3600)


def places(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/places/`: the card alone, for pages that hear of a change; the same for every stranger."""
    found = event_of(slug)
    context = {"event": found, "card": card_for(request, found, now=timezone.now())}
    return page_answer(request, "events/places.html", context)


def rsvp(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/rsvp/`: GET shows the form, POST asks for a place or presses a button of the card."""
    found, now = event_of(slug), timezone.now()
    card = card_for(request, found, now=now)
    if request.method == "POST":
        return unlisted(_posted(request, card, now=now), referrer="same-origin")
    if card.registration and card.registration.state not in IS_OVER:
        return unlisted(HttpResponseRedirect(_card_of_event(found)), referrer="same-origin")
    form = RsvpForm(plan=card.plan, is_stranger=not card.is_known, initial=_initial(request, card))
    return unlisted(_form_page(request, card, form), referrer="same-origin")


def _posted(request: HttpRequest, card: Card, *, now: dt.datetime) -> HttpResponse:
    user = signed_in(request)
    if user and request.POST.get("action"):
        return _act(request, card, now=now)
    form = RsvpForm(_with_defaults(request.POST, card, user), plan=card.plan, is_stranger=user is None)
    if not form.is_valid():
        return _form_page(request, card, form, status=422)
    if user is None:
        return _ask_stranger(request, card, form, now=now)
    try:
        register(plan=card.plan, user=user, wish=form.wish(), is_proven=True, now=now, by=user)
        if form.cleaned_data.get("series") and card.event.series:
            name, place = form.cleaned_data["name"], form.cleaned_data["place"]
            join_series(series=card.event.series, user=user, name=name, place=place, now=now)
    except RuleViolation as refusal:
        form.refuse(refusal)
        return _form_page(request, card, form, status=422)
    return see_other(_card_of_event(card.event))


def _act(request: HttpRequest, card: Card, *, now: dt.datetime) -> HttpResponse:
    """A button of the card; pressed twice, the second press finds it done."""
    if card.registration is None:
        return see_other(_card_of_event(card.event))
    try:
        act(card.registration, request.POST["action"], now=now)
    except RuleViolation as refusal:
        return standing_page(request, card, error=refusal.message, status=409)
    return see_other(_card_of_event(card.event))


def _ask_stranger(request: HttpRequest, card: Card, form: RsvpForm, *, now: dt.datetime) -> HttpResponse:
    """The same answer whoever the address belongs to: what else there is to say stands in the mail."""
    email = form.cleaned_data["email"]
    asked = ((ASKING_BY_NETWORK, network(request)), (ASKING_BY_ADDRESS, email.lower()))
    spent = next((limit for limit, who in asked if limit.count(who)), None)
    if spent:
        form.add_error(None, _("That was asked many times in a short while. Wait some minutes, then try again."))
        return too_many(_form_page(request, card, form, status=429), spent)
    try:
        ask_by_email(plan=card.plan, email=email, language=get_language() or "", wish=form.wish(), now=now)
    except RuleViolation as refusal:
        form.refuse(refusal)
        return _form_page(request, card, form, status=422)
    response = see_other(reverse("rsvp_code", args=[card.event.slug]))
    remember_address(response, card.event, email)
    return response


def join_online(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """`/events/<event>/join/`: to one's own way in, which looks whether one is confirmed; the address is said there."""
    found = event_of(slug)
    registration = registration_for(found, user)
    if registration is None:
        context = {"page": Page(title=found.title), "event": found}
        return unlisted(render(request, "registrations/not_registered.html", context, status=403))
    return unlisted(HttpResponseRedirect(join_path(registration)))


def see_other(path: str) -> HttpResponseRedirect:
    """303: what was posted is done, and loading the next page again does nothing."""
    response = HttpResponseRedirect(path)
    response.status_code = 303
    return response


def event_of(slug: str) -> Event:
    """The event for who knows its address."""
    try:
        return published_event(slug)
    except Event.DoesNotExist as error:
        raise Http404 from error


def card_for(request: HttpRequest, found: Event, *, now: dt.datetime) -> Card:
    """The card as this visitor sees it; events without RSVP have none of these pages."""
    card = card_of(found, user=signed_in(request), now=now)
    if card is None:
        raise Http404
    return card


def _card_of_event(found: Event) -> str:
    return f"{found.get_absolute_url()}#rsvp"


def _initial(request: HttpRequest, card: Card) -> dict[str, object]:
    """What we know, and the place whose button led here."""
    user, offered = signed_in(request), [place.place for place in card.places]
    wanted = request.GET.get("place", "")
    primary = next((one.place for one in card.entrances if one.is_primary), "")
    known = {"name": user.name} if user else {}
    return {**known, "place": wanted if wanted in offered else primary, "guests": 0, "series": ""}


def _with_defaults(given: QueryDict, card: Card, user: User | None) -> QueryDict:
    """One click says no name, and one place is no choice."""
    data = given.copy()
    if user:
        data.setdefault("name", user.name)
    if len(card.places) == 1 or user:
        data.setdefault("place", next((one.place for one in card.entrances if one.is_primary), ""))
    return data


def _form_page(request: HttpRequest, card: Card, form: RsvpForm, *, status: int = 200) -> HttpResponse:
    page = Page(title=_("RSVP: %(event)s") % {"event": card.event.title}, section="events")
    context = {"page": page, "event": card.event, "card": card, "form": form, "is_open": _is_open(card) or form.errors}
    return render(request, "registrations/form.html", context, status=status)


def _is_open(card: Card) -> bool:
    return card.state in ("open", "full", "invitation")


def too_many(response: HttpResponse, limit: Limit) -> HttpResponse:
    """With the time after which it is worth trying again."""
    response["Retry-After"] = str(limit.seconds)
    return response
