"""The outbox's one door, and what an operator may do with a message that stands in it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Required, TypedDict, Unpack
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.inserts import insert_rows
from core.text import clean_line
from outbox import bell
from outbox.models import FINAL, Message, Policy, Priority, State, Suppression
from outbox.selectors import messages_to
from outbox.unsubscribing import address_digest
from outbox.writers import Letter, has_writer, letter_in, one_line


class MessageFields(TypedDict, total=False):
    """What message_row takes; kind, dedupe_key, address and now always."""

    kind: Required[str]
    dedupe_key: Required[str]
    address: Required[str]
    now: Required[datetime]
    letter: Letter | None
    recipient_id: int | None
    language: str
    sender: str
    reply_to: str
    is_secret: bool
    payload: dict[str, Any] | None
    scopes: list[str] | None
    group_id: int | None
    event_id: int | None
    priority: Priority
    policy: Policy
    available_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Bounced:
    """What a bounce changed, in one sentence for the keeper of the site; nothing when it is not new."""

    is_new: bool
    reason: str


ROWS_AT_ONCE = 1000
# There is no such address, domain or mailbox any more (RFC 3463 sections 3.2 and 3.3); a full one, or words that a
# filter dislikes, say nothing about the next mail.
NOBODY_THERE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")
BOUNCES_ENOUGH = 2  # one may be a server's bad day
BOUNCES_COUNT_FOR = timedelta(days=30)
ERROR_LENGTH = Message._meta.get_field("last_error").max_length


def enqueue_message(**fields: Unpack[MessageFields]) -> None:
    """Write a message down in the caller's transaction; it leaves after the commit, and only then. One statement.

    What it takes, and what it raises, says message_row.
    """
    Message.objects.bulk_create([Message(**message_row(**fields))], ignore_conflicts=True)
    ring_after_commit()


def enqueue_messages(rows: Iterable[MessageFields]) -> int:
    """Write many messages down, a statement per thousand; how many are new.

    One address that no mail can be sent to stops all of them, so leave such people out.
    """
    rows, written = iter(rows), 0
    while chunk := [message_row(**fields) for fields in islice(rows, ROWS_AT_ONCE)]:
        written += insert_rows(Message, chunk)
    if written:
        ring_after_commit()
    return written


def ring_after_commit() -> None:
    """Have the messages of this transaction sent as soon as it is committed."""
    transaction.on_commit(bell.ring, robust=True)


def message_row(
    *,
    kind: str,
    dedupe_key: str,
    address: str,
    now: datetime,
    letter: Letter | None = None,
    recipient_id: int | None = None,
    language: str = "",
    sender: str = "",
    reply_to: str = "",
    is_secret: bool = False,
    payload: dict[str, Any] | None = None,
    scopes: list[str] | None = None,
    group_id: int | None = None,
    event_id: int | None = None,
    priority: Priority = Priority.NORMAL,
    policy: Policy = Policy.AT_LEAST_ONCE,
    available_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """The columns of a message; a caller who writes it with a statement of their own uses outbox.statements.

    A second message with the same `dedupe_key` is the first one, which stays as it is. `dedupe_key` says what
    the mail is about (event, person, step, revision) and holds neither time nor chance. `expires_at` is when the mail
    stops being useful: it is not sent after that. The words of a message that `is_secret` are erased when it is done.
    Without a `letter` the kind's writer (outbox.writers) writes it when it is sent, from `payload`. `scopes`, the
    narrowest first, say what unsubscribes from it. Organisers of the group `group_id` see it in their list, below the
    event `event_id`.

    Raises RuleViolation for an address no mail can be sent to, LookupError when nobody would write the words.
    """
    if letter is None and not has_writer(kind):
        raise LookupError(f"nobody writes {kind}")
    letter = letter or Letter("", "")
    return {
        "kind": kind,
        "dedupe_key": dedupe_key,
        "recipient_id": recipient_id,
        "address": valid_address(address),
        "sender": clean_line(sender),
        "reply_to": clean_line(reply_to),
        "language": language,
        "subject": one_line(letter.subject),
        "text": letter.text,
        "html": letter.html,
        "calendar": letter.calendar.body.decode() if letter.calendar else "",
        "calendar_method": letter.calendar.method if letter.calendar else "",
        "is_secret": is_secret,
        "payload": payload or {},
        "scopes": scopes or [],
        "group_ref": group_id,
        "event_ref": event_id,
        "priority": priority,
        "policy": policy,
        "available_at": available_at or now,
        "expires_at": expires_at,
        "message_id": message_id_for(dedupe_key),
        "created_at": now,
    }


def valid_address(address: str) -> str:
    """The address, if it names exactly one mailbox."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleViolation("address_is_not_valid", _("This is not an email address."), field="email") from error
    return address


def message_id_for(dedupe_key: str) -> str:
    """A Message-ID (RFC 5322 section 3.6.4) that is the same for the same key, in every process."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(dedupe_key.encode()).hexdigest()[:24]}@{host}>"  # short: the header is never folded


@transaction.atomic
def resend_message(*, message: Message, now: datetime) -> Message:
    """Send again what ended: a failure goes back into the queue, a sent mail leaves once more as a new one.

    A new mail has a new Message-ID, since many mail servers drop the second one of the same.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    _refuse_what_cannot_be_sent_again(message, now)
    if message.state == State.SENT:
        return _copy(message, now)
    message.state, message.finished_at, message.last_error = State.PENDING, None, ""
    message.attempts = message.crashes = 0
    message.available_at = now
    message.save(update_fields=["state", "finished_at", "last_error", "attempts", "crashes", "available_at"])
    transaction.on_commit(bell.ring, robust=True)
    return message


