"""A talk's own page behind its short link, and what its audience gives there."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event, Session
from lightning.clappers import clapper_of
from lightning.models import Deck, Talk
from lightning.selectors.audience import applause_count, has_applauded, is_listening, shared_feedback
from lightning.selectors.decks import is_deck_out
from lightning.selectors.talk_page import talk_by_code
from lightning.services.audience import LONGEST_NAME, LONGEST_TEXT, applaud, give_feedback
from web import linked_data
from web.answers import page_answer
from web.calendar_menu import talk_menu
from web.clapping import Clapper
from web.head import Page, absolute, describe
from web.pages.tickets import qr_code
from web.private import unlisted
from web.rate_limits import Limit, network
from web.talk_times import TalkTimes, length_words, times_of

# A whole hall behind one router claps at once; who throws the mark away again and again claps no more often than that
CLAPS = Limit("applause", 400, 3600)  # of one network, for one talk
WORDS = Limit("feedback", 60, 3600)


def talk(request: HttpRequest, code: str) -> HttpResponse:
    """`/t/<code>/`: for everybody who knows the address; the same for every stranger."""
    found = _talk(code)
    return page_answer(request, "talks/talk.html", _context(request, found, now=timezone.now()))


def clap(request: HttpRequest, code: str) -> HttpResponse:
    """`/t/<code>/applause/`: POST from the talk's page; JSON for its script, else back to the page."""
    found, clapper = _talk(code), Clapper(request)
    try:
        _count(CLAPS, request, found)
        applaud(talk=found, clapper=clapper.digest, now=timezone.now())
    except RuleViolation as refusal:
        return _refused(request, found, refusal)
    count = applause_count(found)
    if request.accepts("text/html"):
        response: HttpResponse = HttpResponseRedirect(f"{reverse('talk', args=[found.code])}#thanks")
        response.status_code = 303
    else:
        response = JsonResponse({"count": count, "words": applause_words(count)})
    clapper.remember(response)
    return unlisted(response, referrer="same-origin")


def write(request: HttpRequest, code: str) -> HttpResponse:
    """`/t/<code>/feedback/`: POST from the talk's page; words for the speaker."""
    found, clapper = _talk(code), Clapper(request)
    try:
        _count(WORDS, request, found)
        given = {name: request.POST.get(name, "") for name in ("name", "text")}
        give_feedback(talk=found, clapper=clapper.digest, now=timezone.now(), **given)
    except RuleViolation as refusal:
        return _refused(request, found, refusal)
    response = HttpResponseRedirect(f"{reverse('talk', args=[found.code])}#thanks-for-words")
    response.status_code = 303
    clapper.remember(response)
    return unlisted(response, referrer="same-origin")


def applause_words(count: int) -> str:
    """What stands beside the number: people applauded."""
    return ngettext("person applauded", "people applauded", count)


def _talk(code: str) -> Talk:
    try:
        return talk_by_code(code)
    except Talk.DoesNotExist as error:
        raise Http404 from error


def _count(limit: Limit, request: HttpRequest, found: Talk) -> None:
    if limit.count(f"{network(request)} {found.pk}"):
        raise RuleViolation("too_many", _("That came many times in a short while. Wait some minutes, then try again."))


def _refused(request: HttpRequest, found: Talk, refusal: RuleViolation) -> HttpResponse:
    status = {"too_many": 429, "not_now": 409}.get(refusal.code, 422)
    if not request.accepts("text/html"):
        return unlisted(JsonResponse({"error": refusal.message}, status=status))
    context = _context(request, found, now=timezone.now()) | {
        "refusal": refusal,
        "typed": {name: request.POST.get(name, "") for name in ("name", "text")},
    }
    return unlisted(render(request, "talks/talk.html", context, status=status), referrer="same-origin")


def _context(request: HttpRequest, found: Talk, *, now: dt.datetime) -> dict[str, Any]:
    """At most eleven queries."""
    block, times = found.block, times_of(found)
    session, user = block.session, request.user
    count = applause_count(found)
    return {
        "page": _head(found, times),
        "talk": found,
        "session": session,
        "event": session.event,
        "speakers": [_speaker(part) for part in found.talk_speakers.all()],
        "slot": (found.position or 0) + 1,
        "times": times,
        "length": length_words(times) if times.length else "",
        "is_off": session.status == Session.Status.CANCELLED or session.event.status == Event.Status.CANCELLED,
        "is_postponed": session.event.status == Event.Status.POSTPONED,
        "deck": _deck(found) if is_deck_out(found, now=now) else None,
        "slides_qr": qr_code(absolute(reverse("deck", args=[found.code]))),
        "link": absolute(reverse("talk", args=[found.code])),
        "is_listening": is_listening(found, now=now),
        "applause": count,
        "applause_words": applause_words(count),
        "has_applauded": isinstance(user, User) and has_applauded(found, clapper_of(user)),
        "feedback": list(shared_feedback(found)),
        "longest": {"name": LONGEST_NAME, "text": LONGEST_TEXT},
        "menu": talk_menu(found, settings.SITE_URL),
    }


def _speaker(part: Any) -> dict[str, str]:
    """As templates/_speaker_names.html wants them."""
    url = part.speaker.get_absolute_url() if part.speaker.is_listed else ""
    return {"name": part.speaker.name, "url": url, "affiliation": part.affiliation, "role": ""}


def _deck(found: Talk) -> Deck | None:
    return getattr(found, "deck", None)


def title_of(found: Talk) -> str:
    """Its title; before it has one, who speaks."""
    names = ", ".join(part.speaker.name for part in found.talk_speakers.all())
    return found.title or (_("Lightning talk by %(names)s") % {"names": names} if names else _("Lightning talk"))


def _head(found: Talk, times: TalkTimes) -> Page:
    event = found.block.session.event
    names = [part.speaker.name for part in found.talk_speakers.all()]
    listed, address = event.group.is_listed, absolute(reverse("talk", args=[found.code]))
    by = _("By %(names)s at %(event)s.") % {"names": ", ".join(names), "event": event.title} if names else ""
    return Page(
        title=title_of(found),
        description=describe(found.notes) or by,
        canonical=address if listed else "",
        section="events",
        json_ld=[
            linked_data.part(
                event,
                name=title_of(found),
                url=address,
                starts_at=times.began or times.starts,
                ends_at=times.ended or times.ends,
                performers=names,
            )
        ]
        if times.starts and times.ends
        else [],
    )
