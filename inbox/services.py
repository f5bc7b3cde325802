"""Keeps what comes in before anybody reads it, then has it read: each message once, whatever crashes."""

import datetime as dt
import hashlib
import logging
import re
import time
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.text import clean_line
from inbox.handlers import Incoming, Outcome, address_parts, handled, is_ours
from inbox.mime import LARGEST_MESSAGE, Head, Unreadable, head_of, opened, recipients_of
from inbox.models import InboundMail, State
from outbox import bell
from outbox.bouncing import return_address

log = logging.getLogger(__name__)

BATCH = 50
BATCH_SECONDS = 2.0
KEEP_RAW = dt.timedelta(days=14)
# How long after its receipt a message that could not be handled is tried again; after the last time a person looks.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (0, 1, 5, 20, 60))
# What every mail server on the way, and every way in of ours, adds or leaves out (RFC 5321 section 4.4).
_HOP_HEADER = re.compile(
    rb"^(?:received|delivered-to|return-path|envelope-to|delivery-date|authentication-results|received-spf"
    rb"|arc-[a-z-]+|x-[^:\n \t]*)[ \t]*:.*\n(?:[ \t].*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_LENGTHS = {
    field.name: field.max_length
    for field in InboundMail._meta.concrete_fields
    if field.name in {"recipient", "sender", "subject", "outcome"}
}


@transaction.atomic
def receive(*, raw: bytes, source: str, now: dt.datetime, recipient: str = "") -> InboundMail:
    """Write a message down; the same message to the same address is the row that is there.

    `recipient` is the envelope's; left empty, the message's own header has to say it. Raises RuleViolation for nothing
    at all and for more than a megabyte.
    """
    _refuse_what_is_no_mail(raw)
    message = opened(raw)
    recipient = _fitting("recipient", recipient.strip().strip("<>").lower() or _named_recipient(message))
    head = Head((), "", is_automatic=True) if isinstance(message, Unreadable) else head_of(message)
    row = InboundMail(
        received_at=now,
        source=source,
        recipient=recipient,
        sender=_fitting("sender", ", ".join(head.senders)),
        subject=_fitting("subject", head.subject),
        digest=digest_of(raw, recipient),
        raw=raw,
    )
    InboundMail.objects.bulk_create([row], ignore_conflicts=True)
    transaction.on_commit(bell.ring, robust=True)
    return InboundMail.objects.get(digest=row.digest)


def digest_of(raw: bytes, recipient: str) -> str:
    """The same for the same mail that came twice: by another route, at another time, with other line ends."""
    header, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return hashlib.sha256(b"\n".join([recipient.encode(), _HOP_HEADER.sub(b"", header + b"\n"), body])).hexdigest()


def handle_waiting(now: dt.datetime) -> bool:
    """Read what waits and is due, the oldest first; whether more is left. Two of these at once share the work."""
    stop = time.monotonic() + BATCH_SECONDS
    due = list(_due(now).order_by("id").values_list("pk", flat=True)[:BATCH])
    for pk in due:
        if time.monotonic() > stop:
            return True
        handle(pk, now=now)
    return len(due) == BATCH


def handle(pk: int, *, now: dt.datetime) -> None:
    """Read one message, in one transaction with all it changes; what goes wrong is noted and tried again later."""
    try:
        with transaction.atomic():
            mail = InboundMail.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
            if mail is not None:
                _settle(mail, _outcome(mail, now=now), now=now)
    except Exception as error:
        log.exception("inbound mail %s cannot be handled", pk)
        _note_failure(pk, error, now=now)


@transaction.atomic
def handle_again(*, mail: InboundMail, now: dt.datetime) -> None:
    """Have a message read once more, after whatever stood in its way was put right."""
    mail = InboundMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state == State.WAITING:
        raise RuleViolation("mail_is_waiting", _("This message waits to be read already."))
    if not mail.raw:
        raise RuleViolation("mail_is_erased", _("The message itself is erased; only what became of it is kept."))
    InboundMail.objects.filter(pk=mail.pk).update(state=State.WAITING, attempts=0, outcome="", handled_at=None)
    transaction.on_commit(bell.ring, robust=True)


def note_outcome(*, pk: int, outcome: Outcome, now: dt.datetime) -> None:
    """What became of a message after all, when its sender has confirmed it."""
    mail = InboundMail.objects.filter(pk=pk).first()
    if mail is not None:
        _settle(mail, outcome, now=now)


def erase_old(*, now: dt.datetime) -> int:
    """Forget the words of what was handled two weeks ago; how many."""
    old = InboundMail.objects.filter(handled_at__lte=now - KEEP_RAW).exclude(raw=b"")
    return old.update(raw=b"")


def forget_mails(*, addresses: Iterable[str], messages: Iterable[int]) -> int:
    """Forget every mail from a person who is deleted, and what came back of the `messages` to them; how many."""
    senders = [address.lower() for address in addresses]
    returned = [return_address(pk) for pk in messages]
    return InboundMail.objects.filter(Q(sender__in=senders) | Q(recipient__in=returned)).delete()[0]


def _refuse_what_is_no_mail(raw: bytes) -> None:
    if not raw.strip():
        raise RuleViolation("mail_is_empty", _("There is no message here. Send one as RFC 5322 has it."))
    if len(raw) > LARGEST_MESSAGE:
        message = _("The message has %(bytes)d bytes; %(limit)d are the most that is read.")
        raise RuleViolation("mail_is_too_large", message % {"bytes": len(raw), "limit": LARGEST_MESSAGE})


def _named_recipient(message: object) -> str:
    """The first of its recipients whose mail somebody here reads, else the first."""
    named = [] if isinstance(message, Unreadable) else recipients_of(message)  # type: ignore[arg-type]
    return next(filter(is_ours, named), named[0] if named else "")


def _fitting(column: str, text: str) -> str:
    return clean_line(text)[: _LENGTHS[column]]


def _due(now: dt.datetime) -> "QuerySet[InboundMail]":
    waited = (Q(attempts=tries, received_at__lte=now - wait) for tries, wait in enumerate(WAITS))
    return InboundMail.objects.filter(reduce(or_, waited), state=State.WAITING)


def _outcome(mail: InboundMail, *, now: dt.datetime) -> Outcome:
    token = address_parts(mail.recipient)[1]
    return handled(Incoming(mail.pk, mail.recipient, token, bytes(mail.raw), mail.received_at), now=now)


def _settle(mail: InboundMail, outcome: Outcome, *, now: dt.datetime) -> None:
    mail.state, mail.outcome, mail.handled_at = outcome.state, _fitting("outcome", outcome.reason), now
    mail.save(update_fields=["state", "outcome", "handled_at"])


def _note_failure(pk: int, error: Exception, *, now: dt.datetime) -> None:
    """The reason is kept beside the message; after the last try a person has to look at it."""
    with transaction.atomic():
        mail = InboundMail.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.WAITING).first()
        if mail is None:
            return
        mail.attempts += 1
        mail.outcome = _fitting("outcome", f"{type(error).__name__}: {error}")
        if mail.attempts >= len(WAITS):
            mail.state, mail.handled_at = State.FAILED, now
        mail.save(update_fields=["attempts", "outcome", "state", "handled_at"])
