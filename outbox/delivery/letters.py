"""How a row becomes a mail (RFC 5322), the same bytes on every attempt but for the MIME boundary."""

from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from outbox.models import Message


def compose(message: Message) -> EmailMultiAlternatives:
    """The mail: text first, then HTML. Its Date is when it was written, so that a second copy looks like the first."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=message.sender or settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=headers(message),
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def headers(message: Message) -> dict[str, str]:
    """RFC 3834 section 5 keeps out-of-office replies away; Microsoft's servers listen to a header of their own."""
    fixed = {
        "Message-ID": message.message_id,
        "Date": format_datetime(message.created_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return fixed | ({"Content-Language": message.language} if message.language else {})
