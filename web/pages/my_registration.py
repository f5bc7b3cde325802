"""The way back to one's registration without a session or its link: mails that people share lead here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from registrations.links import manage_path
from registrations.services.by_email import mail_link
from web.head import Page
from web.pages.rsvp import ASKING_BY_ADDRESS, ASKING_BY_NETWORK, card_for, event_of, too_many
from web.private import unlisted
from web.rate_limits import network
from web.reads.rsvp import Card
from web.rsvp_form import AddressForm


def my_registration(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/registration/`: to the own registration; strangers have its link mailed, where there is one."""
    found, now = event_of(slug), timezone.now()
    card = card_for(request, found, now=now)
    if card.registration:
        return unlisted(HttpResponseRedirect(manage_path(card.registration)))
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return unlisted(_page(request, card, form), referrer="same-origin")
    if not form.is_valid():
        return unlisted(_page(request, card, form, status=422), referrer="same-origin")
    email = form.cleaned_data["email"]
    for limit, who in ((ASKING_BY_NETWORK, network(request)), (ASKING_BY_ADDRESS, email.lower())):
        if limit.count(who):
            form.add_error(None, _("That was asked many times in a short while. Wait some minutes, then try again."))
            return unlisted(too_many(_page(request, card, form, status=429), limit), referrer="same-origin")
    mail_link(event=found, email=email, now=now)
    return unlisted(_page(request, card, form, asked=email), referrer="same-origin")


def _page(request: HttpRequest, card: Card, form: AddressForm, *, status: int = 200, asked: str = "") -> HttpResponse:
    page = Page(title=_("My registration"), section="events")
    context = {"page": page, "event": card.event, "card": card, "form": form, "asked": asked}
    return render(request, "registrations/find.html", context, status=status)