def _refuse_what_cannot_be_sent_again(message: Message, now: datetime) -> None:
    if message.state not in FINAL:
        raise RuleViolation("message_is_on_its_way", _("This message has not ended yet."))
    if message.is_secret and not has_writer(message.kind):
        raise RuleViolation("message_is_erased", _("Its words held a secret and are erased. Ask for a new one."))
    if message.expires_at and message.expires_at <= now:
        raise RuleViolation("message_is_too_late", _("Its time is over; it would confuse its reader."))


def _copy(message: Message, now: datetime) -> Message:
    key = message.dedupe_key.partition(" again ")[0]
    times = Message.objects.filter(dedupe_key__startswith=f"{key} again ").count() + 1
    key = f"{key} again {times}"
    enqueue_message(
        kind=message.kind,
        dedupe_key=key,
        address=message.address,
        letter=None if has_writer(message.kind) else letter_in(message),
        now=now,
        recipient_id=message.recipient_id,
        language=message.language,
        sender=message.sender,
        reply_to=message.reply_to,
        is_secret=message.is_secret,
        payload=message.payload,
        scopes=message.scopes,
        group_id=message.group_ref,
        event_id=message.event_ref,
        priority=Priority(message.priority),
        policy=Policy(message.policy),
        expires_at=message.expires_at,
    )
    return Message.objects.get(dedupe_key=key)


@transaction.atomic
def cancel_message(*, message: Message, reason: str, now: datetime) -> Message:
    """Keep a message that nobody has taken yet from leaving; `reason` is kept beside it."""
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.state != State.PENDING:
        raise RuleViolation("message_is_not_waiting", _("Only a message that waits can be cancelled."))
    fields = final_fields(message, State.SKIPPED, now=now, error=reason)
    Message.objects.filter(pk=message.pk).update(**fields)
    message.refresh_from_db()
    return message


@transaction.atomic
def drop_messages(*, recipient_id: int, addresses: Iterable[str]) -> int:
    """Forget every message to a person and to their addresses, sent or not; how many.

    The rows are locked first: a worker that is settling one of them finishes before, and one that holds a lease finds
    nothing to send afterwards.
    """
    theirs = messages_to(recipient_id, addresses)
    locked = list(theirs.select_for_update(of=("self",)).values_list("pk", flat=True))
    Message.objects.filter(pk__in=locked).delete()
    return len(locked)


@transaction.atomic
def note_bounce(*, pk: int, status: str, words: str, now: datetime) -> Bounced:
    """A mail that was sent came back: `status` is RFC 3463's.

    After the second to an address that nobody has, what can be unsubscribed from is no longer sent there; its owner may
    ask for it again.
    """
    message = Message.objects.select_for_update().filter(pk=pk).first()
    if message is None:
        return Bounced(is_new=False, reason="the mail is forgotten")
    if message.state not in (State.SENT, State.UNCERTAIN):
        return Bounced(is_new=False, reason=f"the mail was not sent: {message.state}")
    if message.bounce:
        return Bounced(is_new=False, reason="it is known that this mail came back")
    message.bounce, message.last_error = status, clean_line(f"Came back: {status} {words}")[:ERROR_LENGTH]
    message.save(update_fields=["bounce", "last_error"])
    if not _is_nobody_there(message.address, now):
        return Bounced(is_new=True, reason=f"mail {pk} came back: {status}")
    suppress(digest=address_digest(message.address), scope="", reason=Suppression.Reason.BOUNCED, now=now)
    return Bounced(is_new=True, reason=f"mail {pk} came back: {status}; no more reminders to this address")


def _is_nobody_there(address: str, now: datetime) -> bool:
    bounces = Message.objects.filter(address__iexact=address, bounce__in=NOBODY_THERE)
    return bounces.filter(finished_at__gt=now - BOUNCES_COUNT_FOR).count() >= BOUNCES_ENOUGH


def suppress(*, digest: str, scope: str, reason: Suppression.Reason, now: datetime) -> bool:
    """Write to this address no more about `scope` (empty: about anything that has one); False: it was so already."""
    _row, is_new = Suppression.objects.get_or_create(
        digest=digest, scope=scope, defaults={"reason": reason, "since": now}
    )
    return is_new


def lift_suppression(*, digest: str, scope: str) -> bool:
    """Write to this address about `scope` again; False: nothing kept us from it."""
    deleted, _rows = Suppression.objects.filter(digest=digest, scope=scope).delete()
    return bool(deleted)


def final_fields(message: Message, state: State, *, now: datetime, error: str = "") -> dict[str, Any]:
    """The columns that end a message, for an update; a secret's words go with it.

    What a writer writes them from stays: it names rows, and the mail can be written anew.
    """
    erased: dict[str, Any] = {"text": "", "html": ""} if message.is_secret else {}
    if message.is_secret and not has_writer(message.kind):
        erased["payload"] = {}
    return erased | {
        "state": state,
        "finished_at": now,
        "last_error": clean_line(error)[:ERROR_LENGTH],
        "lease_token": None,
        "lease_until": None,
    }
