"""The step after the form for strangers: six digits out of the mail prove the address."""

import datetime as dt

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors import user_with_email
from core.errors import RuleViolation
from registrations.links import is_confirmation_code, manage_path, was_confirmation_code
from registrations.models import Registration
from registrations.selectors.people import registration_for
from registrations.services.registering import confirm_registration
from web.asked_address import forget_address, remembered_address
from web.head import Page
from web.pages.rsvp import card_for, event_of, see_other, too_many
from web.private import unlisted
from web.rate_limits import Limit, network
from web.reads.rsvp import Card

# Ten guesses of a million, a day and address; the link in the mail works all the same.
GUESSES_BY_ADDRESS = Limit("rsvp-code", 10, 86_400)
GUESSES_BY_NETWORK = Limit("rsvp-code-network", 120, 3600)


class CodeForm(forms.Form):
    """Six digits out of a mail."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "dir": "ltr",
            }
        ),
    )


def code(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/rsvp/code/`: the six digits of the mail, for the browser that asked for them."""
    found, now = event_of(slug), timezone.now()
    card, email = card_for(request, found, now=now), remembered_address(request, found)
    if not email:
        return unlisted(HttpResponseRedirect(reverse("rsvp", args=[found.slug])), referrer="same-origin")
    form = CodeForm(request.POST if request.method == "POST" else None)
    form.fields["code"].error_messages["required"] = _("Write the six digits of the email.")
    if request.method == "POST":
        return unlisted(_take_code(request, card, email, form, now=now), referrer="same-origin")
    return unlisted(_code_page(request, card, email, form), referrer="same-origin")


def _take_code(request: HttpRequest, card: Card, email: str, form: CodeForm, *, now: dt.datetime) -> HttpResponse:
    """Right: to the registration. Wrong: counted, and said in the same words whether there is one or not."""
    who = f"{card.event.pk}:{email.lower()}"
    if GUESSES_BY_ADDRESS.is_used_up(who) or GUESSES_BY_NETWORK.is_used_up(network(request)):
        form.add_error("code", _("Too many wrong codes. Use the link in the email instead; it still works."))
        return too_many(_code_page(request, card, email, form, status=429), GUESSES_BY_ADDRESS)
    if not form.is_valid():
        return _code_page(request, card, email, form, status=422)
    user = user_with_email(email)
    registration = registration_for(card.event, user) if user else None
    if registration is None or not _is_right(registration, form.cleaned_data["code"]):
        GUESSES_BY_ADDRESS.count(who)
        GUESSES_BY_NETWORK.count(network(request))
        form.add_error("code", _("This is not the code of the latest email. Look again, or use the link in it."))
        return _code_page(request, card, email, form, status=422)
    try:
        confirm_registration(registration=registration, now=now)
    except RuleViolation as refusal:
        form.add_error(None, refusal.message)
        return _code_page(request, card, email, form, status=422)
    response = see_other(manage_path(registration))
    forget_address(response, card.event)
    return response


def _is_right(registration: Registration, given: str) -> bool:
    """The code that waits to be used, or the one that a double click has just used."""
    if registration.state == Registration.State.PENDING:
        return is_confirmation_code(registration, given)
    return was_confirmation_code(registration, given)


def _code_page(request: HttpRequest, card: Card, email: str, form: CodeForm, *, status: int = 200) -> HttpResponse:
    page = Page(title=_("Confirm your RSVP"), section="events")
    context = {"page": page, "event": card.event, "card": card, "email": email, "form": form}
    return render(request, "registrations/code.html", context, status=status)
