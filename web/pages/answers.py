"""Was this your calendar? A person confirms an answer that came from an address nobody knows as theirs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.reply_letters import answer_words
from events.services.answers import confirm_answer, confirmed_answer
from inbox.models import State
from web.head import Page
from web.private import unlisted


# As with the link to a registration: the address is the secret, and no cookie counts here.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """`/answers/<token>/`: GET changes nothing, whoever looks into people's mail; POST makes the answer theirs."""
    found = confirmed_answer(token)
    if found is None:
        page = Page(title="", section="")
        return unlisted(render(request, "replies/unknown.html", {"page": page}, status=404))
    invite, said = found
    outcome = confirm_answer(token=token, now=timezone.now()) if request.method == "POST" else None
    context = {
        "page": Page(title=invite.event.title, section="events"),
        "event": invite.event,
        "answer": answer_words(said.partstat),
        "is_done": outcome is not None and outcome.state == State.APPLIED,
        "is_refused": outcome is not None and outcome.state != State.APPLIED,
    }
    return unlisted(render(request, "replies/answer.html", context, status=409 if context["is_refused"] else 200))
