"""The line-up of a round for its organisers: order, decisions, who hears of them; complete without script."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import RuleViolation
from events.models import Event
from lightning.models import Block, Talk
from lightning.permissions import may_arrange
from lightning.running_order import name_of, read_order, write_order
from lightning.selectors.lineup import arranged_block, read_lineup
from lightning.services.arranging import (
    Rearranged,
    arrange_lineup,
    close_gaps,
    move_talk,
    shuffle_lineup,
    sort_by_proposal,
)
from lightning.services.deciding import decide, inform_speakers
from web.head import Page
from web.lineup_view import STATES, names_of, telling_of, view_of
from web.private import SIGN_IN, unlisted
from web.vocabulary import LINEUP_SCRIPT, QUEUE_SCRIPT, script_words

UNDO = "lineup_undo"  # in the session: how the order was before this person's last change
LONGEST_ORDER = 4000
LONGEST_SEED = 32


@never_cache
@login_required(login_url=SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def lineup(request: HttpRequest, slug: str, block: int) -> HttpResponse:
    """`/events/<event>/lineup/<block>/`: GET the page, with `?inform=1` who would be told; POST one change."""
    found = _block(request, slug, block)
    if request.method != "POST":
        return _inform_page(request, found) if "inform" in request.GET else _page(request, found)
    try:
        anchor = _act(request, found)
    except RuleViolation as refusal:
        return _page(request, found, refusal=refusal)
    response = HttpResponseRedirect(f"{request.path}#{anchor}")
    response.status_code = 303
    return unlisted(response, referrer="same-origin")


def _block(request: HttpRequest, slug: str, pk: int) -> Block:
    """Two queries; who may not look at a draft does not learn that it exists."""
    try:
        found = arranged_block(slug, pk)
    except Block.DoesNotExist as error:
        raise Http404 from error
    if may_arrange(request.user, found):
        return found
    if found.session.event.status == Event.Status.DRAFT:
        raise Http404
    raise PermissionDenied


def _page(request: HttpRequest, block: Block, *, refusal: RuleViolation | None = None) -> HttpResponse:
    found = read_lineup(block)
    view = view_of(found, now=timezone.now())
    context = {
        **_head(block),
        "view": view,
        "refusal": refusal,
        "undo": _undo_of(request, block, view.saw),
        "script_words": script_words(QUEUE_SCRIPT | LINEUP_SCRIPT),
    }
    return unlisted(
        render(request, "lineup/lineup.html", context, status=409 if refusal else 200), referrer="same-origin"
    )


def _inform_page(request: HttpRequest, block: Block) -> HttpResponse:
    context = {**_head(block), "telling": telling_of(read_lineup(block))}
    return unlisted(render(request, "lineup/inform.html", context), referrer="same-origin")


def _head(block: Block) -> dict[str, Any]:
    session = block.session
    title = _("Line-up: %(round)s") % {"round": session.title}
    return {"page": Page(title=title, section="events"), "round": block, "session": session, "event": session.event}


def _act(request: HttpRequest, block: Block) -> str:
    """The one thing the pressed button asks for; where on the page it can be seen."""
    for name, action in ACTIONS.items():
        if name in request.POST:
            return action(request, block)
    raise BadRequest(_("This form is not one of the line-up’s. Load the page again."))


def _order(request: HttpRequest, block: Block) -> str:
    """By script: the whole order, and which talk was moved."""
    order = _read(request, "order")
    changed = arrange_lineup(block=block, order=order, saw=_saw(request), now=timezone.now())
    moved = _number(request.POST.get("moved", ""))
    return _changed(request, block, changed, _moved_words(block, moved, changed), f"talk-{moved}")


def _move(request: HttpRequest, block: Block) -> str:
    """By a button: `7:-1` is talk 7 one slot earlier."""
    talk, _colon, step = request.POST["move"].partition(":")
    if step not in ("-1", "1"):
        raise BadRequest(_("This form is not one of the line-up’s. Load the page again."))
    pk = _number(talk)
    changed = move_talk(block=block, talk=pk, step=int(step), saw=_saw(request), now=timezone.now())
    return _changed(request, block, changed, _moved_words(block, pk, changed), f"talk-{pk}")


def _shuffle(request: HttpRequest, block: Block) -> str:
    seed = request.POST.get("seed", "").strip()[:LONGEST_SEED] or secrets.token_hex(4)
    changed = shuffle_lineup(block=block, seed=seed, saw=_saw(request), now=timezone.now())
    said = _("Shuffled. The seed is %(seed)s: the same talks and seed give the same order.")
    unmoved = _("The lot gave the order that was there already. The seed is %(seed)s.")
    return _changed(request, block, changed, said % {"seed": seed}, "order", unmoved=unmoved % {"seed": seed})


def _by_proposal(request: HttpRequest, block: Block) -> str:
    changed = sort_by_proposal(block=block, saw=_saw(request), now=timezone.now())
    return _changed(request, block, changed, _("Who proposed first comes first now."), "order")


def _close_gaps(request: HttpRequest, block: Block) -> str:
    changed = close_gaps(block=block, saw=_saw(request), now=timezone.now())
    return _changed(request, block, changed, _("The open slots are at the end now."), "order")


def _undo(request: HttpRequest, block: Block) -> str:
    """As it was before this person's last change, as long as nobody changed it since."""
    order = _read(request, "before")
    arrange_lineup(block=block, order=order, saw=_saw(request), now=timezone.now())
    request.session.pop(UNDO, None)
    messages.success(request, _("The order is as it was before."))
    return "order"


