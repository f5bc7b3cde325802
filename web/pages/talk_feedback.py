"""What a speaker does with the words they got: share them on the talk's page, take that back, throw them away."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lightning.services.audience import delete_feedback, share_feedback
from web.pages.decks import own_talk
from web.private import unlisted


@csrf_exempt  # the address is the secret, as in web.pages.registration
@require_POST
def answer_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """`/p/<token>/feedback/`: POST `share`, `keep` or `delete` with the number of the words."""
    talk = own_talk(token)
    action = next((name for name in ("share", "keep", "delete") if name in request.POST), "")
    number = request.POST.get(action, "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise BadRequest(_("This form is not one of this page’s. Load the page again."))
    found = talk.feedback.filter(pk=int(number)).first()
    if found is None:
        raise Http404
    if action == "delete":
        delete_feedback(feedback=found)
    else:
        share_feedback(feedback=found, is_shared=action == "share", now=timezone.now())
    response = HttpResponseRedirect(f"{reverse('proposal', args=[token])}#feedback")
    response.status_code = 303
    return unlisted(response)
