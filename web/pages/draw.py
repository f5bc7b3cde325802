"""The draw of a round, for everybody: the seal of the seed from the first day, later all that it takes to repeat it."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.http_cache import body_etag, respond
from lightning.models import Call, Talk
from lightning.selectors.calls import drawn_calls, times_of
from lightning.selectors.draws import draw_document
from web.answers import page_answer
from web.head import Page, absolute

Document = dict[str, Any]


def draw(request: HttpRequest, slug: str, block: int) -> HttpResponse:
    """`/events/<event>/draw/<block>/`; `?format=json` is the document that `manage.py draw --verify` reads."""
    call = drawn_calls(slug).filter(block=block).first()
    if call is None:
        raise Http404
    document = draw_document(call)
    if request.GET.get("format") == "json":
        return _as_json(request, document)
    event = call.block.session.event
    path = reverse("draw", args=[event.slug, block])
    context = {
        "page": Page(
            title=_("Draw: %(event)s") % {"event": event.title},
            canonical=absolute(path) if event.group.is_listed else "",
            section="events",
        ),
        "event": event,
        "session": call.block.session,
        "call": call,
        "closes_at": times_of(call).closes_at,
        "document": document,
        "winners": _winners(call, document),
    }
    return page_answer(request, "proposals/draw.html", context)


def _as_json(request: HttpRequest, document: Document) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
    kind = "application/json; charset=utf-8"
    return respond(request, etag=body_etag(body), content_type=kind, render=lambda: body)


def _winners(call: Call, document: Document) -> list[tuple[str, Talk | None]]:
    """Ids, with the talk once its speaker knows of the slot: who waits for one is nobody else's business."""
    uids = document.get("winners", [])
    placed = Talk.objects.announced().filter(block=call.block_id, ical_uid__in=uids, position__isnull=False)
    talks = {str(talk.ical_uid): talk for talk in placed.prefetch_related("talk_speakers__speaker")}
    return [(uid, talks.get(uid)) for uid in uids]