def _decide(request: HttpRequest, block: Block) -> str:
    """`7:submitted:accepted` is talk 7, which was submitted when the page was made, accepted."""
    parts = request.POST["decide"].split(":")
    if len(parts) != 3 or not set(parts[1:]) <= set(Talk.State.values):
        raise BadRequest(_("This form is not one of the line-up’s. Load the page again."))
    talk = block.talks.filter(pk=_number(parts[0])).first()
    if talk is None:
        raise RuleViolation("not_in_block", _("This talk is not part of the block any more."))
    decided = decide(talk=talk, state=parts[2], saw=parts[1], now=timezone.now())
    values = {"talk": names_of(talk) or str(talk), "state": STATES[decided.state]}
    messages.success(request, _("%(talk)s: %(state)s. Nobody was told.") % values)
    return f"talk-{talk.pk}"


def _inform(request: HttpRequest, block: Block) -> str:
    """About the talks that were ticked."""
    chosen = [_number(text) for text in request.POST.getlist("talk")]
    count = inform_speakers(block=block, talks=chosen, now=timezone.now())
    said = ngettext("The speakers of %d talk are told.", "The speakers of %d talks are told.", count) % count
    messages.success(request, said if count else _("There was nobody to tell."))
    return "main"


ACTIONS: dict[str, Callable[[HttpRequest, Block], str]] = {
    "order": _order,
    "move": _move,
    "shuffle": _shuffle,
    "by_proposal": _by_proposal,
    "close_gaps": _close_gaps,
    "undo": _undo,
    "decide": _decide,
    "inform": _inform,
}


def _changed(
    request: HttpRequest, block: Block, changed: Rearranged, said: str, anchor: str, *, unmoved: str | None = None
) -> str:
    """Keep how it was, so that it can be put back; where nothing moved, say that, for a page that looks the same."""
    if changed.before == changed.after:
        messages.info(request, unmoved or _("Nothing moved: this is the order already."))
        return anchor
    before, after = write_order(changed.before), name_of(changed.after)
    request.session[UNDO] = {"block": block.pk, "before": before, "after": after, "said": said}
    return anchor


def _undo_of(request: HttpRequest, block: Block, saw: str) -> dict[str, Any] | None:
    """What this person changed last, while the order is still theirs."""
    kept: dict[str, Any] = request.session.get(UNDO) or {}
    return kept if kept.get("block") == block.pk and kept.get("after") == saw else None


def _moved_words(block: Block, talk: int, changed: Rearranged) -> str:
    moved = block.talks.prefetch_related("talk_speakers__speaker").filter(pk=talk).first()
    if moved is None or talk not in changed.after:
        return _("The order is changed.")
    values = {"talk": names_of(moved) or str(moved), "slot": changed.after.index(talk) + 1}
    return _("Moved %(talk)s to slot %(slot)d.") % values


def _saw(request: HttpRequest) -> str:
    return request.POST.get("saw", "")


def _read(request: HttpRequest, name: str) -> list[int]:
    text = request.POST.get(name, "")
    try:
        return read_order(text if len(text) <= LONGEST_ORDER else "too long")
    except ValueError as error:
        raise BadRequest(_("This form is not one of the line-up’s. Load the page again.")) from error


def _number(text: str) -> int:
    """An id, or 0, which is nobody's."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
