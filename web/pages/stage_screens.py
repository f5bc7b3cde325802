"""The screens of a round that anybody may open: the projector, the speaker's clock, and the codes they show."""

import io
import json
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.http_cache import body_etag, respond
from lightning.models import Block
from lightning.selectors.stage import round_of, stage_block
from web.answers import page_answer
from web.head import Page, absolute
from web.stage_panel import see_round
from web.stage_sign_up import LIVE, SIGN_UP, sign_up_path, sign_up_spans, way_in
from web.stage_words import SCREEN, SPEAKER
from web.vocabulary import Words, script_words

CODE_SECONDS = 300


def screen(request: HttpRequest, slug: str, block: int) -> HttpResponse:
    """`/events/<event>/stage/<block>/screen/`: the projector."""
    found = find_round(slug, block)
    spans = sign_up_spans(found)
    propose = sign_up_path(found) if spans else ""
    context = stage_context(found, SCREEN, title=_("Projector: %(round)s"))
    way = way_in(context["view"], spans, propose, now=timezone.now())
    context |= {
        "way": way,
        "address": f"{urlsplit(settings.SITE_URL).netloc}{way.path.removesuffix('/')}",
        "code": _code_address(found, way.what),
        "codes": _code_address(found, "WHAT"),
        "sign_up": json.dumps([[begins and begins.isoformat(), ends.isoformat()] for begins, ends in spans]),
        "sign_up_path": propose,
        "live": reverse("live", args=[found.session.event.slug]),
        "site": urlsplit(settings.SITE_URL).netloc,
    }
    return page_answer(request, "stage/screen.html", context)


def clock(request: HttpRequest, slug: str, block: int) -> HttpResponse:
    """`/events/<event>/stage/<block>/clock/`: for who is on; `?talk=` is whose turn it tells, read by the script."""
    context = stage_context(find_round(slug, block), SPEAKER, title=_("Speaker’s clock: %(round)s"))
    return page_answer(request, "stage/clock.html", context)


def code(request: HttpRequest, slug: str, block: int, what: str) -> HttpResponse:
    """`…/qr/<what>.svg`: black modules without margin, of the address to sign up, of the live page, or of a talk."""
    address = _address(find_round(slug, block), what)
    body = io.BytesIO()
    made = segno.make(address, error="m", micro=False)
    made.save(body, kind="svg", border=0, omitsize=True, svgclass=None, lineclass=None)
    bytes_ = body.getvalue()
    return respond(
        request,
        etag=body_etag(bytes_),
        content_type="image/svg+xml",
        render=lambda: bytes_,
        max_age=CODE_SECONDS,
    )


def screen_of_event(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/stage/`: to the projector of the round that is on, or nearest; short enough to be typed."""
    return _to_round("stage_screen", slug)


def remote_of_event(request: HttpRequest, slug: str) -> HttpResponse:
    """`/events/<event>/stage/remote/`: likewise to the remote."""
    return _to_round("stage_remote", slug)


def _to_round(name: str, slug: str) -> HttpResponse:
    try:
        block = round_of(slug, now=timezone.now())
    except Block.DoesNotExist:
        raise Http404 from None
    response = HttpResponseRedirect(reverse(name, args=[block.session.event.slug, block.pk]))
    response["Cache-Control"] = "no-store"  # which round that is depends on the hour
    return response


def find_round(slug: str, block: int) -> Block:
    """A round of a published event; 404 for any other."""
    try:
        return stage_block(slug, block)
    except Block.DoesNotExist:
        raise Http404 from None


def stage_context(block: Block, words: Words, *, title: str) -> dict[str, Any]:
    """What every screen draws: the document, read off for the page and whole for its script. Three queries."""
    seen = see_round(block)
    stage = seen["stage"]
    return seen | {
        "page": Page(title=title % {"round": f"{stage['title']}, {stage['event_title']}"}),
        "event": block.session.event,
        "script_words": script_words(words),
    }


def _code_address(block: Block, what: str) -> str:
    return reverse("stage_code", args=[block.session.event.slug, block.pk, what])


def _address(block: Block, what: str) -> str:
    event = block.session.event
    if what == SIGN_UP and hasattr(block, "call"):
        return absolute(sign_up_path(block))
    if what == LIVE:
        return absolute(reverse("live", args=[event.slug]))
    talk = block.talks.filter(pk=int(what)).first() if what.isdecimal() and len(what) < 19 else None
    if talk is None:
        raise Http404
    return absolute(reverse("talk", args=[talk.code]))
