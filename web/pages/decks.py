"""Slides on their way in and out: the bay of one speaker, the file behind a short link, all of a round."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import RuleViolation
from lightning.deck_limits import MOST_BYTES
from lightning.deck_process import refuse
from lightning.links import is_proof, talk_of
from lightning.models import Block, Deck, Talk
from lightning.models.deck import deck_storage
from lightning.permissions import may_command_stage
from lightning.selectors.decks import deck_name, is_deck_out
from lightning.selectors.stage import stage_block
from lightning.selectors.talk_page import talk_by_code
from lightning.services.deck_download import pack_decks
from lightning.services.decks import put_deck, remove_deck, set_deck_public
from web.file_answers import Sent, file_answer
from web.head import Page
from web.private import SIGN_IN, unlisted
from web.rate_limits import Limit

UPLOADS = Limit("slides", 20, 3600)  # of one talk: each takes a second of a processor
SLACK = 64 * 1024  # what a form weighs besides its file


@require_safe
def deck(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/t/<code>/slides/`: from the start of the talk, unless the speaker says never; hosts see it before."""
    return _public_file(request, code, is_thumbnail=False)


@require_safe
def deck_thumbnail(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/t/<code>/slides.webp`: the first page, for whom the slides are."""
    return _public_file(request, code, is_thumbnail=True)


@csrf_exempt  # the address is the secret, as in web.pages.registration
@require_http_methods(["GET", "HEAD", "POST"])
def own_deck(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/p/<token>/slides/`: the speaker's own file; POST uploads another, removes it, or says who may see it."""
    talk = own_talk(token)
    if request.method != "POST":
        return file_answer(request, deck_storage(), _sent(_deck_of(talk), is_thumbnail=False))
    try:
        _act(request, talk)
    except RuleViolation as refusal:
        return unlisted(_refused(request, talk, token, refusal))
    done = f"{reverse('proposal', args=[token])}#slides"
    if request.accepts("text/html"):
        response: HttpResponse = HttpResponseRedirect(done)
        response.status_code = 303
    else:
        response = JsonResponse({"next": done})
    return unlisted(response)


@require_safe
def own_thumbnail(request: HttpRequest, token: str) -> HttpResponseBase:
    """`/p/<token>/slides.webp`: the first page, for the speaker."""
    return file_answer(request, deck_storage(), _sent(_deck_of(own_talk(token)), is_thumbnail=True))


@login_required(login_url=SIGN_IN)
@require_safe
def decks(request: HttpRequest, slug: str, block: int) -> HttpResponseBase:
    """`/events/<event>/decks/<block>.zip`: all slides of a round in running order, for organisers and hosts."""
    try:
        found = stage_block(slug, block)
    except Block.DoesNotExist as error:
        raise Http404 from error
    if not may_command_stage(request.user, found):
        raise PermissionDenied
    try:
        path = pack_decks(block=found)
    except RuleViolation as refusal:
        context = {"page": Page(title=_("Slides")), "event": found.session.event, "sentence": refusal.message}
        return unlisted(render(request, "talks/no_slides.html", context, status=404))
    name = f"{found.session.event.slug}-slides.zip"
    etag = f'"{path.rpartition("-")[2].removesuffix(".zip")}"'
    return file_answer(request, deck_storage(), Sent(path, "application/zip", name, etag, is_attachment=True))


def _public_file(request: HttpRequest, code: str, *, is_thumbnail: bool) -> HttpResponseBase:
    try:
        talk = talk_by_code(code)
    except Talk.DoesNotExist as error:
        raise Http404 from error
    is_out = is_deck_out(talk, now=timezone.now())
    if not is_out and not may_command_stage(request.user, talk.block):
        raise Http404
    response = file_answer(request, deck_storage(), _sent(_deck_of(talk), is_thumbnail=is_thumbnail, is_public=is_out))
    if not talk.block.session.event.group.is_listed:
        response["X-Robots-Tag"] = "noindex"
    return response


def _sent(found: Deck, *, is_thumbnail: bool, is_public: bool = False) -> Sent:
    if is_thumbnail:
        name = f"{deck_name(found).rpartition('.')[0]}.webp"
        return Sent(str(found.thumbnail.name), "image/webp", name, f'"{found.sha256[:32]}.t"', is_public)
    return Sent(str(found.file.name), found.kind, deck_name(found), f'"{found.sha256[:32]}"', is_public)


def _deck_of(talk: Talk) -> Deck:
    try:
        return talk.deck
    except Deck.DoesNotExist as error:
        raise Http404 from error


def own_talk(token: str) -> Talk:
    """The talk of who reads its speaker's mail; raises Http404 for links that prove nothing of the kind."""
    found = talk_of(token) if is_proof(token) else None
    if found is None:
        raise Http404
    return found


def _act(request: HttpRequest, talk: Talk) -> None:
    """Looks at the length of the request before anything of it is read."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + SLACK:
        refuse("too_large")
    action = request.POST.get("action", "")
    if action == "remove":
        remove_deck(talk=talk)
    elif action in {"public", "never"}:
        set_deck_public(talk=talk, is_public=action == "public")
    else:
        _upload(request, talk)


def _upload(request: HttpRequest, talk: Talk) -> None:
    upload = request.FILES.get("file")
    if upload is None:
        raise RuleViolation("no_file", _("No file was chosen. Choose a PDF or a picture."), field="file")
    if UPLOADS.count(str(talk.pk)):
        raise RuleViolation(
            "too_many", _("That were many uploads in a short while. Wait some minutes, then try again.")
        )
    put_deck(talk=talk, upload=upload, now=timezone.now())


def _refused(request: HttpRequest, talk: Talk, token: str, refusal: RuleViolation) -> HttpResponse:
    status = {"deck_too_large": 413, "too_many": 429, "no_slot": 409}.get(refusal.code, 422)
    if not request.accepts("text/html"):
        return JsonResponse({"error": refusal.message}, status=status)
    page = Page(title=_("Slides"))
    context = {"page": page, "talk": talk, "token": token, "slides_error": refusal.message}
    return render(request, "proposals/slides.html", context, status=status)
