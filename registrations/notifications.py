"""Which letter a change of a registration causes; it is queued in the change's own transaction and written when sent.

So nobody waits for templates while seats are locked, and a letter that is no longer true is not sent.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models.functions import Lower
from django.utils import translation

from accounts.models import User
from events.letter_basis import Basis
from events.letters import event_letter
from events.models import Event
from outbox.models import Message, Priority
from outbox.services import MessageFields, enqueue_message
from outbox.statements import message_values
from outbox.writers import Letter, Skip
from registrations.letters import invitation_values, letter_values, queue_places
from registrations.models import Invitation, Registration
from registrations.states import State

CONFIRM = "registration_confirm"
ADMITTED = "registration_admitted"
PROMOTED = "registration_promoted"
OFFER_EXPIRED = "registration_offer_expired"
CANCELLED = "registration_cancelled"
RECONFIRM = "registration_reconfirm"
INVITED = "registration_invitation"
KINDS = (CONFIRM, ADMITTED, PROMOTED, OFFER_EXPIRED, CANCELLED, RECONFIRM)

# What a letter says follows from the state that its change led to.
WORDS = {
    (CONFIRM, State.PENDING): "registration_confirm",
    (CONFIRM, State.GOING): "registration_going",
    (CONFIRM, State.WAITING): "registration_waiting",
    (CONFIRM, State.REQUESTED): "registration_requested",
    (CONFIRM, State.OFFERED): "registration_offered",
    (ADMITTED, State.GOING): "registration_going",
    (ADMITTED, State.WAITING): "registration_waiting",
    (ADMITTED, State.REQUESTED): "registration_requested",
    (PROMOTED, State.GOING): "registration_promoted",
    (PROMOTED, State.OFFERED): "registration_offered",
    (OFFER_EXPIRED, State.CANCELLED): "registration_offer_expired",
    (CANCELLED, State.CANCELLED): "registration_cancelled",
    (CANCELLED, State.DECLINED): "registration_cancelled",
    (RECONFIRM, State.GOING): "registration_reconfirm",
}


def confirmation_asked(registration: Registration, *, now: dt.datetime) -> None:
    """The mail that proves an address, or says where they stand; one a day and event, whoever asks for it.

    One more after each change, which only the person can make: who left and comes back the same day needs a new code.
    """
    _queue(CONFIRM, registration, now=now, step=f"{now:%Y-%m-%d}:v{registration.version}")


def registration_admitted(registration: Registration, *, version: int, now: dt.datetime) -> None:
    """A seat, a place in the queue, or a request that organisers will answer: what `version` turns out to be."""
    _queue(ADMITTED, registration, now=now, version=version)


def newcomer_admitted(registration: Registration, user: User, *, now: dt.datetime) -> dict[str, Any]:
    """The same for a row that is not written yet: values for the message that goes with it in one statement."""
    return message_values(**_fields(ADMITTED, registration, user, now=now, version=registration.version))


def registration_promoted(registration: Registration, *, now: dt.datetime) -> None:
    """The seat they waited for: theirs, or held until they answer."""
    _queue(PROMOTED, registration, now=now)


def offer_accepted(registration: Registration, *, now: dt.datetime) -> None:
    """They took the offer."""
    _queue(ADMITTED, registration, now=now)


def offer_expired(registration: Registration, *, now: dt.datetime) -> None:
    """Nobody answered in time."""
    _queue(OFFER_EXPIRED, registration, now=now)


def registration_cancelled(registration: Registration, *, now: dt.datetime) -> None:
    """They are out, whoever said so."""
    _queue(CANCELLED, registration, now=now)


def reconfirmation_asked(registration: Registration, *, now: dt.datetime) -> None:
    """Still coming? One click keeps the seat; asked again when the start has moved, or the day of asking."""
    step = f"{registration.event.starts_at.astimezone(dt.UTC):%Y%m%dT%H%MZ}:{now:%Y-%m-%d}"
    _queue(RECONFIRM, registration, now=now, step=step)


def _queue(
    kind: str, registration: Registration, *, now: dt.datetime, version: int | None = None, step: str = ""
) -> None:
    """Nobody is written to who has deleted their account; a letter is of no use once the event is over."""
    user = registration.user
    if user is None or registration.event.ends_at <= now:
        return
    version = registration.version if version is None else version
    enqueue_message(**_fields(kind, registration, user, now=now, version=version, step=step))


def _fields(
    kind: str, registration: Registration, user: User, *, now: dt.datetime, version: int, step: str = ""
) -> MessageFields:
    """Each change has a letter of its own, told by its version; a letter with a `step` is sent once for each step."""
    event = registration.event
    return {
        "kind": kind,
        "dedupe_key": f"{kind}:{event.pk}:{user.pk}:{step or f'v{version}'}",
        "address": user.email,
        "recipient_id": user.pk,
        "payload": {"event": event.pk, "user": user.pk, "version": None if kind == CONFIRM else version},
        "language": user.language,
        "is_secret": True,  # its link opens the registration
        "group_id": event.group_id,
        "event_id": event.pk,
        "priority": Priority.NOW,
        "now": now,
        "expires_at": event.ends_at,
    }


class Reading(NamedTuple):
    """What the letters of one batch are written from, read at most two seconds before."""

    registrations: dict[tuple[int, int | None], Registration]  # by event and user
    places: dict[int, int]
    basis: Basis


def prepare_letters(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_letters(messages)
    for message in messages:
        message.at_hand = reading


def read_letters(messages: Iterable[Message]) -> Reading:
    """What their writer needs; seven queries at most."""
    asked = {(message.payload["event"], message.payload["user"]) for message in messages}
    rows = Registration.objects.select_related("event__group", "event__venue", "user")
    rows = rows.filter(event__in={event for event, _user in asked}, user__in={user for _event, user in asked})
    found = {(row.event_id, row.user_id): row for row in rows if (row.event_id, row.user_id) in asked}
    return Reading(found, queue_places(found.values()), Basis(row.event for row in found.values()))


def write_letter(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words for what is the case now; a later change has a letter of its own."""
    reading = message.at_hand or read_letters([message])
    registration = reading.registrations.get((message.payload["event"], message.payload["user"]))
    if registration is None:
        return Skip("the registration is gone")
    if registration.event.status in (Event.Status.CANCELLED, Event.Status.DRAFT):
        return Skip(f"the event is {registration.event.status}")
    version = message.payload["version"]
    if version is not None and version != registration.version:
        return Skip(f"the registration is {registration.state} since")
    words = WORDS.get((message.kind, State(registration.state)))
    if words is None:
        return Skip(f"the registration is {registration.state}")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        values = letter_values(words, registration, places=reading.places, basis=reading.basis)
        return event_letter(words, values)


