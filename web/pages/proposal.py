"""One talk, for its speaker: where it stands, and what they can do about it. Opening it changes nothing."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from core.tokens import unsign
from events.models import Event
from lightning.links import PURPOSE, UNPROVEN_PURPOSE, is_proof, propose_path, talk_of
from lightning.models import SlotOffer, Talk
from lightning.proposal import words_of_links
from lightning.services.proposing import confirm_talk, decline_talk, edit_proposal, link_of, withdraw_talk
from lightning.services.stand_by import decline_offer, stand_by_again, take_offer
from web.calendar_menu import talk_menu
from web.head import Page
from web.pages.rsvp import see_other
from web.private import unlisted
from web.proposal_form import ProposalForm
from web.reads.proposals import standing_of, topics_for, values_of
from web.vocabulary import PROPOSAL_SCRIPT, script_words


# The address is the secret, and no cookie counts here: who could forge a form to it could just as well follow it.
# A token in the form would be refused anyway: pages that send no referrer post from nowhere (Origin: null).
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, token: str) -> HttpResponse:
    """`/p/<token>/`: GET changes nothing, whoever looks into people's mail; POST presses one of the buttons."""
    talk, now = talk_of(token), timezone.now()
    if talk is None or talk.block.session.event.status == Event.Status.DRAFT:
        status = 404 if talk is None and not _was_signed(token) else 410
        return unlisted(
            render(request, "proposals/gone.html", {"page": Page(title=""), "status": status}, status=status)
        )
    if request.method != "POST":
        return unlisted(_page(request, talk, token, now=now))
    if request.POST.get("action") == "edit":
        return unlisted(_edit(request, talk, token, now=now))
    try:
        _act(talk, request.POST.get("action", ""), is_proof=is_proof(token), now=now)
    except RuleViolation as refusal:
        return unlisted(_page(request, talk_of(token) or talk, token, error=refusal.message, status=409, now=now))
    return unlisted(see_other(request.path))


def _was_signed(token: str) -> bool:
    return any(unsign(purpose, token) for purpose in (PURPOSE, UNPROVEN_PURPOSE))


def _edit(request: HttpRequest, talk: Talk, token: str, *, now: dt.datetime) -> HttpResponse:
    form = ProposalForm(request.POST, topics=topics_for(talk.block.session.event, talk))
    if form.is_valid():
        try:
            _refuse_unproven(talk, is_proof=is_proof(token))
            edit_proposal(talk=talk, wish=form.wish(), now=now)
        except RuleViolation as refusal:
            form.refuse(refusal)
        else:
            return see_other(request.path)
    return _page(request, talk, token, form=form, status=422, now=now)


def _act(talk: Talk, action: str, *, is_proof: bool, now: dt.datetime) -> None:
    """Press a button; raises RuleViolation, or BadRequest for what no page offers."""
    _refuse_unproven(talk, is_proof=is_proof)
    if action in ("take", "refuse"):
        _answer_offer(talk, action, is_proof=is_proof, now=now)
        return
    if action == "confirm" and not is_proof:
        raise RuleViolation("not_proven", _("Confirm with the link in the email: it shows that the address is yours."))
    if action not in ACTIONS:
        raise BadRequest(_("This page has no such button. Load it again."))
    ACTIONS[action](talk=talk, now=now)


ACTIONS: dict[str, Callable[..., Talk]] = {
    "confirm": confirm_talk,
    "decline": decline_talk,
    "withdraw": withdraw_talk,
    "rejoin": stand_by_again,
}


def _refuse_unproven(talk: Talk, *, is_proof: bool) -> None:
    """Since it was confirmed by mail, only who reads that mail changes it."""
    if not is_proof and talk.state == Talk.State.CONFIRMED:
        raise RuleViolation(
            "not_proven", _("This talk was confirmed by email. Use the link in the email to change it.")
        )


def _answer_offer(talk: Talk, action: str, *, is_proof: bool, now: dt.datetime) -> None:
    offer = SlotOffer.objects.filter(talk=talk).order_by("-offered_at", "-id").first()
    if offer is None:
        raise RuleViolation("no_offer", _("No slot is held for you at the moment."))
    if action == "take":
        take_offer(offer=offer, is_proven=is_proof, now=now)
    else:
        decline_offer(offer=offer, now=now)


def _page(
    request: HttpRequest,
    talk: Talk,
    token: str,
    *,
    now: dt.datetime,
    form: ProposalForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    standing, event = standing_of(talk, is_proof=is_proof(token), now=now), talk.block.session.event
    link = link_of(talk)
    if form is None and standing.may_edit:
        form = ProposalForm(initial=values_of(talk, link.url if link else ""), topics=topics_for(event, talk))
    context = {
        "page": Page(title=talk.title or _("Your talk"), section="events"),
        "talk": talk,
        "standing": standing,
        "event": event,
        "session": talk.block.session,
        "link": link,
        "form": form,
        "error": error,
        "menu": talk_menu(talk, settings.SITE_URL) if standing.state == "slot" and standing.is_on else [],
        "propose_path": propose_path(talk.block).split("?")[0],
        "script_words": script_words(PROPOSAL_SCRIPT) | words_of_links(),
    }
    return render(request, "proposals/proposal.html", context, status=status)
