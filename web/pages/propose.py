"""Proposing a talk: the form, the step that asks strangers for their address, and why nothing is taken.

The form holds a key of its own, so that a double click or an answer that got lost leads to one talk.
"""

import datetime as dt
import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event
from lightning.links import proposal_path, unproven_path
from lightning.models import Call, Talk
from lightning.proposal import words_of_links
from lightning.selectors.calls import calls_of, window_of
from lightning.services.proposing import closed_sentence, link_of, propose
from speakers.models import Speaker
from web.head import Page
from web.pages.rsvp import event_of, see_other, too_many
from web.private import unlisted
from web.proposal_form import STEP_ONE, ProposalForm
from web.rate_limits import Limit, network
from web.reads.proposals import Round, earlier_talks, round_of, topics_for, values_of
from web.reads.rsvp import signed_in
from web.vocabulary import PROPOSAL_SCRIPT, script_words

# A whole hall behind one router may propose at once; one address needs no more than a few mails an hour.
PROPOSING_BY_NETWORK = Limit("propose-network", 120, 600)
PROPOSING_BY_ADDRESS = Limit("propose-address", 10, 3600)


def propose_talk(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/propose/`, `?block=` where several rounds take talks: GET shows the form, POST proposes."""
    found, now = event_of(slug), timezone.now()
    calls = calls_of(found)
    if not calls:
        raise Http404
    call = _chosen(calls, request.GET.get("block", ""), now)
    if call is None:
        return unlisted(_choice_page(request, found, calls, now), referrer="same-origin")
    asked = round_of(call, now=now)
    if request.method == "POST":
        return unlisted(_posted(request, asked, now=now), referrer="same-origin")
    form = None
    if asked.window.is_open:
        form = _form(request, asked, initial=_initial(request, found))
    return unlisted(_form_page(request, asked, form), referrer="same-origin")


def _chosen(calls: list[Call], block: str, now: dt.datetime) -> Call | None:
    """The round that was asked for, or the only one that is open; None when the visitor has to choose."""
    if block:
        named = [call for call in calls if str(call.block_id) == block]
        if not named:
            raise Http404
        return named[0]
    is_open = [call for call in calls if window_of(call, now=now).is_open]
    if len(is_open) > 1:
        return None
    to_come = [call for call in calls if window_of(call, now=now).changes_at]
    return (is_open or to_come or calls)[0]


def _posted(request: HttpRequest, asked: Round, *, now: dt.datetime) -> HttpResponse:
    user = signed_in(request)
    if "back" in request.POST:
        return _form_page(request, asked, _form(request, asked, initial=_typed(request)))
    form = _form(request, asked, request.POST)
    if not form.is_valid():
        if "email" in form.errors and form.email_is_wrong_alone:
            return _email_page(request, asked, form, status=422)
        return _form_page(request, asked, form, status=422)
    if user is None and "email" not in request.POST:
        return _email_page(request, asked, _form(request, asked, asks_email=True, initial=_typed(request)))
    return _propose(request, asked, form, user, now=now)


def _propose(
    request: HttpRequest, asked: Round, form: ProposalForm, user: User | None, *, now: dt.datetime
) -> HttpResponse:
    wish = form.wish()
    page = _email_page if user is None else _form_page
    limits = (
        (PROPOSING_BY_NETWORK, network(request)),
        (PROPOSING_BY_ADDRESS, str(user.pk) if user else wish.email.lower()),
    )
    spent = next((limit for limit, who in limits if limit.count(who)), None)
    if spent:
        form.add_error(None, _("That was asked many times in a short while. Wait some minutes, then try again."))
        return too_many(page(request, asked, form, status=429), spent)
    try:
        talk = propose(call=asked.call, wish=wish, user=user, is_proven=user is not None, now=now)
    except RuleViolation as refusal:
        form.refuse(refusal)
        return page(request, asked, form, status=422)
    return see_other(proposal_path(talk) if user else unproven_path(talk))


def _form(
    request: HttpRequest, asked: Round, data: object = None, *, asks_email: bool = False, **options: object
) -> ProposalForm:
    user = signed_in(request)
    return ProposalForm(
        data,  # type: ignore[arg-type]
        topics=topics_for(asked.block.session.event),
        asks_name=user is None or not (user.name or Speaker.objects.filter(user=user).exists()),
        asks_email=asks_email or (user is None and "email" in request.POST),
        **options,
    )


def _initial(request: HttpRequest, found: Event) -> dict[str, object]:
    """A key, and an earlier talk of theirs when they chose one."""
    user, key = signed_in(request), secrets.token_urlsafe(16)
    wanted = request.GET.get("earlier", "")
    earlier = next((talk for talk in earlier_talks(user) if str(talk.pk) == wanted), None) if user and wanted else None
    if earlier is None:
        return {"key": key}
    return {**_values_of(earlier), "is_first_talk": False, "key": key}


def _values_of(talk: Talk) -> dict[str, object]:
    link = link_of(talk)
    return values_of(talk, link.url if link else "")


def _typed(request: HttpRequest) -> dict[str, object]:
    """As it was typed, to be shown again."""
    return {**request.POST.dict(), "topics": request.POST.getlist("topics")}


def _form_page(request: HttpRequest, asked: Round, form: ProposalForm | None, *, status: int = 200) -> HttpResponse:
    user, event = signed_in(request), asked.block.session.event
    context = _context(asked, form) | {
        "is_known": user is not None,
        "earlier": earlier_talks(user) if user and form else [],
        "closed": closed_sentence(asked.window, zone=event.time_zone) if asked.window.closed else "",
    }
    return render(request, "proposals/propose.html", context, status=status)


def _email_page(request: HttpRequest, asked: Round, form: ProposalForm, *, status: int = 200) -> HttpResponse:
    typed = [(name, value) for name, values in request.POST.lists() for value in values if name in STEP_ONE]
    return render(request, "proposals/email.html", _context(asked, form) | {"typed": typed}, status=status)


def _context(asked: Round, form: ProposalForm | None) -> dict[str, object]:
    event = asked.block.session.event
    return {
        "page": Page(title=_("Propose a talk: %(event)s") % {"event": event.title}, section="events"),
        "event": event,
        "round": asked,
        "form": form,
        "script_words": script_words(PROPOSAL_SCRIPT) | words_of_links(),
    }


def _choice_page(request: HttpRequest, found: Event, calls: list[Call], now: dt.datetime) -> HttpResponse:
    is_open = [round_of(call, now=now) for call in calls if window_of(call, now=now).is_open]
    page = Page(title=_("Propose a talk: %(event)s") % {"event": found.title}, section="events")
    return render(request, "proposals/choose.html", {"page": page, "event": found, "rounds": is_open})