def person_invited(invitation: Invitation, *, now: dt.datetime) -> None:
    """Somebody is asked to come: one mail an invitation, to an address that may have no account."""
    event = invitation.plan.event
    if event.ends_at <= now:
        return
    enqueue_message(
        kind=INVITED,
        dedupe_key=f"{INVITED}:{invitation.pk}",
        address=invitation.email,
        payload={"invitation": invitation.pk},
        language=event.language if event.language in dict(settings.LANGUAGES) else "",
        now=now,
        expires_at=event.ends_at,
    )


class Invited(NamedTuple):
    """What the invitations of one batch are written from, read at most two seconds before."""

    invitations: dict[int, Invitation]
    registered: set[tuple[int, str]]  # event and address
    basis: Basis


def prepare_invitations(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_invitations(messages)
    for message in messages:
        message.at_hand = reading


def read_invitations(messages: Iterable[Message]) -> Invited:
    """What their writer needs; seven queries at most."""
    rows = Invitation.objects.select_related("plan__event__group", "plan__event__venue")
    invitations = rows.in_bulk({message.payload["invitation"] for message in messages})
    events = {one.plan.event_id: one.plan.event for one in invitations.values()}
    addresses = {one.email.lower() for one in invitations.values()}
    registered = Registration.objects.filter(event__in=events).annotate(low=Lower("user__email"))
    pairs = registered.filter(low__in=addresses).values_list("event", "low")
    return Invited(invitations, set(pairs), Basis(events.values()))


def write_invitation(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, unless it was withdrawn, the event is off, or they have registered on their own."""
    reading = message.at_hand or read_invitations([message])
    invitation = reading.invitations.get(message.payload["invitation"])
    if invitation is None:
        return Skip("the invitation is withdrawn")
    event = invitation.plan.event
    if event.status != Event.Status.PUBLISHED:
        return Skip(f"the event is {event.status}")
    if (event.pk, invitation.email.lower()) in reading.registered:
        return Skip("this person has registered")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return event_letter(INVITED, invitation_values(event, basis=reading.basis))
