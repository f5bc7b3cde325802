"""The webhook by which a mail provider hands over what came to our addresses; Standard Webhooks signatures."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.errors import RuleViolation
from inbox.mime import LARGEST_MESSAGE
from inbox.models import InboundMail
from inbox.services import receive
from inbox.signatures import is_signed, key_of


@csrf_exempt
@require_POST
def mail_hook(request: HttpRequest) -> HttpResponse:
    """`/hooks/mail/`: a whole message (message/rfc822) as the body; the envelope's recipient in a header or the query.

    202 once it is kept. Where no secret is set there is no such address.
    """
    if not settings.INBOUND_WEBHOOK_SECRET:
        raise Http404
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > LARGEST_MESSAGE:
        return _told(413, f"The message has more than {LARGEST_MESSAGE} bytes.")
    if not _is_signed(request):
        return _told(401, "The signature is wrong, or older than five minutes. Sign id.timestamp.body with the secret.")
    if request.content_type != "message/rfc822":
        return _told(415, "Send the message as it came: Content-Type: message/rfc822.")
    recipient = request.headers.get("X-Recipient", "") or request.GET.get("recipient", "")
    try:
        receive(raw=request.body, recipient=recipient, source=InboundMail.Source.WEBHOOK, now=timezone.now())
    except RuleViolation as refusal:
        return _told(400, refusal.message)
    return _told(202, "Kept.")


def _is_signed(request: HttpRequest) -> bool:
    headers = request.headers
    return is_signed(
        key_of(settings.INBOUND_WEBHOOK_SECRET),
        message_id=headers.get("webhook-id", ""),
        timestamp=headers.get("webhook-timestamp", ""),
        signatures=headers.get("webhook-signature", ""),
        body=request.body,
        now=timezone.now(),
    )


def _told(status: int, line: str) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    return HttpResponse(line + "\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
