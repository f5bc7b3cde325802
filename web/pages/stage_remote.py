"""The remote of a round: for hosts, and for helpers with a link; complete without script, which adds clock and keys."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.errors import RuleViolation
from events.models import Event
from lightning.models import Block, StageLink, Talk
from lightning.permissions import may_arrange, may_command_stage
from lightning.selectors.stage import link_of, links_of
from lightning.services.arranging import order_coming
from lightning.services.stage import command_stage, mark_here
from lightning.services.stage_links import make_stage_link, revoke_stage_link
from lightning.stage_round import Command
from web.head import Page, absolute
from web.pages.stage_screens import find_round
from web.pages.tickets import qr_code
from web.private import SIGN_IN, unlisted
from web.remote_view import see_remote
from web.stage_panel import see_round
from web.stage_words import REMOTE
from web.vocabulary import script_words

LONGEST_LIST = 4000


@dataclass(frozen=True)
class Holder:
    """Who holds the remote: somebody who is signed in, or whoever has a link and its key."""

    user: User | None = None
    link: StageLink | None = None
    key: str = ""
    may_arrange: bool = False


@never_cache
@login_required(login_url=SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def remote(request: HttpRequest, slug: str, block: int) -> HttpResponse:
    """`/events/<event>/stage/<block>/`: hosts and organisers of the group; GET the page, POST one thing."""
    found = find_round(slug, block)
    user = request.user
    if not isinstance(user, User) or not may_command_stage(user, found):
        raise PermissionDenied
    return _answer(request, found, Holder(user=user, may_arrange=may_arrange(user, found)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remote_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """`/stage/<key>/`: the same for a helper without an account, until the link is revoked."""
    link = link_of(key)
    if link is None or link.block.session.event.status == Event.Status.DRAFT:
        page = Page(title=_("This link does not work any more"))
        return unlisted(render(request, "stage/no_link.html", {"page": page}, status=404))
    return _answer(request, link.block, Holder(link=link, key=key))


def _answer(request: HttpRequest, block: Block, holder: Holder) -> HttpResponse:
    if request.method != "POST":
        return _page(request, block, holder)
    try:
        response = _act(request, block, holder)
    except RuleViolation as refusal:
        return _page(request, block, holder, refusal=refusal)
    return response or _page_again(request)


def _page_again(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(request.path)
    response.status_code = 303
    return unlisted(response, referrer="same-origin")


def _page(
    request: HttpRequest,
    block: Block,
    holder: Holder,
    *,
    refusal: RuleViolation | None = None,
    made: dict[str, Any] | None = None,
) -> HttpResponse:
    seen = see_round(block, for_hosts=True)
    stage = seen["stage"]
    context = seen | {
        "page": Page(title=_("Remote: %(round)s") % {"round": stage["title"]}, section="events"),
        "public_stage": stage | {"stand_by": []},
        "event": block.session.event,
        "remote": see_remote(seen["view"]),
        "holder": holder,
        "links": list(links_of(block)) if holder.may_arrange else [],
        "refusal": refusal,
        "made": made,
        "script_words": script_words(REMOTE),
    }
    response = render(request, "stage/remote.html", context, status=409 if refusal else 200)
    return unlisted(response, referrer="same-origin")


def _act(request: HttpRequest, block: Block, holder: Holder) -> HttpResponse | None:
    """The one thing the pressed button asks for; a page where there is more to show than the remote."""
    for name, action in ACTIONS.items():
        if name in request.POST:
            return action(request, block, holder)
    raise BadRequest(_("This form is not one of the remote’s. Load the page again."))


def _command(request: HttpRequest, block: Block, holder: Holder) -> None:
    """The command, with the version and the talk that its sender saw; `bring_in:7` names who comes in."""
    name, _colon, who = request.POST["command"].partition(":")
    version, talk = _number(request.POST.get("version", "")), _number(who or request.POST.get("talk", ""))
    if name not in {command.value for command in Command} or version is None:
        raise BadRequest(_("This form is not one of the remote’s. Load the page again."))
    command_stage(
        block=block,
        command=Command(name),
        version=version,
        talk=talk,
        now=timezone.now(),
        by=holder.user,
        link=holder.link,
    )


def _here(request: HttpRequest, block: Block, holder: Holder) -> None:
    """`7:1` is talk 7, whose speaker is here; `7:0`, who is not after all."""
    talk, _colon, is_here = request.POST["here"].partition(":")
    mark_here(talk=_talk(block, talk), is_here=is_here == "1", now=timezone.now())


def _move(request: HttpRequest, block: Block, holder: Holder) -> None:
    """By a button: `7:-1` is talk 7 one place earlier among those to come."""
    talk, _colon, step = request.POST["move"].partition(":")
    order = _list(request)
    pk = _number(talk)
    if step not in ("-1", "1") or pk not in order:
        raise BadRequest(_("This form is not one of the remote’s. Load the page again."))
    place = order.index(pk)
    other = place + int(step)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    order_coming(block=block, talks=order, saw=request.POST.get("saw", ""), now=timezone.now())


def _order(request: HttpRequest, block: Block, holder: Holder) -> None:
    """By script: everybody to come, in the new order."""
    order_coming(block=block, talks=_list(request), saw=request.POST.get("saw", ""), now=timezone.now())


def _make_link(request: HttpRequest, block: Block, holder: Holder) -> HttpResponse:
    """The address is shown now and never again."""
    if not holder.may_arrange:
        raise PermissionDenied
    link, key = make_stage_link(block=block, name=request.POST.get("name", ""), by=holder.user, now=timezone.now())
    address = absolute(reverse("stage_link", args=[key]))
    return _page(request, block, holder, made={"link": link, "address": address, "code": qr_code(address)})


def _revoke(request: HttpRequest, block: Block, holder: Holder) -> None:
    if not holder.may_arrange:
        raise PermissionDenied
    link = links_of(block).filter(pk=_number(request.POST["revoke"]) or 0).first()
    if link is None:
        raise Http404
    revoke_stage_link(link=link, now=timezone.now())
    messages.success(request, _("The link of %(name)s does not work any more.") % {"name": link.name})


ACTIONS: dict[str, Callable[[HttpRequest, Block, Holder], HttpResponse | None]] = {
    "command": _command,
    "here": _here,
    "move": _move,
    "order": _order,
    "make_link": _make_link,
    "revoke": _revoke,
}


def _talk(block: Block, text: str) -> Talk:
    found = block.talks.filter(pk=_number(text) or 0).first()
    if found is None:
        raise RuleViolation("not_in_block", _("This talk is not part of the block any more."))
    return found


def _list(request: HttpRequest) -> list[int]:
    text = request.POST.get("order", "")[:LONGEST_LIST]
    return [number for part in text.split(",") if (number := _number(part)) is not None]


def _number(text: str) -> int | None:
    """An id or a version; None for what is neither."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
