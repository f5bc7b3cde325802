"""How a row becomes a mail: its headers, and its parts in the order in which mail programs look for them."""

from dataclasses import dataclass
from email.utils import format_datetime

from django.conf import settings

from outbox.bouncing import return_address
from outbox.delivery import mime
from outbox.models import Message
from outbox.unsubscribing import unsubscribe_url

ATTACHED_AS = {"CANCEL": "cancel.ics"}


@dataclass(frozen=True)
class Mail:
    """What is said to the mail server: MAIL FROM, RCPT TO, DATA."""

    sender: str
    recipient: str
    data: bytes


def compose(message: Message) -> Mail:
    """The mail, or ValueError. Its Date is when the row was written, so that a second copy looks like the first."""
    data = mime.header_lines(headers(message) | {"MIME-Version": "1.0"}) + _body(message)
    return Mail(return_address(message.pk), mime.envelope_address(message.address), data)


def headers(message: Message) -> dict[str, str]:
    """RFC 3834 section 5 keeps out-of-office replies away; Microsoft's servers listen to a header of their own."""
    found = {
        "Subject": message.subject,
        "From": mime.mailbox(message.sender or settings.DEFAULT_FROM_EMAIL),
        "To": mime.mailbox(message.address),
        "Message-ID": message.message_id,
        "Date": format_datetime(message.created_at),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if message.reply_to:
        found["Reply-To"] = mime.mailbox(message.reply_to)
    if message.language:
        found["Content-Language"] = message.language
    if message.scopes:
        found["List-Unsubscribe"] = f"<{unsubscribe_url(message.address, message.scopes[0])}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return found


def _body(message: Message) -> bytes:
    """Text, then HTML, then the invitation; with an invitation once more as a file (docs/calendars.md)."""
    seed = message.message_id
    parts = [mime.text_part("text/plain", message.text)]
    if message.html:
        parts.append(mime.text_part("text/html", message.html))
    if not message.calendar_method:
        return parts[0] if len(parts) == 1 else mime.multipart("alternative", parts, seed=seed)
    calendar = mime.base64_lines(message.calendar.encode())
    parts.append(mime.calendar_part(message.calendar_method, calendar))
    attached = mime.attached_calendar(ATTACHED_AS.get(message.calendar_method, "invite.ics"), calendar)
    return mime.multipart("mixed", [mime.multipart("alternative", parts, seed=seed), attached], seed=seed)
